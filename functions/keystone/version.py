"""GET /v3: show the version of the Identity API, for everybody."""

from zonewright.http.keystone import dialect, views
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint(public=True)
def handler(_: Service, request: Request) -> Response:
    """Return the version."""
    return views.version(request)
