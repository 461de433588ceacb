"""GET /v2/quotas and GET /v2/quotas/{project_id}: how much the caller's project, or another, may have."""

from zonewright.actions import quotas
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.quotas import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """See whether the caller may look, look."""
    found = quotas.of(service, requests.visible_project(request))
    return view.quotas(found)
