"""Steps of a running sync or dry run: transfer, parse, merge, publish.

Each step takes the service, the order of the execution, and the prefix of the objects that the transfer staged. A
repeated step writes the same objects. Only the publish step changes the zone, once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain

from zonewright.contents import merge
from zonewright.contents.merge import Merged, Outside
from zonewright.errors import (
    IncrementUnfit,
    PrimaryForbidden,
    PrimaryUnreachable,
    PrimaryUntrusted,
    SerialOlder,
    TooMuchMoved,
    TransferError,
    TransferTimedOut,
    ZoneIncomplete,
    ZoneTooLarge,
)
from zonewright.model.change import Change, ChangeStatus, Counts
from zonewright.model.guards import Guards
from zonewright.model.order import Order
from zonewright.model.settings import Settings
from zonewright.model.version import Chunk, Version
from zonewright.model.zone import Primary, Zone
from zonewright.protocol import names
from zonewright.protocol import serial as serials
from zonewright.protocol.transfer import Soa, Style, Transfer
from zonewright.protocol.types import NS, SOA
from zonewright.servers import connection, primaries
from zonewright.servers.connection import Reach
from zonewright.servers.primaries import Look, naming_primary
from zonewright.servers.signing import Signing, signing
from zonewright.service import Service
from zonewright.store import versions
from zonewright.sync import load
from zonewright.sync.dryruns import Run, run_of
from zonewright.sync.lifecycle import Found, ended
from zonewright.sync.staging import Plan, Staging
from zonewright.sync.staging import prefix as staging_prefix


def has_moved(zone: Zone, found: Soa) -> bool:
    """Return whether there is something to copy: the serials differ, or the zone has no contents yet.

    An equal serial says nothing if the source of the contents is broken (`source.py`), or if record changes followed
    the last transfer: others may have written between.
    """
    broken = zone.source is not None and zone.source.broken is not None
    return not zone.version or found.serial != zone.serial or broken or zone.unconfirmed


def unmoved(run: Run, zone: Zone, others: str = "") -> None:
    """End a run that has nothing to do, because the primary has the zone's serial. `others` is what others said."""
    reason = _joined("the serial has not moved", others)
    change = ended(run.order, zone.version, run.service.now(), ChangeStatus.SYNCED, reason)
    counts = Counts(unchanged=zone.rrsets)
    run.keep(replace(change, counts=counts, records=zone.records, serial=zone.serial, version=zone.version))


def transfer(service: Service, order: Order, attempt_id: str) -> str | None:
    """Copy the zone from its newest primary: publish a small zone, stage a large one.

    Return the prefix of the staged objects, or None if the run has ended. `attempt_id` separates the objects of this
    attempt from those of others. A refresh ends at once if the primary's serial has not moved. Other syncs skip this
    check: the dispatcher has made it before a scheduled sync, and a requested sync always compares. Raise the
    TransferError of the last primary.
    """
    run, began = run_of(service, order), service.now()
    zone = run.take_up()
    keys = signing(service.table, service.vault, service.settings, zone)
    zone = run.reaches(keys.for_zone(zone), zone)
    reach = primaries.reach(service.table, service.settings, zone)
    looks = _look(order, zone, keys, reach)
    zone = run.saw(zone, primaries.seen(looks))
    found = primaries.newest(looks) if order.trigger == "refresh" else None
    if found and not has_moved(zone, found):
        best = primaries.in_order(zone, looks)[0]
        unmoved(run, zone, "; ".join(each.said() for each in looks if each is not best))
        return None
    copying = _Copying(
        run=run,
        zone=zone,
        base=versions.get(service.table, zone.id, zone.version),
        keys=keys,
        reach=reach,
        newest=primaries.best(looks),
        guards=guards_of(service.settings, zone, order),
        staging=Staging(service.bucket, staging_prefix(order.sync_id, attempt_id)),
        began=began,
    )
    try:
        copying.check_mode(primaries.in_order(zone, looks))
        finish = primaries.first_success(zone, looks, copying.from_primary)
        return finish()
    except (ZoneTooLarge, SerialOlder) as error:  # before the end of the transfer, so there is nothing to compare
        change = ended(order, zone.version, service.now(), ChangeStatus.SYNCED, None)
        run.stop(change, zone.serial, error)
        return None


def _look(order: Order, zone: Zone, keys: Signing, reach: Reach) -> list[Look]:
    """Return what the primaries say of their serials. A single one is asked for a refresh only.

    Several have a part of the transfer's time for it, so a silent one leaves enough to the others.
    """
    if len(zone.primaries) > 1:
        return primaries.look(zone, keys, replace(reach, total=min(primaries.PATIENCE, reach.total / 4)))
    return primaries.look(zone, keys, reach) if order.trigger == "refresh" else [Look(zone.primaries[0])]


