"""A zone service in one process: moto below, the real state machine and handlers, primaries on loopback."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

import dns.name
import pytest
from workflow.machine import Machine
from zonewright import clock
from zonewright import service as surroundings
from zonewright.actions import zones
from zonewright.contents import chunks
from zonewright.model.settings import Settings
from zonewright.model.users import Caller
from zonewright.model.zone import Primary, ZoneType
from zonewright.protocol import names, rrset
from zonewright.store import changes, versions
from zonewright.store import zones as store
from zonewright.sync import dryruns, lifecycle

GROUP = "0c9d62b7-1ec8-4d87-86f4-5a3d9b9aa0b1"
OTHER = "7c7e3d6c-0d5b-4d0a-a7b1-7b3ce3f7a4d2"
CALLER = Caller("joe-id", "joe", frozenset({GROUP}), GROUP)
STRANGER = Caller("eve-id", "eve", frozenset({OTHER}), OTHER)


class Service:
    """What the tests do: make a zone, sync it, look at it."""

    def __init__(self, run):
        self.run = run
        self.machine = Machine()
        self.orders = []

    def start(self, order):
        """In the place of Step Functions: keep the order, the test runs it when it wants to."""
        self.orders.append(order)

    def create(self, name, *primaries, **new):
        """Create a SECONDARY zone; its first sync waits to be run."""
        asked = zones.NewZone(name, ZoneType.SECONDARY, primaries=primaries, **new)
        return zones.create(self.run.table, self.run.bucket, self, self.run.settings, asked, CALLER, self.run.now())

    def request(self, zone_id, caller=CALLER, wish=lifecycle.WHOLE):
        """Ask for a sync."""
        return lifecycle.request(self.run.table, self, self.run.settings, zone_id, wish, caller, self.run.now())

    def ask(self, zone_id, caller=CALLER, **wish):
        """Ask for a dry run."""
        run, wanted = self.run, lifecycle.Wish(**wish)
        return dryruns.request(run.table, self, run.settings, zone_id, wanted, caller, run.now())

    def report(self, asked):
        """A dry run as it is now."""
        zone = self.zone(asked.change.zone_id)
        return dryruns.get(self.run.table, zone, asked.id, self.run.now())

    def dry_run(self, zone_id, **wish):
        """Ask for a dry run and run it: the execution's status, and the report."""
        asked = self.ask(zone_id, **wish)
        return self.execute(self.orders.pop(0)), self.report(asked)

    def execute(self, order, **changed):
        """Run an order to its end, and tell the execution's status."""
        return self.machine.run({"order": json.loads(json.dumps(asdict(order) | changed))})

    def work(self, **changed):
        """Run the oldest order to its end: the execution's status, and the change as it ended."""
        order = self.orders.pop(0)
        status = self.execute(order, **changed)
        return status, changes.get(self.run.table, order.zone_id, clock.from_text(order.created), order.sync_id)

    def sync(self, zone_id, **changed):
        """Ask for a sync and run it."""
        self.request(zone_id)
        return self.work(**changed)

    def zone(self, zone_id):
        """The zone as it is now."""
        return store.get(self.run.table, zone_id)

    def version(self, zone_id, number=None):
        """A version of a zone, by default the one it shows."""
        return versions.get(self.run.table, zone_id, number or self.zone(zone_id).version)

    def lines(self, zone_id, number=None):
        """The RRset lines of a version."""
        version = self.version(zone_id, number)
        return list(chunks.lines(self.run.bucket, zone_id, version.chunks))

    def texts(self, zone_id):
        """The contents as `owner TTL TYPE rdata...`, for a test to compare with."""
        origin = names.absolute(self.zone(zone_id).name)
        found = []
        for line in self.lines(zone_id):
            each = rrset.from_line(line)
            owner = each.owner(origin).relativize(origin)
            found.append(f"{owner} {each.ttl} {each.type_text()} {' '.join(each.texts())}")
        return found


class Clock(surroundings.Runtime):
    """A runtime whose clock a test can move."""

    ahead = None

    def now(self):
        moment = datetime.now(UTC)
        return moment + self.ahead if self.ahead else moment


@pytest.fixture
def settings():
    """What an operator would set for tests: primaries on loopback, no delay, little patience."""
    return {
        "transfer_networks": ("127.0.0.0/8",),
        "transfer_ports": "1024-65535",
        "sync_delay": 0,
        "idle_timeout": 1,
        "transfer_timeout": 20,
    }


@pytest.fixture
def service(table, bucket, vault, settings, monkeypatch):
    """The service over moto."""
    run = Clock(Settings(table=table.name, bucket=bucket.name, kms_key=vault.key_id, **settings))
    run.table, run.bucket, run.vault = table, bucket, vault
    monkeypatch.setattr("zonewright.background.runtime", lambda: run)
    return Service(run)


def primary(server):
    """Where a test's server listens."""
    return Primary(server.host, server.port)


def name(text):
    """An absolute name."""
    return dns.name.from_text(text)
