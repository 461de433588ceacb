"""GET / and GET /v2: which versions of the API there are; anyone may ask."""

from zonewright.http.designate import dialect, views
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint(public=True)
def handler(_: Service, request: Request) -> Response:
    """The list at the root, the one version below it."""
    return views.version_list(request) if request.path == "/" else views.version(request)