MOST_SLOW = 2
"""Slow answers after which a sync asks no other primary. Each took a window of LeastRate, or FirstMessageTimeout."""


@dataclass(frozen=True, slots=True)
class _Copying:
    """One attempt to copy a zone, from its primaries in turn. They share the time of a transfer, with the looks.

    `newest` is the primary that answered with the newest SOA, or None if none was asked, or none answered. `slow` has
    an entry for each question whose answer was too slow.
    """

    run: Run
    zone: Zone
    base: Version | None
    keys: Signing
    reach: Reach
    newest: Look | None
    guards: Guards
    staging: Staging
    began: datetime
    slow: list[Primary] = field(default_factory=list)

    def check_mode(self, ordered: Sequence[Look]) -> None:
        """Raise IncrementUnfit if only increments are wanted, and those of the first primary may not fit."""
        if self.run.order.mode != "ixfr" or self.base is None or not ordered:
            return
        first = ordered[0]
        why = self.zone.unfit(first.primary)
        if why and not (first.soa and self.zone.ahead_of(first.soa.serial)):  # an older one is told as such
            way_out = "a sync with ?mode=axfr compares the whole zone"
            raise IncrementUnfit(f"{first.primary}: its increments may not fit, for {why}; {way_out}")

    def from_primary(self, look: Look, others: str) -> Callable[[], str | None]:
        """Transfer increments if the order and the primary allow it. Otherwise transfer the whole zone.

        `others` is what the other primaries said. Return what is left to do with the contents: a function that returns
        the prefix of the staged objects, or None if the run has ended. Its errors are those of the contents, so they
        select no other primary. Raise SerialOlder as `_check` does.
        """
        if look.soa:
            self._check(look.soa.serial)
        primary, note = look.primary, ""
        if self._is_held(look):
            return lambda: unmoved(self.run, self.zone, others)
        taken = _joined(f"taken from {primary}", others) if others else ""
        if self.run.order.mode != "axfr" and self.base is not None and self.zone.serial is not None:
            try:
                if why := self.zone.unfit(primary):
                    raise IncrementUnfit(why)
                with self._asking(primary, self.zone.transferred[1]) as (machine, messages):
                    same = machine.serial == self.zone.serial and not self.zone.unconfirmed
                    if machine.style is Style.NOTHING and same:
                        return lambda: unmoved(self.run, self.zone, others)
                    if machine.style is Style.INCREMENTS:
                        merged, outside = self._apply_increments(machine, messages, self.base)
                        plan = self._plan(machine, primary, taken)
                        return lambda: self._publish(plan, merged, outside)
                    if machine.style is Style.WHOLE:
                        note = _joined("the primary sent the whole zone, not what moved", taken)
                        return self._whole(self._plan(machine, primary, note), machine, messages)
                    serial, held = machine.serial, self.zone.serial
                    raise IncrementUnfit(f"its serial {serial} is not newer than {held}, which we hold")
            except (PrimaryForbidden, PrimaryUnreachable, PrimaryUntrusted, SerialOlder, ZoneTooLarge):
                raise
            except TransferError as error:
                if self.run.order.mode == "ixfr" or not self._left:
                    raise
                note = f"the whole zone was compared, for {error.message}"
        with self._asking(primary, None) as (machine, messages):
            return self._whole(self._plan(machine, primary, _joined(note, taken)), machine, messages)

    def _is_held(self, look: Look) -> bool:
        """Return whether a primary has the serial that we hold, so that there is nothing to copy.

        The mode `axfr` asks to compare all the same.
        """
        return self.run.order.mode != "axfr" and look.soa is not None and not has_moved(self.zone, look.soa)

    def _check(self, serial: int) -> None:
        """Raise SerialOlder for a serial that would take the zone back, or hide that there is a newer one.

        An older serial is taken only if the order forces it, and no primary has a newer one.
        """
        newest = self.newest.soa.serial if self.newest and self.newest.soa else serial
        if self.zone.ahead_of(serial) and not (self.run.order.force and self.zone.ahead_of(newest)):
            raise primaries.older(self.zone, serial)
        if self.zone.version and serial == self.zone.serial and serials.newer(newest, serial):
            assert self.newest is not None
            raise SerialOlder(f"its serial {serial} is the one we hold, and {self.newest.primary} has {newest}")

    @contextmanager
    def _asking(self, primary: Primary, since: int | None) -> Iterator[tuple[Transfer, Iterator[bytes]]]:
        """Begin a transfer, by IXFR if `since` is a serial. Return as soon as the style and the serial are known.

        IXFR connects only to the address that the contents came from. The connection ends with the context. Raise
        TransferTimedOut if the time of all primaries is over, or `MOST_SLOW` answers were too slow already. Raise
        SerialOlder as `_check` does.
        """
        if not self._left:
            raise TransferTimedOut("not asked, for the time of the transfer was over")
        if len(self.slow) >= MOST_SLOW:
            raise TransferTimedOut(f"not asked, for {MOST_SLOW} answers were too slow already")
        machine = Transfer(names.absolute(self.zone.name), self.keys.key(primary), since)
        only = self.zone.source.address if self.zone.source and since is not None else None
        try:
            with closing(
                connection.transfer(machine, primary, replace(self.reach, total=self._left), only)
            ) as messages:
                first: list[bytes] = []
                with self.keys.explaining(primary):
                    while machine.style is None or machine.soa is None:
                        first.append(next(messages))
                self.run.saw(self.zone, [(primary, machine.serial)])
                self._check(machine.serial)
                yield machine, chain(first, messages)
        except TransferTimedOut:
            self.slow.append(primary)
            raise

    @property
    def _left(self) -> float:
        """Return how many seconds all primaries together still have."""
        return max(self.reach.total - int((self.run.service.now() - self.began).total_seconds()), 0)

    def _apply_increments(self, machine: Transfer, messages: Iterator[bytes], base: Version) -> tuple[Merged, Outside]:
        """Apply increments to `base`. Return the result, and the records outside the zone.

        The increments are in memory. Raise IncrementUnfit if they have more bytes than the settings allow.
        """
        most = self.run.service.settings.increment_bytes
        held: list[bytes] = []
        for message in messages:
            held.append(message)
            if machine.octets > most:
                raise IncrementUnfit(f"more than {most:,} octets of increments came")
        return load.apply_increments(self.run.sink(base.records), machine, held, base, self._transferred(base))

    def _transferred(self, base: Version) -> Version | None:
        """Return the version that the increments follow, if it is not `base`: record changes followed it.

        Raise IncrementUnfit if that version is not kept any more.
        """
        number, _ = self.zone.transferred
        if number == base.number:
            return None
        found = versions.get(self.run.service.table, self.zone.id, number)
        if found is None:
            raise IncrementUnfit(f"version {number}, which the last transfer left, is not kept any more")
        return found

    def _whole(self, plan: Plan, machine: Transfer, messages: Iterable[bytes]) -> Callable[[], str | None]:
        """Transfer a whole zone. Return how to go on: publish a small one, or pass on the prefix of a staged one."""
        settings, old = self.run.service.settings, _chunks(self.base)
        collected = load.collect(
            machine,
            messages,
            self.staging,
            guards=self.guards,
            inline_bytes=settings.inline_bytes,
            batch_bytes=settings.batch_bytes,
        )
        plan = replace(
            plan,
            records=machine.records,
            octets=machine.octets,
            batches=collected.batches,
            cuts=load.cuts(machine, old, collected, settings.batch_bytes),
        )
        if plan.batches:
            self.staging.write_plan(plan)
            return lambda: self.staging.prefix
        return lambda: self._load(plan, collected.messages)

    def _load(self, plan: Plan, messages: Sequence[bytes]) -> None:
        """Parse, merge and publish a small zone."""
        with naming_primary(plan.primary):
            rrs, outside = load.parse(plan.zone, messages)
            merged = merge.merge(self.run.sink(plan.records), _chunks(self.base), rrs)
        self._publish(plan, merged, outside)

    def _publish(self, plan: Plan, merged: Merged, outside: Outside) -> None:
        with naming_primary(plan.primary):
            publish(self.run, plan, self.base, [merged], outside)

    def _plan(self, machine: Transfer, primary: Primary, note: str) -> Plan:
        assert machine.soa is not None
        return Plan(
            zone=self.zone.name,
            base=self.zone.version,
            primary=str(primary),
            soa=machine.soa,
            records=machine.records,
            octets=machine.octets,
            transfer="IXFR" if machine.style is Style.INCREMENTS else "AXFR",
            note=note,
            guards=self.guards,
            address=machine.address,
            signer=self.keys.signer(primary),
        )


