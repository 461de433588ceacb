"""Whole syncs, by the state machine as deployed, from primaries that behave and from those that do not."""

import threading
from dataclasses import replace
from datetime import timedelta

from primaries.canonical import from_lines
from support.service import primary
from support.texts import SECOND, ZONE
from zonewright import sweep
from zonewright.contents import chunks, differences
from zonewright.model.change import ChangeStatus, ChangeType, Counts
from zonewright.model.diff import Move
from zonewright.model.schedule import Timers
from zonewright.model.source import Source
from zonewright.model.states import State


def test_a_small_sync_is_one_state(service, server):
    service.create(ZONE, primary(server))

    service.work()

    assert service.machine.visited == ["Transfer"]


def test_a_first_sync_loads_the_zone(path, service, server):
    zone = service.create(ZONE, primary(server))

    assert (zone.state, zone.version) == (State.SYNCING, 0)
    status, change = service.work()

    assert status == "SUCCEEDED"
    assert service.texts(zone.id) == [
        "@ 300 MX 10 mail.example.org.",
        "@ 300 NS ns1.example.org. ns2.example.net.",
        "@ 300 SOA ns1.example.org. joe\\.doe.example.org. 1 3600 600 86400 300",
        "mail 300 A 192.0.2.25",
        "ns1 300 A 192.0.2.53",
        'old 300 TXT "to be deleted"',
        "www 300 A 192.0.2.80 192.0.2.81",
    ]
    loaded = service.zone(zone.id)
    assert loaded == replace(
        zone,
        state=State.ACTIVE,
        holder=None,
        lease=None,
        held_since=None,
        order=None,
        due=None,
        slot=None,
        version=1,
        serial=1,
        records=9,
        rrsets=7,
        revision=2,
        ttl=300,
        email="joe.doe@example.org",
        synced=change.finished,
        source=Source(str(primary(server)), 1, address=server.host, signer=""),
        timers=Timers(3600, 600, 86400),
        updated=change.finished,
    )
    assert (change.type, change.status, change.reason) == (ChangeType.CREATE, ChangeStatus.SYNCED, None)
    assert (change.counts, change.records, change.serial) == (Counts(created=7), 9, 1)
    maps = {"staged": {"ParseBatches", "MergeRanges"}, "many": {"ParseManyBatches", "MergeManyRanges"}}
    visited = {each for each in service.machine.visited if each.startswith(("Parse", "Merge")) and each.endswith("s")}
    assert visited == maps.get(path, set())


def test_a_second_sync_publishes_what_moved_and_keeps_it_readable(path, service, server):
    zone = service.create(ZONE, primary(server))
    service.work()
    server.reload(ZONE, SECOND)

    _, change = service.sync(zone.id)

    assert (change.type, change.status) == (ChangeType.SYNC, ChangeStatus.SYNCED)
    assert (change.counts, change.records) == (Counts(created=1, updated=2, deleted=1, unchanged=4), 8)
    assert (change.base, change.version) == (1, 2)
    moves = [move for key in change.differences for move in differences.read(service.bucket, key)]
    assert [(move.kind, move.place) for move in moves] == [
        ("updated", "\t6\t"),
        ("created", "new\t16\t"),
        ("deleted", "old\t16\t"),
        ("updated", "www\t1\t"),
    ]
    assert moves[-1] == Move("www\t1\t300\tc0000250 c0000251", "www\t1\t300\tc0000250")
    assert from_lines(service.lines(zone.id, 1), ZONE) != from_lines(service.lines(zone.id, 2), ZONE)


def test_a_sync_of_an_unchanged_zone_writes_no_version(path, service, server):
    zone = service.create(ZONE, primary(server))
    service.work()
    before = sorted(service.bucket.keys("zones/"))

    _, change = service.sync(zone.id)

    assert (change.status, change.counts) == (ChangeStatus.SYNCED, Counts(unchanged=7))
    assert (change.base, change.version, service.zone(zone.id).version) == (1, 1, 1)
    assert sorted(service.bucket.keys("zones/")) == before


def test_a_refresh_stops_where_the_serial_has_not_moved(service, server):
    zone = service.create(ZONE, primary(server))
    service.work()

    service.request(zone.id)
    asked = len(server.queries)
    status, change = service.work(trigger="refresh")

    assert status == "SUCCEEDED"
    assert [query.type for query in server.queries[asked:]] == ["SOA"]
    assert (change.status, change.reason, change.version) == (ChangeStatus.SYNCED, "the serial has not moved", 1)
    assert service.zone(zone.id).state is State.ACTIVE


def test_a_refresh_goes_on_where_the_serial_has_moved(service, server):
    zone = service.create(ZONE, primary(server))
    service.work()
    server.reload(ZONE, SECOND)

    service.request(zone.id)
    _, change = service.work(trigger="refresh")

    assert (change.status, change.version) == (ChangeStatus.SYNCED, 2)


def test_a_sweep_before_every_call_of_the_workflow_takes_nothing_from_it(path, service, server):
    zone = service.create(ZONE, primary(server))
    service.work()
    service.settings = replace(service.settings, version_retention=0)
    clients = (service.table.client, service.bucket.client)
    swept = []
    one = threading.Lock()

    def hook(**_):
        if one.acquire(blocking=False):
            swept.append(sweep.everything(service))
            one.release()

    for serial in (2, 3):
        server.reload(ZONE, SECOND.replace(" 2 3600", f" {serial} 3600"))
        for client in clients:
            client.meta.events.register("before-call", hook)
        _, change = service.sync(zone.id)
        for client in clients:
            client.meta.events.unregister("before-call", hook)
        assert change.status is ChangeStatus.SYNCED
        service.ahead = (service.ahead or timedelta()) + timedelta(minutes=70)
    chunks._kept.clear()  # noqa: SLF001 - as in a process that never read it

    assert sum(each.versions for each in swept) == 1
    assert service.version(zone.id, 1) is None
    assert len(service.texts(zone.id)) == 7
