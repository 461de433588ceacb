"""One turn at the delivery of a zone: bring every target of its pool to the version that is wanted.

    take ─▶ all targets at once, each step by step ─▶ what is shown of the zone ─▶ wanted moved? again ─▶ release

A target whose try failed is tried again after its pause: by this turn if the pause is short, else by a later one. Each
step is stored, so that a turn that dies is continued by the next one, after its lease. The last step is stored with the
release, which saves a write: a turn that dies before finds the target where it was going. Contract backends.md, section
7.
"""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from zonewright.actions import catalogs, edit, pools
from zonewright.contents.bucket import ObjectMissing
from zonewright.delivery import propagation
from zonewright.delivery.ends import LEASE, PATIENCE, RESERVE, End, Lost
from zonewright.delivery.rfc2136 import Dynamic
from zonewright.delivery.route53 import Hosted
from zonewright.delivery.updates import Updates
from zonewright.errors import (
    DeliveryError,
    PoolNotFound,
    RecordSetsRefused,
    SerialTooNear,
    VersionGone,
    ZoneBusy,
    ZonewrightError,
)
from zonewright.log import log
from zonewright.metrics import record
from zonewright.model import delivery, pool
from zonewright.model.delivery import Delivery, Standing
from zonewright.model.pool import Pool, Rfc2136, Route53, Target
from zonewright.model.states import State
from zonewright.model.version import Version
from zonewright.model.zone import Zone, ZoneType
from zonewright.service import Service
from zonewright.store import deliveries, versions, zones
from zonewright.store.table import ConditionFailed

AGAIN = timedelta(minutes=15)
"""Time until the removal of what was made for a deleted zone is tried again."""

GLANCE = 0.5
"""Seconds after which a turn that waits for a target looks whether a newer version is wanted."""


def deliver(service: Service, zone_id: str, until: datetime) -> End:
    """Deliver a zone, until a time at the latest. Return how the turn ended.

    The primary of a copied zone gets the record changes that wait for it (`updates.py`).
    """
    zone, now, holder = zones.get(service.table, zone_id), service.now(), str(uuid.uuid4())
    if zone is None or not deliveries.take(service.table, zone, holder, now, now + LEASE):
        return End.NOTHING if zone is None or deliveries.get(service.table, zone_id) is None else End.HELD
    try:
        kind = Updates if zone.type is ZoneType.SECONDARY else _Turn
        return kind(service, holder, until - RESERVE, zone).work()
    except Lost:
        return End.HELD


