"""Whole syncs, by the state machine as deployed, from primaries that behave and from those that do not."""

import re
import threading
from dataclasses import replace
from datetime import timedelta

import dns.rcode
import pytest
from primaries import ALGORITHMS, Hostile, Key, hostile
from primaries.canonical import from_lines
from workflow.conftest import CALLER, STRANGER, primary
from zonewright import sweep
from zonewright.actions import recordsets, zones
from zonewright.contents import chunks, differences
from zonewright.errors import (
    NoPrimary,
    NotAuthorized,
    RecentlySynced,
    SyncInProgress,
    SyncLost,
    TaskFault,
    ZoneInactive,
    ZoneNotFound,
    ZoneSyncing,
)
from zonewright.model import ranges
from zonewright.model.change import ChangeStatus, ChangeType, Counts
from zonewright.model.diff import Move
from zonewright.model.guards import OwnGuards
from zonewright.model.selection import Selection
from zonewright.model.states import State
from zonewright.model.tsigkey import Scope, TsigKey
from zonewright.model.zone import Primary
from zonewright.store import changes, tsigkeys
from zonewright.sync import lifecycle, steps
from zonewright.sync.staging import Outside

ZONE = "example.org."

FIRST = """
$ORIGIN example.org.
$TTL 300
@       SOA ns1 joe\\.doe 1 3600 600 86400 300
@       NS  ns1
@       NS  ns2.example.net.
@       MX  10 mail
ns1     A   192.0.2.53
mail    A   192.0.2.25
www     A   192.0.2.80
www     A   192.0.2.81
old     TXT "to be deleted"
"""

SECOND = (
    FIRST.replace("joe\\.doe 1 ", "joe\\.doe 2 ")
    .replace("old     TXT", "new     TXT")
    .replace("www     A   192.0.2.81\n", "")
)

LARGE = FIRST + "".join(
    f"host{number:04} {60 + number % 7} A 10.1.{number // 256}.{number % 256}\n" for number in range(2000)
)


@pytest.fixture
def server():
    with Hostile({ZONE: FIRST}) as server:
        yield server


@pytest.fixture(params=["inline", "staged", "many"])
def path(request, settings):
    """The ways of the workflow: in one function, through batches and maps, and through maps of executions."""
    if request.param != "inline":
        settings |= {"inline_bytes": 0, "batch_bytes": 100, "chunk_bytes": 100}
    if request.param == "many":
        settings |= {"inline_map_items": 0}
    return request.param


def test_a_small_sync_is_one_state(service, server):
    service.create(ZONE, primary(server))

    service.work()

    assert service.machine.visited == ["Transfer"]


def test_a_transfer_that_staged_the_zone_and_is_tried_again_stages_it_anew(service):
    service.run.settings = replace(service.run.settings, inline_bytes=1000, batch_bytes=5000)
    with Hostile({ZONE: LARGE}, hostile.messages_of(50)) as server:
        zone = service.create(ZONE, primary(server))
        service.machine.repeated = {"transfer", "plan"}
        status, change = service.work()

    staged = {key.split("/")[2] for key in service.run.bucket.keys("staging/")}
    read = {key.split("/")[2] for key in service.run.bucket.keys("staging/") if "/range/" in key}
    assert (status, change.status, change.records) == ("SUCCEEDED", ChangeStatus.SYNCED, 2009)
    assert (len(staged), len(read), service.zone(zone.id).version) == (2, 1, 1)


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
        version=1,
        serial=1,
        records=9,
        rrsets=7,
        revision=2,
        ttl=300,
        email="joe.doe@example.org",
        synced=change.finished,
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
    moves = [move for key in change.differences for move in differences.read(service.run.bucket, key)]
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
    before = sorted(service.run.bucket.keys("zones/"))

    _, change = service.sync(zone.id)

    assert (change.status, change.counts) == (ChangeStatus.SYNCED, Counts(unchanged=7))
    assert (change.base, change.version, service.zone(zone.id).version) == (1, 1, 1)
    assert sorted(service.run.bucket.keys("zones/")) == before


@pytest.mark.parametrize(("items", "merging"), [(2000, "MergeRange"), (5, "MergeOneRange")], ids=["staged", "many"])
def test_all_ways_of_the_workflow_publish_the_same_records(service, items, merging):
    with Hostile({ZONE: LARGE}, hostile.messages_of(50), hostile.shuffled()) as server:
        inline = service.create(ZONE, primary(server))
        service.work()
        zones.delete(service.run.table, service.zone(inline.id), CALLER, service.run.now())
        service.run.settings = replace(
            service.run.settings, inline_bytes=1000, batch_bytes=5000, chunk_bytes=4000, inline_map_items=items
        )
        staged = service.create(ZONE, primary(server))
        status, change = service.work()

    assert service.lines(staged.id) == service.lines(inline.id)
    assert (status, change.records, change.counts) == ("SUCCEEDED", 2009, Counts(created=2007))
    assert len(service.version(staged.id).chunks) > 10
    assert service.machine.visited.count(merging) > 3


