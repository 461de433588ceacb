"""GET /v2/tsigkeys: the TSIG keys the caller may see, filtered and sorted as asked."""

from zonewright.actions import tsigkeys
from zonewright.http.designate import dialect, lists
from zonewright.http.designate.tsigkeys import view
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@dialect.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read a page of them."""
    wanted = lists.tsig_keys(request)
    found = tsigkeys.listing(run.table, run.vault, request.caller, wanted)
    return view.key_list(request, wanted, found)
