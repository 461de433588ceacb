"""POST /v2/tlds: add a top-level domain, for super users."""

from zonewright.actions import namelists
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.namelists import body, view
from zonewright.http.message import Request, Response
from zonewright.model.namelists import NameList
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Check the caller, read the entry, add it, and return it."""
    requests.check_super(request, "write the lists of zone names")
    text, description = body.new_tld(request)
    return view.created(request, NameList.TLDS, namelists.create(service, NameList.TLDS, text, description))
