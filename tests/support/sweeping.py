"""A zone service with a manual clock, and the rules that its zones must obey after sweeps."""

import gzip
import threading
import uuid
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from moto.s3.models import s3_backends
from zonewright import clock, sweep
from zonewright.actions import edit, restore, syncs, zones, zonesettings
from zonewright.contents import chunks
from zonewright.contents.merge import Outside, merge
from zonewright.contents.sink import Sink
from zonewright.model.diff import Move
from zonewright.model.order import COMPARE
from zonewright.model.settings import Settings
from zonewright.model.states import State
from zonewright.model.users import Caller
from zonewright.model.zone import Primary
from zonewright.protocol.transfer import Soa
from zonewright.service import Service
from zonewright.store import changes, leftovers, versions
from zonewright.store import zones as store
from zonewright.store.table import Put
from zonewright.sync import steps
from zonewright.sync.lifecycle import Sync
from zonewright.sync.staging import Plan

CALLER = Caller("joe-id", "joe", frozenset({"group-id"}), "group-id")
BEGAN = datetime(2026, 1, 15, 12, tzinfo=UTC)
APEX = ["\t2\t3600\t026e7300", "\t6\t3600\t026e7300016a00000000010000000100000001000000010000000a"]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SHARDS = 2


def hosts(*numbers):
    """Return the apex, and an address for each number. A chunk holds about three of them."""
    return [*APEX, *(f"h{number:02d}\t1\t60\tc00002{number % 256:02x}" for number in sorted(set(numbers)))]


def others(lines):
    """Return the lines without the SOA and NS of the apex."""
    return [line for line in lines if not line.startswith(("\t2\t", "\t6\t"))]


