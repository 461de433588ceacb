"""GET /v2/quotas and GET /v2/quotas/{project_id}: show the quotas of the caller's project, or of another."""

from zonewright.actions import quotas
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.quotas import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Check the caller and return the quotas."""
    found = quotas.of(service, requests.visible_project(request))
    return view.quotas(found)
