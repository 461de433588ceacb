"""The zone service in one process, for the tests of the workflow."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime

import dns.name
import dns.rcode
from zonewright import clock
from zonewright.actions import dryruns, syncs, zones
from zonewright.model.order import COMPARE, SyncOptions
from zonewright.model.tsigkey import Places, Scope, TsigKey
from zonewright.model.users import Caller
from zonewright.model.zone import Primary, ZoneType
from zonewright.protocol import names, rrset
from zonewright.service import Service
from zonewright.store import changes, tsigkeys, versions
from zonewright.store import zones as store
from zonewright.store.vault import Purpose

from support.chunklines import lines_of
from support.machine import Machine
from support.texts import ZONE

GROUP = "0c9d62b7-1ec8-4d87-86f4-5a3d9b9aa0b1"
OTHER = "7c7e3d6c-0d5b-4d0a-a7b1-7b3ce3f7a4d2"
CALLER = Caller("joe-id", "joe", frozenset({GROUP}), GROUP)
STRANGER = Caller("eve-id", "eve", frozenset({OTHER}), OTHER)


class Driven(Service):
    """The service in one process, with verbs for tests: create a zone, sync it, read it."""

    ahead = None
    """The lead of this service's clock over the real one."""

    def __init__(self, settings):
        super().__init__(settings)
        self.workflow = self
        self.machine = Machine()
        self.orders = []

    def now(self):
        """Return the real time plus `ahead`."""
        moment = datetime.now(UTC)
        return moment + self.ahead if self.ahead else moment

    def start(self, order):
        """Store the order instead of starting Step Functions. The test runs it later."""
        self.orders.append(order)

    def create(self, name, *primaries, **new):
        """Create a SECONDARY zone, whose first sync is in `orders`. Return it."""
        asked = zones.NewZone(name, ZoneType.SECONDARY, primaries=primaries, **new)
        return zones.create(self, asked, caller=CALLER)

    def request(self, zone_id, caller=CALLER, options=COMPARE):
        """Request a sync. Return the zone and the change."""
        return syncs.request(self, zone_id, options, caller=caller)

    def ask(self, zone_id, caller=CALLER, **options):
        """Request a dry run. Return its report."""
        return dryruns.request(self, zone_id, SyncOptions(**options), caller=caller)

    def report(self, asked):
        """Return the present report of a dry run."""
        return dryruns.get(self, self.zone(asked.change.zone_id), asked.id)

    def dry_run(self, zone_id, **options):
        """Request a dry run and run it. Return the status of the execution, and the report."""
        asked = self.ask(zone_id, **options)
        return self.execute(self.orders.pop(0)), self.report(asked)

    def execute(self, order, **changed):
        """Run an order to its end. Return the status of the execution."""
        return self.machine.run({"order": json.loads(json.dumps(asdict(order) | changed))})

    def work(self, **changed):
        """Run the oldest order to its end. Return the status of the execution, and the ended change."""
        order = self.orders.pop(0)
        status = self.execute(order, **changed)
        return status, changes.get(self.table, order.zone_id, clock.from_text(order.created), order.sync_id)

    def sync(self, zone_id, **changed):
        """Request a sync and run it. Return the same as `work`."""
        self.request(zone_id)
        return self.work(**changed)

    def zone(self, zone_id):
        """Return the present zone."""
        return store.get(self.table, zone_id)

    def version(self, zone_id, number=None):
        """Return a version of a zone. The default is the present one."""
        return versions.get(self.table, zone_id, number or self.zone(zone_id).version)

    def lines(self, zone_id, number=None):
        """Return the RRset lines of a version."""
        version = self.version(zone_id, number)
        return lines_of(self.bucket, zone_id, version.chunks)

    def texts(self, zone_id):
        """Return the contents, each RRset as `owner TTL TYPE rdata...`."""
        origin = names.absolute(self.zone(zone_id).name)
        found = []
        for line in self.lines(zone_id):
            each = rrset.from_line(line)
            owner = each.owner(origin).relativize(origin)
            found.append(f"{owner} {each.ttl} {each.type_text()} {' '.join(each.texts())}")
        return found


def primary(server):
    """Return the address of a test's server."""
    return Primary(server.host, server.port)


def name(text):
    """Return an absolute name."""
    return dns.name.from_text(text)


def give_key(service, zone, key):
    """Create a TSIG key for the transfers of a zone."""
    tsigkeys.create(
        service.table,
        TsigKey(
            f"{zone.id}-key",
            key.name,
            key.algorithm,
            service.vault.seal(key.secret, f"{zone.id}-key", Purpose.TSIG),
            Scope.ZONE,
            zone.id,
            service.now(),
        ),
    )


def give_pool_key(service, key, primaries=(), zones=()):
    """Create a TSIG key of the pool that lists primaries and zones. Return it."""
    sealed = service.vault.seal(key.secret, key.name, Purpose.TSIG)
    made = TsigKey(key.name, key.name, key.algorithm, sealed, Scope.POOL, service.settings.pool_id, service.now())
    made = replace(made, places=Places(tuple(primaries), tuple(zones)))
    tsigkeys.create(service.table, made)
    return made


def loaded(service, server, **new):
    """Return a zone with its first contents."""
    zone = service.create(ZONE, primary(server), **new)
    service.work()
    return service.zone(zone.id)
