"""GET /v2/tsigkeys: the TSIG keys the caller may see, filtered and sorted as asked."""

from zonewright.actions import tsigkeys
from zonewright.http.designate import dialect
from zonewright.http.designate.tsigkeys import filters, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Read a page of them."""
    wanted = filters.tsig_keys(request)
    found = tsigkeys.listing(service, wanted, caller=request.caller)
    return view.key_list(request, wanted, found)
