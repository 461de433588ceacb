"""GET / and GET /v2: list the versions of the API, for everybody."""

from zonewright.http.designate import dialect, views
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint(public=True)
def handler(_: Service, request: Request) -> Response:
    """Return the list for the root path, or else the one version."""
    return views.version_list(request) if request.path == "/" else views.version(request)
