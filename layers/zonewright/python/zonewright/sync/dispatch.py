"""The syncs that are due: found, claimed, and begun where the primary has something new.

    due ──claim──▶ ask the primary ─┬─ another serial, or never loaded ──▶ a sync begins, and says when the zone is due
                                    ├─ the same serial ──────────────────▶ due after REFRESH, or the interval
                                    └─ no answer ────────────────────────▶ due after RETRY, the zone says why

Zones that are not due are not read: an index has the moments (`keys.DUE`). A claim is a conditional write that lets the
zone be due a little later, so of two dispatchers one has it, and what one leaves when it dies is found by the next.
What time does not suffice for stays due. A sync that begins lets the zone be due when its lease is over, until its end
says better (`Sync`).
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from zonewright.errors import SyncRefused, TransferError, ZoneBusy
from zonewright.model import schedule, states
from zonewright.model.order import INCREMENTAL
from zonewright.model.states import Event
from zonewright.servers import primaries
from zonewright.service import Service
from zonewright.store import keys, zones
from zonewright.store.zones import Due
from zonewright.sync import lifecycle, steps

AT_ONCE = 32
"""Primaries that are asked at the same time."""

PATIENCE = 5
"""Seconds that the primaries of one zone may take together."""

BUDGET = 40
"""Seconds after which no other zone is claimed: the function has a minute, and the next one comes after it."""

CLAIM = 120
"""Seconds after which a claimed zone is due again if nobody says otherwise; longer than the function lives."""

MOST = 500
"""Zones of a partition that are looked at in one go."""


class End(StrEnum):
    """What came of a zone that was due."""

    STARTED = "started"
    UNCHANGED = "unchanged"
    UNANSWERED = "unanswered"
    SKIPPED = "skipped"
    FAULT = "fault"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one zone, and why; a fault of ours brings its error along."""

    zone_id: str
    end: End
    reason: str = ""
    error: Exception | None = None


def due_zones(service: Service) -> list[Outcome]:
    """Look at the zones that are due, the longest due first. Return the outcome of each."""
    began = service.now()

    def in_partition(partition: str) -> list[Due]:
        return zones.due(service.table, partition, began, MOST)

    def attempt(seen: Due) -> Outcome:
        if service.now() - began >= timedelta(seconds=BUDGET):
            return Outcome(seen.zone_id, End.LEFT)
        try:
            return _attempt(service, seen)
        except (SyncRefused, ZoneBusy) as error:
            return Outcome(seen.zone_id, End.SKIPPED, error.message)
        except Exception as error:  # noqa: BLE001 - one zone's fault is no reason to let the others wait
            return Outcome(seen.zone_id, End.FAULT, str(error), error)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = [each for part in pool.map(in_partition, keys.DUE) for each in part]
        return list(pool.map(attempt, sorted(found, key=lambda each: each.place)))


def _attempt(service: Service, seen: Due) -> Outcome:
    """Claim a zone, ask its primaries, and begin a sync if they have something new. Raise what forbids the sync."""
    claimed = zones.postpone(service.table, seen, service.now() + timedelta(seconds=CLAIM))
    if claimed is None:
        return Outcome(seen.zone_id, End.SKIPPED, "another one has it")
    zone = zones.get(service.table, seen.zone_id)
    if zone is None or zone.schedule is None or not zone.primaries:
        zones.reschedule(service.table, claimed, None)
        return Outcome(seen.zone_id, End.SKIPPED, "it has no schedule")
    if states.next_state(Event.BEGIN_SYNC, zone.hold, service.now()) is None:
        raise states.refusal(Event.BEGIN_SYNC, zone.name, zone.hold, zone.held_since)

    def following(*, failed: bool) -> datetime | None:
        shortest = service.settings.shortest_schedule
        return schedule.next_due(zone.schedule, zone.timers, shortest, service.now(), failed=failed)

    patient = replace(service.settings, transfer_timeout=PATIENCE)
    try:
        found = primaries.ask(service.table, service.vault, patient, zone)
    except TransferError as error:
        zones.reschedule(service.table, claimed, following(failed=True), error.message)
        return Outcome(zone.id, End.UNANSWERED, error.message)
    if steps.has_moved(zone, found):
        lifecycle.begin(service, zone, "schedule", user_id=zone.requestor or "", options=INCREMENTAL)
        return Outcome(zone.id, End.STARTED)
    zones.reschedule(service.table, claimed, following(failed=False))
    return Outcome(zone.id, End.UNCHANGED)
