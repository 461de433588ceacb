"""GET /zones/backendids: list the ids of the backends."""

from zonewright.actions import status
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, _: Request) -> Response:
    """Return the ids."""
    return Response.json(200, status.backend_ids(service))
