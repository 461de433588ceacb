"""Several primaries of one zone."""

import re
import time
from dataclasses import replace

import dns.rcode
import pytest
from primaries import Hostile, hostile
from support.service import primary
from support.texts import FIRST, GUARDED, SECOND, ZONE
from zonewright.model.change import ChangeStatus
from zonewright.model.order import SyncOptions
from zonewright.model.states import State
from zonewright.model.zone import Primary


def serving(serial, *behaviours, **more):
    """A primary of the zone with this serial, and a TXT record that tells it."""
    return Hostile({ZONE: text(serial)}, *behaviours, **more)


def text(serial):
    return FIRST.replace("joe\\.doe 1 ", f"joe\\.doe {serial} ").replace("to be deleted", f"of {serial}")


def asked(server):
    return [query.type for query in server.queries]


def test_of_equal_primaries_the_first_that_answers_is_taken(service, server):
    with Hostile({ZONE: FIRST}, hostile.rcode(dns.rcode.SERVFAIL)) as broken:
        zone = service.create(ZONE, Primary("127.0.0.1", 1024), primary(broken), primary(server))
        _, change = service.work()

    assert change.status is ChangeStatus.SYNCED
    assert service.zone(zone.id).version == 1
    assert change.reason == (
        f"taken from {primary(server)}; 127.0.0.1:1024: no connection to 127.0.0.1:1024: Connection refused; "
        f"{primary(broken)}: the primary answered SERVFAIL (its serial is 1)"
    )


@pytest.mark.parametrize("trigger", ["request", "refresh", "schedule"])
@pytest.mark.parametrize("mode", ["axfr", "auto"])
@pytest.mark.parametrize(("old", "new"), [(5, 9), (4294967290, 3)], ids=["plain", "wrapped"])
def test_the_newest_of_the_primaries_is_taken(service, old, new, mode, trigger):
    with serving(old) as lagging, serving(old) as server:
        zone = service.create(ZONE, primary(lagging), primary(server))
        service.work()
        server.reload(ZONE, text(new))
        service.request(zone.id, options=SyncOptions(mode))

        _, change = service.work(trigger=trigger)

    whole = f"the whole zone was compared, for the last contents came from {primary(lagging)}; "
    told = f"taken from {primary(server)}; {primary(lagging)}: its serial is {old}"
    assert (change.status, change.serial) == (ChangeStatus.SYNCED, new)
    assert change.reason == (told if mode == "axfr" else whole + told)
    assert f'old 300 TXT "of {new}"' in service.texts(zone.id)
    assert asked(lagging)[-1] == "SOA"


@pytest.mark.parametrize("trigger", ["request", "refresh", "schedule"])
@pytest.mark.parametrize("mode", ["axfr", "auto"])
def test_a_primary_that_lags_takes_no_zone_back_unless_forced(path, service, mode, trigger):
    with serving(9) as newest, serving(5) as lagging:
        zone = service.create(ZONE, primary(lagging), primary(newest))
        service.work()
        newest.behave(hostile.rcode(dns.rcode.REFUSED), soa=[hostile.rcode(dns.rcode.REFUSED)])
        service.request(zone.id, options=SyncOptions(mode))
        status, refused = service.work(trigger=trigger)
        kept = service.zone(zone.id)
        service.request(zone.id, options=SyncOptions(mode, force=True))
        _, forced = service.work(trigger=trigger)

    assert (status, refused.status, kept.version, kept.serial) == ("FAILED", ChangeStatus.FAILED, 1, 9)
    assert kept.state is State.ACTIVE
    assert refused.reason == (
        f"{primary(lagging)}: its serial 5 is older than 9, which we hold: it lags behind, or it was rebuilt and its "
        f"serial went back; a sync with ?force=true takes it; {primary(newest)}: the primary answered REFUSED"
    )
    assert (forced.status, forced.serial, service.zone(zone.id).version) == (ChangeStatus.SYNCED, 5, 2)


def test_a_forced_sync_takes_an_older_serial_only_if_there_is_no_newer_one(service):
    with serving(9) as newest, serving(5) as lagging:
        zone = service.create(ZONE, primary(lagging), primary(newest))
        service.work()
        newest.behave(soa=[hostile.rcode(dns.rcode.REFUSED)])
        newest.reload(ZONE, text(10))
        service.request(zone.id, options=SyncOptions(force=True))

        _, change = service.work()

    assert (change.status, change.serial) == (ChangeStatus.SYNCED, 10)


CUT, REFUSED = hostile.cut(), hostile.rcode(dns.rcode.REFUSED)


