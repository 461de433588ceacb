"""The serials that name servers have: asked of BIND, Knot, NSD and the small server, and of servers that misbehave."""

import time
from dataclasses import replace

import dns.name
import dns.rcode
import pytest
from primaries import REAL, Bind, Hostile, Key, Small, certificates, hostile, require
from primaries.server import free_port
from support.receiving import Receiver, forged_by, late, silent
from support.updating import ZONE
from zonewright.errors import (
    KeyRefused,
    ServerFailed,
    ServerForbidden,
    ServerSilent,
    ServerUnreachable,
    ServerUntrusted,
    ZoneNotServed,
)
from zonewright.model.zone import Primary
from zonewright.protocol import tsig
from zonewright.servers import serials
from zonewright.servers.connection import Reach
from zonewright.servers.serials import Seen
from zonewright.servers.updating import Target

NAME = ZONE.to_text()
KEY = Key.of("look.example.")
OTHER = Key(KEY.name, KEY.algorithm, "b3RoZXI=")
REACH = Reach(("127.0.0.0/8",), "1-65535", first=9, idle=9, total=9, rate=1, octets=1 << 16)
TEXT = """
$TTL 300
@   SOA ns host 7 7200 3600 1209600 300
    NS  ns
ns  A   192.0.2.1
"""
LONG = TEXT.replace("SOA ns host", f"SOA {'.'.join(['n' * 63] * 3)}.{'n' * 40} {'.'.join(['h' * 63] * 3)}.{'h' * 40}")
"""An SOA for which a datagram of 512 octets has no room."""


def target(server, key=None, *, port=None, tls=False):
    signing = tsig.Key(key.name, key.algorithm, key.secret) if key else None
    return Target(ZONE, Primary(server.host, port or server.port, tls), signing, REACH)


def asked(*targets, waits=(0.1, 0.1), patience=0.4):
    return serials.ask(targets, waits, patience)


@pytest.fixture(params=[*(pytest.param(kind, id=kind.__name__, marks=pytest.mark.primary) for kind in REAL), Small])
def kind(request):
    if request.param is not Small:
        require(request.param)
    return request.param


@pytest.mark.parametrize("key", [None, KEY], ids=["unsigned", "signed"])
def test_a_server_tells_its_serial(kind, key):
    with kind({NAME: TEXT}, keys=[KEY]) as server:
        (seen,) = asked(target(server, key), waits=(1, 1))

    assert seen.serial == 7
    assert seen.said() == f"127.0.0.1:{server.port}: its serial is 7"
    if kind is Small:
        assert [(query.transport, query.key) for query in server.queries] == [("udp", key and KEY.name)]


SERIALS = [(7, 7, True), (7, 6, True), (7, 8, False), (3, 2**32 - 5, True), (2**32 - 5, 3, False), (0, 2**31, False)]


@pytest.mark.parametrize(("there", "wanted", "has"), SERIALS)
def test_an_equal_or_a_newer_serial_is_enough(there, wanted, has):
    at = Target(ZONE, Primary("192.0.2.1"), None, REACH)

    assert Seen(at, there).has(wanted) == has
    assert not Seen(at, error=ServerSilent("it said nothing")).has(wanted)


@pytest.mark.parametrize("key", [None, KEY], ids=["unsigned", "signed"])
def test_what_no_datagram_has_room_for_is_asked_over_tcp(key):
    with Small({NAME: LONG}, keys=[KEY]) as server:
        (seen,) = asked(target(server, key))

    assert seen.serial == 7
    assert [query.transport for query in server.queries] == ["udp", "tcp"]


class Filtered(Small):
    """A server whose datagrams are filtered."""

    def serve_datagram(self, wire, client, listening):
        """Drop it."""


def test_a_server_that_hears_no_datagrams_is_asked_over_tcp():
    with Filtered({NAME: TEXT}, keys=[KEY]) as server:
        (seen,) = asked(target(server, KEY))

    assert seen.serial == 7
    assert [query.transport for query in server.queries] == ["tcp"]


