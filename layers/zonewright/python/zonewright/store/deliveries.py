"""Deliveries in the table: one item a zone that is pushed, an outbox and the standing of its targets in one.

    write ──transaction: `wanted` = its version, due now──▶ due ──take──▶ held, and still due
                                                            ▲               │
                        killed, or not begun: still due ────┘               └─release, if nobody made it due again──▶
                                                                              not due, or due at the next try

The dispatcher of every minute begins what is due. So a delivery that died, or that nobody began, is taken up again. A
held one is begun in vain: that costs less than to move each delivery in the index twice. `asked` is new with each write
that makes a delivery due, so its release tells whether there was one since it was read, also one of the same version,
such as the deletion of the zone. Contract backends.md, sections 2 and 7.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from zonewright import clock
from zonewright.model.delivery import Delivery, Repair, Standing
from zonewright.model.zone import Zone
from zonewright.store import dueplaces, keys
from zonewright.store.conditions import PRESENT, either, equal, lapsed
from zonewright.store.table import ConditionFailed, Delete, Item, Table, Update, Write, without_none

_TARGET = "target#"
"""The prefix of the attributes of standings, each named by the id of its target."""

_TIMES = ("since", "next", "checked")
"""The attributes of a standing that are times."""

_HOLD = ("holder", "lease")


def wanted(zone: Zone, now: datetime) -> list[Write]:
    """Return the write that has the contents of a zone delivered, or nothing for a zone that is not pushed anywhere.

    It belongs in the transaction that publishes or deletes them.
    """
    if zone.delivered is None:
        return []
    asked = {"wanted": zone.version, "asked": str(uuid.uuid4())} | dueplaces.delivery_due(zone.id, now, zone.group_id)
    return [Update(keys.delivery(zone.id), set={"zone_id": zone.id, **asked})]


def called(zone_id: str, group_id: str, now: datetime) -> Update:
    """Return the write that makes the delivery of a zone due, whose contents are about to change."""
    place = dueplaces.delivery_due(zone_id, now, group_id)
    return Update(keys.delivery(zone_id), set={"zone_id": zone_id, "asked": str(uuid.uuid4()), **place})


def get(table: Table, zone_id: str) -> Delivery | None:
    """Return the delivery of a zone, or None."""
    item = table.get(keys.delivery(zone_id))
    return _from_item(item) if item else None


def take(table: Table, zone: Zone, holder: str, now: datetime, until: datetime) -> bool:
    """Hold the delivery of a zone until a time. Return False if another holds it, or if it has none."""
    held = {"holder": holder, "lease": clock.epoch(until)}
    condition = PRESENT.also(either(equal(holder=None), lapsed(now)))
    return _written(table, Update(keys.delivery(zone.id), set=held, condition=condition))


def stand(table: Table, zone_id: str, holder: str | None, standings: Mapping[str, Standing]) -> bool:
    """Store standings of targets, by id. Return False if `holder` does not hold the delivery any more."""
    return _written(
        table, Update(keys.delivery(zone_id), set=_noted(standings), condition=PRESENT.also(equal(holder=holder)))
    )


def release(
    table: Table,
    zone: Zone,
    held: Delivery,
    due: datetime | None,
    targets: Collection[str] | None = None,
    *,
    noted: Mapping[str, Standing] | None = None,
) -> bool:
    """End the hold of a delivery, which is due again at `due`, or not for None. Store the standings `noted` with it.

    With `targets`, the standings of others are forgotten: a target that comes back may hold the contents of somebody
    else by then. Return False if it was made due since it was read, or if it is not held any more.
    """
    place = dueplaces.delivery_due(zone.id, due, zone.group_id) if due else {}
    left = [_TARGET + each for each in held.standings if targets is not None and each not in targets]
    gone = (*_HOLD, *left) if due else (*_HOLD, *left, *dueplaces.NOT_DUE)
    mine = equal(holder=held.holder, asked=held.asked)
    return _written(table, Update(keys.delivery(zone.id), set=place | _noted(noted or {}), remove=gone, condition=mine))


def end(table: Table, zone_id: str, holder: str | None = None) -> bool:
    """Delete the delivery of a zone that is deleted, or that is not pushed any more. Return False if another holds it.

    With no `holder` it is deleted whoever holds it.
    """
    return _written(table, Delete(keys.delivery(zone_id), equal(holder=holder) if holder else None))


def _noted(standings: Mapping[str, Standing]) -> Item:
    return {_TARGET + each: _standing_item(standing) for each, standing in standings.items()}


def _written(table: Table, write: Write) -> bool:
    try:
        table.write(write)
    except ConditionFailed:
        return False
    return True


def _from_item(item: Item) -> Delivery:
    found = {name.removeprefix(_TARGET): value for name, value in item.items() if name.startswith(_TARGET)}
    return Delivery(
        zone_id=item["zone_id"],
        wanted=item.get("wanted", 0),
        asked=item.get("asked"),
        standings={each: _standing(value) for each, value in found.items()},
        holder=item.get("holder"),
        lease=item.get("lease"),
    )


def _standing_item(standing: Standing) -> Item:
    times: dict[str, Any] = {name: _text(getattr(standing, name)) for name in _TIMES}
    repair = standing.repair
    noted = {**asdict(repair), "at": clock.to_text(repair.at), "first": list(repair.first)} if repair else None
    return without_none(asdict(standing) | times | {"repair": noted})


def _standing(item: Item) -> Standing:
    times = {name: clock.from_text(item[name]) for name in _TIMES if name in item}
    found = item.get("repair")
    repair = Repair(**{**found, "at": clock.from_text(found["at"]), "first": tuple(found["first"])}) if found else None
    values: dict[str, Any] = {**item, **times, "repair": repair}
    return Standing(**values)


def _text(moment: datetime | None) -> str | None:
    return clock.to_text(moment) if moment else None
