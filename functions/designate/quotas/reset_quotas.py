"""DELETE /v2/quotas/{project_id}: let a project have the deployment's quotas again, for super users."""

from zonewright.actions import quotas
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.quotas import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """See whether the caller may, forget the project's own."""
    quotas.reset(service, requests.governed_project(request))
    return view.reset()