def staged(service: Service, prefix: str) -> tuple[int, int]:
    """Return the number of batches and the number of ranges of a staged transfer."""
    plan = Staging(service.bucket, prefix).read_plan()
    return plan.batches, plan.ranges


def parse_batch(service: Service, prefix: str, number: int) -> Outside:
    """Store the sorted runs of one batch of a staged transfer. Return the records outside the zone."""
    staging = Staging(service.bucket, prefix)
    plan = staging.read_plan()
    with naming_primary(plan.primary):
        return load.parse_batch(staging, plan, number)


def merge_range(service: Service, order: Order, prefix: str, number: int) -> None:
    """Merge one range of a staged transfer with the version that the zone had when the sync began."""
    staging = Staging(service.bucket, prefix)
    plan = staging.read_plan()
    base = versions.get(service.table, order.zone_id, plan.base)
    load.merge_range(run_of(service, order).sink(plan.records), staging, plan, number, _chunks(base))


def publish_staged(service: Service, order: Order, prefix: str) -> Change:
    """Publish the merged ranges of a staged transfer. Return the change as it ended. Raise as `publish` does."""
    staging = Staging(service.bucket, prefix)
    plan = staging.read_plan()
    base = versions.get(service.table, order.zone_id, plan.base)
    with naming_primary(plan.primary):
        merged = staging.read_merged(plan.ranges)
        return publish(run_of(service, order), plan, base, merged, staging.read_outside())


