"""Lists of zones, page by page."""

from collections.abc import Iterable
from dataclasses import dataclass

from zonewright.model import selection
from zonewright.model.selection import Selection
from zonewright.model.zone import Zone
from zonewright.service import Service
from zonewright.store import shares
from zonewright.store import zones as store


@dataclass(frozen=True, slots=True)
class Page:
    """A page of zones, and the number of zones that match the filters. None if it was not requested.

    The zones may be read when they are asked for: a page that ends early reads no more than it shows.
    """

    zones: Iterable[Zone]
    total: int | None


def listing(service: Service, group_id: str | None, wanted: Selection[Zone]) -> Page:
    """Return a page of a group's zones and of the zones shared with it, or of all zones if `group_id` is None.

    The marker is the id of a zone, which may be deleted. A page in the order of creation reads only its zones. An exact
    name reads two items. Other filters and orders read every zone of the group. Raise MarkerNotFound.
    """
    table = service.table
    after = wanted.after(lambda marker: store.get(table, marker), lambda zone: _is_listed(service, zone, group_id))
    if not (wanted.filters or wanted.order or wanted.name is not None):
        found = store.in_order(table, group_id, wanted.limit, after, newest_first=wanted.descending)
        return Page(found, store.count(table, group_id) if wanted.counted else None)
    if wanted.name is None:
        entries = store.every(table, group_id)
    else:
        named = store.named(table, wanted.name)
        entries = iter([named] if named and _is_listed(service, named, group_id) else [])

    chosen, total = selection.page_after(entries, wanted, after)
    return Page(chosen, total if wanted.counted else None)


def _is_listed(service: Service, zone: Zone, group_id: str | None) -> bool:
    """Return whether a zone is in the list of a group. The list of `group_id` None has every zone."""
    if group_id in (None, zone.group_id):
        return True
    return shares.with_group(service.table, zone.id, group_id or "") is not None
