"""Records that a library dislikes never keep a zone out: what name servers copy, a sync copies."""

from dataclasses import replace

import dns.name
import dns.rdata
import pytest
from primaries import Nsd, hostile, require
from primaries.fixtures import real_server  # noqa: F401 - a fixture
from primaries.small import RR
from support.service import primary
from support.texts import FIRST, SECOND, THIRD, ZONE
from zonewright.actions import exports
from zonewright.errors import MalformedZoneFile
from zonewright.model.change import ChangeStatus
from zonewright.model.order import SyncOptions
from zonewright.protocol import rrset
from zonewright.protocol.records import rdata_of
from zonewright.protocol.types import HTTPS, IXFR, NS, SOA, A
from zonewright.protocol.zonefile import reader, writer

ODD = {
    "alias": ("HTTPS", "000001610000010003026832"),
    "svcb": ("SVCB", "00000161000003000201bb"),
    "ech": ("HTTPS", "00010000050003010203"),
    "noech": ("HTTPS", "00010000050000"),
    "tlsa": ("TLSA", "030101ab"),
    "ds": ("DS", "0000000000"),
}
"""Owner, type and rdata. BIND, NSD and Knot serve all of them."""
NUMBERS = {"HTTPS": 65, "SVCB": 64, "TLSA": 52, "DS": 43}
TEXT = FIRST + "".join(
    f"{owner} TYPE{NUMBERS[kind]} \\# {len(text) // 2} {text}\n" for owner, (kind, text) in ODD.items()
)
SHOWN = {f"{owner} 300 {kind} \\# {len(text) // 2} {text}" for owner, (kind, text) in ODD.items()}
APEX = ((NS, "ns1.example.net."), (SOA, "ns1.example.net. joe.example.net. 1 2 3 4 5"))
LINES = {f"{owner}\t{NUMBERS[kind]}\t300\t{text}" for owner, (kind, text) in ODD.items()}


def test_odd_records_are_copied_from_a_real_primary(path, service, real_server):  # noqa: F811
    with real_server({ZONE: TEXT}) as server:
        zone = service.create(ZONE, primary(server))
        _, change = service.work()

    assert (change.status, change.records) == (ChangeStatus.SYNCED, 15)
    assert change.reason.startswith("6 records were kept as octets, for their data cannot be read: ")
    assert change.reason.endswith(", ...")
    assert set(service.lines(zone.id)) >= LINES
    assert set(service.texts(zone.id)) >= SHOWN


@pytest.mark.parametrize("owner", ODD)
def test_an_import_says_of_odd_records_what_some_servers_do_not_load(owner):
    """PowerDNS reads no known type in the generic form, and these have no other."""
    kind, text = ODD[owner]
    line = rrset.to_line(owner, NUMBERS[kind], 300, [bytes.fromhex(text)])
    apex = [rrset.to_line("", rdtype, 300, [rdata_of(rdtype, data)]) for rdtype, data in APEX]
    exported = "".join(writer.write([*apex, line], ZONE, 300))

    with pytest.raises(MalformedZoneFile, match=rf"{owner}\.{ZONE} IN TYPE{NUMBERS[kind]} .*: not {kind} rdata"):
        reader.read(exported, origin=ZONE)


def test_a_record_set_that_no_message_carries_is_copied_and_not_imported(service):
    require(Nsd)
    strings = "".join(f'large TXT "{number:03} {"x" * 250}"\n' for number in range(300))

    with Nsd({ZONE: FIRST + strings}) as server:
        zone = service.create(ZONE, primary(server))
        _, change = service.work()
    exported = exports.export(service, service.zone(zone.id), exports.version(service, service.zone(zone.id))).text
    file = reader.read(exported)

    assert change.status is ChangeStatus.SYNCED
    assert sum(line.startswith(f"large.{ZONE} ") for line in exported.splitlines()) == 300
    with pytest.raises(MalformedZoneFile, match=rf'line [0-9]+: "large\.{ZONE} TXT": it would have 80,135 octets'):
        file.contents()


CROWDED = (("www", "CNAME", f"mail.{ZONE}"), ("signed", "CNAME", "."), ("signed", "NSEC", "a. CNAME"))


def crowding(*owners):
    """A CNAME at each of some owners, and one at a signed name."""
    more = [(f"{owner}.{ZONE}", kind, text) for owner, kind, text in CROWDED]
    return hostile.with_records(*more, *((f"{owner}.{ZONE}", "CNAME", "x.") for owner in owners))


def test_a_cname_beside_other_data_is_copied_and_named(path, service, server):
    server.behave(hostile.messages_of(2), crowding())
    zone = service.create(ZONE, primary(server))

    _, change = service.work()

    assert (change.status, change.records) == (ChangeStatus.SYNCED, 12)
    assert change.reason == f"1 names have a CNAME beside other data: www.{ZONE}"
    shown = [text for text in service.texts(zone.id) if text.startswith("www")]
    assert shown == ["www 300 A 192.0.2.80 192.0.2.81", f"www 300 CNAME mail.{ZONE}"]


