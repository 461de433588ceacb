"""GET /v2/zones/tasks/imports: the imports of the caller's project, filtered and sorted as asked."""

from zonewright.actions import zonetasks
from zonewright.http import designate
from zonewright.http.designate import reading, selecting
from zonewright.http.designate.writing import zonetasks as writing
from zonewright.http.message import Request, Response
from zonewright.model.zonetask import TaskKind
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read a page of them."""
    wanted = selecting.zone_tasks(request)
    tasks, total = zonetasks.listing(run.table, TaskKind.IMPORT, reading.project(request), wanted, run.now())
    return writing.task_list(request, TaskKind.IMPORT, wanted, tasks, total)
