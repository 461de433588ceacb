"""Record changes in the table: an item while one waits, in the order of arrival, and its entry in the history at last.

Both carry the moment in their keys, and so does the id. So a record change is found by its zone and its id.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from zonewright import clock
from zonewright.model import diff, states
from zonewright.model.change import Change
from zonewright.model.ids import moment_of
from zonewright.model.recordchange import RecordChange
from zonewright.model.states import Event, State
from zonewright.model.zone import Zone
from zonewright.store import changes, dueplaces, keys
from zonewright.store.conditions import PRESENT, Condition, allows, before, equal, held_as, waiting
from zonewright.store.table import Check, Delete, Item, Put, Table, Update, Write, without_none

_WAITING = "PENDING#"
"""The prefix of the sort keys of record changes that wait."""


def _key(zone_id: str, created: datetime, change_id: str) -> keys.ItemKey:
    """Return the key of a record change that waits."""
    return {"pk": keys.zone_partition(zone_id), "sk": f"{_WAITING}{clock.to_text(created)}#{change_id}"}


def put(waits: RecordChange) -> Put:
    """Return the write that lets a record change wait. The one that counts it belongs to the same transaction."""
    item = changes.to_item(waits.change)
    return Put(item | _key(item["zone_id"], waits.change.created, item["id"]) | {"exact": waits.exact})


def size(waits: RecordChange) -> int:
    """Return the bytes that the moves of a record change take in its item."""
    return len(changes.to_item(waits.change)["moved"])


def waiting_of(table: Table, zone_id: str, limit: int) -> list[RecordChange]:
    """Return the first record changes of a zone that wait, in the order of arrival."""
    found = table.query(keys.zone_partition(zone_id), prefix=_WAITING, limit=limit)
    return list(map(_from_item, found))


def get(table: Table, zone_id: str, change_id: str) -> Change | None:
    """Return a record change that waits or has ended, by its id, or None. Entries of other ids are not found."""
    created = moment_of(change_id)
    if created is None:
        return None
    item = table.get(_key(zone_id, created, change_id))  # first: it may end between the two reads
    return changes.from_item(item) if item else changes.get(table, zone_id, created, change_id)


def arrived(zone: Zone, holder: str, now: datetime, lease: datetime) -> Update:
    """Return the write that counts one more record change of a zone, which begins its update or joins it.

    It fails if anything about the zone changed since it was read, so `now` is later than every change before.
    """
    joins = zone.state is State.PENDING_UPDATE
    event = Event.JOIN_UPDATE if joins else Event.BEGIN_UPDATE
    as_read = equal(revision=zone.revision, updated=_text(zone.updated)).also(held_as(zone))
    taken = {"updated": clock.to_text(now)} | _held(zone, holder, now, lease)
    gone, place = ((), {}) if joins else _of_sync(zone, now)
    condition = allows(event, now).also(as_read)
    return Update(keys.zone(zone.id), set=taken | place, add={"pending": 1}, remove=gone, condition=condition)


def after_arrival(zone: Zone, holder: str, now: datetime) -> Zone:
    """Return the zone after one more record change has arrived."""
    since = zone.held_since if zone.state is State.PENDING_UPDATE else now
    held = replace(zone, state=State.PENDING_UPDATE, holder=holder, held_since=since)
    return replace(held, pending=zone.pending + 1, updated=now)


def hold(table: Table, zone: Zone, holder: str, now: datetime, lease: datetime) -> None:
    """Hold a zone whose record changes wait, again or for longer. Raise ConditionFailed if another holds it."""
    joins = zone.state is State.PENDING_UPDATE
    event = Event.JOIN_UPDATE if joins else Event.BEGIN_UPDATE
    gone, place = ((), {}) if joins else _of_sync(zone, now)
    condition = allows(event, now).also(held_as(zone)).also(waiting(Event.PUBLISH_UPDATE, 0, more=True))
    table.write(
        Update(keys.zone(zone.id), set=_held(zone, holder, now, lease) | place, remove=gone, condition=condition)
    )


def ended(
    zone: Zone, event: Event, entries: Sequence[Change], now: datetime, *, attributes: Item, also: Condition
) -> list[Write]:
    """Return the writes that end record changes of a zone, by their entries, and set `attributes` of the zone.

    The first is the zone's own, on a condition more. `zone` is as it was read, and `now` is its next moment.
    """
    assert zone.holder is not None
    count = len(entries)
    state = states.next_state(event, zone.hold, now, zone.holder, ended=count)
    more = zone.pending > count
    condition = allows(event, now, zone.holder).also(waiting(event, count, more=more)).also(before(now))
    values = {"state": str(state or State.PENDING_UPDATE), "updated": clock.to_text(now)} | without_none(attributes)
    freed = () if more else ("holder", "lease", "held_since", "pending")
    empty = tuple(name for name, value in attributes.items() if value is None)
    counted = {"revision": 1} | ({"pending": -count} if more else {})
    own = Update(keys.zone(zone.id), set=values, add=counted, remove=(*freed, *empty), condition=condition.also(also))
    writes: list[Write] = [own]
    for each in entries:
        writes += [Delete(_key(zone.id, each.created, each.id), PRESENT), changes.put(each)]
    return writes


def still_delivered(zone: Zone, holder: str) -> Check:
    """Return the check that a turn still holds the delivery of a zone."""
    return Check(keys.delivery(zone.id), equal(holder=holder))


def _held(zone: Zone, holder: str, now: datetime, lease: datetime) -> Item:
    since = zone.held_since if zone.state is State.PENDING_UPDATE and zone.held_since else now
    return {
        "state": str(State.PENDING_UPDATE),
        "holder": holder,
        "lease": clock.epoch(lease),
        "held_since": clock.to_text(since),
    }


def _of_sync(zone: Zone, now: datetime) -> tuple[tuple[str, ...], Item]:
    """Return the attributes that a dead sync leaves, and the place of the zone in the index of due zones instead."""
    if zone.state is not State.SYNCING:
        return (), {}
    left = ("order", "slot", dueplaces.LOOK)
    if zone.schedule is None:
        return (*left, *dueplaces.NOT_DUE), {}
    return left, dueplaces.zone_due(zone.id, now, zone.group_id)


def _from_item(item: Item) -> RecordChange:
    change = changes.from_item(item)
    return RecordChange(change, tuple(diff.read(change.moved)), item["exact"])


def _text(moment: datetime | None) -> str | None:
    return clock.to_text(moment) if moment else None


def every(table: Table, zone_id: str) -> Iterator[RecordChange]:
    """Yield all record changes of a zone that wait, in the order of arrival."""
    return map(_from_item, table.query(keys.zone_partition(zone_id), prefix=_WAITING))
