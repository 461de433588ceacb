"""Sweeper: delete old versions, deleted zones, unnamed objects, and old history.

    version N ──N + 1 published──▶ superseded ──retention──▶ item deleted ──an hour──▶ its last chunks deleted
    zone ─────────deleted────────▶ superseded ──retention──▶ whole zone deleted
    object of a failed sync or a lost race ──▶ unnamed ──a day, and its change over──▶ deleted by the pass

Nothing is deleted that a reader or a writer still needs:

* One change writes an object (`contents/chunks.py`), and the versions that name it are consecutive (`version.py`). So
  the chunks that end with version N are those that neither neighbour names. One transaction deletes N, on the condition
  that both neighbours exist. A superseded version never becomes current again. A sync that has it as its base cannot
  publish, because its base must be current. So no new version names its chunks.
* A reader begins with a version's item. When the item is deleted, no new reader begins. An hour later every reader has
  ended.
* The pass lists objects first, and reads the zone's holder second. Then it reads the names of objects: versions first,
  leftovers last, because a chunk moves from a version to a leftover. The objects of the holder stay. A sync that does
  not hold its zone never publishes, and other writers publish within minutes. So an unnamed object that is a day old
  stays unnamed.
* Objects are deleted before the item that names them. So the next sweep can finish the work of one that died.

A fault keeps its own leftover, change or zone, and nothing else. The item that names the rest stays, so the next run
tries again. The result of a run names every fault.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import ParamSpec

from zonewright.contents import chunks, differences
from zonewright.contents.bucket import Entry, NotDeleted
from zonewright.model.change import Change
from zonewright.model.settings import Settings
from zonewright.model.states import State
from zonewright.model.version import Chunk
from zonewright.service import Service
from zonewright.store import changes, keys, leftovers, places, tallies, tsigkeys, versions, zones
from zonewright.store.conditions import PRESENT
from zonewright.store.leftovers import Leftover, Pass, Stage
from zonewright.store.table import Check, ConditionFailed, Delete, Table

P = ParamSpec("P")

READERS = timedelta(hours=1)
"""Longer than any reader runs: a function has 15 minutes. Shortest life of a version, and of its chunks after it."""

GRACE = timedelta(days=1)
"""Lowest age of an object that the pass deletes. Longer than any writer needs from its first object to publishing."""

PASS = timedelta(days=7)
"""Time between the starts of two passes over all objects."""


RETRIED = 100
"""Most zones of a pass that are swept again in every run until nothing fails. The next pass finds the others."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A thing that could not be deleted: its zone, or an empty id if a list could not be read, and the error."""

    zone_id: str
    what: str
    error: Exception


@dataclass(frozen=True, slots=True)
class Swept:
    """Numbers of deleted versions, zones, changes and objects. `octets` are bytes, which only `preview` counts.

    `faults` are the things that could not be deleted.
    """

    versions: int = 0
    zones: int = 0
    changes: int = 0
    objects: int = 0
    octets: int = 0
    faults: tuple[Fault, ...] = ()

    def __add__(self, other: "Swept") -> "Swept":
        return Swept(
            self.versions + other.versions,
            self.zones + other.zones,
            self.changes + other.changes,
            self.objects + other.objects,
            self.octets + other.octets,
            self.faults + other.faults,
        )

    def numbers(self) -> dict[str, int]:
        """Return the numbers by name. `failed` is the number of faults."""
        return {
            "versions": self.versions,
            "zones": self.zones,
            "changes": self.changes,
            "objects": self.objects,
            "octets": self.octets,
            "failed": len(self.faults),
        }


def run(service: Service, until: datetime) -> Swept:
    """Sweep due leftovers, place zones, then continue the pass over all objects. Begin no step after `until`.

    Return the numbers of deleted things, and the faults. The next run continues.
    """
    done = Swept()
    steps = chain(_sweep_due(service), _whole("zones without places", _place(service.table)))
    for step in chain(steps, _whole("the pass", _continue_pass(service))):
        done += step
        if service.now() >= until:
            break
    return done


def everything(service: Service) -> Swept:
    """Sweep due leftovers, and the objects and history of every zone. Return the numbers, and the faults."""
    each_zone = (_sweep_zone(service, zone_id) for zone_id in service.bucket.folders(_ZONES))
    return sum(chain(_sweep_due(service), _whole("the pass", each_zone)), Swept())


