"""GET /v2/tsigkeys: the TSIG keys the caller may see, filtered and sorted as asked."""

from zonewright.actions import tsigkeys
from zonewright.http import designate
from zonewright.http.designate import selecting
from zonewright.http.designate.writing import tsigkeys as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Read a page of them."""
    wanted = selecting.tsig_keys(request)
    found = tsigkeys.listing(run.table, run.vault, request.caller, wanted)
    return writing.key_list(request, wanted, found)
