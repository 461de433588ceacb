"""GET /v2/limits: what a project may have at most."""

from zonewright.actions import quotas
from zonewright.http.designate import dialect
from zonewright.http.designate.quotas import view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Look up the project's quotas, tell them as limits."""
    found = quotas.of(run.table, run.settings, request.caller.group_id)
    return view.limits(run.settings, found)
