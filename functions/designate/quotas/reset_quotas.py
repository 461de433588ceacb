"""DELETE /v2/quotas/{project_id}: reset a project to the deployment's quotas, for super users."""

from zonewright.actions import quotas
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.quotas import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Check the caller and delete the project's own quotas."""
    quotas.reset(service, requests.governed_project(request))
    return view.reset()