@pytest.mark.parametrize("inline", [6_000_000, 1000], ids=["inline", "staged"])
def test_the_chunks_of_a_large_zone_are_larger(service, inline, monkeypatch):
    service.run.settings = replace(service.run.settings, inline_bytes=inline, batch_bytes=50_000, chunk_bytes=1000)
    monkeypatch.setattr(ranges, "SMALL", 20)  # so LARGE has a hundred times as many, and chunks ten times as large
    with Hostile({ZONE: LARGE}, hostile.messages_of(50)) as server:
        zone = service.create(ZONE, primary(server))
        service.work()

    sizes = sorted(chunk.size for chunk in service.version(zone.id).chunks)
    assert len(sizes) > 3
    assert sizes[-1] <= 20_000
    assert min(sizes[1:]) > 5000  # what is left at the end of a range may be less


def test_batches_and_ranges_together_decide_which_maps_are_taken(service):
    service.run.settings = replace(service.run.settings, inline_bytes=1000, batch_bytes=5000, chunk_bytes=4000)
    with Hostile({ZONE: LARGE}, hostile.messages_of(50)) as server:
        zone = service.create(ZONE, primary(server))
        service.work()
        items = sum(service.machine.visited.count(each) for each in ("ParseBatch", "MergeRange"))
        service.machine.visited.clear()
        for most in (items, items - 1):
            service.run.settings = replace(service.run.settings, inline_map_items=most)
            service.sync(zone.id)

    assert [each for each in service.machine.visited if each.startswith("Parse") and each.endswith("Batches")] == [
        "ParseBatches",
        "ParseManyBatches",
    ]


@pytest.mark.parametrize("task", ["parse_batch", "merge_range"])
def test_a_fault_in_one_of_many_executions_ends_the_sync_with_its_reason(service, task):
    service.run.settings = replace(service.run.settings, inline_bytes=0, batch_bytes=100, inline_map_items=0)
    with Hostile({ZONE: FIRST}, hostile.messages_of(2)) as server:
        zone = service.create(ZONE, primary(server))

        def crash(name, event):
            if name == task and event.get("batch", event.get("range")) == 1:
                raise TaskFault("an internal error, logged under request request-1")

        service.machine.before = crash
        status, change = service.work()

    assert (status, change.status) == ("FAILED", ChangeStatus.FAILED)
    assert change.reason == "an internal error, logged under request request-1"
    assert "Publish" not in service.machine.visited
    assert (service.zone(zone.id).state, service.zone(zone.id).version) == (State.ERROR, 0)


def test_many_executions_that_could_not_even_fail_the_sync_leave_that_to_it(service):
    service.run.settings = replace(service.run.settings, inline_bytes=0, batch_bytes=100, inline_map_items=0)
    with Hostile({ZONE: FIRST}) as server:
        zone = service.create(ZONE, primary(server))

        def crash(name, event):
            if name == "parse_batch" or (name == "fail" and "batch" in event):
                raise TaskFault("an internal error")

        service.machine.before = crash
        status, change = service.work()

    assert (status, change.status, change.reason) == ("FAILED", ChangeStatus.FAILED, "a part of it failed")
    assert service.zone(zone.id).state is State.ERROR


def test_every_retry_of_a_step_does_the_same_again(service):
    service.run.settings = replace(service.run.settings, inline_bytes=1000, batch_bytes=5000, chunk_bytes=4000)
    with Hostile({ZONE: LARGE}, hostile.messages_of(50)) as server:
        zone = service.create(ZONE, primary(server))
        service.machine.repeated = {"parse_batch", "merge_range", "publish"}
        status, change = service.work()

    assert (status, change.status, change.records) == ("SUCCEEDED", ChangeStatus.SYNCED, 2009)
    assert service.zone(zone.id).version == 1


def test_a_transfer_that_published_and_is_tried_again_ends_well(service, server):
    zone = service.create(ZONE, primary(server))
    service.machine.repeated = {"transfer"}

    status, change = service.work()

    assert (status, change.status) == ("SUCCEEDED", ChangeStatus.SYNCED)
    assert (service.zone(zone.id).version, service.zone(zone.id).revision) == (1, 2)


def test_a_sync_that_published_ends_well_even_where_every_answer_is_lost(path, service, server):
    zone = service.create(ZONE, primary(server))

    def lose(task):
        if task == ("transfer" if path == "inline" else "publish"):
            raise ConnectionError("the answer is lost")

    service.machine.after = lose
    status, change = service.work()

    assert (status, change.status, change.reason) == ("SUCCEEDED", ChangeStatus.SYNCED, None)
    assert service.machine.visited[-3:] == ["Fail", "Ended", "Done"]
    assert service.zone(zone.id).version == 1


