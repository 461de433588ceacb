"""A copy holds what the secondaries of the same primary hold: BIND, Knot and NSD copy each zone beside us.

They differ from each other, and a copy goes with those that keep what the primary sent:

    the case of owner names        BIND keeps it; Knot and NSD write lower case
    the case of names in rdata     BIND keeps it; Knot and NSD write lower case in the types of RFC 1035
    the TTL of an RRSIG            BIND and NSD keep it; Knot writes the TTL of the RRset that it covers
    RRs of more than 16 KiB        NSD takes them, and cannot send them
    different TTLs in an RRset     in no server; each makes them equal when it reads them
"""

import pytest
from primaries import REAL, Bind, Knot, Nsd, corpus, require, sent, signing
from support.service import primary
from zonewright.model.change import ChangeStatus

RRSIG = 46
SENDABLE = {"sendable.sets.example.": corpus.zones(Nsd)["sets.example."]}
TEXTS = corpus.zones() | SENDABLE | corpus.odd() | {"big.example.": corpus.big(2000, 7)} | signing.zones()
NOT_SENT = {(Nsd, "sets.example."), (Nsd, "nsec3.sets.example.")}
PAIRS = [
    pytest.param(kind, zone, id=f"{kind.__name__}-{zone}", marks=pytest.mark.primary)
    for kind in REAL
    for zone in TEXTS
    if (kind, zone) not in NOT_SENT
]


@pytest.fixture(scope="module")
def bind():
    """BIND as the primary of every zone."""
    require(Bind)
    with Bind(TEXTS) as server:
        yield server


@pytest.fixture(scope="module")
def secondary(request, bind):
    """Each server in turn, with a copy of every zone of the primary."""
    require(request.param)
    server = request.param(TEXTS)
    server.source = bind
    with server:
        yield server


def as_kept_by(server, rrs):
    """Return RRs as a server keeps them that were sent to it."""
    if isinstance(server, Bind):
        return sorted(rrs)
    rrs = sent.folded(rrs)
    if not isinstance(server, Knot):
        return rrs
    ttls = {(rr.owner, rr.type): rr.ttl for rr in rrs if rr.type != RRSIG}
    return sorted(
        rr._replace(ttl=ttls[rr.owner, int.from_bytes(rr.rdata[:2])]) if rr.type == RRSIG else rr for rr in rrs
    )


@pytest.mark.parametrize(("secondary", "zone"), PAIRS, indirect=["secondary"])
def test_a_copy_holds_what_a_secondary_holds(service, bind, secondary, zone):
    made = service.create(zone, primary(bind))
    _, change = service.work()
    ours = sent.from_lines(service.lines(made.id), zone)

    assert change.status is ChangeStatus.SYNCED
    assert ours == sent.axfr(bind, zone)
    theirs = sent.axfr(secondary, zone)
    assert as_kept_by(secondary, ours) == (theirs if isinstance(secondary, Bind) else sent.folded(theirs))
