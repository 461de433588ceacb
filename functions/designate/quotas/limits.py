"""GET /v2/limits: what a project may have at most."""

from zonewright.actions import quotas
from zonewright.http.designate import dialect
from zonewright.http.designate.quotas import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Look up the project's quotas, tell them as limits."""
    found = quotas.of(service, request.caller.group_id)
    return view.limits(service.settings, found)
