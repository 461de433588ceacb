"""News: what the stream of the table says about syncs.

The stream brings each item that was written, before and after, at least once and in order for each partition. So a sync
is counted when its change begins and ends in the table, whoever ended it: a state of its execution, another sync that
took its zone, or the dispatcher.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zonewright import errors
from zonewright.errors import TransferError
from zonewright.metrics import record
from zonewright.model.change import Change, ChangeStatus
from zonewright.service import Service
from zonewright.store import changes, keys
from zonewright.store.table import Item, decode_item

NO_FAULTS = {errors.SyncLost.__name__, "ExecutionAborted"}
"""Errors of syncs that are neither the primary's nor ours: another sync took the zone, or somebody stopped it."""


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


def tell(service: Service, records: Sequence[Mapping[str, Any]]) -> int:  # noqa: ARG001 - as every verb of a stream
    """Count the syncs that began and ended with records of the stream. Return how many records are done."""
    count([Written.of(each) for each in records])
    return len(records)


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
