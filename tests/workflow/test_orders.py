"""Everything that may write one zone, in all orders of two actors' steps and many of three: nothing is lost or stuck.

Actors run the real code on a real transfer. After them, the service does what it would do in time: it runs the syncs
that were started, and the dispatcher resolves what is held. Then the zone must be whole (`check`).
"""

import contextlib
import itertools
import os
from datetime import timedelta

import dns.zone
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from primaries import Hostile
from support.dispatching import fire
from support.exploring import Actor, Inline, Stepped, every_order, run, some_orders
from support.service import CALLER, GROUP, OTHER, STRANGER, Driven, primary
from support.texts import FIRST, SECOND, THIRD
from zonewright import clock
from zonewright.actions import edit, handovers, recordsets, restore, zones, zonesettings
from zonewright.contents import bucket as buckets
from zonewright.contents import differences
from zonewright.errors import ZonewrightError
from zonewright.model.change import ChangeStatus
from zonewright.model.diff import exact_moves
from zonewright.model.order import SyncOptions
from zonewright.model.recordset import Content
from zonewright.model.settings import Settings
from zonewright.model.states import State
from zonewright.model.zone import ZoneType
from zonewright.protocol import names, records, rrset
from zonewright.store import changes, claims, keys, versions
from zonewright.store.table import Table
from zonewright.sync import dispatch
from zonewright.sync.dryruns import run_of

RANDOM = int(os.environ.get("ZONEWRIGHT_ORDERS", "6"))
"""Random orders for each test of three actors, or of two of which one is killed."""

TEXTS = {1: FIRST, 2: SECOND, 3: THIRD}
NAMES = itertools.count(1)


