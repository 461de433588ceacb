"""DELETE /v2/zones/tasks/imports/{import_id}: forget an import; the zone it made stays."""

from zonewright.actions import zonetasks
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.tasks import view
from zonewright.http.message import Request, Response
from zonewright.model.zonetask import TaskKind
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find it, remove it."""
    task = zonetasks.get(run.table, TaskKind.IMPORT, requests.path_id(request, "import_id"), request.caller, run.now())
    zonetasks.remove(run.table, task)
    return view.removed()
