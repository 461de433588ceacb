"""The zone service in one process, for the tests of deliveries: write, deliver, and read what name servers have."""

import ipaddress
import threading
import uuid
from contextlib import contextmanager
from datetime import timedelta

import dns.message
import dns.name
import dns.query
from primaries import Key, require, sent
from zonewright.actions import edit, recordsets, zones
from zonewright.delivery.rfc2136 import Dynamic
from zonewright.model.diff import Move
from zonewright.model.pool import NsRecord, Pool, Rfc2136, Target
from zonewright.model.recordset import Content
from zonewright.model.tsigkey import Scope, TsigKey
from zonewright.protocol import names, records, rrset, update
from zonewright.protocol.types import SOA, A
from zonewright.servers import updating
from zonewright.store import deliveries, pools, tsigkeys
from zonewright.store import zones as store
from zonewright.store.vault import Purpose

from functions.delivery.deliver import handler
from support.service import CALLER, Driven
from support.updating import soa_line

NAME = "example.org."
OTHERS = {"PowerDNS": {"prerequisites": "recordsets"}}
"""Options that a kind of name server needs."""
KEY = Key.of("push.example.")


class Pushing(Driven):
    """The service in one process, with verbs for tests of deliveries."""

    def __init__(self, settings):
        super().__init__(settings)
        self.deliverer = self
        self.begun = []

    def begin(self, zone_id):
        """Note the zone instead of invoking the function. The test does that later."""
        self.begun.append(zone_id)

    def deliver(self, zone_id):
        """Invoke the function that delivers. Return how that ended."""

        class Context:
            aws_request_id = "request"

        return handler({"zone_id": zone_id}, Context())["end"]

    def pool(self, *targets, **fields):
        """Store the deployment's pool with these targets. Return it."""
        made = Pool(self.settings.pool_id, "default", (NsRecord("ns1.example.net.", 1),), targets=targets, **fields)
        return pools.put(self.table, made, pools.get(self.table, made.id), self.now())

    def pools(self):
        """Return the stored pools."""
        return pools.listing(self.table)

    def target(self, server, **options):
        """Return a target of a pool: a name server that takes updates under our key."""
        if tsigkeys.get(self.table, KEY.name) is None:
            sealed = self.vault.seal(KEY.secret, KEY.name, Purpose.TSIG)
            made = TsigKey(KEY.name, KEY.name, KEY.algorithm, sealed, Scope.POOL, self.settings.pool_id, self.now())
            tsigkeys.create(self.table, made)
        options = Rfc2136(server.host, server.port, **options)
        return Target(str(uuid.uuid4()), options, type(server).__name__, KEY.name)

    def make(self, name, contents=None):
        """Create a PRIMARY zone. Return it."""
        asked = zones.NewZone(name, email="joe@example.org", contents=contents)
        return zones.create(self, asked, caller=CALLER)

    def standing(self, zone_id):
        """Return the standings of the targets of a zone."""
        return list(deliveries.get(self.table, zone_id).standings.values())

    def write_there(self, target, name, address):
        """Add an A RRset at a target, as another writer does."""
        line = rrset.to_line(
            names.key_of(names.absolute(name), names.absolute(NAME)), A, 60, [records.rdata_of(A, address)]
        )
        self._add(target, line)

    def give_serial(self, target, serial):
        """Give the zone at a target this serial."""
        self._add(target, soa_line(serial, 300))

    def _add(self, target, line):
        server = Dynamic.of(self, store.named(self.table, NAME), target).server
        updating._exchange(server, update.Section(), update.added(rrset.from_line(line)))  # noqa: SLF001 - an update


def serving(kind, more="", serial=1, *, updates=True, **options):
    """A name server that has a zone with SOA, NS and `more`, and takes updates under our key. `options` are its own."""
    require(kind)
    text = f"$TTL 300\n@ SOA other.example.net. joe.example.net. {serial} 2 3 4 5\n@ NS other.example.net.\n{more}"
    server = kind({NAME: text}, keys=[KEY], require_key={NAME: KEY.name})
    server.updates = updates
    for name, value in options.items():
        setattr(server, name, value)
    return server


def write(service, zone, owner, *texts):
    """Create an A RRset."""
    content = Content(tuple(records.rdata_of(A, each) for each in texts), 60)
    return recordsets.create(service, service.zone(zone.id), f"{owner}.{NAME}", A, content, caller=CALLER)


def write_many(service, zone, owners):
    """Create an A RRset at each owner, all in one version."""
    found = service.zone(zone.id)
    moves = [Move(None, rrset.to_line(each, A, 60, [records.rdata_of(A, "192.0.2.1")])) for each in owners]
    version = service.version(zone.id)
    edit.publish(service, found, version, moves, caller=CALLER, now=found.moment(service.now()))


def settle(service, zone):
    """Deliver, as the dispatcher of later minutes does, until the zone is delivered."""
    for _ in range(10):
        if service.deliver(zone.id) == "delivered":
            service.ahead = service.ahead or timedelta()
            return
        service.ahead = (service.ahead or timedelta()) + timedelta(minutes=20)
    raise AssertionError(f"not delivered: {service.standing(zone.id)}")


@contextmanager
def serials_seen(server):
    """Ask a name server for its serial all the time. Yield the list of those that it had."""
    over, seen = threading.Event(), []
    question = dns.message.make_query(NAME, "SOA", flags=0)

    def look():
        while not over.is_set():
            answer = dns.query.udp(question, server.host, port=server.port, timeout=10)
            seen.append(answer.answer[0][0].serial)
            over.wait(0.01)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        over.set()
        looking.join()


def addresses(server, owner):
    """The addresses that a name server has for an owner."""
    where = dns.name.from_text(f"{owner}.{NAME}").to_wire()
    found = [rr for rr in held(server, NAME) if rr.owner == where and rr.type == A]
    return sorted(str(ipaddress.ip_address(rr.rdata)) for rr in found)


def wanted(service, zone):
    """The RRs of the present version of a zone, as `held` returns them."""
    found = service.zone(zone.id)
    lines = [rrset.as_served(line, found.ttl) for line in service.lines(zone.id)]
    return _plain(sent.from_lines(lines, NAME))


def held(server, name):
    """Return the RRs of a zone at a server, with names in lower case. PowerDNS keeps the TTL of its SOA."""
    return _plain(sent.axfr(server, name, KEY))


def _plain(rrs):
    return sent.folded(rr._replace(ttl=0) if rr.type == SOA else rr for rr in rrs)
