"""GET /v2/zones/tasks/imports: the imports of the caller's project, filtered and sorted as asked."""

from zonewright.actions import zonetasks
from zonewright.http.designate import dialect, lists, requests
from zonewright.http.designate.tasks import view
from zonewright.http.message import Request, Response
from zonewright.model.zonetask import TaskKind
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read a page of them."""
    wanted = lists.zone_tasks(request)
    tasks, total = zonetasks.listing(run.table, TaskKind.IMPORT, requests.project(request), wanted, run.now())
    return view.task_list(request, TaskKind.IMPORT, wanted, tasks, total)
