"""GET /v2/quotas and GET /v2/quotas/{project_id}: how much the caller's project, or another, may have."""

from zonewright.actions import quotas
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.writing import quotas as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """See whether the caller may look, look."""
    found = quotas.of(run.table, run.settings, reading.visible_project(request))
    return writing.quotas(found)