@dataclass(slots=True)
class _Turn:
    """A turn at the delivery of `zone`. `standings` are those of the targets of its pool.

    `seen` is the version that enough name servers serve, `told` the one that others were told of. The name servers were
    asked `asks` times for the present version, and are asked again at `ask_at`. `unstored` are the standings that wait
    for the release.
    """

    service: Service
    holder: str
    until: datetime
    zone: Zone
    seen: int = field(init=False)
    told: int = field(init=False)
    asks: int = 0
    ask_at: datetime | None = None
    held: Delivery = field(init=False)
    pool: Pool = field(init=False)
    standings: dict[str, Standing] = field(init=False)
    unstored: dict[str, Standing] = field(default_factory=dict)

    def work(self) -> End:
        """Deliver until everything is delivered, or has to wait. Return the end of the turn."""
        self.seen = self.told = self.zone.delivered.version if self.zone.delivered else 0
        running: dict[Future[None], str] = {}
        fresh = False  # whether nothing can have changed since it was read, or a release would find out
        with ThreadPoolExecutor(max_workers=50) as workers:
            while True:
                if not fresh and not self._read():
                    return self._end()
                fresh = False
                now = self.service.now()
                if now < self.until:
                    busy = set(running.values())
                    running |= {workers.submit(job): name for name, job in self._jobs(now) if name not in busy}
                if running:
                    done, _ = wait(running, timeout=GLANCE, return_when=FIRST_COMPLETED)
                    for each in done:
                        del running[each]
                        each.result()
                    if done:
                        fresh = self._show() and not running and self._complete()
                    else:
                        self._store()
                    continue
                due = self._due(now)
                if due and due - now <= PATIENCE and due < self.until:
                    self._store()
                    time.sleep(max((due - self.service.now()).total_seconds(), 0))
                elif self._show() and self._released(due):
                    return End.WAITING if self.zone.undelivered or not self._complete() else End.DELIVERED

    def _jobs(self, now: datetime) -> Iterator[tuple[str, Callable[[], None]]]:
        """Yield what is to be done now, each with a name: a target, or the name servers behind them."""
        for target in self.pool.targets:
            due = self._next(target, now)
            if due and due <= now:
                yield target.id, partial(self._bring, target)
        asked = self._ask_next(now)
        if asked and asked <= now:
            yield "ask", self._ask
        if self.pool.also_notifies and self.told < self._pushed == self.zone.version:
            yield "tell", self._tell

    def _read(self) -> bool:
        """Read the zone, its delivery and its pool. Return False if there is nothing to deliver any more."""
        table, known = self.service.table, getattr(self, "standings", {})
        found, zone = deliveries.get(table, self.zone.id), zones.get(table, self.zone.id)
        if found is None or found.holder != self.holder:
            raise Lost
        self.held, self.zone = found, zone or self.zone
        if zone is None or zone.state is State.DELETED or zone.delivered is None:
            return False
        self.pool = pools.of(self.service, zone)
        if self.pool.catalog_id == zone.id and self._absorbed():
            return self._read()
        stored = found.of(self.pool)
        same = {each: known[each] for each in known if each in stored and known[each].place == stored[each].place}
        self.standings = stored | same
        return bool(self.pool.targets)

    def _absorbed(self) -> bool:
        """Bring a catalog what came and went. Return whether there was something."""
        try:
            return catalogs.absorb(self.service, self.zone, self.pool)
        except (ConditionFailed, ZoneBusy):
            return True

    def _end(self) -> End:
        """End the delivery of a zone that is deleted, or that is not pushed any more. Remove what was made for it."""
        table = self.service.table
        if self.zone.state is State.DELETED and not self._removed():
            deliveries.release(table, self.zone, self.held, self.service.now() + AGAIN)
            return End.WAITING
        deliveries.end(table, self.zone.id, self.holder)
        return End.ENDED

    def _removed(self) -> bool:
        """Remove the hosted zones that were made for a deleted zone. Return False if that has to be tried again."""
        try:
            targets = pools.of(self.service, self.zone).targets
        except PoolNotFound:
            return True
        for target in targets:
            if isinstance(target.options, Route53) and target.options.create:
                try:
                    Hosted.of(self.service, self.zone, target).remove()
                except DeliveryError as error:
                    about = {"zone_id": self.zone.id, "target": target.id, "reason": error.message}
                    log().warning("hosted zone not removed", extra=about)
                    return False
        return True

    def _next(self, target: Target, now: datetime) -> datetime | None:
        """Return when a target has to be tried or checked next, `now` for one that lacks what is wanted."""
        standing, hours = self.standings[target.id], self.service.settings.drift_hours
        if not _has(standing, self.zone):
            return standing.again(self.zone.version) or now
        if not hours or not target.compared:
            return None
        return max(standing.checked + timedelta(hours=hours) if standing.checked else now, standing.next or now)

    def _due(self, now: datetime) -> datetime | None:
        """Return when a target has to be tried or checked next, or the name servers asked, or None for never."""
        times = [self._ask_next(now), *(self._next(each, now) for each in self.pool.targets)]
        return min(filter(None, times), default=None)

    @property
    def _pushed(self) -> int:
        """Return the newest version that enough targets have."""
        standings = [self.standings[each.id] for each in self.pool.targets]
        return delivery.reached([0 if each.change else each.base for each in standings], self.pool.threshold)

    def _complete(self) -> bool:
        """Return whether all targets have what the zone shows."""
        return all(_has(self.standings[each.id], self.zone) for each in self.pool.targets)

    def _ask_next(self, now: datetime) -> datetime | None:
        """Return when the name servers have to be asked next, or None if they serve what the targets have."""
        if not self.pool.nameservers or self.seen >= self._pushed:
            return None
        self.ask_at = self.ask_at or now + propagation.pause(0)
        return self.ask_at

    def _ask(self) -> None:
        """Ask the name servers whether they serve what the targets have."""
        zone, pushed = self.zone, self._pushed
        version = versions.get(self.service.table, zone.id, pushed)
        if version is not None and self._served(version):
            self.seen, self.asks, self.ask_at = pushed, 0, None
        else:
            self.asks += 1
            self.ask_at = self.service.now() + propagation.pause(self.asks)

    def _served(self, version: Version) -> bool:
        """Return whether enough name servers serve a version. One that cannot be asked is logged."""
        try:
            return propagation.serving(self.service, self.zone, self.pool, version)
        except DeliveryError as error:
            log().warning("name servers not asked", extra={"zone_id": self.zone.id, "reason": error.message})
            return False

    def _tell(self) -> None:
        """Tell name servers that no target tells."""
        zone, self.told = self.zone, self.zone.version
        version = versions.get(self.service.table, zone.id, zone.version)
        try:
            if version is not None:
                propagation.tell(self.service, zone, self.pool, version)
        except (DeliveryError, ObjectMissing) as error:
            log().warning("NOTIFY not sent", extra={"zone_id": zone.id, "reason": str(error)})

    def _bring(self, target: Target) -> None:
        """Make one try to bring a target to the version that is wanted, and store how far it came."""
        zone, standing = self.zone, self.standings[target.id]
        try:
            for further in _steps(self.service, zone, target, standing):
                standing = further
                self._stand(target.id, standing)
        except SerialTooNear as error:
            self._lift(target, standing, error)
        except ObjectMissing as error:
            if standing.base or standing.to:
                self._stand(target.id, standing.lost())
            else:
                gone = VersionGone(f"version {zone.version} cannot be read here: {error}")
                self._fail(target, standing, gone, version=zone.version)
        except DeliveryError as error:
            self._fail(target, standing, error, version=zone.version)

    def _lift(self, target: Target, standing: Standing, error: SerialTooNear) -> None:
        """Publish a version with a serial that the target takes. The next try brings that one."""
        try:
            edit.lift(self.service, self.zone, error.least)
        except (ConditionFailed, ZoneBusy):
            self._fail(target, standing, error, version=self.zone.version)

    def _fail(self, target: Target, standing: Standing, error: DeliveryError, *, version: int) -> None:
        """Store that a try of a version failed, and log why."""
        if isinstance(error, RecordSetsRefused):
            standing = standing.lost()  # the next try sends only what is missing
        patience, reason = timedelta(seconds=self.service.settings.delivery_patience), _reason(target, error)
        failed = standing.failed(error, reason, self.service.now(), patience, version=version)
        about = {"zone_id": self.zone.id, "target": target.id, "reason": reason, "error": type(error).__name__}
        log().warning("delivery failed", extra=about | {"tries": failed.tries})
        if failed.lasting:
            record({"DeliveryErrors": 1})
        self._stand(target.id, failed)

    def _stand(self, target_id: str, standing: Standing) -> None:
        """Store the standing of a target, at once or, if nothing is left to do for it, with the release."""
        self.standings[target_id] = self.unstored[target_id] = standing
        if not standing.resting:
            self._store()

    def _store(self) -> None:
        """Store the standings that are not stored yet. Raise Lost."""
        waiting = dict(self.unstored)
        if waiting and not deliveries.stand(self.service.table, self.zone.id, self.holder, waiting):
            raise Lost
        self._stored(waiting)

    def _released(self, due: datetime | None) -> bool:
        """End the hold, with the standings that are not stored yet. Return False if there is more to do."""
        waiting = dict(self.unstored)
        if not deliveries.release(self.service.table, self.zone, self.held, due, self.standings, noted=waiting):
            return False
        self._stored(waiting)
        return True

    def _stored(self, standings: Mapping[str, Standing]) -> None:
        """Note that standings are stored. A job may have brought its target further since."""
        for each, standing in standings.items():
            if self.unstored.get(each) is standing:
                del self.unstored[each]

    def _show(self) -> bool:
        """Store what is shown of the zone. Return False if it changed meanwhile."""
        standings = [self.standings[each.id] for each in self.pool.targets]
        assert self.zone.delivered is not None
        version = min(self._pushed, self.seen) if self.pool.nameservers else self._pushed
        shown = delivery.delivered(standings, version, self.zone.version, self.service.now())
        new = version > self.zone.delivered.version and version == self.zone.version
        try:
            self.zone = zones.delivers(self.service.table, self.zone, shown)
        except ConditionFailed:
            return False
        if new:
            waited = self.service.now() - (self.zone.updated or self.zone.created)
            record({"Deliveries": 1, "DeliverySeconds": waited.total_seconds()})
        return True


