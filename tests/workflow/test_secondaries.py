"""A copy holds what the secondaries of the same primary hold: BIND, Knot and NSD copy each zone beside us.

They differ from each other, and a copy goes with those that keep what the primary sent:

    the case of owner names        BIND keeps it; Knot and NSD write lower case
    the case of names in rdata     BIND keeps it; Knot and NSD write lower case in the types of RFC 1035
    the TTL of an RRSIG            BIND and NSD keep it; Knot writes the TTL of the RRset that it covers
    RRs of more than 16 KiB        NSD takes them, and cannot send them
    different TTLs in an RRset     NSD keeps each; BIND takes the first, Knot the lowest

A copy keeps each TTL of an RRset too, and shows the lowest (RFC 2181 section 5.2).
"""

from contextlib import ExitStack

import dns.name
import pytest
from primaries import REAL, Bind, Hostile, Knot, Nsd, corpus, hostile, require, require_signing, sent, signing
from support.service import primary
from support.texts import ZONE
from zonewright.model.change import ChangeStatus

RRSIG = 46
SENDABLE = {"sendable.sets.example.": corpus.zones(Nsd)["sets.example."]}
UNSIGNED = corpus.zones() | SENDABLE | corpus.odd() | {"big.example.": corpus.big(500, 7)}
NOT_SENT = {(Nsd, "sets.example."), (Nsd, "nsec3.sets.example.")}
PAIRS = [
    pytest.param(kind, zone, id=f"{kind.__name__}-{zone}", marks=pytest.mark.primary)
    for kind in REAL
    for zone in (*UNSIGNED, *signing.NAMES)
    if (kind, zone) not in NOT_SENT
]


@pytest.fixture(scope="module")
def bind():
    """BIND as the primary of every zone."""
    require(Bind)
    require_signing()
    with Bind(UNSIGNED | signing.zones()) as server:
        yield server


@pytest.fixture(scope="module")
def secondaries(bind):
    """Each installed server, with a copy of every zone of the primary."""
    with ExitStack() as running:
        servers = {kind: kind(bind.zones) for kind in REAL if kind.available()}
        for server in servers.values():
            server.source = bind
            running.enter_context(server)
        yield servers


def as_kept_by(server, rrs):
    """Return RRs as a secondary keeps them."""
    if isinstance(server, Bind):
        return sorted(rrs)
    rrs = sent.folded(rrs)
    if not isinstance(server, Knot):
        return rrs
    ttls = {(rr.owner, rr.type): rr.ttl for rr in rrs if rr.type != RRSIG}
    return sorted(
        rr._replace(ttl=ttls[rr.owner, int.from_bytes(rr.rdata[:2])]) if rr.type == RRSIG else rr for rr in rrs
    )


@pytest.mark.parametrize(("kind", "zone"), PAIRS)
def test_a_copy_holds_what_a_secondary_holds(service, bind, secondaries, kind, zone):
    require(kind)
    secondary = secondaries[kind]
    made = service.create(zone, primary(bind))
    _, change = service.work()
    ours = sent.from_lines(service.lines(made.id), zone)

    assert change.status is ChangeStatus.SYNCED
    assert ours == sent.axfr(bind, zone)
    theirs = sent.axfr(secondary, zone)
    assert as_kept_by(secondary, ours) == (theirs if isinstance(secondary, Bind) else sent.folded(theirs))


MIXED = """
$TTL 300
@        SOA   ns1 joe 1 3600 600 86400 300
         NS    ns1
ns1      A     192.0.2.53
www      A     192.0.2.80
www      A     192.0.2.81
www      A     192.0.2.82
"""
OF_MIXED_TTLS = {Bind: [300, 300, 300], Knot: [298, 298, 298], Nsd: [300, 299, 298]}
"""What is left of the TTLs 300, 299 and 298 in an RRset: BIND takes the first, Knot the lowest, NSD keeps each."""


@pytest.mark.primary
@pytest.mark.parametrize("kind", REAL)
def test_of_different_ttls_in_an_rrset_a_copy_shows_the_lowest_as_knot_does(service, kind):
    require(kind)
    with Hostile({ZONE: MIXED}, hostile.differing_ttls()) as source:
        made = service.create(ZONE, primary(source))
        _, change = service.work()
        server = kind({ZONE: MIXED})
        server.source = source
        with server:
            theirs = [rr.ttl for rr in by_address(sent.axfr(server, ZONE))]

    assert theirs == OF_MIXED_TTLS[kind]
    assert [rr.ttl for rr in by_address(sent.from_lines(service.lines(made.id), ZONE))] == OF_MIXED_TTLS[Knot]
    assert change.reason == "1 RRsets had records with different TTLs: the lowest is shown"


@pytest.mark.primary
def test_of_an_owner_in_different_cases_a_copy_shows_one_that_was_sent_as_bind_does(service):
    require(Bind)
    with Hostile({ZONE: MIXED}, hostile.mixed_case()) as source:
        asked = {rr.owner for rr in by_address(sent.axfr(source, ZONE))}
        made = service.create(ZONE, primary(source))
        service.work()
        server = Bind({ZONE: MIXED})
        server.source = source
        with server:
            theirs = {rr.owner for rr in by_address(sent.axfr(server, ZONE))}

    ours = {rr.owner for rr in by_address(sent.from_lines(service.lines(made.id), ZONE))}
    assert (len(asked), len(theirs), len(ours)) == (3, 1, 1)
    assert theirs < asked
    assert {labels(owner)[0] for owner in ours} < {labels(owner)[0] for owner in asked}


def by_address(rrs):
    """Return the A records of www, by address."""
    return sorted((rr for rr in rrs if labels(rr.owner)[0].lower() == b"www"), key=lambda rr: rr.rdata)


def labels(owner):
    """Return the labels of a name in wire form."""
    return dns.name.from_wire(owner, 0)[0].labels
