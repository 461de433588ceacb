"""GET /v3/projects/{project_id}: show a project."""

from zonewright.actions import identities
from zonewright.http.keystone import dialect
from zonewright.http.keystone.projects import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the project and return it."""
    found = identities.project(service, request.parameters["project_id"], caller=request.caller)
    return view.project(request, found)
