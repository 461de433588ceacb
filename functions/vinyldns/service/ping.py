"""GET /ping: answer, for everybody."""

from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.service import view
from zonewright.service import Service


@dialect.endpoint(public=True)
def handler(_: Service, __: Request) -> Response:
    """Return the one answer."""
    return view.ping()
