"""DELETE /v2/blacklists/{blacklist_id}: delete an entry of the blacklist, for super users."""

from zonewright.actions import namelists
from zonewright.http.designate import dialect, requests
from zonewright.http.message import Request, Response
from zonewright.model.namelists import NameList
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Check the caller, find the entry and delete it."""
    requests.check_super(request, "write the lists of zone names")
    namelists.delete(service, NameList.BLACKLIST, requests.path_id(request, "blacklist_id"))
    return Response(204)
