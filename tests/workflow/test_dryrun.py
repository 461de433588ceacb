"""Dry runs, by the state machine as deployed: what they say, and that they change nothing."""

import random
from dataclasses import replace
from datetime import timedelta

import dns.rcode
import pytest
from primaries import Hostile, hostile
from support.service import CALLER, STRANGER, loaded, primary
from support.texts import FIRST, GUARDED, LARGE, SECOND, THIRD, ZONE
from zonewright.actions import zones, zonesettings
from zonewright.contents import differences
from zonewright.errors import (
    DryRunInProgress,
    DryRunNotFound,
    NoPrimary,
    NotAuthorized,
    ZoneInactive,
    ZoneNotFound,
)
from zonewright.model.change import ChangeStatus, Counts
from zonewright.model.diff import Difference
from zonewright.model.dryrun import KEPT
from zonewright.model.guards import OwnGuards
from zonewright.model.order import MODES, SyncOptions
from zonewright.model.states import State
from zonewright.model.zone import Primary
from zonewright.store import changes
from zonewright.store.typed import decode_item


def everything(service):
    """All items but those of dry runs and counts of begins, and all objects of zones, with their digests."""
    items = [decode_item(item) for item in service.table.client.scan(TableName=service.table.name)["Items"]]
    items = [item for item in items if not item["pk"].startswith("BEGINS#")]
    listed = service.bucket.client.list_objects_v2(Bucket=service.bucket.name, Prefix="zones/").get("Contents", [])
    return (
        sorted((item for item in items if not item["sk"].startswith("DRYRUN")), key=lambda item: item["sk"]),
        [(each["Key"], each["ETag"], each["LastModified"]) for each in listed],
    )


def lines(service, change):
    """What moved in a change, or would, as it is stored."""
    moves = [move for key in change.differences for move in differences.read(service.bucket, key)]
    return Difference(tuple(moves)).lines()


def found(service, change):
    """Return the fields that a dry run and its sync share."""
    return change.counts, change.records, change.serial, change.transfer, change.reason, lines(service, change)


def test_a_dry_run_says_what_a_sync_would_move_and_changes_nothing(path, service, server):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    before = everything(service)

    status, report = service.dry_run(zone.id)

    assert everything(service) == before
    assert (status, report.change.status, report.change.reason) == ("SUCCEEDED", ChangeStatus.SYNCED, None)
    assert (report.change.counts, report.change.records) == (Counts(created=1, updated=2, deleted=1, unchanged=4), 8)
    assert (report.change.serial, report.held, report.change.base, report.change.version) == (2, 1, 1, None)
    assert (report.in_sync, report.refusal, report.change.transfer) == (False, None, "AXFR")
    assert all(key.startswith(f"dryruns/{report.id}/") for key in report.change.differences)
    maps = {"staged": "ParseBatches", "many": "ParseManyBatches"}
    assert {each for each in service.machine.visited[-20:] if each in maps.values()} == {maps.get(path)} - {None}


def test_a_dry_run_that_is_complete_ends_well_even_where_the_answer_is_lost(path, service, server):
    zone = loaded(service, server)

    def lose(task):
        if task == ("transfer" if path == "inline" else "publish"):
            raise ConnectionError("the answer is lost")

    service.machine.after = lose
    status, report = service.dry_run(zone.id)

    assert (status, report.change.status) == ("SUCCEEDED", ChangeStatus.SYNCED)
    assert service.machine.visited[-3:] == ["Fail", "Ended", "Done"]


def test_a_dry_run_of_an_unchanged_zone_finds_it_in_sync(path, service, server):
    zone = loaded(service, server)

    _, report = service.dry_run(zone.id)

    assert (report.in_sync, report.change.counts, report.change.differences) == (True, Counts(unchanged=7), ())
    assert list(service.bucket.keys("dryruns/")) == []


