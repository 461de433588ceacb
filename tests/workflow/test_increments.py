"""Changes at real primaries, applied by IXFR. The contents equal an AXFR of the same serial."""

import random
from dataclasses import replace

import dns.query
import dns.rcode
import dns.update
import pytest
from primaries import HOST_6, Bind, Key, Knot, Nsd, corpus, require, require_dig, require_six
from primaries.canonical import dig_axfr, folded, from_dig, from_lines
from support.service import give_key, primary
from zonewright.contents import differences
from zonewright.model import ranges
from zonewright.model.change import ChangeStatus, Counts
from zonewright.model.order import SyncOptions
from zonewright.model.zone import Primary
from zonewright.store import tsigkeys

ZONE = "example.org."
KEY = Key.of("transfer.example.")

TEXT = """
$TTL 300
@        SOA   ns1 joe\\.doe {serial} 3600 600 86400 300
         NS    ns1
         NS    ns2.example.net.
         MX    10 Mail
         MX    20 relay.example.net.
ns1      A     192.0.2.53
Mail     A     192.0.2.25
www      A     192.0.2.80
www      A     192.0.2.81
www      AAAA  2001:db8::80
www  600 TXT   "one" "two"
*.wild   CNAME www
sub      NS    ns.sub
sub      DS    12345 13 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF
ns.sub   A     192.0.2.54
_sip._tcp SRV  10 20 5060 Sip
odd      TYPE65280 \\# 3 010203
svc      HTTPS 1 . alpn=h2
Old      TXT   "to be deleted"
"""

EDITS = {
    "an RR more in an RRset": [("www      A     192.0.2.81\n", "www      A     192.0.2.81\nwww A 192.0.2.82\n")],
    "an RR less in an RRset": [("www      A     192.0.2.81\n", "")],
    "an RRset more": [("svc  ", 'new.a.b  TXT "new"\nsvc  ')],
    "an RRset of a new type at an old name": [("svc  ", "mail     AAAA 2001:db8::25\nsvc  ")],
    "an RRset less": [('Old      TXT   "to be deleted"\n', "")],
    "an RRset replaced": [("192.0.2.80\n", "198.51.100.80\n"), ("192.0.2.81\n", "198.51.100.81\n")],
    "an RRset of another type in its place": [("*.wild   CNAME www", "*.wild   A 192.0.2.99")],
    "a TTL": [("www  600 TXT", "www 1200 TXT")],
    "the TTL of an RRset of several": [("www      A     192.0.2.8", "www   60 A     192.0.2.8")],
    "the TTL of the SOA": [("@        SOA", "@     90 SOA")],
    "the case of an owner": [("Old      TXT", "OLD      TXT")],
    "the case of a name in rdata": [("MX    10 Mail", "MX    10 mail")],
    "the case of a name, and an RR beside it": [("MX    10 Mail", "MX    10 MAIL\n         MX    30 third")],
    "the apex NS": [("ns2.example.net.", "ns3.example.net.")],
    "a delegation": [("sub      DS", "other    NS ns.sub\nsub      DS")],
    "an unknown type": [("\\# 3 010203", "\\# 4 01020304")],
    "the serial alone": [],
}


def text(serial, edits=()):
    """The zone at a serial, after edits of its text, each of which must have something to edit."""
    found = TEXT.format(serial=serial)
    for old, new in edits:
        assert old in found
        found = found.replace(old, new)
    return found


def serving(kind, zones, **options):
    """A server that tells what moved."""
    server = kind(zones, **options)
    server.increments = True
    return server


def taken_in(service, zone, mode="ixfr"):
    """A zone after a sync, and its change."""
    service.request(zone.id, options=SyncOptions(mode))
    _, change = service.work()
    return change


def loaded(service, server, name=ZONE):
    """A zone that holds what the server serves."""
    zone = service.create(name, primary(server))
    _, change = service.work()
    assert change.status is ChangeStatus.SYNCED
    return zone


def held(service, zone):
    return from_lines(service.lines(zone.id), zone.name)


def served(server, name=ZONE, key=None):
    return from_dig(dig_axfr(server, name, key))


@pytest.fixture(autouse=True, scope="module")
def _dig():
    require_dig()


@pytest.fixture(
    params=[pytest.param(kind, id=kind.__name__, marks=pytest.mark.primary) for kind in (Bind, Knot)],
    scope="module",
)
def telling(request):
    """The servers that tell what moved between two files of a zone, and nothing else."""
    require(request.param)
    return request.param