@pytest.mark.parametrize("trigger", ["refresh", "schedule"])
def test_a_transfer_that_found_nothing_new_and_is_tried_again_ends_well(service, server, trigger):
    zone = service.create(ZONE, primary(server))
    service.work()
    service.request(zone.id, wish=lifecycle.MOVED)
    service.machine.repeated = {"transfer"}

    status, change = service.work(trigger=trigger)

    assert (status, change.status, change.reason) == ("SUCCEEDED", ChangeStatus.SYNCED, "the serial has not moved")
    assert service.zone(zone.id).version == 1


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


NEVER_PUBLISHED = {
    "cut": ([hostile.messages_of(2), hostile.cut(2)], "the connection ended after 4 records, before the closing SOA"),
    "cut before the closing SOA": ([hostile.cut()], "the connection ended after 8 records, before the closing SOA"),
    "cut inside a message": ([hostile.truncated()], "the connection ended inside a message"),
    "reset": ([hostile.messages_of(2), hostile.reset(2)], "the connection"),
    "closing SOA of another serial": ([hostile.closing_serial(9)], "the closing SOA has serial 9, the opening one 2"),
    "another zone": ([hostile.another_zone("other.example.")], "the primary answers for other.example. AXFR"),
    "another question": ([hostile.another_question("other.example.")], "the primary answers for other.example. AXFR"),
    "SOA of another zone": ([hostile.another_soa("other.example.")], "begins with the SOA of other.example."),
    "REFUSED": ([hostile.rcode(dns.rcode.REFUSED)], "the primary answered REFUSED"),
    "NOTAUTH": ([hostile.rcode(dns.rcode.NOTAUTH)], "the primary answered NOTAUTH"),
    "SERVFAIL": ([hostile.rcode(dns.rcode.SERVFAIL)], "the primary answered SERVFAIL"),
    "NXDOMAIN": ([hostile.rcode(dns.rcode.NXDOMAIN)], "the primary answered NXDOMAIN"),
    "SERVFAIL in the middle": (
        [hostile.messages_of(2), hostile.rcode_in_the_middle(dns.rcode.SERVFAIL)],
        "the primary answered SERVFAIL",
    ),
    "empty": ([hostile.empty()], "the primary answered without a record"),
    "no opening SOA": ([hostile.first_not_soa()], "the transfer does not begin with an SOA"),
    "no closing SOA": ([hostile.no_closing_soa()], "the primary said nothing for 1 s after 8 records"),
    "stall at once": ([hostile.stall(0)], "the primary said nothing for 1 s after 0 records"),
    "stall": ([hostile.messages_of(2), hostile.stall(2)], "the primary said nothing for 1 s after 4 records"),
    "no apex NS": ([hostile.no_apex_ns()], "the zone it sent has no NS record at its apex"),
    "records behind the closing SOA": ([hostile.trailing()], "records follow the closing SOA"),
    "wrong id": ([hostile.wrong_id()], "does not answer our question"),
    "a query": ([hostile.not_an_answer()], "does not answer our question"),
    "garbage": ([hostile.garbage()], "does not answer our question"),
    "no frames": ([hostile.garbage_frames()], "the connection ended inside a message"),
    "counts that lie": ([hostile.counts_lie()], "cannot be read"),
    "a pointer loop": ([hostile.pointer_loop()], ""),
    "a pointer forward": ([hostile.pointer_forward()], ""),
    "rdata too long": ([hostile.rdata_length_lies()], "cannot be read"),
    "rdata too short": ([hostile.messages_of(2), hostile.rdata_too_short()], "lie.example.org. A cannot be read"),
    "class CH": ([hostile.class_ch()], "class CH"),
}


@pytest.mark.parametrize(("behaviours", "said"), NEVER_PUBLISHED.values(), ids=NEVER_PUBLISHED)
def test_a_bad_transfer_is_never_published(path, behaviours, said, service, server):
    zone = service.create(ZONE, primary(server))
    service.work()
    before = service.zone(zone.id)
    server.reload(ZONE, SECOND)
    server.behave(*behaviours)

    status, change = service.sync(zone.id)

    assert (status, change.status) == ("FAILED", ChangeStatus.FAILED)
    assert change.reason.startswith(f"{primary(server)}: ")
    assert said in change.reason
    after = service.zone(zone.id)
    assert (after.state, after.holder, after.version, after.serial) == (State.ACTIVE, None, 1, 1)
    assert after.synced == before.synced
    assert len(service.texts(zone.id)) == 7


def test_a_transfer_that_drips_is_bounded(service, server):
    service.run.settings = replace(service.run.settings, transfer_timeout=2)
    zone = service.create(ZONE, primary(server))
    server.behave(hostile.drip(1, 0.2))

    status, change = service.work()

    assert (status, change.status) == ("FAILED", ChangeStatus.FAILED)
    assert "the transfer was not over within 2 s" in change.reason
    assert service.zone(zone.id).state is State.ERROR


