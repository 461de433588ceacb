"""The sections of an update are what dnspython reads and writes."""

import dns.message
import dns.name
import dns.update
import pytest
from support.updating import line, soa_line
from zonewright.protocol import rrset, update
from zonewright.protocol.types import CNAME, MX, SOA, SRV, TXT, A
from zonewright.protocol.update import Section

RRSETS = [
    line("", MX, ["10 mail.example.org.", "20 Mail2.example.net."], 60),
    line("a", A, ["192.0.2.1"], 0),
    line("b", CNAME, ["a.example.org."], 2147483647),
    line("*", TXT, ['"one" "two"', '""'], 300),
    line("sub deep er", SRV, ["1 2 53 a.example.org."], 300),
    line("!00~ff.", A, ["192.0.2.2"], 300),
    line("mixed", A, ["192.0.2.3"], 300, "MiXed"),
    line("b" * 63 + " " + "a" * 63, A, ["192.0.2.4"], 300),
    soa_line(7, 300),
]
every_rrset = pytest.mark.parametrize("text", RRSETS)
every_zone = pytest.mark.parametrize("zone", ["example.org.", ".", "192/30.2.0.192.in-addr.arpa."])


def written(zone, **sections):
    """A message with sections by our encoder, without compression as RFC 2136 readers take it."""
    return update.message(dns.name.from_text(zone).to_wire(), **sections)


def read(message):
    """What dnspython reads: name, type, class, TTL and rdata of each RR, of prerequisites and updates."""
    found = dns.message.from_wire(message)
    assert isinstance(found, dns.update.UpdateMessage)
    return [
        [(rr.name, rr.rdtype, rr.deleting, rr.ttl, [each.to_wire() for each in rr]) for rr in section]
        for section in (found.prerequisite, found.update)
    ]


def expected(zone):
    message = dns.update.UpdateMessage(dns.name.from_text(zone))
    message.id = 0
    return message


@every_rrset
@every_zone
def test_an_addition_is_that_of_dnspython(text, zone):
    found, oracle = rrset.from_line(text), expected(zone)
    for rdata in found.rdatas:
        oracle.add(
            found.owner(dns.name.from_text(zone)),
            found.ttl,
            dns.rdata.from_wire("IN", found.type, rdata, 0, len(rdata)),
        )

    assert read(written(zone, prerequisites=Section(), updates=update.added(found))) == read(oracle.to_wire())


@every_rrset
@every_zone
def test_deletions_are_those_of_dnspython(text, zone):
    found, whole, single = rrset.from_line(text), expected(zone), expected(zone)
    owner = found.owner(dns.name.from_text(zone))
    whole.delete(owner, found.type)
    for rdata in found.rdatas:
        single.delete(owner, dns.rdata.from_wire("IN", found.type, rdata, 0, len(rdata)))

    assert read(written(zone, prerequisites=Section(), updates=update.deleted(found))) == read(whole.to_wire())
    each = update.deleted_rrs(found, found.rdatas)
    assert read(written(zone, prerequisites=Section(), updates=each)) == read(single.to_wire())


@every_rrset
@every_zone
def test_prerequisites_are_those_of_dnspython(text, zone):
    found, exact, none = rrset.from_line(text), expected(zone), expected(zone)
    owner = found.owner(dns.name.from_text(zone))
    for rdata in found.rdatas:
        exact.present(owner, dns.rdata.from_wire("IN", found.type, rdata, 0, len(rdata)))
    none.absent(owner, found.type)

    assert read(written(zone, prerequisites=update.exactly(found))) == read(exact.to_wire())
    assert read(written(zone, prerequisites=update.absent(found))) == read(none.to_wire())


def test_the_zone_stands_at_the_octet_that_owner_names_point_to():
    message = written("example.org.", prerequisites=Section(), updates=update.deleted(rrset.from_line(RRSETS[1])))

    assert message[12:25] == b"\x07example\x03org\x00"
    assert message[25:29] == SOA.to_bytes(2, "big") + b"\x00\x01"
    assert message[29:33] == b"\x01a\xc0\x0c"


def test_sections_join_in_their_order():
    one, two = update.absent(rrset.from_line(RRSETS[0])), update.exactly(rrset.from_line(RRSETS[3]))

    whole = update.joined([one, two])

    assert (whole.octets, whole.count) == (one.octets + two.octets, 3)
    assert len(whole) == len(one) + len(two)