class Scene:
    """One zone, its primary, and the actors that write the zone."""

    def __init__(self, service, server, kind, *, offered):
        self.service, self.server = service, server
        self.name = f"z{next(NAMES)}.example.org."
        self.patched, self.written, self.given, self.restored = [], [], False, False
        service.ahead = None
        service.orders.clear()
        if kind is ZoneType.SECONDARY:
            self.reload(1)
            self.id = service.create(self.name, primary(server), schedule="refresh").id
            service.work()
            self.reload(2)
        else:
            self.id = zones.create(service, zones.NewZone(self.name, email="a@example.org"), caller=CALLER).id
            self.write("first")
        if offered:
            self.offer = handovers.offer(service, service.zone(self.id), None, None)
        service.ahead = timedelta(seconds=7300)  # the zone is due by its schedule

    def reload(self, number):
        self.server.reload(self.name, TEXTS[number].replace("example.org.", self.name))

    # Actors

    def sync(self, **options):
        _, change = self.service.request(self.id, options=SyncOptions(**options))
        order = next(each for each in self.service.orders if each.sync_id == change.id)
        self.service.orders.remove(order)
        self.service.execute(order)

    def dry(self):
        """Request a dry run, and run it."""
        asked = self.service.ask(self.id)
        order = next(each for each in self.service.orders if each.sync_id == asked.id)
        self.service.orders.remove(order)
        self.service.execute(order)

    def dispatch(self):
        for outcome in fire(self.service):
            if outcome.error:
                raise outcome.error

    def stop(self):
        """An execution is stopped: end its sync as failed, whatever it did before."""
        zone = self.service.zone(self.id)
        if zone.order:
            run_of(self.service, zone.order).fail("its execution was stopped")

    def patch(self, text):
        wanted = zonesettings.Edit(description=text)
        zones.update(self.service, self.zone(), wanted, caller=CALLER)
        self.patched.append(text)

    def delete(self):
        zones.delete(self.service, self.zone(), caller=CALLER)

    def write(self, label):
        """Create a record set."""
        octets = records.rdata_of(16, f'"{label}"')
        content = Content((octets,), 60, None)
        recordsets.create(self.service, self.zone(), f"{label}.{self.name}", 16, content, caller=CALLER)
        self.written.append(label)

    def restore(self):
        restore.restore(self.service, self.zone(), 1, caller=CALLER)
        self.restored = True

    def accept(self):
        handovers.accept(self.service, self.offer.id, self.offer.key, caller=STRANGER)
        self.given = True

    def zone(self):
        return zones.owned(self.service, self.id, caller=CALLER)

    # What must hold

    def settle(self):
        """Do what the service does in time: run what was started, and resolve what is held."""
        while self.service.orders or self.service.zone(self.id).holder:
            while self.service.orders:
                self.service.execute(self.service.orders.pop(0))
            if self.service.zone(self.id).holder:
                self.service.ahead += timedelta(seconds=self.service.settings.sync_lease + 2)
                fire(self.service)

    def check_slots(self):
        """Assert that the held zone and the running dry run have a slot each, and nothing else has one."""
        table, zone, now = self.service.table, self.service.zone(self.id), clock.epoch(self.service.now())
        found = [item for group in (GROUP, OTHER) for item in table.query(keys.slots("RUNS", group))]
        dry = table.get(keys.running_dry_run(self.id))
        expected = {zone.holder} if zone.holder else set()
        assert {item["holder"] for item in found if item["expires"] > now} == expected | (
            {dry["id"]} if dry and dry["expires"] > now else set()
        )
        assert [item for item in found if item["holder"] == zone.holder] == [
            item for item in found if (item["pk"], int(item["sk"])) == (f"RUNS#{zone.group_id}", zone.slot)
        ]

    def check(self):
        """Assert that the zone is free, its history in order, and its versions whole."""
        table, zone = self.service.table, self.service.zone(self.id)
        assert (zone.holder, zone.lease, zone.held_since, zone.order) == (None, None, None, None)
        assert zone.state in (State.ACTIVE, State.DELETED)
        history = list(changes.every(table, self.id))
        assert [each for each in history if each.status is ChangeStatus.PENDING] == []
        assert len({each.created for each in history}) == len(history)
        assert all(zone.updated >= each.created for each in history)
        self.check_versions(zone, history)
        self.check_names(zone)
        if self.patched and zone.state is State.ACTIVE:
            assert zone.description in self.patched
        assert (zone.group_id == OTHER) == self.given

    def check_versions(self, zone, history):
        """Assert that each version was published once, over the one before, with its differences."""
        published = [each for each in history if each.version and each.version != each.base]
        assert [each.version for each in published] == list(range(1, zone.version + 1))
        before = []
        for change in published:
            version = versions.get(self.service.table, self.id, change.version)
            lines = self.service.lines(self.id, change.version)
            moves = [move for key in change.differences for move in differences.read(self.service.bucket, key)]
            assert version.change_id == change.id
            assert moves == (exact_moves(before, lines) if change.differences else [])
            assert change.differences or change.version == 1
            assert change.records == sum(map(rrset.records, lines)) == version.records
            if zone.type is ZoneType.SECONDARY:
                assert lines == self.contents(version.serial)
            before = lines
        assert versions.get(self.service.table, self.id, zone.version).serial == zone.serial
        if zone.type is ZoneType.PRIMARY and not self.restored:
            assert set(self.written) <= {rrset.key(line) for line in before}

    def contents(self, serial):
        """Return the lines of the primary's zone at a serial, as dnspython reads it."""
        origin = names.absolute(self.name)
        read = dns.zone.from_text(TEXTS[serial].replace("example.org.", self.name), origin, relativize=False)
        return sorted(
            rrset.to_line(names.key_of(owner, origin), each.rdtype, each.ttl, [rdata.to_wire() for rdata in each])
            for owner, each in read.iterate_rdatasets()
        )

    def check_names(self, zone):
        """Assert that a deleted zone is nobody's, and a live one is found by its name."""
        named = claims.named(self.service.table, self.name)
        assert named == (None if zone.state is State.DELETED else self.id)
        if zone.state is State.DELETED:
            assert zone.due is None


@pytest.fixture
def service(table, bucket, vault, settings, monkeypatch):
    """The service, with a table whose calls are steps."""
    made = Driven(Settings(table=table.name, bucket=bucket.name, kms_key=vault.key_id, **settings))
    made.bucket, made.vault = bucket, vault
    made.table = Table(Stepped(table.client, _is_shared), table.name)
    monkeypatch.setattr("zonewright.background.current", lambda: made)
    monkeypatch.setattr(dispatch, "ThreadPoolExecutor", Inline)
    monkeypatch.setattr(buckets, "ThreadPoolExecutor", Inline)
    monkeypatch.setattr(edit, "_LONGEST_PAUSE", 0)
    return made