def test_a_failed_first_sync_can_be_repeated_at_once(service, server):
    service.run.settings = replace(service.run.settings, sync_delay=600)
    server.behave(hostile.rcode(dns.rcode.REFUSED))
    zone = service.create(ZONE, primary(server))
    service.work()
    assert service.zone(zone.id).state is State.ERROR
    server.behave(hostile.honest())

    status, change = service.sync(zone.id)

    assert (status, change.status) == ("SUCCEEDED", ChangeStatus.SYNCED)


def test_records_outside_the_zone_are_dropped_and_reported(path, service, server):
    server.behave(hostile.messages_of(2), hostile.out_of_zone())
    zone = service.create(ZONE, primary(server))

    _, change = service.work()

    assert change.status is ChangeStatus.SYNCED
    assert change.reason.startswith("3 records outside the zone were dropped: ")
    assert {"www.stranger.test.", "org.", "notexample.org."} == set(change.reason.rpartition(": ")[2].split(", "))
    assert len(service.texts(zone.id)) == 7


def test_differing_ttls_of_an_rrset_become_the_lowest(path, service, server):
    server.behave(hostile.messages_of(2), hostile.differing_ttls())
    zone = service.create(ZONE, primary(server))

    _, change = service.work()

    assert change.reason == "2 RRsets had records with different TTLs: the lowest was taken"
    assert "www 299 A 192.0.2.80 192.0.2.81" in service.texts(zone.id)


@pytest.mark.parametrize("behaviour", [hostile.duplicated(), hostile.scattered(), hostile.shuffled(3)])
def test_order_and_repetition_do_not_matter(path, behaviour, service, server):
    server.behave(hostile.messages_of(1), behaviour)
    zone = service.create(ZONE, primary(server))

    _, change = service.work()

    assert (change.records, change.counts, change.reason) == (9, Counts(created=7), None)
    assert len(service.texts(zone.id)) == 7


def test_another_case_of_names_is_no_difference(path, service, server):
    zone = service.create(ZONE, primary(server))
    service.work()
    server.behave(hostile.mixed_case())

    _, change = service.sync(zone.id)

    assert (change.counts, change.version) == (Counts(unchanged=7), 1)


def test_the_case_of_names_is_kept(path, service, server):
    server.behave(hostile.mixed_case())
    zone = service.create(ZONE, primary(server))

    service.work()

    owners = {text.split()[0] for text in service.texts(zone.id)}
    assert {owner.lower() for owner in owners} == {"@", "mail", "ns1", "old", "www"}
    assert owners != {"@", "mail", "ns1", "old", "www"}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_signed_transfer_verifies(algorithm, service):
    key = Key.of("transfer.", algorithm)
    with Hostile({ZONE: FIRST}, hostile.messages_of(2), keys=[key], require_key={ZONE: key.name}) as server:
        zone = service.create(ZONE, primary(server))
        _, unsigned = service.work()
        give_key(service, zone, key)
        _, signed = service.sync(zone.id)

    assert unsigned.reason == f"{primary(server)}: the primary answered REFUSED"
    assert (signed.status, signed.records) == (ChangeStatus.SYNCED, 9)


BAD_SIGNATURES = {
    "bad on the first": ([hostile.tsig_bad(0)], "the TSIG of message 1 does not hold: the signature is wrong"),
    "bad on the last": ([hostile.tsig_bad(-1)], "does not hold: the signature is wrong (BADSIG)"),
    "missing on the last": ([hostile.tsig_missing(-1)], "are not signed"),
    "missing on the first": ([hostile.tsig_missing(0)], "the first message is not signed"),
    "missing altogether": ([hostile.unsigned()], "the first message is not signed"),
    "tampered": ([hostile.tampered(1)], "the TSIG of message 2 does not hold: the signature is wrong (BADSIG)"),
    "another clock": ([hostile.tsig_skewed()], "it was signed at another time (BADTIME)"),
    "another key": ([hostile.tsig_by(Key.of("other."))], "it names another key"),
    "BADKEY": ([hostile.tsig_error(dns.rcode.BADKEY)], "the primary does not know the key (BADKEY)"),
    "BADSIG": ([hostile.tsig_error(dns.rcode.BADSIG)], "the primary refused our signature (BADSIG)"),
    "BADTIME": ([hostile.tsig_error(dns.rcode.BADTIME)], "the primary's clock differs too much"),
}


@pytest.mark.parametrize(("behaviours", "said"), BAD_SIGNATURES.values(), ids=BAD_SIGNATURES)
def test_a_transfer_whose_signature_does_not_hold_is_never_published(behaviours, said, service):
    key = Key.of("transfer.")
    with Hostile({ZONE: FIRST}, hostile.messages_of(2), *behaviours, keys=[key]) as server:
        zone = service.create(ZONE, primary(server))
        give_key(service, zone, key)
        status, change = service.work()

    assert (status, change.status) == ("FAILED", ChangeStatus.FAILED)
    assert said in change.reason
    assert service.zone(zone.id).version == 0