def _steps(service: Service, zone: Zone, target: Target, standing: Standing) -> Iterator[Standing]:
    """Yield the standings of a target on its way to what the zone shows. Raise a DeliveryError."""
    pushed = _pusher(service, zone, target)
    return pushed.check(standing) if _has(standing, zone) else pushed.bring(standing, zone.version)


def _pusher(service: Service, zone: Zone, target: Target) -> Dynamic | Hosted:
    """Return what pushes a zone to a target of this type."""
    kind = Dynamic if isinstance(target.options, Rfc2136) else Hosted
    return kind.of(service, zone, target)


def _has(standing: Standing, zone: Zone) -> bool:
    """Return whether a target has what a zone shows."""
    return standing.base == zone.version and standing.to is None and standing.change is None


def compare(service: Service, zone_id: str) -> dict[str, Any]:
    """Return, for each target of a zone by its place, what a repair would change there, or why that is not known."""
    zone = zones.get(service.table, zone_id)
    if zone is None or zone.state is State.DELETED:
        return {}
    return {pool.place(each.options): _compared(service, zone, each) for each in pools.of(service, zone).targets}


def _compared(service: Service, zone: Zone, target: Target) -> dict[str, Any]:
    try:
        return _pusher(service, zone, target).report(zone.version)
    except DeliveryError as error:
        return {"error": error.message}


def _reason(target: Target, error: ZonewrightError) -> str:
    """Return why a target does not have what is written, for people: where, and what it said."""
    name = f"{target.description} ({pool.place(target.options)})" if target.description else pool.place(target.options)
    return f"{name}: {error.message}"
