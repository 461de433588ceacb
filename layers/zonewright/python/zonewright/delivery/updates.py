"""One turn at the record changes of a copied zone: its primary takes them first, and then they are shown here.

    take ─▶ the first that wait ─▶ judge again ─▶ one message ─▶ proven ─▶ one transaction: version, Complete ─▶ again
                                                    │
                                                    ├─ refused, or other contents there: halve, until one is alone
                                                    └─ a delay: again after a pause; Failed after ten minutes

A turn that dies after the message is known by the next one: the primary has the record sets as after. So nothing is
lost and nothing is written twice. Contract backends.md, sections 3, 4 and 7.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from zonewright import clock
from zonewright.actions import judging, queue
from zonewright.actions.recordset_search import Contents
from zonewright.contents import rewrite
from zonewright.contents.sink import Sink
from zonewright.delivery import contents, reaching
from zonewright.delivery.ends import LEASE, PATIENCE, End, Lost
from zonewright.errors import (
    DeliveryDelayed,
    DeliveryError,
    TargetDiverged,
    UpdateForbidden,
    UpdateIgnored,
    UpdateMisread,
    UpdateTooLarge,
    ZoneNotServed,
)
from zonewright.log import log
from zonewright.metrics import record
from zonewright.model import applying, push, recordchange
from zonewright.model.applying import OPTIONS, Ready
from zonewright.model.change import Change, ChangeStatus
from zonewright.model.delivery import Delivery, Standing
from zonewright.model.diff import Difference, Move
from zonewright.model.push import Prerequisites
from zonewright.model.recordchange import MOST, RecordChange
from zonewright.model.states import Event, State
from zonewright.model.version import Chunk, Version
from zonewright.model.zone import Zone
from zonewright.protocol import rrset
from zonewright.servers import connection, updating
from zonewright.service import Service
from zonewright.store import deliveries, recordchanges, versions, zones
from zonewright.store.conditions import equal
from zonewright.store.table import ConditionFailed, Write

PRIMARY = "primary"
"""The id of the standing of the primary, in place of that of a target."""

SYNCING = timedelta(seconds=30)
"""Time after which a zone that syncs is looked at again."""

_OF_ONE = (TargetDiverged, UpdateForbidden, UpdateIgnored, UpdateMisread, UpdateTooLarge, ZoneNotServed)
"""Errors that may be about one of the record changes of a message. Others are about the primary."""


@dataclass(slots=True)
class Updates:
    """A turn at the record changes of `zone`, until a time. `standing` is that of its primary."""

    service: Service
    holder: str
    until: datetime
    zone: Zone
    held: Delivery = field(init=False)
    standing: Standing = field(init=False)

    def work(self) -> End:
        """Bring the primary what waits, until nothing does or there is a pause. Return the end of the turn."""
        while self._read():
            now = self.service.now()
            due = self._due(now)
            if due is not None and due <= now < self.until:
                with suppress(_Taken):
                    self._step(now)
            elif due is not None and now < due <= min(now + PATIENCE, self.until):
                time.sleep((due - now).total_seconds())
            elif self._released(due):
                return End.WAITING if due else End.DELIVERED
        deliveries.end(self.service.table, self.zone.id, self.holder)
        return End.ENDED

    def _read(self) -> bool:
        """Read the zone and its delivery. Return False for a zone that is deleted."""
        table = self.service.table
        found, zone = deliveries.get(table, self.zone.id), zones.get(table, self.zone.id)
        if found is None or found.holder != self.holder:
            raise Lost
        self.held, self.zone = found, zone or self.zone
        self.standing = found.standings.get(PRIMARY, Standing())
        return zone is not None and not zone.deleted

    def _due(self, now: datetime) -> datetime | None:
        """Return when the primary has to be tried next, or None if nothing waits."""
        if not self.zone.pending:
            return None
        return now + SYNCING if self.zone.state is State.SYNCING else self.standing.next or now

    def _released(self, due: datetime | None) -> bool:
        """End the turn, with the zone held until after the next one. Return False if there is more to do."""
        try:
            if due:
                self._hold(max(due, self.service.now()))
        except ConditionFailed:
            return False
        return deliveries.release(self.service.table, self.zone, self.held, due)

    def _hold(self, since: datetime) -> None:
        """Hold the zone for longer, or again. A sync is left alone. Raise ConditionFailed if another holds it."""
        zone, lease = self.zone, since + queue.HOLD
        if zone.state is State.SYNCING:
            return
        mine = zone.state is State.PENDING_UPDATE and zone.holder
        now = zone.moment(self.service.now())
        recordchanges.hold(self.service.table, zone, zone.holder if mine and zone.holder else self.holder, now, lease)

    def _step(self, now: datetime) -> None:
        """Make one try at the first record changes that wait."""
        lease = self.zone.lease or 0
        if self.zone.state is not State.PENDING_UPDATE or lease < clock.epoch(now + 2 * LEASE):
            try:
                self._hold(now)
            except ConditionFailed:
                return
            if self.zone.state is not State.PENDING_UPDATE:
                return  # its holder and time are new
        waiting = self._waiting()
        assert waiting, "as many as are counted wait"
        some = waiting[: applying.together(waiting, lambda moves: push.weight(moves, self.zone.ttl, OPTIONS))]
        ready, refused = self._judged(some)
        if refused:
            self._fail(refused)
            return
        try:
            self._bring(ready)
        except DeliveryDelayed as error:
            self._delayed(error)
        except DeliveryError as error:
            self._fail([(each, error.message, None) for each in self._waiting()])

    def _waiting(self) -> list[RecordChange]:
        return recordchanges.waiting_of(self.service.table, self.zone.id, MOST)

    def _delayed(self, error: DeliveryDelayed) -> None:
        """Note that the primary is to be tried later. Record changes that have waited too long fail."""
        now, waiting = self.service.now(), self._waiting()
        failed = self.standing.failed(error, error.message, now, recordchange.PATIENCE, version=0)
        assert failed.since is not None
        over = [each for each in waiting if each.expired(now, failed.since)]
        left = [max(each.change.created, failed.since) + recordchange.PATIENCE for each in waiting if each not in over]
        soonest = min([each for each in (failed.next, *left) if each], default=now)
        self.standing = replace(failed, next=max(soonest, now))
        about = {"zone_id": self.zone.id, "reason": error.message, "error": type(error).__name__}
        log().warning("record changes not applied", extra=about | {"tries": failed.tries})
        self._stand()
        if over:
            self._fail([(each, error.message, None) for each in over])

    def _stand(self) -> None:
        if not deliveries.stand(self.service.table, self.zone.id, self.holder, {PRIMARY: self.standing}):
            raise Lost

    def _judged(self, some: Sequence[RecordChange]) -> tuple[list[Ready], "list[_Refused]"]:
        """Return record changes as they are to be made, or those of them that may not be made any more, and why."""
        contents = Contents(self.zone, self._shown())
        again = judging.Again.of(self.service, contents, [each.moves for each in some])
        ready: list[Ready] = []
        refused: list[_Refused] = []
        for each in some:
            made = applying.ready(each, again.shown)
            if made:
                ready.append(made)
            else:
                refused.append((each, "the zone has other record sets by now", None))
        kept = [number for number, each in enumerate(some) if any(each is one.waiting for one in ready)]
        why = again.refusals(kept) if kept else {}
        refused += [(some[number], text, None) for number, text in sorted(why.items())]
        return ready, refused

    def _bring(self, ready: Sequence[Ready]) -> None:
        """Have the primary take record changes, and publish them. Halves are tried alone if it does not take all.

        Raise the DeliveryError of the primary itself.
        """
        try:
            self._send([move for each in ready for move in each.sent])
        except _OF_ONE as error:
            if len(ready) > 1:
                middle = len(ready) // 2
                self._bring(ready[:middle])
                self._bring(ready[middle:])
                return
            (only,) = ready
            if not (isinstance(error, TargetDiverged) and self._relaxed(only)):
                self._fail([(only.waiting, *self._why(only, error))])
                return
        self._publish(ready)

    def _relaxed(self, only: Ready) -> bool:
        """Send a record change that stands alone as VinylDNS does. Return whether the primary took it."""
        if only.relaxed is None:
            return False
        moves, prerequisites = only.relaxed
        try:
            self._send(moves, prerequisites)
        except TargetDiverged:
            return False
        return True

    def _send(self, moves: Iterable[Move], prerequisites: Prerequisites = OPTIONS.prerequisites) -> None:
        """Send moves in one message, unless the primary has them already. Raise a DeliveryError."""
        options = replace(OPTIONS, prerequisites=prerequisites)
        target = reaching.primary(self.service, self.zone)
        planned = push.plan(moves, "", "", self.zone.ttl, options)
        if len(planned.messages) > 1:
            raise UpdateTooLarge("it does not fit in one message with what it takes the place of")
        for _ in updating.push(target, planned):
            pass
        if not updating.proven(target, planned):
            raise UpdateIgnored("the name server answered NOERROR, and does not have it as it should")

    def _why(self, only: Ready, error: DeliveryError) -> tuple[str, str | None]:
        """Return why a record change that stands alone failed, and what differs at the primary."""
        if not isinstance(error, (TargetDiverged, UpdateIgnored)):
            return error.message, None
        differs = _differing(reaching.primary(self.service, self.zone), only.sent)
        return recordchange.OUT_OF_SYNC if isinstance(error, TargetDiverged) else error.message, differs

    def _publish(self, ready: Sequence[Ready]) -> None:
        """Publish record changes that the primary took, as one version, and end them. Raise a DeliveryError."""
        target = reaching.primary(self.service, self.zone)
        with updating.undelivered():
            serial = connection.soa(target.zone, target.server, target.key, target.reach).serial
        moves = [move for each in ready for move in each.published if move.before != move.after]
        made: tuple[Chunk, ...] | None = None
        shown = self._shown()
        if moves:
            bucket, change_id = self.service.bucket, ready[-1].waiting.change.id
            sink = Sink.of(bucket, self.service.settings, self.zone.id, change_id, shown.records)
            soa = contents.soa(bucket, shown, self.zone.ttl)
            made = rewrite.apply(sink, shown, [*moves, Move(soa, rrset.with_serial(soa, serial))])
        self._end_published(ready, shown, made, serial)

    def _end_published(
        self, ready: Sequence[Ready], shown: Version, made: tuple[Chunk, ...] | None, serial: int
    ) -> None:
        """Publish the chunks `made` and end record changes in one transaction, as often as others join meanwhile."""
        number = shown.number + 1 if made else shown.number

        def attempt(now: datetime) -> _Attempt:
            zone = self.zone
            source = zones.source_item(zone.after_record_changes())
            if made is None:
                return [_complete(each, shown, None, now) for each in ready], {"source": source}, []
            version = Version(zone.id, number, serial, now, ready[-1].waiting.change.id, made, shown.ttl)
            entries = [_complete(each, shown, version, now) for each in ready]
            attributes: dict[str, object] = {
                "version": number,
                "serial": serial,
                "newest": zone.went_back_from(serial),
                "records": version.records,
                "rrsets": version.rrsets,
                "source": source,
            }
            return entries, attributes, versions.publish(version, shown.chunks)

        self._ended(Event.PUBLISH_UPDATE, shown, attempt)
        waited = [self.service.now() - each.waiting.change.created for each in ready]
        record({"RecordChanges": len(ready), "RecordChangeSeconds": max(waited).total_seconds()})
        if self.standing.tries:
            self.standing = Standing()
            self._stand()

    def _fail(self, refused: "Sequence[_Refused]") -> None:
        """End record changes as failed."""
        for each, why, differs in refused:
            about = {"zone_id": self.zone.id, "change_id": each.change.id, "reason": why, "differing": differs}
            log().warning("record change failed", extra=about)

        def attempt(now: datetime) -> _Attempt:
            return [_failed(each, why, differs, now) for each, why, differs in refused], {}, []

        self._ended(Event.FAIL_UPDATE, None, attempt)
        record({"RecordChangesFailed": len(refused)})

    def _ended(self, event: Event, shown: Version | None, attempt: "Callable[[datetime], _Attempt]") -> None:
        """Write what ends record changes, while callers join. Raise Lost, or _Taken if another holds the zone."""
        for _ in range(_TRIES):
            zone = self.zone
            now = zone.moment(self.service.now())
            entries, attributes, more = attempt(now)
            also = equal(source=zones.source_item(zone.source) if zone.source else None)
            if shown is not None:
                also = also.also(equal(version=shown.number))
            writes = recordchanges.ended(zone, event, entries, now, attributes=attributes, also=also)
            held = recordchanges.still_delivered(zone, self.holder)
            try:
                self.service.table.write(*writes, held, *more)
            except ConditionFailed:
                self._read()
                if self.zone.holder != zone.holder or self.zone.version != zone.version:
                    raise _Taken from None
                continue
            self._read()
            return
        raise _Taken

    def _shown(self) -> Version:
        return contents.goal(self.service.table, self.zone.id, self.zone.version)


class _Taken(Exception):
    """Another took the zone, whose hold had run out. Its record changes go on waiting."""


_Refused = tuple[RecordChange, str, str | None]
"""A record change that failed, why, and what differs at its primary."""

_Attempt = tuple[list[Change], dict[str, object], list[Write]]
"""What ends record changes: their entries, attributes of the zone, and other writes."""

_TRIES = 50
"""How often the end of record changes is written, while callers join."""


def _complete(ready: Ready, shown: Version, version: Version | None, now: datetime) -> Change:
    """Return the entry of a record change that was published with a version, or that changed nothing here."""
    change, moved = ready.waiting.change, tuple(move for move in ready.published if move.before != move.after)
    difference = Difference(tuple(sorted(moved, key=lambda move: move.place)))
    counts = replace(difference.counts(), unchanged=shown.rrsets - sum(move.before is not None for move in moved))
    return replace(
        change,
        status=ChangeStatus.SYNCED,
        counts=counts,
        records=(version or shown).records,
        serial=(version or shown).serial,
        finished=clock.after(change.created, now),
        base=shown.number,
        version=(version or shown).number,
        moved=tuple(difference.lines()) or change.moved,
    )


def _failed(waits: RecordChange, why: str, differs: str | None, now: datetime) -> Change:
    """Return the entry of a record change that failed."""
    change = waits.change
    reason = why if why == recordchange.OUT_OF_SYNC else recordchange.failed_applying(change, why)
    finished = clock.after(change.created, now)
    return replace(change, status=ChangeStatus.FAILED, reason=reason, differing=differs, finished=finished)


def _differing(target: updating.Target, sent: Iterable[Move]) -> str:
    """Return what a primary has at the places of moves, and what was expected there, for people."""
    told = []
    for move in sent:
        wanted = rrset.from_line(move.after or move.before or "")
        owner = wanted.owner(target.zone)
        try:
            found = updating.served(target, owner, wanted.type)
            there = "; ".join(f"{found.ttl} {each}" for each in found) if found else "nothing"
        except DeliveryError as error:
            there = f"unknown ({error.message})"
        expected = rrset.from_line(move.before) if move.before else None
        ours = "; ".join(f"{expected.ttl} {text}" for text in expected.texts()) if expected else "nothing"
        told.append(f"{owner} {wanted.type_text()}: DNS has {there}, and we had {ours}")
    return ", ".join(told)
