"""What nobody needs any more is removed: old versions, deleted zones, objects that nothing names, old history.

    version N ──N + 1 published──▶ superseded ──retention──▶ its item goes ──an hour──▶ its last chunks go
    zone ─────────deleted────────▶ superseded ──retention──▶ all of it goes
    object of a failed sync or a lost race ──▶ named by nothing ──a day, and its change over──▶ goes, in the pass

Why nothing is removed that is needed, whatever happens at the same time:

* An object is written by one change only (`contents/chunks.py`), and the versions that name it have no gap between
  them (`version.py`). So the chunks that go with version N are those that neither neighbour names; one transaction
  takes N away and asks that both are still there. A version that is superseded is never shown again, and a sync
  that has it as its base publishes under the condition that it is shown, so nothing new inherits from it.
* A reader begins with a version's item. When that has gone nobody begins, and an hour is more than anybody has who did.
* The pass lists objects first, then looks who holds the zone, then reads what names objects: versions, then leftovers,
  as a chunk moves from one to the other. The holder's objects stay. A sync that does not hold the zone never publishes,
  and what publishes without holding takes minutes, so an object a day old that nothing names will never be named.
* What is begun can be ended by whoever comes next: objects go before the item that tells of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from zonewright.contents import chunks, differences
from zonewright.contents.bucket import Entry
from zonewright.model.change import Change
from zonewright.model.settings import Settings
from zonewright.model.states import State
from zonewright.model.version import Chunk
from zonewright.service import Service
from zonewright.store import changes, keys, leftovers, versions, zones
from zonewright.store.conditions import PRESENT
from zonewright.store.leftovers import Leftover, Pass, Stage
from zonewright.store.table import Check, ConditionFailed, Delete, Table

READERS = timedelta(hours=1)
"""Longer than anything reads, a function's 15 minutes; so long a version stays at least, and its chunks after it."""

GRACE = timedelta(days=1)
"""So old is an object at least when the pass takes it; longer than anything writes before it publishes."""

PASS = timedelta(days=7)
"""From the beginning of a pass over all objects to that of the next."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What was removed, or would be: versions, zones, entries of history, objects, and their octets where listed."""

    versions: int = 0
    zones: int = 0
    changes: int = 0
    objects: int = 0
    octets: int = 0

    def __add__(self, other: "Swept") -> "Swept":
        return Swept(
            self.versions + other.versions,
            self.zones + other.zones,
            self.changes + other.changes,
            self.objects + other.objects,
            self.octets + other.octets,
        )


def run(service: Service, until: datetime) -> Swept:
    """Sweep what is due, then go on with the pass over all objects; nothing is begun after `until`.

    What is not done then is done by the next run.
    """
    done = Swept()
    for step in chain(_due(service), _pass(service)):
        done += step
        if service.now() >= until:
            break
    return done


def everything(service: Service) -> Swept:
    """Sweep what is due, and every zone's objects at once."""
    steps = chain(
        _due(service),
        (_sweep_zone(service, zone_id) for zone_id in service.bucket.folders(_ZONES)),
    )
    return sum(steps, Swept())


def preview(service: Service) -> Swept:
    """What `everything` would remove now, or an hour later where readers are waited for; nothing is."""
    table, bucket, now = service.table, service.bucket, service.now()
    found = Swept()
    gone: dict[str, set[int]] = {}
    doomed: list[str] = []
    for leftover in leftovers.due(table, Stage.SUPERSEDED, now - _retention(service.settings)):
        if leftover.number == 0:
            found += _counted(bucket.entries(_prefix(leftover.zone_id))) + Swept(zones=1)
            continue
        before = gone.setdefault(leftover.zone_id, set())
        ending = _ending(table, leftover, before)
        if ending is not None:
            before.add(leftover.number)
            doomed += _keys(leftover.zone_id, ending.chunks)
            found += Swept(versions=1)
    for leftover in leftovers.due(table, Stage.REMOVED, now):
        doomed += _keys(leftover.zone_id, leftover.chunks)
    wanted = set(doomed)
    for zone_id in bucket.folders(_ZONES):
        found += _counted(entry for entry in bucket.entries(_prefix(zone_id)) if entry.key in wanted)
        found += _counted(_orphans(service, zone_id))
        found += Swept(changes=sum(1 for _ in _outdated(service, zone_id)))
    return found


def _due(service: Service) -> Iterator[Swept]:
    """Sweep the leftovers whose time has come, one after the other."""
    table, bucket, now = service.table, service.bucket, service.now()
    for leftover in leftovers.due(table, Stage.SUPERSEDED, now - _retention(service.settings)):
        if leftover.number == 0:
            yield _remove_zone(service, leftover)
        else:
            yield _remove_version(table, leftover, now)
    for leftover in leftovers.due(table, Stage.REMOVED, now - READERS):
        objects = bucket.delete(_keys(leftover.zone_id, leftover.chunks))
        table.write(leftovers.swept(leftover))
        yield Swept(objects=objects)