def give_key(service, zone, key):
    tsigkeys.create(
        service.run.table,
        TsigKey(
            f"{zone.id}-key",
            key.name,
            key.algorithm,
            service.run.vault.seal(key.secret, f"{zone.id}-key"),
            Scope.ZONE,
            zone.id,
            service.run.now(),
        ),
    )


def test_the_first_primary_that_answers_is_taken(service, server):
    with Hostile({ZONE: FIRST}, hostile.rcode(dns.rcode.SERVFAIL)) as broken:
        zone = service.create(ZONE, Primary("127.0.0.1", 1024), primary(broken), primary(server))
        _, change = service.work()

    assert change.status is ChangeStatus.SYNCED
    assert service.zone(zone.id).version == 1


def test_all_primaries_share_the_time_of_one_transfer(service, server):
    service.run.settings = replace(service.run.settings, transfer_timeout=3, idle_timeout=2)
    server.behave(hostile.drip(1, 0.2))
    service.create(ZONE, primary(server), primary(server), primary(server))

    _, change = service.work()

    assert re.findall(r"the transfer was not over within (\d+) s", change.reason) == ["3", "0", "0"]


def test_where_no_primary_answers_the_history_has_what_each_of_them_said(service, server):
    server.behave(hostile.rcode(dns.rcode.REFUSED))
    service.create(ZONE, Primary("127.0.0.1", 1024), Primary("169.254.169.254", 53), primary(server))

    _, change = service.work()

    assert change.reason == (
        "127.0.0.1:1024: no connection to 127.0.0.1:1024: Connection refused; "
        "169.254.169.254: this service may not transfer from 169.254.169.254 port 53; "
        f"{primary(server)}: the primary answered REFUSED"
    )


def test_a_sync_of_a_zone_already_syncing_is_refused(service, server):
    zone = service.create(ZONE, primary(server))

    with pytest.raises(SyncInProgress, match=r"zone example.org. is already syncing since \d\d:\d\d:\d\dZ"):
        service.request(zone.id)

    assert len(service.orders) == 1


def test_a_sync_too_soon_after_the_last_is_refused(service, server):
    service.run.settings = replace(service.run.settings, sync_delay=600)
    zone = service.create(ZONE, primary(server))
    service.work()

    with pytest.raises(RecentlySynced, match=r"Zone example.org. was recently synced. Cannot complete sync"):
        service.request(zone.id)
    service.run.ahead = timedelta(seconds=601)
    service.request(zone.id)

    assert service.zone(zone.id).state is State.SYNCING


def test_who_may_not_and_what_cannot_be_synced(service, server):
    zone = service.create(ZONE, primary(server))
    service.work()
    ours = zones.create(
        service.run.table,
        service.run.bucket,
        service,
        service.run.settings,
        zones.NewZone("ours.example.", email="joe@example.org"),
        CALLER,
        service.run.now(),
    )

    with pytest.raises(NotAuthorized, match=r"User 'eve' cannot create or modify zone 'example.org.' because"):
        service.request(zone.id, STRANGER)
    with pytest.raises(NoPrimary, match=r"zone ours.example. has no server to transfer from"):
        service.request(ours.id)
    with pytest.raises(ZoneNotFound, match="Zone with id nowhere does not exists"):
        service.request("nowhere")
    zones.delete(service.run.table, service.zone(zone.id), CALLER, service.run.now())
    with pytest.raises(ZoneInactive, match=r"zone example.org. is inactive"):
        service.request(zone.id)


def test_while_a_zone_syncs_it_is_read_only_and_readable(service, server):
    zone = service.create(ZONE, primary(server))
    service.work()
    service.request(zone.id)
    held = service.zone(zone.id)

    with pytest.raises(ZoneSyncing, match=r"zone example.org. is read-only: it is syncing"):
        zones.delete(service.run.table, held, CALLER, service.run.now())
    edit = zones.Edit(description="other")
    with pytest.raises(ZoneSyncing):
        zones.update(service.run.table, service.run.bucket, service.run.settings, held, edit, CALLER, service.run.now())

    assert len(recordsets.listing(service.run.table, service.run.bucket, held, Selection(limit=100)).items) == 7


def test_a_zone_whose_worker_died_is_usable_again_after_its_lease(service, server):
    zone = service.create(ZONE, primary(server))
    service.work()
    service.request(zone.id)
    dead = service.orders.pop()
    service.run.ahead = timedelta(seconds=service.run.settings.sync_lease + 1)

    status, change = service.sync(zone.id)

    assert (status, change.status) == ("SUCCEEDED", ChangeStatus.SYNCED)
    orphan = changes.listing(service.run.table, zone.id, 10)[1]
    assert (orphan.id, orphan.status) == (dead.sync_id, ChangeStatus.FAILED)
    assert "its lease ran out" in orphan.reason


