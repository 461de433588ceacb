"""Types of the answers about projects."""

from typing import Literal, TypedDict

from zonewright.http.formats import Links
from zonewright.http.keystone.answers import PageLinks


class ProjectFields(TypedDict):
    """A project: an owner group."""

    id: str
    name: str
    domain_id: Literal["default"]
    parent_id: Literal["default"]
    description: str
    enabled: Literal[True]
    is_domain: Literal[False]
    tags: list[str]
    options: dict[str, str]
    links: Links


class OneProject(TypedDict):
    """A project."""

    project: ProjectFields


class Projects(TypedDict):
    """A page of projects."""

    projects: list[ProjectFields]
    links: PageLinks
