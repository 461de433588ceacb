"""A hosted zone of the stack's emulated Route 53, over HTTP: made, pushed to, in sync, and removed."""

import dns.name
import pytest
from support.updating import TTL, line, shown
from zonewright.errors import HostedZoneNotFound
from zonewright.model import changebatch, diff
from zonewright.model.pool import Route53
from zonewright.protocol.types import CNAME, MX, NS, TXT, A
from zonewright.servers import changing, hostedzones, route53

OPTIONS = Route53(create=True)
APEX = line("", NS, ["ns1.example.net."])
OLD = sorted([APEX, *(line(f"host-{n:04}", A, ["192.0.2.1"]) for n in range(600)), line("a", TXT, ['"x"'])])
NEW = sorted(
    [
        APEX,
        *(line(f"host-{n:04}", A, ["192.0.2.2"]) for n in range(600)),
        line("a", CNAME, ["b.example.net."]),
        line("*", MX, ["10 Mail.example.net."]),
        line("b", TXT, ['"say \\"x\\" \\\\ \\009\\200"']),
    ]
)


def pushed(zone, old, new):
    """What a hosted zone has after a push, how many batches it took, and the last change."""
    planned = changebatch.plan(diff.exact_moves(old, new), zone.zone, TTL)
    *_, last = changing.push(zone, planned)
    return shown(route53.contents(zone).lines), last.done, last.change


def test_versions_are_brought_to_a_hosted_zone(aws, name):
    client, origin, zone_id = aws("route53"), dns.name.from_text(name), f"id of {name}"
    zone = hostedzones.find_or_make(client, origin, OPTIONS, zone_id, region="us-east-1")
    try:
        assert pushed(zone, [], OLD)[:2] == (shown(OLD[1:]), 1)
        found, batches, change = pushed(zone, OLD, NEW)
        assert (found, batches) == (shown(NEW[1:]), 2)
        assert [route53.insync(client, change) for _ in range(2)] == [False, True]
        assert pushed(zone, OLD, NEW)[0] == found  # as after a lost answer
    finally:
        removed = hostedzones.remove(zone, zone_id, OPTIONS)

    assert removed
    with pytest.raises(HostedZoneNotFound):
        hostedzones.find(client, origin, OPTIONS, zone_id)