@pytest.mark.primary
def test_a_server_with_tls_is_asked_over_tls():
    require(Bind)
    certificate, private = certificates.self_signed("127.0.0.1")
    server = Bind({NAME: TEXT}, keys=[KEY])
    server.tls = (free_port(), certificate, private)
    with server:
        safe = target(server, KEY, port=server.tls[0], tls=True)
        trusting = replace(safe, reach=replace(REACH, certificates=certificate))
        untrusted, seen = asked(safe, trusting, patience=5)

    assert isinstance(untrusted.error, ServerUntrusted)
    assert seen.serial == 7


def renamed(answer):
    """The SOA of the zone above, as one that does not have the zone may answer."""
    above = dns.name.from_text("org.")
    return replace(answer, records=tuple(record._replace(owner=above) for record in answer.records))


REASONS = {
    "SERVFAIL": (hostile.rcode(dns.rcode.SERVFAIL), ServerFailed, "answered SERVFAIL: has it loaded"),
    "REFUSED": (hostile.rcode(dns.rcode.REFUSED), ZoneNotServed, "answered REFUSED to the question for the SOA"),
    "NXDOMAIN": (hostile.rcode(dns.rcode.NXDOMAIN), ZoneNotServed, "answered NXDOMAIN"),
    "a resolver": (hostile.not_authoritative(), ZoneNotServed, "not authoritative"),
    "no SOA": (hostile.empty(), ZoneNotServed, "without the SOA of the zone"),
    "another zone's SOA": (renamed, ZoneNotServed, "without the SOA of the zone"),
    "another id": (hostile.wrong_id(), ServerSilent, "none to our question"),
    "another question's answer": (hostile.not_an_answer(), ServerSilent, "none to our question"),
    "nonsense": (hostile.garbage(), ServerSilent, ""),
    "a forged signature": (hostile.tsig_bad(), ServerSilent, "does not hold"),
    "no signature": (hostile.unsigned(), ServerSilent, "not signed"),
    "an old signature": (hostile.tsig_skewed(), ServerSilent, "does not hold"),
    "silence": (hostile.stall(), ServerSilent, "not complete within 0.4 s"),
    "cut": (hostile.cut(after=0), ServerSilent, "before an answer came"),
}


@pytest.mark.parametrize(("behaviour", "kind", "words"), REASONS.values(), ids=REASONS)
def test_a_server_that_does_not_serve_the_zone_says_why(behaviour, kind, words):
    with Hostile({NAME: TEXT}, soa=[behaviour], keys=[KEY]) as server:
        (seen,) = asked(target(server, KEY))

    assert seen.serial is None
    assert type(seen.error) is kind
    assert words in seen.said()


def test_a_server_without_the_zone_says_so(kind):
    with kind({"example.net.": TEXT}) as server:
        (seen,) = asked(target(server), waits=(1, 1))

    assert type(seen.error) is ZoneNotServed


@pytest.mark.primary
def test_a_key_that_a_server_does_not_know_is_named():
    require(Bind)
    with Bind({NAME: TEXT}) as server:
        (seen,) = asked(target(server, KEY), waits=(1, 1))

    assert type(seen.error) is KeyRefused
    assert KEY.name in seen.said()


def test_a_forged_answer_does_not_hide_the_true_one():
    with Receiver(forged_by(OTHER), silent, keys=[KEY]) as server:
        (seen,) = asked(target(server, KEY))

    assert type(seen.error) is ServerUnreachable  # no TCP there
    assert len(server.received) == 2


def test_all_are_asked_at_the_same_time_and_none_disturbs_another():
    nobody = Target(ZONE, Primary("127.0.0.1", free_port()), None, REACH)
    forbidden = Target(ZONE, Primary("192.0.2.1"), None, REACH)
    with Small({NAME: TEXT}) as good, Hostile({NAME: TEXT}, soa=[hostile.stall()]) as bad, Receiver(late(0.05)) as odd:
        began = time.monotonic()
        seen = asked(target(good), *[target(bad)] * 4, nobody, forbidden, target(odd), target(good))
        took = time.monotonic() - began

    kinds = [type(each.error) for each in seen]
    waiting = [ServerSilent] * 4
    assert kinds == [type(None), *waiting, ServerUnreachable, ServerForbidden, ZoneNotServed, type(None)]
    assert [each.has(7) for each in seen] == [True, *[False] * 7, True]
    assert took < 1.5
    assert serials.ask([]) == []
