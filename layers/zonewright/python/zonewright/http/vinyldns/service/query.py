"""Read queries about the service as VinylDNS does."""

from dataclasses import dataclass

from zonewright.errors import MissingParameter, NegativeMarker
from zonewright.http.message import Request
from zonewright.http.vinyldns.dialect import flag, most_items, number, parameter

_SWITCH = "processingDisabled"


@dataclass(frozen=True, slots=True)
class Page:
    """The wanted page of a list: up to `limit` entries behind the first `start`."""

    start: int
    limit: int


def processing_disabled(request: Request) -> bool:
    """Return how to set the switch. Raise MissingParameter or MalformedQuery."""
    if parameter(request, _SWITCH) is None:
        raise MissingParameter(parameter=_SWITCH)
    return flag(request, _SWITCH)


def page(request: Request) -> Page:
    """Return the wanted page. Raise InvalidLimit, NegativeMarker or MalformedQuery."""
    start = number(request, "startFrom", 32) or 0
    if start < 0:
        raise NegativeMarker(marker=str(start))
    return Page(start, most_items(request))