def test_a_worker_that_comes_too_late_writes_nothing(service, server):
    zone = service.create(ZONE, primary(server))
    late = service.orders.pop()
    service.run.ahead = timedelta(seconds=service.run.settings.sync_lease + 1)
    service.sync(zone.id)
    before = service.zone(zone.id)

    service.orders.append(late)
    status, change = service.work()

    assert status == "FAILED"
    assert change.reason == "it was abandoned: its lease ran out before it ended"
    assert service.zone(zone.id) == before


def test_a_worker_that_loses_its_zone_under_way_publishes_nothing(service):
    service.run.settings = replace(service.run.settings, inline_bytes=0, batch_bytes=100, chunk_bytes=100)
    with Hostile({ZONE: FIRST}) as server:
        zone = service.create(ZONE, primary(server))

        def lose(task, _event):
            if task == "publish":
                service.run.ahead = timedelta(seconds=service.run.settings.sync_lease + 1)
                service.request(zone.id)

        service.machine.before = lose
        status, change = service.work()

    assert (status, change.status) == ("FAILED", ChangeStatus.FAILED)
    assert (service.zone(zone.id).version, service.zone(zone.id).state) == (0, State.SYNCING)


def test_a_fault_of_ours_releases_the_zone_and_shows_no_trace(service, server):
    zone = service.create(ZONE, primary(server))

    def crash(task, _event):
        if task == "transfer":
            service.run.bucket = None

    service.machine.before = crash
    service.run.settings = replace(service.run.settings, inline_bytes=0, batch_bytes=100)
    status, change = service.work()

    assert status == "FAILED"
    assert change.reason == "an internal error, logged under request request-1"
    assert service.zone(zone.id).state is State.ERROR


def test_a_sync_that_cannot_be_started_leaves_the_zone_free(service, server, monkeypatch):
    zone = service.create(ZONE, primary(server))
    service.work()
    monkeypatch.setattr(service, "start", lambda _order: (_ for _ in ()).throw(OSError("no route to Step Functions")))

    with pytest.raises(OSError, match="no route"):
        service.request(zone.id)

    assert service.zone(zone.id).state is State.ACTIVE
    assert changes.listing(service.run.table, zone.id, 1)[0].reason == "the sync could not be started"


def test_publishing_twice_publishes_once(service, server, monkeypatch):
    zone = service.create(ZONE, primary(server))
    published = []
    plain = steps.publish

    def twice(table, settings, order, plan, base, merged, outside, now):
        published.append(plain(table, settings, order, plan, base, merged, outside, now))
        published.append(plain(table, settings, order, plan, base, merged, Outside(), now))
        return published[-1]

    monkeypatch.setattr(steps, "publish", twice)
    status, _ = service.work()

    assert status == "SUCCEEDED"
    assert [each.version for each in published] == [1, 1]
    assert service.zone(zone.id).revision == 2
    assert SyncLost.__name__ not in str(published)


def test_a_sweep_before_every_call_of_the_workflow_takes_nothing_from_it(path, service, server):
    zone = service.create(ZONE, primary(server))
    service.work()
    service.run.settings = replace(service.run.settings, version_retention=0)
    clients = (service.run.table.client, service.run.bucket.client)
    swept = []
    one = threading.Lock()

    def hook(**_):
        if one.acquire(blocking=False):
            swept.append(
                sweep.everything(service.run.table, service.run.bucket, service.run.settings, service.run.now())
            )
            one.release()

    for serial in (2, 3):
        server.reload(ZONE, SECOND.replace(" 2 3600", f" {serial} 3600"))
        for client in clients:
            client.meta.events.register("before-call", hook)
        _, change = service.sync(zone.id)
        for client in clients:
            client.meta.events.unregister("before-call", hook)
        assert change.status is ChangeStatus.SYNCED
        service.run.ahead = (service.run.ahead or timedelta()) + timedelta(minutes=70)
    chunks._kept.clear()  # noqa: SLF001 - as in a process that never read it

    assert sum(each.versions for each in swept) == 1
    assert service.version(zone.id, 1) is None
    assert len(service.texts(zone.id)) == 7


GUARDED = FIRST + "".join(f"host{number} A 192.0.2.{number}\n" for number in range(20))


def test_a_sync_that_would_delete_too_much_fails_with_the_counts_unless_it_is_forced(service, server):
    server.reload(ZONE, GUARDED)
    zone = service.create(ZONE, primary(server))
    service.work()
    service.run.settings = replace(service.run.settings, deleted_percent=50)
    server.reload(ZONE, SECOND)

    _, refused = service.sync(zone.id)
    kept = service.zone(zone.id).version
    service.request(zone.id, wish=lifecycle.Wish(force=True))
    _, forced = service.work()

    assert (refused.status, kept) == (ChangeStatus.FAILED, 1)
    assert "it would delete 21 of 27 record sets, more than the 50 % a sync may delete" in refused.reason
    assert (forced.status, forced.counts.deleted, service.zone(zone.id).version) == (ChangeStatus.SYNCED, 21, 2)