def _remove_version(table: Table, leftover: Leftover, now: datetime) -> Swept:
    """Take a version's item away, and note the chunks that end with it; nothing where another sweep was first."""
    ending = _ending(table, leftover)
    if ending is None:
        return Swept()
    checks = [Check(keys.version(leftover.zone_id, number), PRESENT) for number in ending.beside]
    version = Delete(keys.version(leftover.zone_id, leftover.number), PRESENT)
    try:
        table.write(leftovers.removed(leftover, ending.chunks, now), version, *checks)
    except ConditionFailed:
        return Swept()
    return Swept(versions=1)


@dataclass(frozen=True, slots=True)
class _Ending:
    """The chunks that end with a version, because those `beside` it, by number, do not name them."""

    chunks: tuple[Chunk, ...]
    beside: tuple[int, ...]


def _ending(table: Table, leftover: Leftover, gone: Iterable[int] = ()) -> _Ending | None:
    """What ends with a version, those that are `gone` already not counted; None where it is gone itself."""
    version = versions.get(table, leftover.zone_id, leftover.number)
    if version is None:
        return None
    beside = versions.neighbours(table, leftover.zone_id, leftover.number, gone)
    kept = {chunk.name for each in beside for chunk in each.chunks}
    return _Ending(
        tuple(chunk for chunk in version.chunks if chunk.name not in kept), tuple(each.number for each in beside)
    )


def _remove_zone(service: Service, leftover: Leftover) -> Swept:
    """Remove all of a deleted zone: its objects, then its items, then what says that they are to go."""
    table, bucket = service.table, service.bucket
    zone = zones.get(table, leftover.zone_id)
    assert zone is None or zone.state is State.DELETED
    objects = bucket.delete(bucket.keys(_prefix(leftover.zone_id)))
    last = keys.leftover(leftover.zone_id, leftover.number)
    items = table.query(keys.zone_partition(leftover.zone_id))
    table.delete({"pk": item["pk"], "sk": item["sk"]} for item in items if item["sk"] != last["sk"])
    table.write(leftovers.swept(leftover))
    return Swept(zones=1, objects=objects)


def _pass(service: Service) -> Iterator[Swept]:
    """Go on with the pass over all objects, zone by zone; begin the next one when it is time."""
    table, bucket, now = service.table, service.bucket, service.now()
    at = leftovers.latest_pass(table)
    if at is None or (at.over and now - at.began >= PASS):
        at = Pass(now)
    if at.over:
        return
    for zone_id in bucket.folders(_ZONES, after=at.after):
        swept = _sweep_zone(service, zone_id)
        leftovers.note_pass(table, Pass(at.began, zone_id))
        yield swept
    leftovers.note_pass(table, Pass(at.began, over=True))


def _sweep_zone(service: Service, zone_id: str) -> Swept:
    """Remove the objects of a zone that nothing names, and its outdated history."""
    table, bucket = service.table, service.bucket
    outdated = list(_outdated(service, zone_id))
    objects = 0
    for change in outdated:
        objects += bucket.delete(change.differences)
        table.write(changes.delete(change))
    objects += bucket.delete(entry.key for entry in _orphans(service, zone_id))
    return Swept(changes=len(outdated), objects=objects)


def _orphans(service: Service, zone_id: str) -> list[Entry]:
    """The chunks and differences of a zone that nothing names, nor ever will. The order of the reads matters."""
    table, bucket, now = service.table, service.bucket, service.now()
    before = now - max(GRACE, timedelta(seconds=2 * service.settings.sync_lease))
    listed = chain.from_iterable(bucket.entries(each) for each in (chunks.prefix(zone_id), differences.prefix(zone_id)))
    left = {entry.key: entry for entry in listed if entry.modified < before}
    if not left:
        return []
    zone = zones.get(table, zone_id)
    holder = zone.holder if zone else None
    for version in versions.every(table, zone_id):
        _take(left, _keys(zone_id, version.chunks))
    for leftover in leftovers.every(table, zone_id):
        _take(left, _keys(zone_id, leftover.chunks))
    if any(key.startswith(differences.prefix(zone_id)) for key in left):
        for change in changes.every(table, zone_id):
            _take(left, change.differences)
    return [entry for key, entry in left.items() if holder is None or f"/{holder}/" not in key]


def _take(left: dict[str, Entry], named: Iterable[str]) -> None:
    for key in named:
        left.pop(key, None)


def _outdated(service: Service, zone_id: str) -> Iterator[Change]:
    """The entries of a zone's history that are older than it is kept; none where it is kept for good."""
    if not service.settings.history_retention:
        return iter(())
    before = service.now() - max(timedelta(days=service.settings.history_retention), GRACE)
    return (change for change in changes.every(service.table, zone_id, before) if change.finished is not None)


def _retention(settings: Settings) -> timedelta:
    return max(timedelta(days=settings.version_retention), READERS)


def _counted(entries: Iterable[Entry]) -> Swept:
    return sum((Swept(objects=1, octets=entry.octets) for entry in entries), Swept())


def _keys(zone_id: str, listed: Iterable[Chunk]) -> list[str]:
    return [chunks.key(zone_id, chunk) for chunk in listed]


_ZONES = "zones/"


def _prefix(zone_id: str) -> str:
    """Where all objects of a zone are."""
    return f"{_ZONES}{zone_id}/"
