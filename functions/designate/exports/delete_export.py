"""DELETE /v2/zones/tasks/exports/{export_id}: delete an export task; its zone stays."""

from zonewright.actions import zonetasks
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.tasks import view
from zonewright.http.message import Request, Response
from zonewright.model.zonetask import TaskKind
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the task and delete it."""
    task = zonetasks.get(service, TaskKind.EXPORT, requests.path_id(request, "export_id"), caller=request.caller)
    zonetasks.remove(service, task)
    return view.removed()