def test_the_first_names_of_many_are_named(service, server):
    server.behave(crowding("ns1", "mail", "old"))
    service.create(ZONE, primary(server))

    _, change = service.work()

    said = f"4 names have a CNAME beside other data: mail.{ZONE}, ns1.{ZONE}, old.{ZONE}, ..."
    assert change.reason == said


def test_increments_that_put_a_cname_beside_other_data_say_so(service, server):
    zone = service.create(ZONE, primary(server))
    service.work()
    server.reload(ZONE, SECOND)
    server.behave(crowding())
    service.request(zone.id, options=SyncOptions("ixfr"))

    _, change = service.work()

    assert (change.transfer, change.status) == ("IXFR", ChangeStatus.SYNCED)
    assert change.reason == f"1 names have a CNAME beside other data: www.{ZONE}"


def test_records_that_no_zone_holds_are_left_out_and_named(path, service, server):
    server.behave(hostile.with_records(*((f"{owner}.{ZONE}", "TYPE200", "\\# 1 00") for owner in ("meta", "other"))))
    zone = service.create(ZONE, primary(server))

    _, change = service.work()

    assert (change.status, change.records) == (ChangeStatus.SYNCED, 9)
    said = f"2 records of types that no zone holds were dropped: meta.{ZONE} TYPE200, other.{ZONE} TYPE200"
    assert change.reason == said
    assert reader.read("".join(writer.write(service.lines(zone.id), ZONE, 300)), origin=ZONE)


def test_an_soa_whose_ttl_has_its_first_bit_set_has_the_ttl_0(service, server):
    def raised(answer):
        return replace(
            answer,
            records=tuple(
                each._replace(ttl=2**31 + 5) if each.rdata.rdtype == SOA else each for each in answer.records
            ),
        )

    server.behave(raised)
    zone = service.create(ZONE, primary(server))
    service.work()

    zone = service.zone(zone.id)
    exported = exports.export(service, zone, service.version(zone.id)).text

    assert zone.ttl == 0
    assert reader.read(exported, origin=ZONE).soa.ttl == 0


ALIAS = ("alias", HTTPS, "000001610000010003026832", 300)
STRANGER = ("www.other.test.", A, "c0000201", 300)
META = ("meta", 200, "00", 300)
SLOW = ("ns1", A, "c0000237", 900)
OF_ONE = [ALIAS, STRANGER, META, SLOW]
SAID = (
    "1 records outside the zone were dropped: www.other.test.; "
    f"1 records of types that no zone holds were dropped: meta.{ZONE} TYPE200; "
    f"1 records were kept as octets, for their data cannot be read: alias.{ZONE} HTTPS; "
    "1 RRsets had records with different TTLs: the lowest is shown"
)


def moving(removed=(), added=()):
    """Records at the end of a whole zone, or among those that the only increment removes and adds."""

    def behave(answer):
        first, *rest, last = answer.records
        more = [[_rr(*each) for each in records] for records in (removed, added)]
        if answer.query.question[0].rdtype == IXFR:
            rest[1:1] = more[0]
        return replace(answer, records=(first, *rest, *more[1], last))

    return behave


def _rr(owner, rdtype, text, ttl):
    octets = bytes.fromhex(text)
    return RR(dns.name.from_text(owner, dns.name.from_text(ZONE)), ttl, dns.rdata.GenericRdata(1, rdtype, octets))


@pytest.mark.parametrize("mode", ["axfr", "ixfr"])
def test_what_a_transfer_adds_is_told_alike(service, server, mode):
    zone = service.create(ZONE, primary(server))
    service.work()
    server.reload(ZONE, SECOND)
    server.behave(moving(added=OF_ONE))
    service.request(zone.id, options=SyncOptions(mode))

    _, change = service.work()

    assert (change.status, change.transfer, change.reason) == (ChangeStatus.SYNCED, mode.upper(), SAID)


@pytest.mark.parametrize("mode", ["axfr", "ixfr"])
def test_what_a_transfer_removes_is_not_told(service, server, mode):
    server.behave(moving(added=OF_ONE))
    zone = service.create(ZONE, primary(server))
    _, first = service.work()
    server.reload(ZONE, SECOND)
    server.behave(moving(removed=OF_ONE))
    service.request(zone.id, options=SyncOptions(mode))

    _, change = service.work()

    assert first.reason == SAID
    assert (change.status, change.transfer, change.reason) == (ChangeStatus.SYNCED, mode.upper(), None)


def test_what_an_increment_adds_and_a_later_one_removes_is_not_told(service, server):
    zone = service.create(ZONE, primary(server))
    service.work()
    server.reload(ZONE, SECOND)
    server.reload(ZONE, THIRD)

    def behave(answer):
        first, *rest = answer.records
        starts = [at for at, each in enumerate(rest) if each.rdata.rdtype == SOA]  # 1, 2, 2, 3, and the last
        rest[starts[3] : starts[3]] = more = [_rr(*each) for each in OF_ONE]
        rest[starts[2] : starts[2]] = more
        return replace(answer, records=(first, *rest))

    server.behave(behave)
    service.request(zone.id, options=SyncOptions("ixfr"))

    _, change = service.work()

    assert (change.status, change.transfer, change.reason) == (ChangeStatus.SYNCED, "IXFR", None)
