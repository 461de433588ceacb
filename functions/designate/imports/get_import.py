"""GET /v2/zones/tasks/imports/{import_id}: show an import task of the caller's project."""

from zonewright.actions import uploads, zonetasks
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.tasks import view
from zonewright.http.message import Request, Response
from zonewright.model.zonetask import TaskKind
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the task and return it, with a new form if it waits for its file."""
    task_id, everywhere = requests.path_id(request, "import_id"), dialect.all_projects(request)
    task = zonetasks.get(service, TaskKind.IMPORT, task_id, caller=request.caller, everywhere=everywhere)
    if uploads.awaits(task) and task.group_id == request.caller.group_id:
        return view.awaited(request, uploads.form_of(service, task), 200)
    return view.shown(request, task)