def preview(service: Service) -> Swept:
    """Return the numbers of what `everything` would delete now, or an hour later if readers may remain.

    Nothing is deleted.
    """
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


def _sweep_due(service: Service) -> Iterator[Swept]:
    """Sweep due leftovers, one each step."""
    table, now = service.table, service.now()

    def superseded() -> Iterator[Swept]:
        for leftover in leftovers.due(table, Stage.SUPERSEDED, now - _retention(service.settings)):
            yield _alone(leftover.zone_id, _name(leftover), _remove, service, leftover, now)

    def removed() -> Iterator[Swept]:
        for leftover in leftovers.due(table, Stage.REMOVED, now - READERS):
            yield _alone(leftover.zone_id, _name(leftover), _remove_chunks, service, leftover)

    yield from _whole("superseded versions", superseded())
    yield from _whole("removed versions", removed())


def _alone(zone_id: str, what: str, step: Callable[P, Swept], *args: P.args, **kwargs: P.kwargs) -> Swept:
    """Return the result of a step, or its fault, so that the sweep goes on."""
    try:
        return step(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - one fault must not keep the other things
        deleted = error.deleted if isinstance(error, NotDeleted) else 0
        return Swept(objects=deleted, faults=(Fault(zone_id, what, error),))


def _whole(what: str, steps: Iterator[Swept], zone_id: str = "") -> Iterator[Swept]:
    """Yield the results of all steps. If the list of what to do cannot be read on, yield this fault and end."""
    try:
        yield from steps
    except Exception as error:  # noqa: BLE001 - the next lists can still be swept
        yield Swept(faults=(Fault(zone_id, f"the list of {what}", error),))


def _name(leftover: Leftover) -> str:
    return f"version {leftover.number}" if leftover.number else "the zone"


def _remove(service: Service, leftover: Leftover, now: datetime) -> Swept:
    """Delete a deleted zone, or the item of a superseded version."""
    return _remove_version(service.table, leftover, now) if leftover.number else _remove_zone(service, leftover)


def _remove_chunks(service: Service, leftover: Leftover) -> Swept:
    """Delete the chunks of a removed version, then its leftover."""
    objects = service.bucket.delete(_keys(leftover.zone_id, leftover.chunks))
    service.table.write(leftovers.swept(leftover))
    return Swept(objects=objects)


def _place(table: Table) -> Iterator[Swept]:
    """Give zones of earlier releases their places in lists (`store/places.py`), one each step. Note when all have."""
    unplaced = tallies.unplaced(table)
    if unplaced and places.settled(table):
        places.settle(table, settled=False)
    for group_id in unplaced:
        for zone in zones.every(table, group_id, shared=False):
            places.ensure(table, zone)
            yield Swept()
    if not places.settled(table) and not tallies.unplaced(table):
        places.settle(table, settled=True)


def _remove_version(table: Table, leftover: Leftover, now: datetime) -> Swept:
    """Delete a version's item, and store the chunks that end with it. Do nothing if another sweep was first."""
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
    """The chunks that end with a version. The versions `beside` it, by number, do not name them."""

    chunks: tuple[Chunk, ...]
    beside: tuple[int, ...]


def _ending(table: Table, leftover: Leftover, gone: Iterable[int] = ()) -> _Ending | None:
    """Return the chunks that end with a version, or None if it was deleted. Treat the versions `gone` as deleted."""
    version = versions.get(table, leftover.zone_id, leftover.number)
    if version is None:
        return None
    beside = versions.neighbours(table, leftover.zone_id, leftover.number, gone)
    kept = {chunk.name for each in beside for chunk in each.chunks}
    return _Ending(
        tuple(chunk for chunk in version.chunks if chunk.name not in kept), tuple(each.number for each in beside)
    )


def _remove_zone(service: Service, leftover: Leftover) -> Swept:
    """Delete all of a deleted zone: its objects, then its items and those of its TSIG keys, then its leftover."""
    table, bucket = service.table, service.bucket
    zone = zones.get(table, leftover.zone_id)
    assert zone is None or zone.state is State.DELETED
    objects = bucket.delete(bucket.keys(_prefix(leftover.zone_id)))
    last = keys.leftover(leftover.zone_id, leftover.number)
    items = table.query(keys.zone_partition(leftover.zone_id))
    table.delete({"pk": item["pk"], "sk": item["sk"]} for item in items if item["sk"] != last["sk"])
    tsigkeys.sweep(table, leftover.zone_id)
    if zone:
        places.sweep(table, zone)
    table.write(leftovers.swept(leftover))
    return Swept(zones=1, objects=objects)


def _continue_pass(service: Service) -> Iterator[Swept]:
    """Continue the pass over all objects, one zone each step. Begin a new pass if `PASS` is over.

    Zones with faults are swept again at the end of the run, after the zones that were not swept yet.
    """
    table, bucket, now = service.table, service.bucket, service.now()
    at = leftovers.latest_pass(table)
    if at is None or (at.over and now - at.began >= PASS):
        at = Pass(now)
    again = at.failed
    if not at.over:
        for zone_id in bucket.folders(_ZONES, after=at.after):
            swept = _sweep_zone(service, zone_id)
            failed = (*at.failed, zone_id) if swept.faults and len(at.failed) < RETRIED else at.failed
            at = Pass(at.began, zone_id, failed=failed)
            leftovers.note_pass(table, at)
            yield swept
        at = Pass(at.began, over=True, failed=at.failed)
        leftovers.note_pass(table, at)
    for zone_id in again:
        swept = _sweep_zone(service, zone_id)
        if not swept.faults:
            at = replace(at, failed=tuple(each for each in at.failed if each != zone_id))
            leftovers.note_pass(table, at)
        yield swept


def _sweep_zone(service: Service, zone_id: str) -> Swept:
    """Delete the outdated history of a zone, and its unnamed objects."""
    history = _whole("changes", _sweep_history(service, zone_id), zone_id)
    return sum(history, Swept()) + _alone(zone_id, "unnamed objects", _remove_orphans, service, zone_id)


def _remove_orphans(service: Service, zone_id: str) -> Swept:
    return Swept(objects=service.bucket.delete(entry.key for entry in _orphans(service, zone_id)))


def _sweep_history(service: Service, zone_id: str) -> Iterator[Swept]:
    """Delete the outdated changes of a zone, one each step: first the differences, then the item."""
    for change in list(_outdated(service, zone_id)):
        yield _alone(zone_id, f"change {change.id}", _remove_change, service, change)


def _remove_change(service: Service, change: Change) -> Swept:
    """Delete the differences of a change, then its item."""
    objects = service.bucket.delete(change.differences)
    service.table.write(changes.delete(change))
    return Swept(changes=1, objects=objects)


def _orphans(service: Service, zone_id: str) -> list[Entry]:
    """Return the chunks and differences of a zone that are and stay unnamed. The order of the reads matters."""
    table, bucket, now = service.table, service.bucket, service.now()
    before = now - max(GRACE, timedelta(seconds=2 * service.settings.sync_lease))
    listed = chain.from_iterable(bucket.entries(each) for each in (chunks.prefix(zone_id), differences.prefix(zone_id)))
    left = {entry.key: entry for entry in listed if entry.modified < before}
    if not left:
        return []
    zone = zones.get(table, zone_id)
    holder = zone.holder if zone else None
    for version in versions.every(table, zone_id):
        _drop(left, _keys(zone_id, version.chunks))
    for leftover in leftovers.every(table, zone_id):
        _drop(left, _keys(zone_id, leftover.chunks))
    if any(key.startswith(differences.prefix(zone_id)) for key in left):
        for change in changes.every(table, zone_id):
            _drop(left, change.differences)
    return [entry for key, entry in left.items() if holder is None or f"/{holder}/" not in key]


def _drop(left: dict[str, Entry], named: Iterable[str]) -> None:
    """Remove the `named` keys from `left`."""
    for key in named:
        left.pop(key, None)


def _outdated(service: Service, zone_id: str) -> Iterator[Change]:
    """Return the ended changes of a zone that are older than the retention of history; none without a retention."""
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
    """Return the S3 prefix of a zone's objects."""
    return f"{_ZONES}{zone_id}/"
