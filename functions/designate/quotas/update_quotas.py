"""PATCH /v2/quotas/{project_id}: set quotas of a project, for super users."""

from zonewright.actions import quotas
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.quotas import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Check the caller, read the quotas, store them, and return all quotas."""
    project_id = requests.governed_project(request)
    changes = body.quota_changes(request)
    found = quotas.change(service, project_id, changes)
    return view.quotas(found)