@pytest.mark.parametrize("fails", [CUT, REFUSED], ids=["cut", "refused"])
@pytest.mark.parametrize("serial", [9, 10])
@pytest.mark.parametrize("mode", ["axfr", "auto"])
def test_a_forced_sync_does_not_go_back_while_a_newer_primary_answers(path, service, mode, serial, fails):
    with serving(9) as newest, serving(5) as lagging:
        zone = service.create(ZONE, primary(newest), primary(lagging))
        service.work()
        newest.reload(ZONE, text(serial))
        newest.behave(fails)
        service.request(zone.id, options=SyncOptions(mode, force=True))

        service.work()

    assert service.zone(zone.id).serial == 9
    assert "AXFR" not in asked(lagging)


@pytest.mark.parametrize("trigger", ["request", "schedule"])
@pytest.mark.parametrize("mode", ["axfr", "auto"])
def test_a_primary_with_our_serial_does_not_hide_that_a_newer_one_cannot_be_copied(path, service, mode, trigger):
    with serving(9) as newest, serving(9) as other:
        zone = service.create(ZONE, primary(newest), primary(other))
        service.work()
        newest.reload(ZONE, text(10))
        newest.behave(REFUSED)
        service.request(zone.id, options=SyncOptions(mode))

        status, change = service.work(trigger=trigger)

    kept = service.zone(zone.id)
    assert (status, kept.serial, kept.failure.reason) == ("FAILED", 9, change.reason)
    assert change.reason == f"{primary(newest)}: the primary answered REFUSED; {primary(other)}: its serial is 9"


def test_a_primary_between_ours_and_the_newest_is_a_step_forward(service):
    with serving(9) as newest, serving(9) as other:
        zone = service.create(ZONE, primary(newest), primary(other))
        service.work()
        newest.reload(ZONE, text(12))
        newest.behave(REFUSED)
        other.reload(ZONE, text(11))

        _, change = service.sync(zone.id)

    assert (change.status, change.serial, service.zone(zone.id).serial) == (ChangeStatus.SYNCED, 11, 11)


def test_contents_do_not_change_under_one_serial_because_their_source_is_silent(service):
    with serving(9) as source, Hostile({ZONE: text(9).replace("of 9", "another")}) as other:
        zone = service.create(ZONE, primary(source), primary(other))
        service.work()
        source.behave(CUT, soa=[CUT])
        service.request(zone.id, options=SyncOptions("auto"))

        _, change = service.work(trigger="schedule")

    assert (change.status, service.zone(zone.id).version) == (ChangeStatus.SYNCED, 1)
    assert change.reason.startswith("the serial has not moved; ")


def test_a_comparison_under_one_serial_is_with_the_source_if_it_answers(service):
    with serving(9) as source, Hostile({ZONE: text(9).replace("of 9", "another")}) as other:
        zone = service.create(ZONE, primary(source), primary(other))
        service.work()
        source.behave(REFUSED)

        status, change = service.sync(zone.id)

    assert (status, service.zone(zone.id).version, asked(other)[-1]) == ("FAILED", 1, "SOA")
    assert change.reason == f"{primary(source)}: the primary answered REFUSED; {primary(other)}: its serial is 9"


@pytest.mark.parametrize("mode", ["axfr", "auto"])
def test_contents_that_cannot_be_published_select_no_other_primary(path, service, mode):
    with serving(9, hostile.no_apex_ns()) as newest, serving(8) as other:
        zone = service.create(ZONE, primary(newest), primary(other))

        status, change = service.work(mode=mode)

    assert (status, service.zone(zone.id).version) == ("FAILED", 0)
    assert change.reason == f"{primary(newest)}: the zone it sent has no NS record at its apex"


@pytest.mark.parametrize(("trigger", "question"), [("request", []), ("refresh", ["SOA"]), ("schedule", [])])
@pytest.mark.parametrize(("mode", "transfer"), [("axfr", "AXFR"), ("auto", "IXFR"), ("ixfr", "IXFR")])
def test_a_single_primary_that_was_rebuilt_is_told_without_a_question_more(service, mode, transfer, trigger, question):
    with serving(9) as server:
        zone = service.create(ZONE, primary(server))
        service.work()
        server.reload(ZONE, text(2))
        before = len(server.queries)
        service.request(zone.id, options=SyncOptions(mode))
        _, change = service.work(trigger=trigger)

    kept = service.zone(zone.id)
    assert (change.status, kept.version, kept.serial) == (ChangeStatus.FAILED, 1, 9)
    assert change.reason.startswith(f"{primary(server)}: its serial 2 is older than 9, which we hold: it lags behind, ")
    assert "?force=true" in change.reason
    assert asked(server)[before:] == (question or [transfer])


def test_a_single_primary_is_asked_no_question_more(service, server):
    zone = service.create(ZONE, primary(server))
    service.work()
    service.sync(zone.id)

    assert asked(server) == ["AXFR", "AXFR"]


