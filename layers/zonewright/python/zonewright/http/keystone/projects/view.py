"""Show projects."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zonewright.http.keystone import views
from zonewright.http.message import Request, Response
from zonewright.model.users import Group

if TYPE_CHECKING:
    from zonewright.http.keystone.projects.answer import OneProject, ProjectFields


def project(request: Request, group: Group) -> Response:
    """Return a project."""
    answer: OneProject = {"project": _fields(request, group)}
    return Response.json(200, answer)


def project_list(request: Request, groups: Sequence[Group], *, more: bool = False) -> Response:
    """Return a page of projects. With `more` there is a link to the next one."""
    marker = groups[-1].id if more else None
    return views.page(request, "projects", [_fields(request, each) for each in groups], marker)


def _fields(request: Request, group: Group) -> "ProjectFields":
    return {
        "id": group.id,
        "name": group.name,
        "domain_id": "default",
        "parent_id": "default",
        "description": group.description or "",
        "enabled": True,
        "is_domain": False,
        "tags": [],
        "options": {},
        "links": views.links(request, f"/v3/projects/{group.id}"),
    }