def publish(run: Run, plan: Plan, base: Version | None, merged: Iterable[Merged], outside: Outside) -> Change:
    """Publish merged ranges as the zone's contents, in one transaction. A dry run reports them.

    Return the change as it ended. Raise ZoneIncomplete for contents without SOA or NS at the apex, TooMuchMoved or
    ZoneTooLarge if a guard forbids them, or SyncLost if the sync no longer holds the zone.
    """
    whole = merge.add(merged)
    missing = [text for rdtype, text in ((SOA, "SOA"), (NS, "NS")) if rdtype not in whole.apex_types]
    if missing:
        raise ZoneIncomplete(f"the zone it sent has no {missing[0]} record at its apex")
    records = sum(chunk.records for chunk in whole.chunks)
    change = replace(
        ended(run.order, plan.base, run.service.now(), ChangeStatus.SYNCED, _note(plan, whole, outside)),
        counts=whole.counts,
        records=records,
        serial=plan.soa.serial,
        differences=whole.differences,
        transfer=plan.transfer,
    )
    refusal = _refusal(plan.guards, records, whole.counts if _chunks(base) else None)
    return run.publish(change, Found(plan, base, whole.chunks, refusal))


def guards_of(settings: Settings, zone: Zone, order: Order) -> Guards:
    """Return the guards of a sync: the operator's, with the zone's own. A forced sync keeps only the guard of size."""
    guards = Guards(settings.zone_records, settings.deleted_percent, settings.changed_percent)
    if zone.guards:
        guards = guards.under(zone.guards)
    return Guards(guards.records) if order.force else guards


def _refusal(guards: Guards, records: int, moved: Counts | None) -> ZoneTooLarge | TooMuchMoved | None:
    """Return the error of a guard that forbids contents, or None.

    `moved` is None for a first load, because the guards of shares do not apply to it.
    """
    try:
        guards.check_size(records)
        if moved:
            guards.check_share(moved)
    except (ZoneTooLarge, TooMuchMoved) as error:
        return error
    return None


def _chunks(version: Version | None) -> tuple[Chunk, ...]:
    return version.chunks if version else ()


def _joined(*notes: str) -> str:
    """Return the notes that are not empty, as one text."""
    return "; ".join(filter(None, notes))


def _note(plan: Plan, whole: Merged, outside: Outside) -> str | None:
    """Return notes on published contents for the history, or None."""
    notes = [plan.note] if plan.note else []
    if outside.count:
        notes.append(f"{outside.count} records outside the zone were dropped: {_shown(outside.names, outside.count)}")
    if outside.no_data:
        shown = _shown(outside.no_data_names, outside.no_data)
        notes.append(f"{outside.no_data} records of types that no zone holds were dropped: {shown}")
    if outside.odd:
        shown = _shown(outside.odd_names, outside.odd)
        notes.append(f"{outside.odd} records were kept as octets, for their data cannot be read: {shown}")
    if whole.mixed_ttls:
        notes.append(f"{whole.mixed_ttls} RRsets had records with different TTLs: the lowest is shown")
    if whole.cnames:
        origin = names.absolute(plan.zone)
        shown = _shown(tuple(str(names.owner_of(key, origin)) for key in whole.cname_keys), whole.cnames)
        notes.append(f"{whole.cnames} names have a CNAME beside other data: {shown}")
    return "; ".join(notes) or None


def _shown(names: tuple[str, ...], count: int) -> str:
    return ", ".join(names) + (", ..." if count > len(names) else "")
