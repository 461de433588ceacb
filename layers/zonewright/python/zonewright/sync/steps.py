"""What the states of a running sync do: transfer, parse, merge, publish.

Every function takes the order the execution was started with, and the prefix under which the transfer staged what
the later states read. Done twice, each does the same to the same keys; only publishing changes the zone, once.

A dry run goes the same way. It differs in whose the zone is when it begins (`_zone`), in what its sink takes, and in
what it ends with: a report in the place of a version, of what a guard forbids too.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import TypeVar

from zonewright import clock
from zonewright.contents.bucket import Bucket
from zonewright.contents.sink import Sink
from zonewright.errors import (
    IncrementUnfit,
    PrimaryForbidden,
    PrimaryUnreachable,
    PrimaryUntrusted,
    SyncLost,
    TooMuchMoved,
    TransferError,
    ZoneIncomplete,
    ZoneTooLarge,
)
from zonewright.model.change import Change, ChangeStatus, Counts
from zonewright.model.guards import Guards
from zonewright.model.schedule import Timers
from zonewright.model.settings import Settings
from zonewright.model.states import Event
from zonewright.model.version import Chunk, Version
from zonewright.model.zone import Primary, Zone
from zonewright.protocol import names
from zonewright.protocol.transfer import Soa, Style, Transfer
from zonewright.protocol.tsig import Key
from zonewright.protocol.types import NS, SOA
from zonewright.servers import connection
from zonewright.servers.connection import Reach
from zonewright.store import authorities, tsigkeys, versions
from zonewright.store.table import Table, Write
from zonewright.store.vault import Vault
from zonewright.sync import dryruns, lifecycle, load
from zonewright.sync.staging import Merged, Outside, Plan, Staging
from zonewright.sync.staging import prefix as staging_prefix
from zonewright.sync.workflow import Order

T = TypeVar("T")
Clock = Callable[[], datetime]


def unmoved(table: Table, settings: Settings, order: Order, zone: Zone, now: datetime) -> None:
    """End a sync that has nothing to do: the primary has the serial we hold."""
    change = lifecycle.ended(order, zone.version, now, ChangeStatus.SYNCED, reason="the serial has not moved")
    counts = Counts(unchanged=zone.rrsets)
    change = replace(change, counts=counts, records=zone.records, serial=zone.serial, version=zone.version)
    if order.dry_run:
        dryruns.complete(table, change, zone.serial)
        return
    lifecycle.release(table, settings, order, Event.PUBLISH_SYNC, change, {"synced": clock.to_text(now)})


def ask(table: Table, vault: Vault, settings: Settings, zone: Zone) -> Soa:
    """The SOA of the first primary that answers; raises the TransferError of the last one.

    All of them together may take as long as a transfer.
    """
    return _soa(zone, signing_key(table, vault, zone, settings), reach(table, zone, settings))


def _soa(zone: Zone, key: Key | None, where: Reach) -> Soa:
    until = time.monotonic() + where.total

    def attempt(primary: Primary) -> Soa:
        left = round(max(until - time.monotonic(), 0), 1)
        return connection.soa(names.absolute(zone.name), primary, key, replace(where, total=left))

    return _from_first(zone, attempt)


def has_moved(zone: Zone, found: Soa) -> bool:
    """Whether there is something to copy: another serial than the one we hold, or no contents yet."""
    return not zone.version or found.serial != zone.serial


def transfer(
    table: Table, bucket: Bucket, vault: Vault, settings: Settings, order: Order, attempt_id: str, now: Clock
) -> str | None:
    """Copy the zone from the first primary that answers: publish it if it is small, stage it if it is large.

    Tells the prefix of what is staged; None where all is done. `attempt_id` keeps what this attempt stages apart from
    what another one may have left. A refresh is done where the primary's serial has not moved; the dispatcher has asked
    before it began a scheduled sync, and one that was requested compares. Raises the TransferError of the last primary.
    """
    began, zone = now(), _zone(table, order)
    key, where = signing_key(table, vault, zone, settings), reach(table, zone, settings)
    if order.trigger == "refresh" and not has_moved(zone, _soa(zone, key, where)):
        unmoved(table, settings, order, zone, now())
        return None
    copying = _Copying(
        table=table,
        bucket=bucket,
        settings=settings,
        order=order,
        now=now,
        zone=zone,
        base=versions.get(table, zone.id, zone.version),
        key=key,
        reach=where,
        guards=guards_of(settings, zone, order),
        staging=Staging(bucket, staging_prefix(order.sync_id, attempt_id)),
        began=began,
    )
    try:
        return _from_first(zone, copying.from_primary)
    except ZoneTooLarge as error:  # on the way, so there is nothing to compare
        if not order.dry_run:
            raise
        change = lifecycle.ended(order, zone.version, now(), ChangeStatus.SYNCED, None)
        dryruns.complete(table, change, zone.serial, error.message)
        return None


def _zone(table: Table, order: Order) -> Zone:
    """The zone to copy, which a sync holds and a dry run does not; raises SyncLost."""
    return dryruns.zone_of(table, order) if order.dry_run else lifecycle.mine(table, order)


def sink_of(bucket: Bucket, settings: Settings, order: Order, records: int) -> Sink:
    """Where this sync puts what it makes of a zone of about so many records."""
    return Sink.of(bucket, settings, order.zone_id, order.sync_id, records, dry_run=order.dry_run)


@dataclass(frozen=True, slots=True)
class _Copying:
    """One attempt to copy a zone, from one primary after the other; all of them share the time a transfer may take."""

    table: Table
    bucket: Bucket
    settings: Settings
    order: Order
    now: Clock
    zone: Zone
    base: Version | None
    key: Key | None
    reach: Reach
    guards: Guards
    staging: Staging
    began: datetime

    def from_primary(self, primary: Primary) -> str | None:
        """Take what moved where that is asked for and can be had, and compare the whole zone elsewhere."""
        note = ""
        if self.order.mode != "axfr" and self.base is not None and self.zone.serial is not None:
            try:
                machine, messages = self._ask(primary, self.zone.serial)
                if machine.style is Style.NOTHING and machine.serial == self.zone.serial:
                    unmoved(self.table, self.settings, self.order, self.zone, self.now())
                    return None
                if machine.style is Style.INCREMENTS:
                    merged, outside = self._taken_in(machine, messages, self.base)
                    self._publish(self._plan(machine, primary), merged, outside)
                    return None
                if machine.style is Style.WHOLE:
                    return self._whole(primary, machine, messages, "the primary sent the whole zone, not what moved")
                raise IncrementUnfit(f"its serial {machine.serial} is not newer than {self.zone.serial}, which we hold")
            except (PrimaryForbidden, PrimaryUnreachable, PrimaryUntrusted, TooMuchMoved, ZoneTooLarge):
                raise
            except TransferError as error:
                if self.order.mode == "ixfr":
                    raise
                note = f"the whole zone was compared, for {error.message}"
        machine, messages = self._ask(primary, None)
        return self._whole(primary, machine, messages, note)

    def _ask(self, primary: Primary, since: int | None) -> tuple[Transfer, Iterator[bytes]]:
        """Begin a transfer; how the primary answers is known when this returns."""
        machine = Transfer(names.absolute(self.zone.name), self.key, since)
        left = max(self.reach.total - int((self.now() - self.began).total_seconds()), 0)
        messages = connection.transfer(machine, primary, replace(self.reach, total=left))
        first: list[bytes] = []
        while machine.style is None:
            first.append(next(messages))
        return machine, chain(first, messages)

    def _taken_in(self, machine: Transfer, messages: Iterator[bytes], base: Version) -> tuple[Merged, Outside]:
        """The version after the increments, which are held in memory up to a bound."""
        held: list[bytes] = []
        for message in messages:
            held.append(message)
            if machine.octets > self.settings.increment_bytes:
                raise IncrementUnfit(f"more than {self.settings.increment_bytes:,} octets of increments came")
        return load.take_in(self._sink(base.records), machine, held, base)

    def _whole(self, primary: Primary, machine: Transfer, messages: Iterable[bytes], note: str) -> str | None:
        """Load a small zone and publish it, stage a large one."""
        settings, old = self.settings, _chunks(self.base)
        collected = load.collect(
            machine, messages, self.staging, self.guards, settings.inline_bytes, settings.batch_bytes
        )
        plan = replace(
            self._plan(machine, primary),
            note=note,
            batches=collected.batches,
            cuts=load.cuts(machine, old, collected, settings.batch_bytes),
        )
        if plan.batches:
            self.staging.write_plan(plan)
            return self.staging.prefix
        rrs, outside = load.parse(plan.zone, collected.messages)
        self._publish(plan, load.merge(self._sink(plan.records), 0, old, rrs), outside)
        return None

    def _sink(self, records: int) -> Sink:
        return sink_of(self.bucket, self.settings, self.order, records)

    def _plan(self, machine: Transfer, primary: Primary) -> Plan:
        assert machine.soa is not None
        return Plan(
            zone=self.zone.name,
            base=self.zone.version,
            primary=str(primary),
            soa=machine.soa,
            records=machine.records,
            octets=machine.octets,
            transfer="IXFR" if machine.style is Style.INCREMENTS else "AXFR",
            guards=self.guards,
        )

    def _publish(self, plan: Plan, merged: Merged, outside: Outside) -> None:
        publish(self.table, self.settings, self.order, plan, self.base, [merged], outside, self.now())


def staged(bucket: Bucket, prefix: str) -> tuple[int, int]:
    """How many batches a transfer staged, and how many ranges they are to be merged in."""
    plan = Staging(bucket, prefix).read_plan()
    return plan.batches, plan.ranges


def parse_batch(bucket: Bucket, prefix: str, number: int) -> Outside:
    """Make the sorted runs of one batch of a staged transfer."""
    staging = Staging(bucket, prefix)
    plan = staging.read_plan()
    with blamed(plan.primary):
        return load.parse_batch(staging, plan, number)


def merge_range(table: Table, bucket: Bucket, settings: Settings, order: Order, prefix: str, number: int) -> None:
    """Merge one range of a staged transfer with the version the zone had when the sync began."""
    staging = Staging(bucket, prefix)
    plan = staging.read_plan()
    base = versions.get(table, order.zone_id, plan.base)
    load.merge_range(sink_of(bucket, settings, order, plan.records), staging, plan, number, _chunks(base))


def publish_staged(
    table: Table, bucket: Bucket, settings: Settings, order: Order, prefix: str, now: datetime
) -> Change:
    """Publish what the ranges of a staged transfer made."""
    staging = Staging(bucket, prefix)
    plan = staging.read_plan()
    base = versions.get(table, order.zone_id, plan.base)
    with blamed(plan.primary):
        merged = staging.read_merged(plan.ranges)
        return publish(table, settings, order, plan, base, merged, staging.read_outside(), now)


def publish(
    table: Table,
    settings: Settings,
    order: Order,
    plan: Plan,
    base: Version | None,
    merged: Iterable[Merged],
    outside: Outside,
    now: datetime,
) -> Change:
    """Make what was merged the zone's contents, in one transaction: version, zone and change, or nothing.

    Contents equal to those we hold, `base`, make no new version. A dry run ends here without any. Raises ZoneIncomplete
    for contents without an apex, TooMuchMoved or ZoneTooLarge where a guard forbids it, SyncLost where the zone is no
    longer held by this sync.
    """
    whole = load.add(merged)
    missing = [text for rdtype, text in ((SOA, "SOA"), (NS, "NS")) if rdtype not in whole.apex_types]
    if missing:
        raise ZoneIncomplete(f"the zone it sent has no {missing[0]} record at its apex")
    old = _chunks(base)
    records = sum(chunk.records for chunk in whole.chunks)
    change = replace(
        lifecycle.ended(order, plan.base, now, ChangeStatus.SYNCED, _note(plan, whole, outside)),
        counts=whole.counts,
        records=records,
        serial=plan.soa.serial,
        differences=whole.differences,
        transfer=plan.transfer,
    )
    refusal = _refusal(plan.guards, records, whole.counts if old else None)
    if order.dry_run:
        said = f"{plan.primary}: {refusal.message}" if refusal else None
        return dryruns.complete(table, change, base.serial if base else None, said)
    if refusal:
        raise refusal
    number = plan.base
    writes: list[Write] = []
    if whole.chunks != old:
        number += 1
        version = Version(order.zone_id, number, plan.soa.serial, now, order.sync_id, whole.chunks)
        writes += versions.publish(version, old)
    contents = {
        "version": number,
        "serial": plan.soa.serial,
        "records": records,
        "rrsets": sum(chunk.rrsets for chunk in whole.chunks),
        "ttl": plan.soa.ttl,
        "email": names.mailbox(plan.soa.rname),
        "synced": clock.to_text(now),
    }
    change = replace(change, version=number)
    try:
        timers = Timers(plan.soa.refresh, plan.soa.retry)
        lifecycle.release(
            table, settings, order, Event.PUBLISH_SYNC, change, contents, *writes, base=plan.base, timers=timers
        )
    except SyncLost:
        done = lifecycle.published(table, order)
        if done is None:
            raise
        return done
    return change


def guards_of(settings: Settings, zone: Zone, order: Order) -> Guards:
    """What this sync may not do, by its zone as held by it; a forced one may move as much as it likes."""
    guards = Guards(settings.zone_records, settings.deleted_percent, settings.changed_percent)
    if zone.guards:
        guards = guards.under(zone.guards)
    return Guards(guards.records) if order.force else guards


def _refusal(guards: Guards, records: int, moved: Counts | None) -> ZoneTooLarge | TooMuchMoved | None:
    """What the guards have against contents; `moved` is None for the first, of which no share can be too great."""
    try:
        guards.check_size(records)
        if moved:
            guards.check_share(moved)
    except (ZoneTooLarge, TooMuchMoved) as error:
        return error
    return None


def _chunks(version: Version | None) -> tuple[Chunk, ...]:
    """The chunks of a version; none before the first."""
    return version.chunks if version else ()


def signing_key(table: Table, vault: Vault, zone: Zone, settings: Settings) -> Key | None:
    """The TSIG key a zone's transfers are signed with, in clear, if it has one."""
    found = tsigkeys.for_zone(table, zone.id, settings.pool_id)
    return Key(found.name, found.algorithm, vault.open(found.secret, found.id)) if found else None