@pytest.mark.parametrize("force", [False, True], ids=["asked for", "forced"])
def test_a_zone_with_too_many_records_is_refused(path, force, service, server):
    zone = service.create(ZONE, primary(server))
    service.run.settings = replace(service.run.settings, zone_records=8)

    _, change = service.work(force=force)

    assert (change.status, service.zone(zone.id).version) == (ChangeStatus.FAILED, 0)
    assert change.reason.endswith("the zone has more than 8 records, the most it may have")


@pytest.mark.parametrize("mode", ["axfr", "auto"])
def test_a_transfer_of_too_many_octets_is_refused_while_it_is_read(path, mode, service):
    with Hostile({ZONE: FIRST}, hostile.messages_of(50)) as server:
        zone = service.create(ZONE, primary(server))
        service.work()
        server.reload(ZONE, LARGE.replace("joe\\.doe 1 ", "joe\\.doe 2 "))
        service.run.settings = replace(service.run.settings, transfer_bytes=20_000)

        service.request(zone.id, wish=lifecycle.Wish(mode))
        status, change = service.work(force=True)

    kept = service.zone(zone.id)
    assert (status, change.status, kept.version, kept.state) == ("FAILED", ChangeStatus.FAILED, 1, State.ACTIVE)
    said = r"the transfer has more than 20,000 octets, the most it may have after [\d,]+ records"
    assert re.search(said, change.reason)
    assert not [state for state in service.machine.visited[-5:] if "Merge" in state]


OWN = {
    "its own where the deployment has none": ({}, OwnGuards(deleted_percent=50), 50),
    "its own where the deployment lets more": ({"deleted_percent": 90}, OwnGuards(deleted_percent=60), 60),
    "the deployment's for what is not its own": ({"deleted_percent": 40}, OwnGuards(changed_percent=100), 40),
}


@pytest.mark.parametrize(("operator", "own", "most"), OWN.values(), ids=OWN)
def test_the_guards_of_a_zone_stand_in_the_place_of_the_deployments(path, service, server, operator, own, most):
    service.run.settings = replace(service.run.settings, **operator)
    server.reload(ZONE, GUARDED)
    zone = service.create(ZONE, primary(server), guards=own)
    service.work()
    server.reload(ZONE, SECOND)

    status, refused = service.sync(zone.id)
    kept = service.zone(zone.id)
    service.request(zone.id, wish=lifecycle.Wish(force=True))
    _, forced = service.work()

    assert (status, refused.status, kept.version, kept.state) == ("FAILED", ChangeStatus.FAILED, 1, State.ACTIVE)
    assert refused.reason.endswith(
        f"it would delete 21 of 27 record sets, more than the {most} % a sync may delete"
        " (1 created, 2 updated, 21 deleted); force=true goes over it"
    )
    assert (forced.status, forced.counts.deleted, service.zone(zone.id).version) == (ChangeStatus.SYNCED, 21, 2)


def test_a_zone_may_let_more_be_deleted_than_the_deployment(service, server):
    service.run.settings = replace(service.run.settings, deleted_percent=10, changed_percent=10)
    server.reload(ZONE, GUARDED)
    zone = service.create(ZONE, primary(server), guards=OwnGuards(deleted_percent=80, changed_percent=90))
    service.work()
    server.reload(ZONE, SECOND)

    _, change = service.sync(zone.id)

    assert (change.status, change.counts.deleted) == (ChangeStatus.SYNCED, 21)


@pytest.mark.parametrize("operator", [0, 5000], ids=["without a limit", "with a greater one"])
def test_a_zone_larger_than_its_own_guard_is_refused_while_it_is_read(path, service, server, operator):
    service.run.settings = replace(service.run.settings, zone_records=operator)
    server.reload(ZONE, LARGE)
    zone = service.create(ZONE, primary(server), guards=OwnGuards(zone_records=8))

    _, change = service.work(force=True)

    assert (change.status, service.zone(zone.id).version) == (ChangeStatus.FAILED, 0)
    assert change.reason.endswith("the zone has more than 8 records, the most it may have")
    assert "ParseBatches" not in service.machine.visited


def test_a_limit_the_operator_lowered_since_holds_for_zones_with_their_own(service, server):
    zone = service.create(ZONE, primary(server), guards=OwnGuards(zone_records=100))
    service.run.settings = replace(service.run.settings, zone_records=8)

    _, change = service.work()

    assert change.reason.endswith("the zone has more than 8 records, the most it may have")
    assert service.zone(zone.id).version == 0


THIRD = SECOND.replace("joe\\.doe 2 ", "joe\\.doe 3 ").replace("mail    A   192.0.2.25", "mail 60 A   192.0.2.26")


def moved(service, server, mode, *texts):
    """A zone that held FIRST, after its primary went on to each of `texts` and a sync by `mode`; and the change."""
    zone = service.create(ZONE, primary(server))
    service.work()
    for text in texts:
        server.reload(ZONE, text)
    service.request(zone.id, wish=lifecycle.Wish(mode))
    status, change = service.work()
    return service.zone(zone.id), status, change


