"""Read queries about zones in the VinylDNS API: pages of the history, and options of a sync."""

from dataclasses import dataclass

from zonewright.http.message import Request
from zonewright.http.vinyldns.dialect import DEFAULT_ITEMS, flag, malformed, most_items, parameter
from zonewright.model.order import MODES, SyncOptions


@dataclass(frozen=True, slots=True)
class Page:
    """The wanted page of a list."""

    limit: int = DEFAULT_ITEMS
    start_from: str | None = None


def page(request: Request) -> Page:
    """Return the wanted page of a zone's history. Raise InvalidLimit or MalformedQuery."""
    return Page(most_items(request), parameter(request, "startFrom"))


def options(request: Request) -> SyncOptions:
    """Return the options of a sync, which VinylDNS itself lacks. Raise MalformedQuery if one cannot be read."""
    mode = parameter(request, "mode")
    if mode is None:
        mode = MODES[0]
    if mode not in MODES:
        raise malformed("mode", f"'{mode}' is not one of {', '.join(MODES)}")
    return SyncOptions(mode, flag(request, "force"), flag(request, "dryRun"))