def reach(table: Table, zone: Zone, settings: Settings) -> Reach:
    """Where a zone's transfers may go, how long they may take together, how much bring, whose certificates count."""
    certificates = authorities.get(table) if any(primary.tls for primary in zone.primaries) else ""
    return Reach(
        settings.transfer_networks,
        settings.transfer_ports,
        settings.idle_timeout,
        settings.transfer_timeout,
        settings.transfer_bytes,
        certificates,
    )


@contextmanager
def blamed(primary: str) -> Iterator[None]:
    """Put the primary's name before what a TransferError says."""
    try:
        yield
    except TransferError as error:
        raise type(error)(f"{primary}: {error.message}") from error


def _from_first(zone: Zone, attempt: Callable[[Primary], T]) -> T:
    """What `attempt` makes of the first primary it succeeds with; the last one's error tells what each of them said."""
    said: list[str] = []
    for primary in zone.primaries[:-1]:
        try:
            with blamed(str(primary)):
                return attempt(primary)
        except TransferError as error:
            said.append(error.message)
    try:
        with blamed(str(zone.primaries[-1])):
            return attempt(zone.primaries[-1])
    except TransferError as error:
        raise type(error)("; ".join([*said, error.message])) from error


def _note(plan: Plan, whole: Merged, outside: Outside) -> str | None:
    """What a reader of the history should know about contents that were published."""
    notes = [plan.note] if plan.note else []
    if outside.count:
        shown = ", ".join(outside.names) + (", ..." if outside.count > len(outside.names) else "")
        notes.append(f"{outside.count} records outside the zone were dropped: {shown}")
    if whole.mixed_ttls:
        notes.append(f"{whole.mixed_ttls} RRsets had records with different TTLs: the lowest was taken")
    return "; ".join(notes) or None
