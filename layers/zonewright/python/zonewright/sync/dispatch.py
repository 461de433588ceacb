"""Dispatcher of due zones: find them, claim each, and begin a sync if the primary has something new.

    due ──claim──▶ ask the primary ─┬─ a newer serial, or never loaded ──▶ begin a sync, due while it is held
                                    ├─ an error code ────────────────────▶ the same: a transfer may be allowed
                                    ├─ the same serial ──────────────────▶ due after REFRESH, or the interval
                                    ├─ an older serial ─────────────────▶ due after RETRY, the zone shows why
                                    └─ no response ─────────────────────▶ the same, later each time (`schedule.py`)

A due delivery is begun without a claim: the function that delivers takes it, or finds that another has it.

An index lists zones by the time they are due (`dueplaces.DUE`), so no other zones are read. The dispatcher claims a
zone by a conditional write before it works on it. So only one of two dispatchers gets the zone. A claim lapses, so that
another dispatcher gets the zone if one dies. Zones stay due if a dispatcher runs out of time. The end of a sync sets
the next due time (`Sync`). Groups take turns (`turns.py`), so one with many silent primaries does not keep the others
waiting.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from zonewright.errors import SerialOlder, SyncRefused, TooManyRequests, TransferError, ZoneBusy
from zonewright.model import failure, schedule, states
from zonewright.model.order import INCREMENTAL, SyncOptions
from zonewright.model.schedule import Timers
from zonewright.model.states import Event, State
from zonewright.model.zone import Zone
from zonewright.protocol import serial as serials
from zonewright.servers import primaries
from zonewright.service import Service
from zonewright.store import changes, dueplaces, duezones, zones
from zonewright.store.duezones import Confirmed, Due
from zonewright.sync import lifecycle, steps
from zonewright.sync.turns import Turns

AT_ONCE = 32
"""Zones whose primaries are queried at the same time."""

PATIENCE = primaries.PATIENCE
"""Seconds that all primaries of one zone may take together. They are asked at the same time."""

READ_AT_ONCE = 4
"""Index partitions that are read at the same time. A run that finds nothing is short with four connections too. Each
connection costs a request to KMS in five minutes, because DynamoDB asks for the table's key by connection."""

BUDGET = 40
"""Seconds after which the dispatcher takes no more zones. Its function runs for a minute, and then the next one."""

CLAIMED = 120
"""Seconds after which a zone is looked at again if its look came to no end. Longer than the dispatcher can run."""

MOST = 500
"""Most zones of one group and one index partition that one dispatcher works on."""

MOST_READ = 20_000
"""Most entries of an index partition that one dispatcher reads. They are keys, some 6,000 in a page of a megabyte."""