@pytest.fixture(scope="module")
def edited(telling):
    """One of them, with a zone for each edit."""
    with serving(telling, {f"{number}.example.": text(1) for number in range(len(EDITS))}) as server:
        yield server


@pytest.fixture
def settings(settings):
    """Chunks of a few RRsets."""
    return settings | {"chunk_bytes": 150}


@pytest.mark.parametrize("what", EDITS)
def test_one_serial_on_we_hold_what_the_primary_serves(service, edited, what):
    name = f"{list(EDITS).index(what)}.example."
    zone = loaded(service, edited, name)
    edited.reload(name, text(2, EDITS[what]))

    change = taken_in(service, zone)

    assert (change.status, change.transfer, change.serial, change.reason) == (ChangeStatus.SYNCED, "IXFR", 2, None)
    assert folded(held(service, zone)) == folded(served(edited, name))
    compared = taken_in(service, zone, "axfr")  # BIND leaves changes of case out of its increments
    assert compared.counts.moved == 0
    assert held(service, zone) == served(edited, name)


def test_many_serials_on_we_hold_what_the_primary_serves(service, telling):
    with serving(telling, {ZONE: text(4294967290)}) as server:
        zone = loaded(service, server)
        so_far = []
        for number, edits in enumerate(EDITS.values()):
            if all(old in text(1, so_far) for old, _ in edits):
                so_far = [*so_far, *edits]
            server.reload(ZONE, text((4294967291 + number) % 2**32, so_far))

        change = taken_in(service, zone)

        assert (change.status, change.transfer, change.serial) == (ChangeStatus.SYNCED, "IXFR", 11)
        assert folded(held(service, zone)) == folded(served(server))


def test_any_history_taken_in_is_what_a_comparison_makes(service, telling):
    choose = random.Random(1995)
    hosts = {}

    def moved(serial):
        for _ in range(15):
            host = choose.randrange(60)
            if choose.random() < 0.4:
                hosts.pop(host, None)
            else:
                addresses = choose.sample(range(256), choose.randint(1, 4))
                hosts[host] = (choose.choice([60, 300]), [f"10.0.{host}.{each}" for each in addresses])
        return text(serial) + "".join(
            f"host-{host} {ttl} A {address}\n" for host, (ttl, addresses) in hosts.items() for address in addresses
        )

    with serving(telling, {ZONE: moved(1)}) as server:
        zone = loaded(service, server)
        for last in (4, 11, 30):
            for serial in range(last - 2, last + 1):
                server.reload(ZONE, moved(serial))
            change = taken_in(service, zone)

            assert (change.status, change.transfer) == (ChangeStatus.SYNCED, "IXFR")
            lines = service.lines(zone.id)
            compared = taken_in(service, zone, "axfr")
            assert (compared.transfer, compared.counts.moved) == ("AXFR", 0)
            assert service.lines(zone.id) == lines
            assert held(service, zone) == served(server)


def test_what_moved_and_moved_back_is_nothing_but_a_serial(service, telling):
    with serving(telling, {ZONE: text(1)}) as server:
        zone = loaded(service, server)
        server.reload(ZONE, text(2, EDITS["an RRset less"]))
        server.reload(ZONE, text(3))

        change = taken_in(service, zone)

        assert (change.transfer, change.counts) == ("IXFR", Counts(updated=1, unchanged=change.counts.unchanged))
        assert [move.place for move in differences.read(service.bucket, change.differences[0])] == ["\t6\t"]


def test_signed_increments_are_taken_in(service, telling):
    service.settings = replace(service.settings, chunk_bytes=5000)
    name = "big.example."
    with serving(telling, {name: corpus.big(3000, 1, name)}, keys=[KEY], require_key={name: KEY.name}) as server:
        zone = signed(service, server, name)
        server.reload(name, corpus.big(3000, 2, name, 800))

        change = taken_in(service, zone)

        assert (change.status, change.transfer, change.counts.updated) == (ChangeStatus.SYNCED, "IXFR", 801)
        assert folded(held(service, zone)) == folded(served(server, name, KEY))


def test_increments_leave_a_large_zone_in_large_chunks(service, telling, monkeypatch):
    service.settings = replace(service.settings, chunk_bytes=1000)
    monkeypatch.setattr(ranges, "SMALL", 30)
    name = "big.example."
    with serving(telling, {name: corpus.big(3000, 1, name)}) as server:
        zone = loaded(service, server, name)
        before = [chunk.size for chunk in service.version(zone.id).chunks]
        server.reload(name, corpus.big(3000, 2, name, 300))

        taken_in(service, zone)

    after = [chunk.size for chunk in service.version(zone.id).chunks]
    assert len(after) == len(before) > 3
    assert min(after) > 5000


