"""GET /v2/zones/tasks/exports: list the export tasks of the caller's project, filtered and sorted."""

from zonewright.actions import zonetasks
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.tasks import filters, view
from zonewright.http.message import Request, Response
from zonewright.model.zonetask import TaskKind
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Return a page of tasks."""
    wanted = filters.zone_tasks(request)
    tasks, total = zonetasks.listing(service, TaskKind.EXPORT, requests.project(request), wanted)
    return view.task_list(request, TaskKind.EXPORT, wanted, tasks, total)