def any_zone(rng, serial):
    """A zone as the case may be, of up to forty names."""
    hosts = "".join(
        f"h{number} {rng.choice((60, 300))} A 192.0.2.{rng.randrange(4)}\n"
        for number in range(40)
        if rng.random() < 0.6
    )
    return FIRST.replace("joe\\.doe 1 ", f"joe\\.doe {serial} ") + hosts


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("seed", range(2))
def test_a_sync_does_what_the_dry_run_before_it_said(path, mode, seed, service, server):
    rng = random.Random(seed)
    zone = loaded(service, server)

    for serial in range(2, 6):
        if rng.random() < 0.8:
            server.reload(ZONE, any_zone(rng, serial))
        before = everything(service)
        _, report = service.dry_run(zone.id, mode=mode)
        assert everything(service) == before
        service.request(zone.id, options=SyncOptions(mode))
        _, change = service.work()

        assert found(service, report.change) == found(service, change)
        assert report.in_sync == (change.version == change.base)


def test_increments_are_looked_at_without_taking_them_in(service, server):
    service.settings = replace(service.settings, chunk_bytes=100)
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    server.reload(ZONE, THIRD)
    before = everything(service)

    _, report = service.dry_run(zone.id, mode="ixfr")

    assert everything(service) == before
    assert (report.change.transfer, report.change.serial, report.change.records) == ("IXFR", 3, 8)
    assert report.change.counts == Counts(created=1, updated=3, deleted=1, unchanged=3)
    assert len(lines(service, report.change)) == 8


def test_a_dry_run_of_a_zone_that_never_loaded_shows_all_of_it(path, service, server):
    server.behave(hostile.rcode(dns.rcode.REFUSED))
    zone = service.create(ZONE, primary(server))
    service.work()
    server.behave(hostile.honest())
    before = everything(service)

    _, report = service.dry_run(zone.id)
    unloaded = everything(service)
    service.sync(zone.id)

    assert unloaded == before
    assert (report.change.counts, report.change.base, report.held) == (Counts(created=7), 0, None)
    assert lines(service, report.change) == ["+" + line for line in service.lines(zone.id)]


def test_a_large_zone_is_compared_range_by_range(service):
    service.settings = replace(service.settings, inline_bytes=1000, batch_bytes=5000, chunk_bytes=4000)
    with Hostile({ZONE: LARGE}, hostile.messages_of(50)) as server:
        zone = loaded(service, server)
        server.reload(ZONE, LARGE.replace(" 10.1.", " 10.2."))
        before = everything(service)
        service.machine.repeated = {"parse_batch", "merge_range", "publish"}

        status, report = service.dry_run(zone.id)

    assert everything(service) == before
    assert (status, report.change.counts) == ("SUCCEEDED", Counts(updated=2000, unchanged=7))
    assert len(report.change.differences) > 3


def test_the_zone_is_anybodys_while_a_dry_run_runs(service, server):
    service.settings = replace(service.settings, inline_bytes=0, batch_bytes=100, chunk_bytes=100)
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    done = []

    def interfere(task, _event):
        if task == "merge_range" and not done:
            done.append(service.zone(zone.id).state)
            edit = zonesettings.Edit(description="changed meanwhile")
            zones.update(service, service.zone(zone.id), edit, caller=CALLER)
            service.machine.before = lambda *_: None
            done.append(service.sync(zone.id)[1].status)

    asked = service.ask(zone.id)
    order = service.orders.pop()
    service.machine.before = interfere
    status, report = service.execute(order), service.report(asked)

    after = service.zone(zone.id)
    assert done == [State.ACTIVE, ChangeStatus.SYNCED]
    assert (after.version, after.description) == (2, "changed meanwhile")
    assert (status, report.change.base, report.held, report.change.counts.moved) == ("SUCCEEDED", 1, 1, 4)
    assert service.dry_run(zone.id)[1].in_sync


