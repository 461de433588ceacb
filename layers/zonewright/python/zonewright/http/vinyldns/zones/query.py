"""Queries about zones in the VinylDNS API: pages of the history, and options of a sync."""

from dataclasses import dataclass

from zonewright.errors import MalformedQuery
from zonewright.http.message import Request
from zonewright.http.vinyldns.dialect import DEFAULT_ITEMS, flag, most_items
from zonewright.model.order import MODES, SyncOptions


@dataclass(frozen=True, slots=True)
class Page:
    """The wanted page of a list."""

    limit: int = DEFAULT_ITEMS
    start_from: str | None = None


def page(request: Request) -> Page:
    """Return the wanted page of a zone's history. Also checks the query."""
    return Page(most_items(request), request.query.get("startFrom", [None])[-1])


def options(request: Request) -> SyncOptions:
    """Return the options of a sync. VinylDNS has no such parameters. Also checks the query."""
    mode = request.query.get("mode", [MODES[0]])[-1]
    if mode not in MODES:
        raise MalformedQuery(f"The query parameter 'mode' was malformed:\n'{mode}' is not one of {', '.join(MODES)}")
    return SyncOptions(mode, flag(request, "force"), flag(request, "dryRun"))
