"""The lists of zone names as /v2 shows them (contract `designate.md`, section 10)."""

from typing import TYPE_CHECKING, Any

from zonewright.http.designate import views
from zonewright.http.message import Request, Response
from zonewright.model.namelists import TEXT, NameList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonewright.model.namelists import Entry
    from zonewright.model.selection import Selection

_PATHS = {NameList.TLDS: "tlds", NameList.BLACKLIST: "blacklists"}


def created(request: Request, which: NameList, made: "Entry") -> Response:
    """Return a new entry, and its URL in `Location`."""
    return Response.json(201, fields(request, which, made), {"location": _url(request, which, made)})


def entry(request: Request, which: NameList, found: "Entry") -> Response:
    """Return an entry."""
    return Response.json(200, fields(request, which, found))


def page(request: Request, which: NameList, wanted: "Selection[Entry]", found: "Sequence[Entry]") -> Response:
    """Return a page of a list. Its entries are not counted."""
    documents = (fields(request, which, each) for each in found)
    return views.page(request, _PATHS[which], documents, wanted, metadata=False)


def fields(request: Request, which: NameList, shown: "Entry") -> dict[str, Any]:
    """Return the fields of an entry: `TldFields` or `BlacklistFields`. An entry of a parameter has no times."""
    return {
        "id": shown.id,
        TEXT[which]: shown.text,
        "description": shown.description,
        "created_at": views.time(shown.created),
        "updated_at": views.time(shown.updated),
        "links": {"self": _url(request, which, shown)},
    }


def _url(request: Request, which: NameList, shown: "Entry") -> str:
    return views.url(request, f"/v2/{_PATHS[which]}/{shown.id}")