class End(StrEnum):
    """Outcomes of a due zone."""

    STARTED = "started"
    RESTARTED = "restarted"
    RELEASED = "released"
    UNCHANGED = "unchanged"
    UNANSWERED = "unanswered"
    OLDER = "older"
    DELIVERING = "delivering"
    SKIPPED = "skipped"
    FAULT = "fault"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome of one due zone, and the reason. `error` is set for FAULT, an unexpected error.

    `late` is how many seconds the zone had been due. `lag` is how far its serial was behind that of its primary. Both
    are measured, so they do not count when outcomes are compared.
    """

    zone_id: str
    end: End
    reason: str = ""
    error: Exception | None = None
    late: float = field(default=0, compare=False)
    lag: int = field(default=0, compare=False)


LOOKED = (End.STARTED, End.UNCHANGED, End.UNANSWERED, End.OLDER)
"""Outcomes of zones whose primaries were asked."""


def numbers(found: Sequence[Outcome]) -> dict[str, float]:
    """Return the metrics of one run of the dispatcher that found something due."""
    return {
        "Looks": sum(each.end in LOOKED for each in found),
        "ZonesLeft": sum(each.end is End.LEFT for each in found),
        "OldestDueSeconds": max(each.late for each in found),
        "ZonesBehind": sum(each.lag > 0 for each in found),
        "SerialLag": max(each.lag for each in found),
    }


def due_zones(service: Service) -> list[Outcome]:
    """Process the due zones, the groups in turn, the longest due of each first. Return the outcome of each zone."""
    began = service.now()

    def in_partition(partition: str) -> list[Due]:
        return list(_for_each_group(duezones.due(service.table, partition, began, MOST_READ)))

    def attempt(seen: Due) -> Outcome:
        if service.now() - began >= timedelta(seconds=BUDGET):
            return Outcome(seen.zone_id, End.LEFT)
        try:
            return _attempt(service, seen)
        except (SyncRefused, ZoneBusy) as error:
            return Outcome(seen.zone_id, End.SKIPPED, error.message)
        except Exception as error:  # noqa: BLE001 - one zone's fault must not delay the others
            return Outcome(seen.zone_id, End.FAULT, str(error), error)

    def work(turns: Turns) -> list[Outcome]:
        outcomes: list[Outcome] = []
        while seen := turns.take():
            due, _, _, _ = dueplaces.due_parts(seen.place)
            outcomes.append(replace(attempt(seen), late=(began - due).total_seconds()))
            turns.done(seen)
        return outcomes

    with ThreadPoolExecutor(READ_AT_ONCE) as pool:
        found = [each for part in pool.map(in_partition, dueplaces.DUE) for each in part]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        workers = pool.map(work, [Turns(found)] * min(AT_ONCE, len(found)))
        return [outcome for worker in workers for outcome in worker]


def _for_each_group(found: Iterable[Due]) -> Iterator[Due]:
    """Yield at most `MOST` zones of each group."""
    seen: Counter[str] = Counter()
    for each in found:
        seen[each.group_id] += 1
        if seen[each.group_id] <= MOST:
            yield each


def _attempt(service: Service, seen: Due) -> Outcome:
    """Claim a zone, query its primaries, and begin a sync if they have something new. Return the outcome.

    Raise as `lifecycle.begin` does if the zone cannot be synced now.
    """
    if dueplaces.is_delivery(seen.place):
        service.deliverer.begin(seen.zone_id)
        return Outcome(seen.zone_id, End.DELIVERING)
    now = service.now()
    later = now + timedelta(seconds=CLAIMED)
    claimed = duezones.claim(service.table, seen, now, later)
    if claimed is None:
        return Outcome(seen.zone_id, End.SKIPPED, "another one has it")
    zone = zones.get(service.table, seen.zone_id)
    if zone is not None:  # an older deployment stored the place without the group
        claimed = replace(claimed, group_id=zone.group_id, held=zone.state is State.SYNCING)
    try:
        return _looked(service, zone, claimed)
    except Exception:
        duezones.reschedule(service.table, claimed, later)  # it leaves the head of the list to others
        raise


def _looked(service: Service, zone: Zone | None, claimed: Due) -> Outcome:
    """Do with a claimed zone what its state asks for. Return the outcome. Raise as `_attempt` does."""
    if zone is not None and zone.state is State.SYNCING:
        return _held(service, zone, claimed)
    if zone is None or zone.schedule is None or not zone.primaries:
        duezones.reschedule(service.table, claimed, None)
        return Outcome(claimed.zone_id, End.SKIPPED, "it has no schedule")
    if states.next_state(Event.BEGIN_SYNC, zone.hold, service.now()) is None:
        raise states.refusal(Event.BEGIN_SYNC, zone.name, zone.hold, zone.held_since)
    return _after_look(service, zone, claimed)


def _after_look(service: Service, zone: Zone, claimed: Due) -> Outcome:
    """Query the primaries of a claimed zone, and begin a sync if they have something new. Return the outcome."""
    patient, shortest = replace(service.settings, transfer_timeout=PATIENCE), service.settings.shortest_schedule
    zone, looks = primaries.ask(service.table, service.vault, patient, zone)
    zone, now = zones.saw(service.table, zone, primaries.seen(looks)), service.now()
    try:
        found = primaries.known(zone, looks)
    except TransferError as error:
        end = End.OLDER if isinstance(error, SerialOlder) else End.UNANSWERED
        count = zone.failed_looks + 1 if end is End.UNANSWERED else 0
        failed = failure.following(zone.failure, error.message, now, of_sync=False)
        due = schedule.next_due(zone.schedule, zone.timers, shortest, now, failed=True, looks=count)
        duezones.reschedule(service.table, claimed, due, replace(failed, looks=count, revision=zone.revision))
        return Outcome(zone.id, end, error.message)
    if found is None:
        return _begun(service, zone, claimed, INCREMENTAL)
    if steps.has_moved(zone, found):
        lag = serials.ahead(found.serial, zone.serial) if zone.version and zone.serial is not None else 0
        options = replace(INCREMENTAL, seen=found.serial if lag else None)
        return replace(_begun(service, zone, claimed, options), lag=lag)
    timers = Timers(found.refresh, found.retry, found.expire)
    due = schedule.next_due(zone.schedule, timers, shortest, now)
    lasting = zone.failure is not None and zone.failure.of_sync
    duezones.reschedule(service.table, claimed, due, Confirmed(now, timers, lasting))
    return Outcome(zone.id, End.UNCHANGED)


def _held(service: Service, zone: Zone, claimed: Due) -> Outcome:
    """Resolve the hold of a sync that is due, because it lasts longer than most. Return the outcome.

    If nobody has taken the sync up, start its execution again. If its lease is over, begin another sync by the
    schedule, whatever the primaries say, or release the zone. The other sync has the options of one that never began.
    """
    assert zone.lease is not None
    if states.next_state(Event.BEGIN_SYNC, zone.hold, service.now()) is None:
        if lifecycle.start_again(service, zone):
            duezones.reschedule(service.table, claimed, service.now() + timedelta(seconds=CLAIMED))
            return Outcome(zone.id, End.RESTARTED)
        duezones.reschedule(service.table, claimed, datetime.fromtimestamp(zone.lease + 1, UTC))
        return Outcome(zone.id, End.SKIPPED, "it is syncing")
    if zone.schedule is None or not zone.primaries:
        lifecycle.release_lapsed(service, zone)
        return Outcome(zone.id, End.RELEASED, changes.abandoned(zone))
    options = SyncOptions(zone.order.mode, zone.order.force) if zone.order else INCREMENTAL
    return _begun(service, zone, claimed, options)


def _begun(service: Service, zone: Zone, claimed: Due, options: SyncOptions) -> Outcome:
    """Begin a sync of a claimed zone. If its project has no slot left, the zone is due again in a minute."""
    try:
        lifecycle.begin(service, zone, "schedule", user_id=zone.requestor or "", options=options)
    except TooManyRequests as error:
        duezones.reschedule(service.table, claimed, service.now() + timedelta(seconds=error.after))
        return Outcome(zone.id, End.SKIPPED, error.message)
    return Outcome(zone.id, End.STARTED)
