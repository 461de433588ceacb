"""GET /v2/zones/tasks/exports/{export_id}: one export of the caller's project."""

from zonewright.actions import zonetasks
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.writing import zonetasks as writing
from zonewright.http.message import Request, Response
from zonewright.model.zonetask import TaskKind
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find it, show it."""
    task_id, everywhere = reading.path_id(request, "export_id"), designate.all_projects(request)
    task = zonetasks.get(run.table, TaskKind.EXPORT, task_id, request.caller, run.now(), everywhere=everywhere)
    return writing.shown(request, task)
