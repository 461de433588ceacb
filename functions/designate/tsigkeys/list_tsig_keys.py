"""GET /v2/tsigkeys: list the TSIG keys that the caller may see, filtered and sorted."""

from zonewright.actions import tsigkeys
from zonewright.http.designate import dialect
from zonewright.http.designate.tsigkeys import filters, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Return a page of TSIG keys."""
    wanted = filters.tsig_keys(request)
    found = tsigkeys.listing(service, wanted, caller=request.caller)
    return view.key_list(request, wanted, found)
