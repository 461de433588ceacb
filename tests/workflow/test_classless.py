"""Zones of classless reverse delegation (RFC 2317): names with a slash or a range, copied from real primaries."""

import pytest
from primaries.canonical import dig_axfr, from_dig, from_lines
from primaries.fixtures import real_server  # noqa: F401 - a fixture
from support.service import CALLER, primary
from zonewright.actions import exports, zone_lists, zones
from zonewright.model.change import ChangeStatus
from zonewright.model.order import SyncOptions
from zonewright.model.selection import Selection
from zonewright.protocol import rrset
from zonewright.protocol.zonefile import reader

PARENT = "2.0.192.in-addr.arpa."
CHILDREN = ("0-26.2.0.192.in-addr.arpa.", "64/26.2.0.192.in-addr.arpa.", "192/30.2.0.192.in-addr.arpa.")

HEAD = """
$TTL 3600
@        SOA   ns1.example.org. host.example.org. {serial} 3600 600 86400 300
         NS    ns1.example.org.
"""
DELEGATIONS = (
    HEAD
    + """
0-26     NS    ns1.example.org.
64/26    NS    ns2.example.org.
192/30   NS    ns1.example.org.
1        CNAME 1.0-26
65   300 CNAME 65.64/26
193      CNAME 193.192/30
194      CNAME 194.192/30.2.0.192.IN-ADDR.ARPA.
"""
)
POINTERS = (
    HEAD
    + """
193      PTR   www.example.org.
194      PTR   Mail.Example.org.
a/b.//c  TXT   "slashes in owners too"
alias    CNAME 193.192/30.2.0.192.in-addr.arpa.
"""
)
TEXTS = {PARENT: DELEGATIONS, **dict.fromkeys(CHILDREN, POINTERS)}


def at(serial):
    return {name: text.replace("{serial}", str(serial)) for name, text in TEXTS.items()}


@pytest.mark.primary
def test_zones_of_classless_delegation_are_copied_as_they_are(path, service, real_server):  # noqa: F811
    with real_server(at(1)) as server:
        server_says = {name: from_dig(dig_axfr(server, name)) for name in TEXTS}
        made = {name: service.create(name, primary(server)) for name in TEXTS}
        ended = [service.work() for _ in made]

    assert {(status, change.status, change.reason) for status, change in ended} == {
        ("SUCCEEDED", ChangeStatus.SYNCED, None)
    }
    for name, zone in made.items():
        assert from_lines(service.lines(zone.id), name) == server_says[name]


@pytest.mark.primary
def test_increments_of_such_a_zone_are_taken(service, real_server):  # noqa: F811
    name = CHILDREN[-1]
    server = real_server({name: at(1)[name]})
    server.increments = True
    with server:
        zone = service.create(name, primary(server))
        service.work()
        server.reload(name, at(2)[name].replace("193 ", "192/31 "))
        service.request(zone.id, options=SyncOptions("auto"))
        _, change = service.work()
        expected = from_dig(dig_axfr(server, name))

    assert (change.status, change.serial) == (ChangeStatus.SYNCED, 2)
    assert from_lines(service.lines(zone.id), name) == expected


@pytest.mark.primary
def test_such_a_zone_is_exported_and_found_by_its_name(service, real_server):  # noqa: F811
    name = CHILDREN[-1]
    with real_server(at(1)) as server:
        zone = service.create(name, primary(server))
        service.work()
    zone = service.zone(zone.id)

    text = exports.export(service, zone, exports.version(service, zone)).text
    read = reader.read(text, origin=name)

    assert rrset.gather(sorted(read.lines))[0] == service.lines(zone.id)
    assert zones.find(service, "", name.upper()) == zone
    assert zone_lists.listing(service, CALLER.group_id, Selection(limit=5, name=name)).zones == [zone]
