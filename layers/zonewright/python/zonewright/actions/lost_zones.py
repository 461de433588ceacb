"""Deleted zones, and failed changes of live ones, in lists (contract `vinyldns.md`, sections 4.2 and 4.5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from zonewright.model.change import Change
from zonewright.model.namefilter import NameFilter
from zonewright.model.users import Caller, Group, User
from zonewright.model.zone import Zone
from zonewright.service import Service
from zonewright.store import changes, claims, deletedzones, users
from zonewright.store import zones as store

_AT_ONCE = 100
"""Entries that are looked at together."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The wanted page of deleted zones: up to `limit` behind the zone of the id `after`."""

    limit: int
    after: str | None = None
    name: NameFilter | None = None
    ignore_access: bool = False


@dataclass(frozen=True, slots=True)
class Deleted:
    """A page of deleted zones, each with the change that deleted it, and the groups and users of them, by id."""

    zones: list[tuple[Zone, Change]]
    groups: dict[str, Group]
    users: dict[str, User]
    next_id: str | None


def deleted(service: Service, wanted: Wanted, *, caller: Caller) -> Deleted:
    """Return a page of the deleted zones of the caller's groups, or of all groups; the newest first.

    Of the zones of one name only the last is listed, and that only while no zone has the name. A zone is listed until
    the sweeper deletes it. Zones that earlier releases deleted are not listed.
    """
    table = service.table
    everything = wanted.ignore_access or caller.is_super or caller.is_support
    last = store.get(table, wanted.after) if wanted.after else None
    gone = deletedzones.newest(table, None if everything else caller.group_ids, last)
    found: list[tuple[Zone, Change]] = []
    while len(found) <= wanted.limit and (some := list(islice(gone, _AT_ONCE))):
        named = [zone for zone in some if wanted.name is None or wanted.name.matches(zone.name)]
        latest = claims.latest_owners(table, [zone.name for zone in named])
        ended = [
            (zone, changes.deletion(table, zone)) for zone in named if latest[zone.name.lower()] in (None, zone.id)
        ]
        found += [(zone, change) for zone, change in ended if change]
    page = found[: wanted.limit]
    return Deleted(
        page,
        users.groups_by_id(table, sorted({zone.group_id for zone, _ in page})),
        users.get_all(table, sorted({change.user_id for _, change in page if change.user_id})),
        page[-1][0].id if len(found) > len(page) else None,
    )


def failures(service: Service, start: int, limit: int) -> tuple[list[tuple[Zone, Change]], bool]:
    """Return a page of the failed changes of live zones behind the first `start`, the newest first.

    Also return whether more follow.
    """
    found = list(islice(_of_live(service), start, start + limit + 1))
    return found[:limit], len(found) > limit


def _of_live(service: Service) -> Iterator[tuple[Zone, Change]]:
    failed = changes.failures(service.table)
    while some := list(islice(failed, _AT_ONCE)):
        live = store.live(service.table, sorted({change.zone_id for change in some}))
        zones = {zone.id: zone for zone in live}
        yield from ((zones[change.zone_id], change) for change in some if change.zone_id in zones)