class World(Service):
    """A service, and a record of what it must keep.

    `running` are the syncs in progress. `held` are the lines of each version, and `superseded` the times at which
    versions were replaced.
    """

    def __init__(self, table, bucket, **settings):
        super().__init__(Settings(table.name, bucket.name, sync_delay=0, chunk_bytes=60, **settings))
        self.table, self.bucket, self.workflow = table, bucket, self
        self.moment = BEGAN
        self.held = {}
        self.superseded = {}
        self.running = []
        self.zone_id = None

    def start(self, order):
        """Store the order in `running` instead of starting Step Functions. The test continues the sync."""
        self.running.append((order, self.zone(), None))

    def now(self):
        return self.moment

    def zone(self, zone_id=None):
        return store.get(self.table, zone_id or self.zone_id)

    def create(self):
        """Create a PRIMARY zone that is also synced, so that both kinds of publishers meet in it. Return its id."""
        new = zones.NewZone(f"{uuid.uuid4()}.example.", email="a@example.org")
        made = zones.create(self, new, caller=CALLER)
        self.zone_id = made.id
        self._published(made)
        self.table.write(Put(store.to_item(replace(made, primaries=(Primary("192.0.2.1"),)))))
        return made.id

    def edit(self):
        """Publish a new SOA, as the API does."""
        zone = self.zone()
        wanted = zonesettings.Edit(email=f"{uuid.uuid4().hex[:8]}@example.org")
        self._published(zones.update(self, zone, wanted, caller=CALLER))

    def put(self, number):
        """Publish a new record set, or delete it if it exists, as the API does."""
        zone = self.zone()
        line = hosts(number)[-1]
        before = line if line in self.lines(zone.id, zone.version) else None
        moves = [Move(before, None if before else line)]
        version = versions.get(self.table, zone.id, zone.version)
        self._published(edit.publish(self, zone, version, moves, caller=CALLER, now=self.moment))

    def restore(self, number):
        """Publish the contents of an older version, as the API does."""
        zone, former = self.zone(), self.held.get((self.zone_id, number), [])
        self._published(restore.restore(self, zone, number, caller=CALLER))
        changed = self.zone()
        assert others(self.held[changed.id, changed.version]) == others(former)

    def begin(self):
        """Begin a sync."""
        syncs.request(self, self.zone_id, COMPARE, caller=CALLER)

    def merge(self, lines, running=-1):
        """Write the chunks of a running sync, which it will publish."""
        order, zone, _ = self.running[running]
        base = versions.get(self.table, zone.id, zone.version)
        merged = self.write(zone.id, order.sync_id, base.chunks if base else (), lines)
        self.running[running] = (order, zone, (base, merged))

    def write(self, zone_id, change_id, old, lines):
        return merge(Sink(self.bucket, zone_id, change_id, self.settings.chunk_bytes), old, lines)

    def publish(self, running=-1):
        """Publish a running sync."""
        order, zone, (base, merged) = self.running.pop(running)
        plan = Plan(zone.name, zone.version, "ns1", Soa(1, 60, "joe.example.org."), 1, 1)
        steps.publish(Sync(self, order), plan, base, [merged], Outside())
        self._published(self.zone(zone.id))

    def sync(self, lines):
        """Run a whole sync."""
        self.begin()
        self.merge(lines)
        self.publish()

    def fail(self):
        """Make the last running sync fail."""
        order, _, _ = self.running.pop()
        Sync(self, order).fail("it failed")

    def lose(self, lines):
        """Leave the objects of a writer that lost its race."""
        zone = self.zone()
        self.write(zone.id, str(uuid.uuid4()), versions.get(self.table, zone.id, zone.version).chunks, lines)

    def delete(self):
        """Delete the zone."""
        zones.delete(self, self.zone(), caller=CALLER)
        for place in self.held:
            if place[0] == self.zone_id:
                self.superseded.setdefault(place, self.moment)

    def _published(self, zone):
        place = (zone.id, zone.version)
        if place not in self.held:
            self.held[place] = self.lines(*place)
            self.superseded.setdefault((zone.id, zone.version - 1), self.moment)

    def lines(self, zone_id, number):
        """Return the lines of a version, read from the bucket. Return None if there is no such version."""
        version = versions.get(self.table, zone_id, number)
        if version is None:
            return None
        texts = [gzip.decompress(self.bucket.get(chunks.key(zone_id, chunk))).decode() for chunk in version.chunks]
        return [line for text in texts for line in text.splitlines()]

    def sweep(self):
        """Run the sweeper, with an hour left to it."""
        return sweep.run(self, self.moment + HOUR)

    def check(self):
        """Assert that every version within the retention exists, and that every existing version is whole."""
        retention = max(timedelta(days=self.settings.version_retention), sweep.READERS)
        for place, lines in self.held.items():
            since = self.superseded.get(place)
            kept = since is None or self.moment - since <= retention
            zone = self.zone(place[0])
            if not kept and (zone is None or zone.state is State.DELETED):
                continue  # it is being deleted, and no request can read it
            found = self.lines(*place)
            assert found == lines or (found is None and not kept)

    def places(self):
        """Return the keys of all items."""
        items = self.table.client.scan(TableName=self.table.name)["Items"]
        return [{"pk": item["pk"]["S"], "sk": item["sk"]["S"]} for item in items]

    def stored(self):
        """Return the keys of all objects, and of all items of zones."""
        places = {(place["pk"], place["sk"]) for place in self.places() if place["pk"].startswith("ZONE#")}
        return set(self.bucket.keys("")), places

    def needed(self, zone_ids):
        """Return the part of `stored` that must remain after all sweeps, if no sync runs."""
        keys, items = set(), set()
        for zone_id in zone_ids:
            zone = self.zone(zone_id)
            if zone.state is State.DELETED:
                continue
            version = versions.get(self.table, zone_id, zone.version)
            history = list(changes.every(self.table, zone_id))
            keys |= {chunks.key(zone_id, chunk) for chunk in version.chunks}
            keys |= {key for change in history for key in change.differences}
            items |= {(f"ZONE#{zone_id}", "ZONE"), (f"ZONE#{zone_id}", f"VERSION#{zone.version:012d}")}
            items |= {(f"ZONE#{zone_id}", f"CHANGE#{clock.to_text(each.created)}#{each.id}") for each in history}
        return keys, items

    def sweep_all(self):
        """Move the clock until everything is due, and sweep."""
        for step in (40 * DAY, 2 * HOUR, 8 * DAY, 2 * HOUR):
            self.moment += step
            self.sweep()

    def leftovers(self):
        """Return the number and the stage of each leftover of the zone."""
        return {(each.number, each.stage) for each in leftovers.every(self.table, self.zone_id)}


@contextmanager
def dated(world):
    """Date new objects by the clock of `world` instead of the machine's."""

    def date(parsed, model, **_):
        if model.name in ("PutObject", "CopyObject"):
            held = s3_backends["123456789012"]["aws"].buckets[world.bucket.name].keys
            for key in list(held):
                if key not in seen:
                    seen.add(key)
                    held[key].last_modified = world.moment
            seen.intersection_update(held)

    seen = set()
    world.bucket.client.meta.events.register("after-call.s3", date)
    yield
    world.bucket.client.meta.events.unregister("after-call.s3", date)


@contextmanager
def before_calls(world, act):
    """Call `act(number)` before each AWS call, except for calls that `act` makes."""
    lock = threading.Lock()
    count = 0

    def hook(**_):
        nonlocal count
        if lock.acquire(blocking=False):
            try:
                count += 1
                act(count)
            finally:
                lock.release()

    clients = (world.table.client, world.bucket.client)
    for client in clients:
        client.meta.events.register_first("before-call", hook)
    try:
        yield
    finally:
        for client in clients:
            client.meta.events.unregister("before-call", hook)