def test_a_zone_that_syncs_is_compared_as_it_is_shown(service, server):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    service.request(zone.id)
    syncing = service.orders.pop()

    _, report = service.dry_run(zone.id)

    assert (report.change.base, report.change.counts.moved) == (1, 4)
    assert service.zone(zone.id).holder == syncing.sync_id
    assert service.execute(syncing) == "SUCCEEDED"
    assert service.zone(zone.id).version == 2


def test_no_delay_is_kept(service, server):
    service.settings = replace(service.settings, sync_delay=600)
    zone = loaded(service, server)

    assert service.dry_run(zone.id)[1].in_sync
    assert service.dry_run(zone.id)[1].in_sync


@pytest.mark.parametrize(
    "behaviour", [hostile.rcode(dns.rcode.REFUSED), hostile.cut(), hostile.no_apex_ns()], ids=["REFUSED", "cut", "NS"]
)
def test_a_dry_run_that_fails_says_why_a_sync_would(path, behaviour, service, server):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    server.behave(behaviour)
    before = everything(service)

    status, report = service.dry_run(zone.id)
    unmoved = everything(service)
    _, change = service.sync(zone.id)

    assert unmoved == before
    assert (status, report.change.status, report.in_sync) == ("FAILED", ChangeStatus.FAILED, None)
    assert report.change.reason == change.reason


@pytest.mark.parametrize(
    ("guard", "said"),
    [
        ({"deleted_percent": 50}, "it would delete 21 of 27 record sets, more than the 50 % a sync may delete"),
        ({"changed_percent": 50}, "it would change 24 of 27 record sets, more than the 50 % a sync may change"),
    ],
    ids=["deleted", "changed"],
)
def test_what_a_guard_would_refuse_is_reported(path, guard, said, service, server):
    server.reload(ZONE, GUARDED)
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    service.settings = replace(service.settings, **guard)

    status, report = service.dry_run(zone.id)
    _, forced = service.dry_run(zone.id, force=True)
    _, change = service.sync(zone.id)

    assert (status, report.change.status, report.change.counts.moved) == ("SUCCEEDED", ChangeStatus.SYNCED, 24)
    assert said in report.refusal
    assert (change.status, change.reason) == (ChangeStatus.FAILED, report.refusal)
    assert (forced.refusal, forced.change.counts) == (None, report.change.counts)


def test_what_a_guard_of_the_zone_would_refuse_is_reported(path, service, server):
    server.reload(ZONE, GUARDED)
    zone = service.create(ZONE, primary(server), guards=OwnGuards(deleted_percent=50))
    service.work()
    server.reload(ZONE, SECOND)

    _, report = service.dry_run(zone.id)
    _, change = service.sync(zone.id)

    assert "more than the 50 % a sync may delete" in report.refusal
    assert (change.status, change.reason) == (ChangeStatus.FAILED, report.refusal)


def test_a_zone_that_is_too_large_is_not_compared(service, server):
    zone = loaded(service, server)
    service.settings = replace(service.settings, zone_records=8)

    status, report = service.dry_run(zone.id, force=True)
    _, change = service.sync(zone.id)

    assert (status, report.change.status, report.change.counts, report.in_sync) == (
        "SUCCEEDED",
        ChangeStatus.SYNCED,
        None,
        None,
    )
    assert report.refusal == change.reason
    assert report.refusal.endswith("the zone has more than 8 records, the most it may have")


def test_a_zone_has_one_dry_run_at_a_time(service, server):
    zone = loaded(service, server)
    first = service.ask(zone.id)

    with pytest.raises(DryRunInProgress, match=rf"zone example.org. is being compared already by dry run {first.id}"):
        service.ask(zone.id)
    service.execute(service.orders.pop())

    assert service.report(first).in_sync
    assert service.ask(zone.id).id != first.id


