"""Catalog zones (RFC 9432) as BIND and Knot read them: members become secondaries, and leave with the catalog.

The primary gets catalog and members by updates, as the service writes to one.
"""

import contextlib
import time

import dns.name
import pytest
from primaries import Bind, Key, Knot, Small, require
from primaries.canonical import dig_axfr, from_dig
from primaries.server import require_dig
from zonewright.model import catalog, push
from zonewright.model.push import Options
from zonewright.model.zone import Primary
from zonewright.protocol import tsig
from zonewright.servers import notify, updating
from zonewright.servers.connection import Reach
from zonewright.servers.updating import Target

CATALOG = "catalog.example."
EMPTY = """
$TTL 0
@        SOA  invalid. invalid. 1 3600 600 2147483646 0
         NS   invalid.
version  TXT  "2"
"""
TEXT = """
$TTL 300
@    SOA  ns host {serial} 7200 3600 1209600 300
     NS   ns
ns   A    192.0.2.{serial}
"""
ORG, NET = "0b1f6f2c-91a1-4c3f-9a15-3c7e8a1d5b01", "f2d6a1de-55b0-4d0c-8a43-8f0a34be2c02"
NEW = "1c5e7d3a-2b1f-4f0e-9d6c-7a8b9c0d1e03"
MEMBERS = {ORG: "example.org.", NET: "example.net."}
KEY = Key.of("push.example.")
REACH = Reach(("127.0.0.0/8",), "1-65535", first=5, idle=5, total=5, rate=1, octets=1 << 16)


@pytest.fixture(params=[pytest.param(kind, id=kind.__name__, marks=pytest.mark.primary) for kind in (Bind, Knot)])
def kind(request):
    require(request.param)
    require_dig()
    return request.param


@contextlib.contextmanager
def primary_of(kind):
    """A primary that has the members, and a catalog that names none."""
    zones = {CATALOG: EMPTY, **{name: TEXT.format(serial=1) for name in MEMBERS.values()}}
    server = kind(zones, keys=[KEY])
    server.updates = True
    with server:
        yield server


@contextlib.contextmanager
def secondary_of(kind, primary):
    """A secondary that is configured with the catalog, and no member."""
    server = kind({CATALOG: EMPTY})
    server.source, server.catalog = primary, CATALOG
    with server:
        yield server


def change(primary, secondary, old, new, serial):
    """Push the catalog of `new` members, and tell the secondary."""
    zone, key = dns.name.from_text(CATALOG), tsig.Key(KEY.name, KEY.algorithm, KEY.secret)
    target = Target(zone, Primary(primary.host, primary.port), key, REACH)
    planned = push.plan(catalog.moves(old, new), catalog.soa(serial - 1), catalog.soa(serial), 0, Options())
    assert list(updating.push(target, planned)) == [1]
    assert updating.proven(target, planned)
    (told,) = notify.tell(
        [Target(zone, Primary(secondary.host, secondary.port), None, REACH)], catalog.soa(serial), (1, 1)
    )
    assert told.taken


def until(ask, wanted, patience=15):
    deadline = time.monotonic() + patience
    while (said := ask()) != wanted:
        assert time.monotonic() < deadline, said
        time.sleep(0.05)


def served(secondary):
    """The serials of the zones that the secondary has."""
    return {name: secondary.serial(name) for name in ("example.org.", "example.net.") if secondary.serial(name)}


@pytest.mark.parametrize("source", [Small, Bind], ids=["from the small server", "from BIND"])
def test_members_of_a_catalog_are_copied_and_left(kind, source):
    with primary_of(source) as primary, secondary_of(kind, primary) as secondary:
        assert served(secondary) == {}

        change(primary, secondary, {}, MEMBERS, 2)
        until(lambda: served(secondary), {"example.org.": 1, "example.net.": 1})
        assert from_dig(dig_axfr(secondary, "example.net.")) == from_dig(dig_axfr(primary, "example.net."))

        change(primary, secondary, MEMBERS, {ORG: "example.org."}, 3)
        until(lambda: served(secondary), {"example.org.": 1})


def test_a_zone_that_is_made_again_is_copied_anew(kind):
    with primary_of(Small) as primary, secondary_of(kind, primary) as secondary:
        change(primary, secondary, {}, {NET: "example.net."}, 2)
        until(lambda: served(secondary), {"example.net.": 1})

        primary.reload("example.net.", TEXT.format(serial=2**31 + 9).replace(f"192.0.2.{2**31 + 9}", "192.0.2.9"))
        change(primary, secondary, {NET: "example.net."}, {NEW: "example.net."}, 3)
        until(lambda: served(secondary), {"example.net.": 2**31 + 9})
