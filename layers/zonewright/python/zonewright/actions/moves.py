"""Several record sets of a zone written at once: all or nothing, as one version with one entry in the history.

The caller says of each record set how it saw it, and how it is to be. If one is not as it was seen, nothing is written.
The rules of a single write (`recordsets.py`) hold, and those that look at other record sets look at the result of all
moves (`judging.py`). So a CNAME may take the place of an A.

The moves of a copied zone whose primary takes updates go to that primary first (`queue.py`).
"""

from dataclasses import replace
from datetime import datetime

from zonewright.actions import edit, placing, queue, zones
from zonewright.actions.judging import Asked, Judge, Outcome, position, spots_of
from zonewright.actions.recordset_search import Contents, Deadline
from zonewright.errors import PreconditionFailed
from zonewright.model.users import Caller
from zonewright.model.zone import Zone
from zonewright.service import Service
from zonewright.store import quotas, versions


def apply(service: Service, zone: Zone, asked: Asked, *, caller: Caller) -> Outcome:
    """Make the moves that a caller asks for, and return them. Moves that change nothing make no version.

    Raise RecordSetsDiffer with all record sets that are not as the caller saw them. Raise MovesRefused with everything
    else that forbids the moves. A dry run returns both. Raise NotAuthorized for a SECONDARY zone, unless its primary
    takes updates: then the moves wait for it. Raise TooLarge, ZoneSyncing, UpdatePending, PreconditionFailed,
    TooManyRequests, or ZoneChanged if others keep changing the zone.
    """
    if not zone.updatable:
        placing.refuse_secondary(zone)
    spots, misplaced = spots_of(service, zone, asked.moves)
    limits = quotas.get(service.table, service.settings, zone.group_id)
    judge = Judge(service, asked, caller, limits, placing.untaken(service, zone))

    def attempt(zone: Zone, at: datetime) -> Outcome:
        contents = _contents(service, zone, at)
        verdict = judge.of(contents, spots, at)
        verdict.refusals = sorted([*misplaced, *verdict.refusals], key=position)
        moves = verdict.moves()
        if asked.dry_run:
            if moves and not (verdict.conflicts or verdict.refusals or zone.updatable):
                begun = edit.begin(service, zone, contents.version, caller=caller, now=at).change
                zone = replace(zone, version=contents.version.number + 1, serial=begun.serial)
            return Outcome(zone, verdict.made(zone, len(asked.moves)), verdict.conflicts, verdict.refusals)
        verdict.check()
        change = None
        if moves and zone.updatable:
            zone, change = queue.add(service, zone, moves, caller=caller, now=at, exact=True, comment=asked.comment)
        elif moves:
            zone = edit.publish(service, zone, contents.version, moves, caller=caller, now=at, comment=asked.comment)
        return Outcome(zone, verdict.made(zone, len(asked.moves)), change=change)

    def reload() -> Zone:
        found = zones.usable(service, zone.id, caller=caller)
        if asked.exactly and (found.fingerprint, found.pending) != (zone.fingerprint, zone.pending):
            raise PreconditionFailed(f"zone {zone.name} was changed meanwhile by another request")
        return found

    return edit.retry_on_conflict(service, zone, attempt, reload=reload)


def _contents(service: Service, zone: Zone, now: datetime) -> Contents:
    """Return the contents by which moves of a zone are judged: those shown, after the moves that wait."""
    way_out = "send fewer moves at a time"
    if zone.updatable:
        return queue.contents(service, zone, way_out, now)
    version = versions.get(service.table, zone.id, zone.version)
    assert version is not None, "a PRIMARY zone has contents from the beginning"
    return Contents(zone, version, Deadline(way_out))
