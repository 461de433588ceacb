"""GET /status: show whether changes are processed, for everybody."""

from zonewright.actions import status
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.service import view
from zonewright.service import Service


@dialect.endpoint(public=True)
def handler(service: Service, _: Request) -> Response:
    """Return the state of the service."""
    return view.status(status.get(service))
