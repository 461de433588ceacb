"""GET /health: tell whether the service reads its table, for everybody."""

from zonewright.actions import status
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.service import view
from zonewright.service import Service


@dialect.endpoint(public=True)
def handler(service: Service, _: Request) -> Response:
    """Read the table, and return an empty answer. A table that cannot be read is an internal error."""
    status.get(service)
    return view.healthy()
