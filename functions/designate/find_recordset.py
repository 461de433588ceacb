"""GET /v2/recordsets/{recordset_id}: redirect to a record set in its zone."""

from zonewright.actions import recordset_lists
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.recordsets import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Search the zones for the record set, and redirect to it."""
    wanted = requests.path_id(request, "recordset_id")
    found = recordset_lists.find(service, requests.scope(request), wanted)
    return view.elsewhere(request, found)
