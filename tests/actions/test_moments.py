"""Changes of a zone by machines whose clocks differ: each is later than the last, in the zone and in its history."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.calls import NOW
from zonewright import clock
from zonewright.actions import handovers, recordsets, restore, shares, tsigkeys, zones
from zonewright.actions.zones import Edit, NewZone
from zonewright.errors import RecentlySynced
from zonewright.model.change import ChangeStatus
from zonewright.model.order import COMPARE, INCREMENTAL, Order
from zonewright.model.recordset import Content
from zonewright.model.settings import Settings
from zonewright.model.tsigkey import Scope
from zonewright.model.users import Caller, Group
from zonewright.model.zone import Primary, ZoneType
from zonewright.service import Service
from zonewright.store import changes, groups
from zonewright.store import zones as store
from zonewright.store.table import Put, Table
from zonewright.sync import lifecycle
from zonewright.sync.lifecycle import Sync, ended

CALLER = Caller("user-id", "user", group_id="group-id")
OTHER = Caller("other-id", "other", group_id="other-group")
HOUR = timedelta(hours=1)


@pytest.fixture
def service(table, bucket, workflow, vault):
    made = Service(Settings(table=table.name, bucket=bucket.name))
    made.table, made.bucket, made.workflow, made.vault = table, bucket, workflow, vault
    made.now = lambda: NOW
    for group_id in ("other-group", "third-group"):
        groups.create(table, Group(group_id, group_id, "joe@example.org", NOW))
    return made


@pytest.fixture
def zone(service):
    made = zones.create(service, NewZone("example.org.", email="joe@example.org"), caller=CALLER)
    return zones.update(service, made, Edit(ttl=60), caller=CALLER)


@pytest.fixture
def copied(service):
    """A SECONDARY zone that was synced."""
    asked = NewZone("copy.org.", ZoneType.SECONDARY, primaries=(Primary("192.0.2.1"),), schedule="refresh")
    made = zones.create(service, asked, caller=CALLER)
    Sync(service, Order(made.id, made.holder, clock.to_text(made.created), "create")).keep(done(made, made.holder, NOW))
    return store.get(service.table, made.id)


def done(zone, sync_id, now, created=None):
    order = Order(zone.id, sync_id, clock.to_text(created or zone.created), "request")
    return ended(order, zone.version, now, ChangeStatus.SYNCED, None)


def settings_of(service, zone):
    zones.update(service, zone, Edit(description="changed"), caller=CALLER)


def record_set_in(service, zone):
    recordsets.create(service, zone, f"www.{zone.name}", 1, Content((b"\xc0\x00\x02\x01",)), caller=CALLER)


def restoration_of(service, zone):
    restore.restore(service, zone, 1, caller=CALLER)


def share_of(service, zone):
    shares.create(service, zone, "other-group")


def unshare(service, zone):
    shares.delete(service, zone, shares.store.listing(service.table, zone.id)[0].id, caller=CALLER)


def deletion_of(service, zone):
    zones.delete(service, zone, caller=CALLER, with_shares=True)


def sync_of(service, zone):
    lifecycle.begin(service, zone, "request", user_id="user-id", options=COMPARE)


CHANGES = [
    pytest.param(settings_of, id="settings"),
    pytest.param(record_set_in, id="record set"),
    pytest.param(restoration_of, id="restoration"),
    pytest.param(share_of, id="share"),
    pytest.param(deletion_of, id="deletion"),
]


def in_order(service, zone, before):
    """Assert that the zone was changed after `before`, and that its history is in the order of its writes."""
    found = store.get(service.table, zone.id)
    history = changes.listing(service.table, zone.id, 99)
    assert found.updated > before
    assert [each.base for each in history] == sorted((each.base for each in history), reverse=True)
    assert all(each.finished is None or each.finished >= each.created for each in history)
    return found


@pytest.mark.parametrize("act", CHANGES)
def test_a_machine_whose_clock_is_behind_changes_a_zone_later(service, zone, act):
    before, newest = zone.updated, changes.listing(service.table, zone.id, 1)[0]
    service.now = lambda: NOW - HOUR

    act(service, zone)

    in_order(service, zone, before)
    (last,) = changes.listing(service.table, zone.id, 1)
    assert last == newest if act is share_of else last.created > newest.created


def test_a_share_ends_later_than_it_began(service, zone):
    share_of(service, zone)
    before = store.get(service.table, zone.id)
    service.now = lambda: NOW - HOUR

    unshare(service, before)

    in_order(service, zone, before.updated)


def test_a_zone_changes_hands_later_than_it_was_changed(service, zone):
    offered = handovers.offer(service, zone, None, None)
    service.now = lambda: NOW - HOUR
    offered = handovers.update(service, offered.id, {"description": "changed"}, caller=CALLER)

    handovers.accept(service, offered.id, offered.key, caller=OTHER)

    in_order(service, zone, zone.updated)
    complete = handovers.get(service, offered.id, caller=OTHER)
    assert complete.updated > offered.updated > offered.created


def test_a_sync_begins_and_ends_later_than_what_was_before(service, copied):
    service.now = lambda: NOW - HOUR
    held, change = lifecycle.begin(service, copied, "request", user_id="user-id", options=COMPARE)
    begun = in_order(service, copied, copied.updated)

    service.now = lambda: NOW - 2 * HOUR
    Sync(service, Order(copied.id, change.id, clock.to_text(change.created), "request")).fail("no answer")

    after = in_order(service, copied, begun.updated)
    assert (held.updated, after.holder) == (begun.updated, None)
    assert changes.get(service.table, copied.id, change.created, change.id).seconds > 0


def test_a_key_is_changed_later_than_it_was_made(service, zone):
    key = tsigkeys.NewKey("key.", "hmac-sha256", "c2VjcmV0", Scope.ZONE, zone.id)
    made = tsigkeys.create(service, key, caller=CALLER).key
    service.now = lambda: NOW - HOUR

    changed = tsigkeys.update(service, made.id, tsigkeys.Edit(secret="bmV3ZXI="), caller=CALLER).key

    assert changed.updated > made.created


def racing(monkeypatch, service, zone, act):
    """Let a machine whose clock is ahead act on the zone between the read and the write of the next request."""
    plain, raced = Table.write, []

    def write(table, *writes):
        if not raced and any(isinstance(each, Put) or each.add or each.set for each in writes):
            raced.append(True)
            service.now = lambda: NOW + HOUR
            act(service, store.get(table, zone.id))
            service.now = lambda: NOW
            raced.append(store.get(table, zone.id).updated)
        plain(table, *writes)

    monkeypatch.setattr(Table, "write", write)
    return raced


@pytest.mark.parametrize("act", [*CHANGES[:3], pytest.param(lambda *of: shares.create(*of, "third-group"), id="share")])
@pytest.mark.parametrize("first", [settings_of, share_of])
def test_a_change_of_a_machine_ahead_that_comes_first_is_followed(service, zone, monkeypatch, act, first):
    raced = racing(monkeypatch, service, zone, first)

    act(service, zone)

    in_order(service, zone, raced[1])


@pytest.mark.parametrize("first", [settings_of, share_of])
def test_a_sync_that_begins_after_a_machine_ahead_is_in_order(service, copied, monkeypatch, first):
    raced = racing(monkeypatch, service, copied, first)

    sync_of(service, copied)

    after = in_order(service, copied, raced[1])
    assert changes.listing(service.table, copied.id, 1)[0].id == after.holder


def test_a_sync_that_ends_after_a_share_of_a_machine_ahead_is_in_order(service, copied, monkeypatch):
    _, change = lifecycle.begin(service, copied, "request", user_id="user-id", options=COMPARE)
    sync = Sync(service, Order(copied.id, change.id, clock.to_text(change.created), "request"))
    raced = racing(monkeypatch, service, copied, share_of)

    sync.keep(done(copied, change.id, NOW, change.created))

    after = in_order(service, copied, raced[1])
    assert (after.holder, after.shares) == (None, 1)


def test_a_zone_synced_by_a_machine_ahead_may_be_synced_without_a_delay(service, copied):
    ahead = replace(copied, synced=NOW + HOUR, updated=NOW + HOUR)
    service.table.write(Put(store.to_item(ahead)))

    held, _ = lifecycle.begin(service, copied, "refresh", user_id="user-id", options=INCREMENTAL)

    assert held.updated > ahead.synced


def test_a_delay_counts_from_the_last_sync_by_a_machine_ahead(service, copied):
    ahead = replace(copied, synced=NOW + HOUR, updated=NOW + HOUR)
    service.table.write(Put(store.to_item(ahead)))

    with pytest.raises(RecentlySynced, match=r"ended 2026-01-15 13:34:56.*, delay 10"):
        lifecycle.begin(service, ahead, "request", user_id="user-id", options=COMPARE, delay=10)
