"""DELETE /v2/quotas/{project_id}: let a project have the deployment's quotas again, for super users."""

from zonewright.actions import quotas
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.writing import quotas as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """See whether the caller may, forget the project's own."""
    quotas.reset(run.table, reading.governed_project(request))
    return writing.reset()