def test_a_dry_run_that_died_is_over_with_its_lease(service, server):
    zone = loaded(service, server)
    dead = service.ask(zone.id)
    order = service.orders.pop()
    service.ahead = timedelta(seconds=service.settings.sync_lease - 5)
    pending = service.report(dead)
    with pytest.raises(DryRunInProgress):
        service.ask(zone.id)
    service.ahead = timedelta(seconds=service.settings.sync_lease + 1)

    abandoned = service.report(dead)
    _, next_one = service.dry_run(zone.id)
    status = service.execute(order)

    assert pending.change.status is ChangeStatus.PENDING
    assert (abandoned.change.status, abandoned.change.reason) == (
        ChangeStatus.FAILED,
        "it was abandoned: its lease ran out before it ended",
    )
    assert next_one.in_sync
    assert (status, service.report(dead)) == ("FAILED", abandoned)


def test_a_worker_that_comes_too_late_does_not_take_the_lease_of_another(service, server):
    zone = loaded(service, server)
    service.ask(zone.id)
    late = service.orders.pop()
    service.ahead = timedelta(seconds=service.settings.sync_lease + 1)
    service.ask(zone.id)

    assert service.execute(late) == "FAILED"
    with pytest.raises(DryRunInProgress):
        service.ask(zone.id)


def test_a_fault_of_ours_ends_it_and_shows_no_trace(service, server):
    zone = loaded(service, server)

    def crash(task, _event):
        if task == "transfer":
            service.bucket = None

    service.machine.before = crash
    service.settings = replace(service.settings, inline_bytes=0, batch_bytes=100)
    status, report = service.dry_run(zone.id)

    assert (status, report.change.status) == ("FAILED", ChangeStatus.FAILED)
    assert report.change.reason.startswith("an internal error, logged under request request-")


def test_a_dry_run_that_cannot_be_started_is_over(service, server, monkeypatch):
    zone = loaded(service, server)
    with monkeypatch.context() as patched:
        patched.setattr(service, "start", lambda _order: (_ for _ in ()).throw(OSError("no route to Step Functions")))
        with pytest.raises(OSError, match="no route"):
            service.ask(zone.id)

    assert service.dry_run(zone.id)[1].in_sync


def test_a_zone_that_is_deleted_meanwhile_is_not_compared(service, server):
    zone = loaded(service, server)
    asked = service.ask(zone.id)
    zones.delete(service, service.zone(zone.id), caller=CALLER)

    status = service.execute(service.orders.pop())

    assert (status, service.report(asked).change.reason) == ("FAILED", "zone example.org. was deleted")


def test_who_may_not_and_what_cannot_be_compared(service, server):
    zone = loaded(service, server)
    alone = service.create("alone.example.", Primary("127.0.0.1", 1024))
    service.work()
    edit = zonesettings.Edit(primaries=())
    zones.update(service, service.zone(alone.id), edit, caller=CALLER)
    service.orders.clear()

    with pytest.raises(NotAuthorized, match=r"user eve, zone example\.org\."):
        service.ask(zone.id, STRANGER)
    with pytest.raises(NoPrimary, match=r"zone alone.example. has no server to transfer from"):
        service.ask(alone.id)
    with pytest.raises(ZoneNotFound, match="zone nowhere"):
        service.ask("nowhere")
    zones.delete(service, service.zone(zone.id), caller=CALLER)
    with pytest.raises(ZoneInactive, match=r"zone example.org. is inactive"):
        service.ask(zone.id)
    assert service.orders == []


def test_a_report_is_forgotten_in_time(service, server):
    zone = loaded(service, server)
    _, report = service.dry_run(zone.id)
    service.ahead = KEPT

    with pytest.raises(DryRunNotFound, match=f"Dry run with id {report.id} of zone example.org. does not exist"):
        service.report(report)


def test_a_dry_run_leaves_no_entry_in_the_history(service, server):
    zone = loaded(service, server)
    service.dry_run(zone.id)

    assert len(changes.listing(service.table, zone.id, 10)) == 1
