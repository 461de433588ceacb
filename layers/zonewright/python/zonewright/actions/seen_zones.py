"""Zones that a caller sees, by name, page by page (contract `vinyldns.md`, section 4.2).

    places of each reader that the caller is ─▶ merged by name ─▶ filtered ─▶ their zones, a page at once

A page reads the places that it shows, and one item for each of its zones. A filter with `*` reads the places that begin
as it does. A caller in many groups may see a large part of all zones. Then the places of all zones are read instead, if
that is less than a query for each group.
"""

import heapq
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from zonewright.model import zoneaccess
from zonewright.model.namefilter import NameFilter
from zonewright.model.users import Caller, Group
from zonewright.model.zone import Zone
from zonewright.protocol import reverse
from zonewright.service import Service
from zonewright.store import places, tallies, users
from zonewright.store import zones as store
from zonewright.store.places import Place
from zonewright.store.table import Table

FEW = 16
"""Readers whose lists are always read."""

QUERY = 150
"""Places that take as long to read as another query does."""


FILTERED = 1000
"""Places to read at once if some may be left out."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The wanted page: up to `limit` zones behind the name `start_from`.

    `name` filters the names of zones, or those of their owner groups if `by_group`. `ignore_access` adds zones that the
    caller does not see. Without `reverse`, reverse zones are left out.
    """

    limit: int
    start_from: str = ""
    name: NameFilter | None = None
    by_group: bool = False
    ignore_access: bool = False
    reverse: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """A page of zones with the groups that own them, by id, and the `start_from` of the next page, if there is one."""

    zones: list[Zone]
    groups: dict[str, Group]
    next_id: str | None


def listing(service: Service, wanted: Wanted, *, caller: Caller) -> Page:
    """Return a page of the zones that a caller sees, or of all zones."""
    table = service.table
    everything = wanted.ignore_access or caller.is_super or caller.is_support
    owners = None
    if wanted.name and wanted.by_group:
        owners = {group.id for group in users.groups(table) if wanted.name.matches(group.name)}
    found: list[Zone] = []
    wanted_places = _wanted(_sorted(table, wanted, owners, None if everything else caller), wanted, owners)
    while some := list(islice(wanted_places, wanted.limit + 1 - len(found))):
        zones = store.live(table, [place.zone_id for place in some])
        found += [zone for zone in zones if everything or zoneaccess.lists(zone, caller)]
    page = found[: wanted.limit]
    groups = users.groups_by_id(table, sorted({zone.group_id for zone in page}))
    return Page(page, groups, page[-1].name if len(found) > len(page) else None)


def _wanted(found: Iterator[Place], wanted: Wanted, owners: Collection[str] | None) -> Iterator[Place]:
    """Yield the places that pass the filters, each zone once."""
    last = ""
    named = wanted.name if wanted.name and not wanted.by_group else None
    for place in found:
        if place.zone_id == last or (named and not named.matches(place.name)):
            continue
        if (owners is None or place.group_id in owners) and (wanted.reverse or not reverse.is_reverse(place.name)):
            yield place
            last = place.zone_id


def _sorted(table: Table, wanted: Wanted, owners: Collection[str] | None, caller: Caller | None) -> Iterator[Place]:
    """Yield the places of all zones that the caller may see, by name, or of every zone for None. Some come twice."""
    if caller is not None:
        readers = places.as_readers(caller)
    else:
        readers = [places.ALL] if owners is None else list(map(places.of_group, sorted(owners)))
    groups = caller.group_ids if caller else owners
    among = frozenset(readers)
    if len(readers) > FEW and _better_all(table, wanted.limit, groups or (), len(readers)):
        readers = [places.ALL]
    prefix = wanted.name.prefix if wanted.name and not wanted.by_group else ""
    step = _step(wanted, owners, len(readers))
    lists = [places.listing(table, each, wanted.start_from, prefix, step) for each in readers]
    if not places.settled(table):
        lists += [_unplaced(table, each, wanted.start_from, prefix) for each in tallies.unplaced(table)]
    merged = heapq.merge(*lists, key=lambda place: place.name)
    return (place for place in merged if places.ALL in among or not among.isdisjoint(place.readers))


def _better_all(table: Table, limit: int, groups: Collection[str], queries: int) -> bool:
    """Return whether reading the places of all zones costs less than so many queries, by the tallies of the groups."""
    numbers = dict(tallies.zones(table))
    mine = sum(numbers.get(group_id, 0) for group_id in groups)
    return limit * sum(numbers.values()) <= queries * QUERY * mine


def _step(wanted: Wanted, owners: Collection[str] | None, lists: int) -> int:
    """Return how many places to read at once: about a page over all lists, or more behind a filter."""
    filtered = owners is not None or not wanted.reverse or (wanted.name is not None and wanted.name.whole)
    if filtered:
        return FILTERED
    return wanted.limit + 2 if lists <= FEW else 2 * wanted.limit // lists + 2


def _unplaced(table: Table, group_id: str, after: str, prefix: str) -> Iterator[Place]:
    """Yield the places that the zones of a group should have. It reads all of them."""
    found = (places.of_zone(zone) for zone in store.every(table, group_id, shared=False))
    behind = (place for place in found if place.name > after.lower() and place.name.startswith(prefix))
    return iter(sorted(behind, key=lambda place: place.name))