def test_a_dry_run_reports_that_an_older_serial_would_be_refused(service):
    with serving(9) as server:
        zone = service.create(ZONE, primary(server))
        service.work()
        server.reload(ZONE, text(2))
        status, report = service.dry_run(zone.id)
        _, forced = service.dry_run(zone.id, force=True)

    assert (status, report.change.status) == ("SUCCEEDED", ChangeStatus.SYNCED)
    assert "its serial 2 is older than 9" in report.refusal
    assert (forced.refusal, forced.change.serial, forced.change.counts.updated) == (None, 2, 2)


def test_where_the_transfer_of_the_newest_fails_the_next_newest_is_taken(service):
    refused = hostile.rcode(dns.rcode.REFUSED)
    with serving(5) as first, serving(9, refused) as newest, serving(7) as second, serving(7) as third:
        zone = service.create(ZONE, *map(primary, (first, newest, second, third)))
        _, change = service.work()

    assert (change.status, change.serial) == (ChangeStatus.SYNCED, 7)
    assert change.reason == (
        f"taken from {primary(second)}; {primary(first)}: its serial is 5; {primary(newest)}: the primary answered "
        f"REFUSED (its serial is 9); {primary(third)}: its serial is 7"
    )
    assert (asked(third), service.zone(zone.id).serial) == (["SOA"], 7)


def test_a_silent_first_primary_leaves_time_for_the_others(service, server):
    service.settings = replace(service.settings, transfer_timeout=4, idle_timeout=30)
    with serving(1, hostile.stall(), soa=[hostile.stall()]) as silent:
        zone = service.create(ZONE, primary(silent), primary(server))
        began = time.monotonic()
        _, change = service.work()
        took = time.monotonic() - began

    assert (change.status, service.zone(zone.id).version) == (ChangeStatus.SYNCED, 1)
    assert change.reason == (f"taken from {primary(server)}; {primary(silent)}: the transfer was not over within 1 s")
    assert took < 3


def test_a_primary_that_refuses_the_question_may_still_be_transferred_from(service):
    with serving(5, soa=[hostile.rcode(dns.rcode.REFUSED)]) as server:
        zone = service.create(ZONE, Primary("127.0.0.1", 1024), primary(server))
        _, change = service.work()

    assert (change.status, service.zone(zone.id).serial) == (ChangeStatus.SYNCED, 5)


def test_a_refresh_of_an_unmoved_zone_tells_what_the_others_said(service):
    with serving(9) as newest, serving(5) as lagging:
        zone = service.create(ZONE, primary(lagging), primary(newest))
        service.work()
        service.request(zone.id)
        _, change = service.work(trigger="refresh")

    assert (change.status, change.version) == (ChangeStatus.SYNCED, 1)
    assert change.reason == f"the serial has not moved; {primary(lagging)}: its serial is 5"


def test_all_primaries_share_the_time_of_one_transfer(service, server):
    service.settings = replace(service.settings, transfer_timeout=3, idle_timeout=2)
    server.behave(hostile.drip(1, 0.2))
    service.create(ZONE, primary(server), primary(server), primary(server))

    _, change = service.work()

    assert re.findall(r"(within 3 s|not asked)", change.reason) == ["within 3 s", "not asked", "not asked"]


def test_where_no_primary_answers_the_history_has_what_each_of_them_said(service, server):
    server.behave(hostile.rcode(dns.rcode.REFUSED))
    service.create(ZONE, Primary("127.0.0.1", 1024), Primary("169.254.169.254", 53), primary(server))

    _, change = service.work()

    assert change.reason == (
        "127.0.0.1:1024: no connection to 127.0.0.1:1024: Connection refused; "
        "169.254.169.254: this service may not connect to this address and port; "
        f"{primary(server)}: the primary answered REFUSED"
    )


@pytest.mark.parametrize("mode", ["axfr", "auto"])
@pytest.mark.parametrize(
    ("guard", "said"),
    [
        ({"deleted_percent": 50}, "more than the 50 % a sync may delete"),
        ({"zone_records": 7}, "the zone has more than 7 records, the most it may have"),
    ],
    ids=["share", "size"],
)
def test_a_guards_refusal_does_not_select_the_next_primary(mode, guard, said, service, server):
    with Hostile({ZONE: GUARDED}) as lagging:
        zone = service.create(ZONE, primary(server), primary(lagging))
        server.reload(ZONE, GUARDED.replace("joe\\.doe 1 ", "joe\\.doe 2 "))
        service.work()
        service.settings = replace(service.settings, **guard)
        server.reload(ZONE, SECOND.replace("joe\\.doe 2 ", "joe\\.doe 3 "))
        service.request(zone.id, options=SyncOptions(mode))

        status, change = service.work()

    kept = service.zone(zone.id)
    assert (status, change.status, kept.version, kept.serial) == ("FAILED", ChangeStatus.FAILED, 1, 2)
    assert change.reason.startswith(f"{primary(server)}: ")
    assert said in change.reason
    assert asked(lagging)[-1] == "SOA"
