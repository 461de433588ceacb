"""News: what the stream of the table says about zones and their syncs, as events for others and metrics for operators.

The stream brings each item that was written, before and after, at least once and in order for each partition. So a sync
is told when its change ends in the table, whoever ended it: a state of its execution, another sync that took its zone,
or the dispatcher. A writer does nothing for it, and no event can be lost behind its transaction.

`docs/events.md` describes the events.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from zonewright import errors
from zonewright.bus import Event
from zonewright.errors import TransferError
from zonewright.metrics import record
from zonewright.model.change import Change, ChangeStatus, Counts
from zonewright.model.states import State
from zonewright.service import Service
from zonewright.store import changes, keys, zones
from zonewright.store.table import Item
from zonewright.store.typed import decode_item

NO_FAULTS = {errors.SyncLost.__name__, "ExecutionAborted"}
"""Errors of syncs that are neither the primary's nor ours: another sync took the zone, or somebody stopped it."""


class Kind(StrEnum):
    """The detail-types of events."""

    SYNCED = "Zone Synced"
    FAILED = "Zone Sync Failed"
    DRIFT = "Zone Drift Found"
    CREATED = "Zone Created"
    UPDATED = "Zone Updated"
    DELETED = "Zone Deleted"


WATCHED = (
    "email",
    "ttl",
    "description",
    "primaries",
    "attributes",
    "schedule",
    "guards",
    "group_id",
    "version",
)
"""Attributes of a zone's item whose change is an update of the zone. A new `version` is one of its record sets."""

SHOWN = {"group_id": "project_id", "primaries": "masters", "version": "recordsets"}
"""Names in events for attributes that have another one in the API."""


@dataclass(frozen=True, slots=True)
class Written:
    """One record of the stream: an item before and after it was written. `old` or `new` is None if there was none."""

    id: str
    old: Item | None
    new: Item | None

    @classmethod
    def of(cls, sent: Mapping[str, Any]) -> "Written":
        """Return a record as Lambda sends it."""
        images = (sent["dynamodb"].get(image) for image in ("OldImage", "NewImage"))
        old, new = (decode_item(each) if each else None for each in images)
        return cls(sent["eventID"], old, new)

    @property
    def kind(self) -> str:
        """Return the sort key of the item, which begins with its kind (`keys.py`)."""
        return str((self.new or self.old or {})["sk"])

    @property
    def begun(self) -> bool:
        """Return whether a sync began with this record."""
        pending = self.new is not None and self.new.get("status") == ChangeStatus.PENDING
        return self.kind.startswith(keys.CHANGES) and self.old is None and pending

    @property
    def ended(self) -> Change | None:
        """Return the change of a sync, or of a dry run, that ended with this record, or None."""
        if self.old is None or self.new is None or not self.kind.startswith((keys.CHANGES, keys.DRY_RUNS)):
            return None
        if self.old["status"] != ChangeStatus.PENDING or self.new["status"] == ChangeStatus.PENDING:
            return None
        return changes.from_item(self.new)


def tell(service: Service, records: Sequence[Mapping[str, Any]]) -> int:
    """Put the events of records of the stream on the bus, and count syncs. Return how many records are done.

    If the bus refuses an event, its record and those behind it are not done. Lambda sends them again.
    """
    written = [Written.of(each) for each in records]
    found = [(number, event) for number, each in enumerate(written) for event in events(service, each)]
    taken = service.bus.put([event for _, event in found]) if found else 0
    done = len(records) if taken == len(found) else found[taken][0]
    count(written[:done])
    return done


def events(service: Service, written: Written) -> list[Event]:
    """Return the events that one record stands for."""
    if written.ended:
        return [_of_run(service, written, written.ended)] if _is_news(written) else []
    if written.kind != keys.ZONE or written.new is None:
        return []
    old, new = written.old, written.new
    about = _about(written.id, new)
    if old is None:
        return [Event(Kind.CREATED, about)]
    if new["state"] == State.DELETED:
        return [] if old["state"] == State.DELETED else [Event(Kind.DELETED, about)]
    moved = [SHOWN.get(name, name) for name in WATCHED if old.get(name) != new.get(name)]
    synced = old.get("synced") != new.get("synced")  # the end of a sync is told of its change
    found = [Event(Kind.UPDATED, about | {"updated": moved})] if moved and not synced else []
    return found + _seen(old, new, about)


