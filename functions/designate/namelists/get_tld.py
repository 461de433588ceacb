"""GET /v2/tlds/{tld_id}: show a top-level domain, for operators."""

from zonewright.actions import namelists
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.namelists import view
from zonewright.http.message import Request, Response
from zonewright.model.namelists import NameList
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Check the caller and return the entry."""
    requests.check_operator(request, "see the lists of zone names")
    found = namelists.get(service, NameList.TLDS, requests.path_id(request, "tld_id"))
    return view.entry(request, NameList.TLDS, found)
