"""PATCH /v2/quotas/{project_id}: give a project quotas of its own, for super users."""

from zonewright.actions import quotas
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.quotas import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """See whether the caller may, read the quotas, set them."""
    project_id = requests.governed_project(request)
    changes = body.quota_changes(request)
    found = quotas.change(service, project_id, changes)
    return view.quotas(found)