def _seen(old: Item, new: Item, about: dict[str, Any]) -> list[Event]:
    """Return the event of a look that found a newer serial, from the order of the sync that it began."""
    seen = new.get("order", {}).get("seen")
    if seen is None or old.get("holder") == new.get("holder"):
        return []
    return [Event(Kind.DRIFT, about | {"found_by": "look", "primary_serial": seen, "sync_id": new["holder"]})]


def _is_news(written: Written) -> bool:
    """Return whether the end of a run is an event: of every sync, and of a dry run that found a difference."""
    run = written.ended
    if run is None or written.kind.startswith(keys.CHANGES):
        return run is not None
    return run.status is ChangeStatus.SYNCED and run.counts is not None and run.counts.moved > 0


def _of_run(service: Service, written: Written, run: Change) -> Event:
    """Return the event of a sync, or of a dry run, that ended."""
    zone = zones.get(service.table, run.zone_id)
    item = zones.to_item(zone) if zone else {"id": run.zone_id}
    about = _about(written.id, item) | {"requested_at": run.created.isoformat()}
    if run.finished:
        about["finished_at"] = run.finished.isoformat()
    counts = asdict(run.counts or Counts())
    if written.kind.startswith(keys.DRY_RUNS):
        found = {"found_by": "dry run", "dry_run_id": run.id, "counts": counts}
        return Event(Kind.DRIFT, about | found | _given(primary_serial=run.serial, reason=run.reason))
    about |= {"sync_id": run.id, "type": str(run.type)}
    if run.status is ChangeStatus.FAILED:
        return Event(Kind.FAILED, about | {"error": run.error or "Unknown", "reason": run.reason or ""})
    about |= {"counts": counts, "changed": run.version != run.base}
    about |= _given(version=run.version, serial=run.serial, records=run.records)
    return Event(Kind.SYNCED, about | _given(transfer=run.transfer, reason=run.reason))


def _about(record_id: str, item: Item) -> dict[str, Any]:
    """Return what every event says: the id of its record, which a repeated event has too, and the zone as it is."""
    zone = {"zone_id": item["id"], "zone_name": item.get("name"), "project_id": item.get("group_id")}
    return {"id": record_id} | _given(**zone, version=item.get("version"), serial=item.get("serial"))


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def is_fault(error: str) -> bool:
    """Return whether the error of a failed sync, by its name, is a fault of the service.

    The others are the primary's, or say that the sync was not wanted any more.
    """
    return error not in NO_FAULTS | {kind.__name__ for kind in _kinds(TransferError)}


def count(written: Iterable[Written]) -> None:
    """Record the metrics of syncs. Dry runs do not count."""
    syncs = [each for each in written if each.kind.startswith(keys.CHANGES)]
    if begun := sum(each.begun for each in syncs):
        record({"SyncsBegun": begun})
    ended = [each.ended for each in syncs if each.ended]
    done = [each for each in ended if each.status is ChangeStatus.SYNCED]
    if done:
        sizes = {"SyncRecords": [each.records or 0 for each in done]}
        record({"SyncsFinished": len(done), "SyncSeconds": [each.seconds or 0 for each in done], **sizes})
    failed = [each.error or "Unknown" for each in ended if each.status is ChangeStatus.FAILED]
    for error in sorted(set(failed)):
        record({"SyncsFailed": failed.count(error)}, Error=error)
    if faults := sum(map(is_fault, failed)):
        record({"SyncFaults": faults})


def _kinds(error: type[Exception]) -> set[type[Exception]]:
    """Return an error with all its subclasses."""
    return {error}.union(*map(_kinds, error.__subclasses__()))
