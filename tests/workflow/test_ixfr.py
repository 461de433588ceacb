"""Syncs by IXFR: what moved is taken in, or else the whole zone is compared."""

import time
from dataclasses import replace

import pytest
from dns.rdatatype import IXFR
from primaries import hostile
from support.service import primary
from support.texts import FIRST, SECOND, THIRD, ZONE
from zonewright.contents import differences
from zonewright.model.change import ChangeStatus, Counts
from zonewright.model.order import SyncOptions
from zonewright.model.states import State


def moved(service, server, mode, *texts):
    """A zone that held FIRST, after its primary went on to each of `texts` and a sync by `mode`; and the change."""
    zone = service.create(ZONE, primary(server))
    service.work()
    for text in texts:
        server.reload(ZONE, text)
    service.request(zone.id, options=SyncOptions(mode))
    status, change = service.work()
    return service.zone(zone.id), status, change


@pytest.mark.parametrize("mode", ["ixfr", "auto"])
def test_what_moved_is_taken_in_serial_by_serial(service, server, mode):
    service.settings = replace(service.settings, chunk_bytes=100)
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
    assert len(differences.read(service.bucket, change.differences[0])) == 5


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
}


@pytest.mark.parametrize(("happens", "said"), NO_INCREMENTS.values(), ids=NO_INCREMENTS)
def test_where_increments_cannot_be_had_the_whole_zone_is_compared(path, service, server, happens, said):
    zone = service.create(ZONE, primary(server))
    service.work()
    happens(server)
    service.request(zone.id, options=SyncOptions("auto"))

    status, change = service.work()

    note = f"the whole zone was compared, for {said}" if said else "the primary sent the whole zone, not what moved"
    assert (status, change.transfer, change.reason) == ("SUCCEEDED", "AXFR", note)
    assert service.texts(zone.id)[-2:] == ["ns1 300 A 192.0.2.53", "www 300 A 192.0.2.80"]


def test_a_forced_sync_of_an_older_serial_compares_the_whole_zone(path, service, server):
    zone = service.create(ZONE, primary(server))
    service.work()
    going_back(server)
    service.request(zone.id, options=SyncOptions("auto", force=True))

    status, change = service.work()

    note = "the whole zone was compared, for its serial 0 is not newer than 1, which we hold"
    assert (status, change.transfer, change.reason, change.serial) == ("SUCCEEDED", "AXFR", note, 0)
    assert service.texts(zone.id)[-2:] == ["ns1 300 A 192.0.2.53", "www 300 A 192.0.2.80"]


@pytest.mark.parametrize("happens", [refusing, speaking_of_others, going_back])
def test_a_sync_that_shall_take_increments_only_fails_where_there_are_none(service, server, happens):
    zone = service.create(ZONE, primary(server))
    service.work()
    happens(server)
    service.request(zone.id, options=SyncOptions("ixfr"))

    status, change = service.work()

    assert (status, change.status) == ("FAILED", ChangeStatus.FAILED)
    assert service.zone(zone.id).version == 1


def test_more_increments_than_are_held_in_memory_are_not_taken(service, server):
    service.settings = replace(service.settings, increment_bytes=10)

    _, _, change = moved(service, server, "auto", SECOND)

    said = "the whole zone was compared, for more than 10 octets of increments came"
    assert (change.transfer, change.reason) == ("AXFR", said)


def lower_81(answer):
    """The second address of www has another TTL than the first, wherever it is sent."""
    records = [record._replace(ttl=60) if "192.0.2.81" in str(record.rdata) else record for record in answer.records]
    return replace(answer, records=tuple(records))


def test_a_record_that_goes_takes_its_ttl_with_it(service, server):
    server.behave(lower_81)
    zone = service.create(ZONE, primary(server))
    service.work()
    before = service.texts(zone.id)
    server.reload(ZONE, SECOND)

    service.request(zone.id, options=SyncOptions("ixfr"))
    _, change = service.work()
    taken = service.lines(zone.id)
    _, compared = service.sync(zone.id)

    assert before[-1] == "www 60 A 192.0.2.80 192.0.2.81"
    assert service.texts(zone.id)[-1] == "www 300 A 192.0.2.80"
    assert (change.transfer, compared.counts.moved, compared.version) == ("IXFR", 0, change.version)
    assert service.lines(zone.id) == taken


LOUD = SECOND.replace("10 mail", "10 MAIL").replace("new     TXT", "NEW     TXT").replace("ns2.ex", "Ns2.ex")


def test_another_case_is_stored_once_and_does_not_count(path, service, server):
    zone = service.create(ZONE, primary(server))
    server.reload(ZONE, SECOND)
    service.work()
    server.reload(ZONE, LOUD.replace("joe\\.doe 2 ", "joe\\.doe 3 "))
    _, report = service.dry_run(zone.id)

    _, change = service.sync(zone.id)
    shown, lines = service.texts(zone.id), service.lines(zone.id)
    kept = sorted(service.bucket.keys("zones/"))
    _, again = service.sync(zone.id)

    assert change.version == 2
    assert change.counts == report.change.counts == Counts(updated=1, unchanged=6)
    assert {"@ 300 MX 10 MAIL.example.org.", 'NEW 300 TXT "to be deleted"'} <= set(shown)
    assert (again.counts, again.version) == (Counts(unchanged=7), 2)
    assert (service.lines(zone.id), sorted(service.bucket.keys("zones/"))) == (lines, kept)


def only_its_soa(answer):
    return replace(answer, records=answer.records[:1]) if answer.query.question[0].rdtype == IXFR else answer


def test_one_newer_soa_leads_to_the_whole_zone_without_a_wait(service, server):
    service.settings = replace(service.settings, idle_timeout=8)
    server.behave(only_its_soa)
    began = time.monotonic()

    _, _, change = moved(service, server, "auto", SECOND)

    said = "the whole zone was compared, for the primary answered with its SOA of serial 2 alone"
    assert (change.status, change.transfer, change.reason) == (ChangeStatus.SYNCED, "AXFR", said)
    assert time.monotonic() - began < 4


def test_a_record_in_each_message_is_no_lone_soa(service, server):
    server.behave(hostile.messages_of(1))

    _, _, change = moved(service, server, "ixfr", SECOND, THIRD)

    assert (change.status, change.transfer, change.serial) == (ChangeStatus.SYNCED, "IXFR", 3)
