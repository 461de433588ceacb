"""DELETE /v2/zones/tasks/exports/{export_id}: forget an export; the zone it shows stays."""

from zonewright.actions import zonetasks
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.tasks import view
from zonewright.http.message import Request, Response
from zonewright.model.zonetask import TaskKind
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find it, remove it."""
    task = zonetasks.get(run.table, TaskKind.EXPORT, requests.path_id(request, "export_id"), request.caller, run.now())
    zonetasks.remove(run.table, task)
    return view.removed()
