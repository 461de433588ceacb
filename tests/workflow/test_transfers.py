"""Transfers from primaries that misbehave: a bad one is never published."""

from dataclasses import replace

import dns.rcode
import pytest
from primaries import hostile
from support.service import primary
from support.texts import SECOND, ZONE
from zonewright.model.change import ChangeStatus, Counts
from zonewright.model.states import State

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


@pytest.mark.parametrize("per_message", [1, 100], ids=["a message of its own", "in the last message"])
def test_a_closing_soa_in_another_case_is_not_kept(path, per_message, service, server):
    server.behave(hostile.closing_case(), hostile.messages_of(per_message))
    zone = service.create(ZONE, primary(server))

    _, change = service.work()

    soas = [text for text in service.texts(zone.id) if " SOA " in text]
    assert soas == ["@ 300 SOA ns1.example.org. joe\\.doe.example.org. 1 3600 600 86400 300"]
    assert (change.counts, change.records, change.reason) == (Counts(created=7), 9, None)


def test_an_soa_below_the_apex_is_dropped_and_reported(path, service, server):
    server.behave(hostile.with_records((f"sub.{ZONE}", "SOA", "ns. joe. 9 1 1 1 1"), (f"sub.{ZONE}", "A", "192.0.2.9")))
    zone = service.create(ZONE, primary(server))

    _, change = service.work()

    assert change.reason == f"1 records outside the zone were dropped: sub.{ZONE}"
    assert [text for text in service.texts(zone.id) if text.startswith("sub")] == ["sub 300 A 192.0.2.9"]


def test_a_transfer_that_drips_is_bounded(service, server):
    service.settings = replace(service.settings, transfer_timeout=2)
    zone = service.create(ZONE, primary(server))
    server.behave(hostile.drip(1, 0.2))

    status, change = service.work()

    assert (status, change.status) == ("FAILED", ChangeStatus.FAILED)
    assert "the transfer was not over within 2 s" in change.reason
    assert service.zone(zone.id).state is State.ERROR


def test_a_failed_first_sync_can_be_repeated_at_once(service, server):
    service.settings = replace(service.settings, sync_delay=600)
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


def test_of_differing_ttls_of_an_rrset_the_lowest_is_shown(path, service, server):
    server.behave(hostile.messages_of(2), hostile.differing_ttls())
    zone = service.create(ZONE, primary(server))

    _, change = service.work()

    assert change.reason == "2 RRsets had records with different TTLs: the lowest is shown"
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
    _, again = service.sync(zone.id)

    assert (change.counts, change.differences, change.version) == (Counts(unchanged=7), (), 2)
    assert (again.counts, again.version) == (Counts(unchanged=7), 2)


def test_the_case_of_names_is_kept(path, service, server):
    server.behave(hostile.mixed_case())
    zone = service.create(ZONE, primary(server))

    service.work()

    owners = {text.split()[0] for text in service.texts(zone.id)}
    assert {owner.lower() for owner in owners} == {"@", "mail", "ns1", "old", "www"}
    assert owners != {"@", "mail", "ns1", "old", "www"}