@pytest.mark.parametrize("mode", ["ixfr", "auto"])
def test_what_moved_is_taken_in_serial_by_serial(service, server, mode):
    service.run.settings = replace(service.run.settings, chunk_bytes=100)
    zone, status, change = moved(service, server, mode, SECOND, THIRD)

    assert status == "SUCCEEDED"
    assert service.texts(zone.id) == [
        "@ 300 MX 10 mail.example.org.",
        "@ 300 NS ns1.example.org. ns2.example.net.",
        "@ 300 SOA ns1.example.org. joe\\.doe.example.org. 3 3600 600 86400 300",
        "mail 60 A 192.0.2.26",
        'new 300 TXT "to be deleted"',
        "ns1 300 A 192.0.2.53",
        "www 300 A 192.0.2.80",
    ]
    assert (zone.version, zone.serial, zone.records, zone.state) == (2, 3, 8, State.ACTIVE)
    assert (change.transfer, change.reason, change.serial, change.records) == ("IXFR", None, 3, 8)
    assert change.counts == Counts(created=1, updated=3, deleted=1, unchanged=3)
    assert len(differences.read(service.run.bucket, change.differences[0])) == 5


def test_increments_make_what_a_comparison_makes(service, server):
    _, _, taken = moved(service, server, "auto", SECOND, THIRD)
    lines = service.lines(taken.zone_id)

    _, compared = service.sync(taken.zone_id)

    assert (compared.transfer, compared.counts.moved, compared.version) == ("AXFR", 0, 2)
    assert service.lines(taken.zone_id) == lines


@pytest.mark.parametrize("mode", ["ixfr", "auto"])
def test_a_serial_that_has_not_moved_ends_the_sync(service, server, mode):
    zone, _, change = moved(service, server, mode)

    assert (change.status, change.reason, change.version) == (ChangeStatus.SYNCED, "the serial has not moved", 1)
    assert (zone.version, zone.synced) == (1, change.finished)


OTHERS = FIRST.replace("192.0.2.80", "192.0.2.90")


def refusing(server):
    server.behave(hostile.without_ixfr())
    server.reload(ZONE, SECOND)


def speaking_of_others(server):
    server.reload(ZONE, OTHERS)
    server.reload(ZONE, SECOND)


def forgetting(server):
    server.reload(ZONE, SECOND)
    server.forget(ZONE)


def going_back(server):
    server.reload(ZONE, SECOND.replace("joe\\.doe 2 ", "joe\\.doe 0 "))


NO_INCREMENTS = {
    "refused": (refusing, "the primary answered NOTIMP"),
    "of other contents": (speaking_of_others, "it removes www A 192.0.2.90, which is not there"),
    "from an unknown serial": (forgetting, None),
    "back in time": (going_back, "its serial 0 is not newer than 1, which we hold"),
}


@pytest.mark.parametrize(("happens", "said"), NO_INCREMENTS.values(), ids=NO_INCREMENTS)
def test_where_increments_cannot_be_had_the_whole_zone_is_compared(path, service, server, happens, said):
    zone = service.create(ZONE, primary(server))
    service.work()
    happens(server)
    service.request(zone.id, wish=lifecycle.Wish("auto"))

    status, change = service.work()

    note = f"the whole zone was compared, for {said}" if said else "the primary sent the whole zone, not what moved"
    assert (status, change.transfer, change.reason) == ("SUCCEEDED", "AXFR", note)
    assert service.texts(zone.id)[-2:] == ["ns1 300 A 192.0.2.53", "www 300 A 192.0.2.80"]


@pytest.mark.parametrize("happens", [refusing, speaking_of_others, going_back])
def test_a_sync_that_shall_take_increments_only_fails_where_there_are_none(service, server, happens):
    zone = service.create(ZONE, primary(server))
    service.work()
    happens(server)
    service.request(zone.id, wish=lifecycle.Wish("ixfr"))

    status, change = service.work()

    assert (status, change.status) == ("FAILED", ChangeStatus.FAILED)
    assert service.zone(zone.id).version == 1


def test_more_increments_than_are_held_in_memory_are_not_taken(service, server):
    service.run.settings = replace(service.run.settings, increment_bytes=10)

    _, _, change = moved(service, server, "auto", SECOND)

    said = "the whole zone was compared, for more than 10 octets of increments came"
    assert (change.transfer, change.reason) == ("AXFR", said)


def test_increments_are_guarded_too(service, server):
    server.reload(ZONE, GUARDED)
    zone = service.create(ZONE, primary(server))
    service.work()
    service.run.settings = replace(service.run.settings, changed_percent=50)
    server.reload(ZONE, SECOND)
    service.request(zone.id, wish=lifecycle.Wish("auto"))

    _, change = service.work()

    assert (change.status, service.zone(zone.id).version) == (ChangeStatus.FAILED, 1)
    assert "more than the 50 % a sync may change" in change.reason
