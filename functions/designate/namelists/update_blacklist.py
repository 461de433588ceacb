"""PATCH /v2/blacklists/{blacklist_id}: change an entry of the blacklist, for super users."""

from zonewright.actions import namelists
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.namelists import body, view
from zonewright.http.message import Request, Response
from zonewright.model.namelists import NameList
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Check the caller, read the change, write it, and return the entry."""
    requests.check_super(request, "write the lists of zone names")
    entry_id, edit = requests.path_id(request, "blacklist_id"), body.blacklist_edit(request)
    return view.entry(request, NameList.BLACKLIST, namelists.update(service, NameList.BLACKLIST, entry_id, edit))
