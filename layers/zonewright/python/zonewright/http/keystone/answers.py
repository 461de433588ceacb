"""Common types of the answers below /v3: errors, links, domains, times, versions."""

from typing import Annotated, Literal, TypedDict

from zonewright.http.answers import IdentityVersion
from zonewright.http.formats import Url
from zonewright.http.schema import Schema

LoginTime = Annotated[
    str,
    Schema(
        "LoginTime",
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$",
        description="A time in UTC, with microseconds and a Z",
        examples=["2026-01-15T12:34:56.275934Z"],
    ),
]


class ErrorFields(TypedDict):
    """An error: the status, its name, and what is wrong."""

    code: int
    title: str
    message: str


class ErrorAnswer(TypedDict):
    """An error in the form of Keystone."""

    error: ErrorFields


class DomainFields(TypedDict):
    """The domain of a user or a project. There is one."""

    id: Literal["default"]
    name: Literal["Default"]


class PageLinks(TypedDict):
    """The links to a page, and to the next one if there is one."""

    self: Url
    next: Url | None
    previous: None


class OneIdentityVersion(TypedDict):
    """The version of the Identity API."""

    version: IdentityVersion