@pytest.fixture
def server():
    with Hostile({}) as server:
        yield server


def _is_shared(found):
    """Return whether several actors write one of these items: a zone, a change that ends, or a dry run."""
    shared = (keys.CHANGES, "DRYRUN")
    return any(key["sk"] == keys.ZONE or key["sk"].startswith(shared) for key in found)


COPY = {
    "sync": lambda scene: scene.sync(),
    "ixfr": lambda scene: scene.sync(mode="auto"),
    "dispatch": Scene.dispatch,
    "dry": Scene.dry,
    "stop": Scene.stop,
    "patch": lambda scene: scene.patch("one"),
    "delete": Scene.delete,
    "accept": Scene.accept,
    "reload": lambda scene: scene.reload(3),
}
OWN = {
    "write": lambda scene: scene.write("one"),
    "another": lambda scene: scene.write("two"),
    "patch": lambda scene: scene.patch("one"),
    "delete": Scene.delete,
    "accept": Scene.accept,
    "restore": Scene.restore,
}


def explore(service, server, kind, named, dies=None):
    """Return a function that runs one order of the actors and checks the zone."""

    def attempt(choose):
        scene = Scene(service, server, kind, offered="accept" in named)
        table = COPY if kind is ZoneType.SECONDARY else OWN
        actors = [Actor(name, _tolerant(table[name], scene)) for name in named]
        if dies:
            actors[0].dies = dies
        run(actors, choose)
        scene.check_slots()
        scene.settle()
        scene.check_slots()
        scene.check()
        _clear(service.table.name)

    return attempt


def _clear(name):
    """Empty the table. Moto copies the whole of it for each transaction."""
    dynamodb_backends[DEFAULT_ACCOUNT_ID][os.environ["AWS_DEFAULT_REGION"]].tables[name].items.clear()


def _tolerant(work, scene):
    """Return the work of an actor. An error of the service is an end as good as another."""

    def tolerant():
        with contextlib.suppress(ZonewrightError):
            work(scene)

    return tolerant


PAIRS = list(itertools.combinations_with_replacement(["sync", "dispatch", "stop", "patch", "delete", "accept"], 2))


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_two_writers_of_a_copied_zone_in_every_order(service, server, pair):
    assert every_order(explore(service, server, ZoneType.SECONDARY, pair)) > 1


@pytest.mark.parametrize("other", ["sync", "dry", "delete", "accept"])
@pytest.mark.parametrize("dies", [0, *range(2, 6)])
def test_a_dry_run_that_may_be_killed_at_any_step_and_another_writer(service, server, dies, other):
    some_orders(explore(service, server, ZoneType.SECONDARY, ("dry", other), dies), RANDOM, seed=dies)


@pytest.mark.parametrize("dies", range(1, 6))
@pytest.mark.parametrize("other", ["sync", "dispatch", "patch", "delete"])
def test_a_sync_that_is_killed_at_any_step_and_another_writer(service, server, dies, other):
    some_orders(explore(service, server, ZoneType.SECONDARY, ("sync", other), dies), RANDOM, seed=dies)


@pytest.mark.parametrize("pair", list(itertools.combinations(OWN, 2)), ids="-".join)
def test_two_writers_of_an_own_zone_in_every_order(service, server, pair):
    assert every_order(explore(service, server, ZoneType.PRIMARY, pair)) > 1


@pytest.mark.parametrize(
    "named",
    [
        ("sync", "dispatch", "patch"),
        ("ixfr", "reload", "stop"),
        ("sync", "delete", "accept"),
        ("dispatch", "dispatch", "sync"),
    ],
    ids="-".join,
)
def test_three_writers_of_a_copied_zone_in_many_orders(service, server, named):
    some_orders(explore(service, server, ZoneType.SECONDARY, named), RANDOM, seed=1)


@pytest.mark.parametrize("named", [("write", "another", "patch"), ("write", "restore", "delete")], ids="-".join)
def test_three_writers_of_an_own_zone_in_many_orders(service, server, named):
    some_orders(explore(service, server, ZoneType.PRIMARY, named), RANDOM, seed=1)
