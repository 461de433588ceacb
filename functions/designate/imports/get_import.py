"""GET /v2/zones/tasks/imports/{import_id}: one import of the caller's project."""

from zonewright.actions import zonetasks
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.tasks import view
from zonewright.http.message import Request, Response
from zonewright.model.zonetask import TaskKind
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find it, show it."""
    task_id, everywhere = requests.path_id(request, "import_id"), dialect.all_projects(request)
    task = zonetasks.get(run.table, TaskKind.IMPORT, task_id, request.caller, run.now(), everywhere=everywhere)
    return view.shown(request, task)
