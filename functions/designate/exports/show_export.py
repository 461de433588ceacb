"""GET /v2/zones/tasks/exports/{export_id}/export: return the master file of an export."""

from zonewright.actions import exports, zonetasks
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.tasks import view
from zonewright.http.message import Request, Response
from zonewright.model.zonetask import TaskKind
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the task, and return its text or a link to it."""
    task_id, everywhere = requests.path_id(request, "export_id"), dialect.all_projects(request)
    task = zonetasks.get(service, TaskKind.EXPORT, task_id, caller=request.caller, everywhere=everywhere)
    return view.master_file(exports.exported(service, task, caller=request.caller, everywhere=everywhere))
