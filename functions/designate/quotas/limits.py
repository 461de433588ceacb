"""GET /v2/limits: show the quotas of the caller's project as limits."""

from zonewright.actions import quotas
from zonewright.http.designate import dialect
from zonewright.http.designate.quotas import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Read the project's quotas and return them as limits."""
    found = quotas.of(service, request.caller.group_id)
    return view.limits(service.settings, found)