def test_increments_are_not_told_to_who_does_not_sign(service, telling):
    name = "big.example."
    with serving(telling, {name: corpus.big(100, 1, name)}, keys=[KEY], require_key={name: KEY.name}) as server:
        zone = signed(service, server, name)
        tsigkeys.delete(service.table, tsigkeys.get(service.table, f"{zone.id}-key"))
        server.reload(name, corpus.big(100, 2, name, 5))

        change = taken_in(service, zone)

        service.request(zone.id, options=SyncOptions("auto"))
        _, whole = service.work()

        assert (change.status, change.serial) == (ChangeStatus.FAILED, None)
        assert "is asked with another TSIG key" in change.reason
        assert (whole.status, whole.serial) == (ChangeStatus.FAILED, None)
        assert "the primary answered" in whole.reason


@pytest.mark.primary
def test_a_zone_comes_over_ipv6_whole_and_by_increments_signed(service):
    require(Bind)
    require_six()
    service.settings = replace(service.settings, transfer_networks=("::1/128",))
    server = serving(Bind, {ZONE: text(1)}, keys=[KEY], require_key={ZONE: KEY.name})
    server.six = True
    with server:
        zone = service.create(ZONE, Primary(HOST_6, server.port))
        give_key(service, zone, KEY)
        _, whole = service.work()
        server.reload(ZONE, text(2, EDITS["an RRset more"]))
        moved = taken_in(service, zone)

    assert [(each.status, each.transfer, each.serial) for each in (whole, moved)] == [
        (ChangeStatus.SYNCED, "AXFR", 1),
        (ChangeStatus.SYNCED, "IXFR", 2),
    ]


@pytest.mark.primary
def test_updates_at_the_primary_are_taken_in(service):
    require(Bind)
    server = serving(Bind, {ZONE: text(1)})
    server.updates = True
    with server:
        zone = loaded(service, server)
        for change in (
            [("add", "www", 300, "A", "192.0.2.82")],
            [("add", "www", 60, "A", "192.0.2.83")],  # and so the TTL of all of them
            [("delete", "old"), ("add", "a.b", 300, "TXT", "new")],
            [("delete", "@", "MX"), ("add", "@", 300, "MX", "5 MAIL")],
            [("replace", "ns1", 900, "A", "192.0.2.153")],
            [("delete", "a.b", "TXT", "new")],
        ):
            update = dns.update.Update(ZONE)
            for verb, *said in change:
                getattr(update, verb)(*said)
            answer = dns.query.tcp(update, server.host, port=server.port, timeout=5)
            assert answer.rcode() == dns.rcode.NOERROR

        change = taken_in(service, zone)

        assert (change.transfer, change.serial) == ("IXFR", 7)
        assert change.counts.moved == 5  # a.b came and went
        assert folded(held(service, zone)) == folded(served(server))


@pytest.mark.primary
def test_from_a_serial_that_is_too_old_the_whole_zone_comes(service):
    require(Bind)
    with serving(Bind, {ZONE: text(1)}) as server:
        zone = loaded(service, server)
        server.reload(ZONE, text(2, EDITS["an RRset less"]))
        server.zone_file(ZONE).with_suffix(".zone.jnl").unlink()
        server.reload(ZONE, text(3, EDITS["an RRset less"]))

        change = taken_in(service, zone, "auto")

        note = "the primary sent the whole zone, not what moved"
        assert (change.status, change.transfer, change.reason) == (ChangeStatus.SYNCED, "AXFR", note)
        assert held(service, zone) == served(server)


@pytest.mark.primary
@pytest.mark.parametrize("edits", [EDITS[what] for what in ("an RRset less", "a TTL", "the serial alone")])
def test_increments_that_add_what_is_there_are_not_believed(service, edits):
    """NSD 4.6 puts RRsets that stay among what is added."""
    require(Nsd)
    with serving(Nsd, {ZONE: text(1)}) as server:
        zone = loaded(service, server)
        server.reload(ZONE, text(2, edits))

        change = taken_in(service, zone, "auto")

        assert (change.status, change.serial) == (ChangeStatus.SYNCED, 2)
        assert change.transfer == "IXFR" or change.reason.endswith(", which is there")
        assert folded(held(service, zone)) == folded(served(server))


def signed(service, server, name):
    """A zone loaded with KEY."""
    zone = service.create(name, primary(server))
    give_key(service, zone, KEY)
    _, change = service.work()
    assert change.status is ChangeStatus.SYNCED
    return zone
