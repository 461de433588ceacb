"""PATCH /v2/quotas/{project_id}: give a project quotas of its own, for super users."""

from zonewright.actions import quotas
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.bodies import quotas as bodies
from zonewright.http.designate.writing import quotas as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """See whether the caller may, read the quotas, set them."""
    project_id = reading.governed_project(request)
    changes = bodies.quota_changes(request)
    found = quotas.change(run.table, run.settings, project_id, changes)
    return writing.quotas(found)
