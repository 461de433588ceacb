"""GET /v2/tlds: list top-level domains, filtered and sorted, for operators."""

from zonewright.actions import namelists
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.namelists import filters, view
from zonewright.http.message import Request, Response
from zonewright.model.namelists import NameList
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Check the caller and return a page of the list."""
    requests.check_operator(request, "see the lists of zone names")
    wanted = filters.entries(request, NameList.TLDS)
    return view.page(request, NameList.TLDS, wanted, namelists.listing(service, NameList.TLDS, wanted))
