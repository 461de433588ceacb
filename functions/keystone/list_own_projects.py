"""GET /v3/auth/projects and /v3/users/{user_id}/projects: list the projects of the caller."""

from zonewright.actions import identities
from zonewright.http.keystone import dialect
from zonewright.http.keystone.projects import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Return all projects that the caller may name at a login."""
    identities.own(request.parameters.get("user_id", request.caller.user_id), caller=request.caller)
    return view.project_list(request, identities.own_projects(service, request.caller))
