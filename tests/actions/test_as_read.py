"""Writes of a zone that a holder or a look wrote to after it was read.

None leaves the change of a dead holder pending, or overwrites what a look found.
"""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from support.calls import NOW
from zonewright import clock
from zonewright.actions import edit, handovers, recordsets, restore, zones
from zonewright.actions.zones import NewZone
from zonewright.actions.zonesettings import Edit
from zonewright.model.change import Change, ChangeStatus, ChangeType
from zonewright.model.order import COMPARE
from zonewright.model.recordset import Content
from zonewright.model.settings import Settings
from zonewright.model.source import Source
from zonewright.model.states import Event, State
from zonewright.model.users import Caller
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.service import Service
from zonewright.store import changes, keys
from zonewright.store import zones as store
from zonewright.store.table import ConditionFailed, Put, Table, Update
from zonewright.sync import lifecycle

CALLER = Caller("user-id", "user", group_id="group-id")
OTHER = Caller("other-id", "other", group_id="other-group")
HELD = {"state": State.SYNCING, "lease": clock.epoch(NOW) - 1, "held_since": NOW - timedelta(hours=1)}
HOLDERS = (None, "a", "b")


def zone_held_by(holder):
    zone = Zone("zone-id", "example.org.", "group-id", ZoneType.SECONDARY, NOW)
    return zone if holder is None else replace(zone, holder=holder, **HELD)


@pytest.mark.parametrize("event", [Event.CHANGE, Event.DELETE, Event.BEGIN_UPDATE], ids=str)
@pytest.mark.parametrize(("read", "found"), list(itertools.product(HOLDERS, HOLDERS)))
def test_only_the_holder_that_was_read_lets_a_write_through(table, event, read, found):
    table.write(Put(store.to_item(zone_held_by(found))))
    condition = edit.as_read(zone_held_by(read), event, NOW)
    write = Update(keys.zone("zone-id"), set={"happened": True}, condition=condition)

    if read == found:
        table.write(write)
    else:
        with pytest.raises(ConditionFailed):
            table.write(write)


LOOKED = replace(zone_held_by(None), due=NOW, source=Source("192.0.2.1", 7), revision=4)
LOOKS = {
    "due later": replace(LOOKED, due=NOW + timedelta(minutes=2)),
    "due no more": replace(LOOKED, due=None),
    "source broken": replace(LOOKED, source=Source("192.0.2.1", 7, "was seen with an older serial, 5")),
    "source unknown": replace(LOOKED, source=None),
    "as before": LOOKED,
}


@pytest.mark.parametrize(("read", "found"), list(itertools.product(LOOKS, LOOKS)))
def test_only_a_zone_that_no_look_wrote_to_since_it_was_read_may_be_replaced(table, read, found):
    table.write(Put(store.to_item(LOOKS[found])))
    write = Put(store.to_item(LOOKS[read]), edit.as_read(LOOKS[read], Event.CHANGE, NOW))

    if read == found:
        table.write(write)
    else:
        with pytest.raises(ConditionFailed):
            table.write(write)


@pytest.fixture
def service(table, bucket, workflow):
    made = Service(Settings(table=table.name, bucket=bucket.name))
    made.table, made.bucket, made.workflow = table, bucket, workflow
    return made


def settings_of(service, zone):
    zones.update(service, zone, Edit(description="changed"), caller=CALLER)


def record_set_in(service, zone):
    recordsets.create(service, zone, f"www.{zone.name}", 1, Content((b"\xc0\x00\x02\x01",)), caller=CALLER)


def deletion_of(service, zone):
    zones.delete(service, zone, caller=CALLER)


def restoration_of(service, zone):
    restore.restore(service, zone, 1, caller=CALLER)


def sync_of(service, zone):
    lifecycle.begin(service, zone, "request", user_id="user-id", options=COMPARE)


WRITES = [
    pytest.param(settings_of, id="settings"),
    pytest.param(record_set_in, id="record set"),
    pytest.param(deletion_of, id="deletion"),
    pytest.param(restoration_of, id="restoration"),
    pytest.param(sync_of, id="sync"),
]


def taken(service, zone):
    """Let a writer take the zone and die long ago. Return its change."""
    dead = Change("dead-id", zone.id, ChangeType.SYNC, "user-id", NOW - timedelta(hours=1), base=zone.version)
    held = replace(store.get(service.table, zone.id), holder=dead.id, **HELD)
    return dead, (Put(store.to_item(held)), changes.put(dead))


def before_the_next_write(monkeypatch, service, writes):
    """Write `writes` between the reads of the next request and its write."""
    plain, left = Table.write, [writes]

    def write(table, *own):
        if left and any(isinstance(each, Put | Update) and "CHANGE#" in str(_key(each)) for each in own):
            plain(table, *left.pop())
        plain(table, *own)

    monkeypatch.setattr(Table, "write", write)


def _key(write):
    return (write.item if isinstance(write, Put) else write.key)["sk"]


@pytest.mark.parametrize("act", WRITES)
def test_a_dead_holder_that_came_after_the_read_is_ended_too(service, monkeypatch, act):
    zone = zones.create(service, NewZone("example.org.", email="joe@example.org"), caller=CALLER)
    zone = zones.update(service, zone, Edit(ttl=60), caller=CALLER)
    if act is sync_of:
        zone = replace(zone, primaries=(Primary("192.0.2.1"),))
        service.table.write(Put(store.to_item(zone)))
    dead, writes = taken(service, zone)
    before_the_next_write(monkeypatch, service, writes)

    act(service, zone)

    ended = changes.get(service.table, zone.id, dead.created, dead.id)
    assert (ended.status, ended.reason) == (ChangeStatus.FAILED, "it was abandoned: its lease ran out before it ended")


def test_a_dead_holder_is_ended_by_an_acceptance_too(service, monkeypatch):
    zone = zones.create(service, NewZone("example.org.", email="joe@example.org"), caller=CALLER)
    offered = handovers.offer(service, zone, None, None)
    dead, writes = taken(service, zone)
    before_the_next_write(monkeypatch, service, writes)

    handovers.accept(service, offered.id, offered.key, caller=OTHER)

    assert changes.get(service.table, zone.id, dead.created, dead.id).status is ChangeStatus.FAILED
