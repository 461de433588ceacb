"""GET /v3/projects: list projects."""

from zonewright.actions import identities
from zonewright.http.keystone import dialect, requests
from zonewright.http.keystone.projects import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Return a page of the projects that the caller may see."""
    limit, name, marker = requests.limit(request), requests.one(request, "name"), requests.one(request, "marker")
    found = identities.projects(service, request.caller, name=name, after=marker, limit=limit)
    return view.project_list(request, found, more=len(found) == limit)
