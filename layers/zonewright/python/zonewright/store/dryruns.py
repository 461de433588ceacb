"""Dry runs in the table: an item a report, and an item with the lease of the running one."""

from datetime import datetime
from typing import Any

from zonewright import clock
from zonewright.model.change import Change
from zonewright.model.dryrun import Report
from zonewright.store import changes, keys, slots
from zonewright.store.conditions import Condition, free
from zonewright.store.table import ConditionFailed, Delete, Item, Put, Table, Update, Write, without_none


def to_item(run: Report) -> Item:
    """Return the item of a report."""
    return {
        **changes.to_item(run.change),
        **keys.dry_run(run.change.zone_id, run.id),
        "lease": clock.to_text(run.lease),
        "expires": clock.epoch(run.expires),
        **without_none({"group_id": run.group_id, "slot": run.slot}),
    }


def from_item(item: Item) -> Report:
    """Return the dry run of an item."""
    return Report(
        changes.from_item(item),
        clock.from_text(item["lease"]),
        item.get("held"),
        item.get("refusal"),
        group_id=item.get("group_id"),
        slot=item.get("slot"),
    )


def begin(run: Report, now: datetime) -> list[Write]:
    """Return the writes that begin a dry run. The first fails if another dry run of the zone is running."""
    lease = {
        **keys.running_dry_run(run.change.zone_id),
        "id": run.id,
        "since": clock.to_text(run.change.created),
        "expires": clock.epoch(run.lease),
    }
    return [Put(lease, free(now)), Put(to_item(run))]


def slot(run: Report | None) -> list[Delete]:
    """Return the write that frees the slot of a dry run, which `end` needs too. Nothing for one without a slot."""
    return slots.freed(slots.Kind.RUNS, run.group_id, run.slot, run.id) if run and run.group_id else []


def running(failed: ConditionFailed) -> tuple[str, datetime] | None:
    """Return id and start of the dry run that made `begin` fail."""
    lease = failed.old[0]
    return (lease["id"], clock.from_text(lease["since"])) if lease else None


def end(change: Change, held: int | None = None, refusal: str | None = None) -> list[Write]:
    """Return the writes that end a dry run. They fail if it has ended or lost its lease. `change` holds the result."""
    assert change.finished is not None
    fields: dict[str, Any] = {"base": change.base, "held": held, "refusal": refusal, **changes.outcome(change)}
    mine = Condition(
        "#id = :id AND #expires > :now",
        {"#id": "id", "#expires": "expires"},
        {":id": change.id, ":now": clock.epoch(change.finished)},
    )
    return [
        Update(
            keys.dry_run(change.zone_id, change.id),
            set=without_none(fields),
            condition=changes.PENDING,
        ),
        Delete(keys.running_dry_run(change.zone_id), mine),
    ]


def get(table: Table, zone_id: str, dry_run_id: str) -> Report | None:
    """Return one dry run of a zone, even if it has expired, or None."""
    item = table.get(keys.dry_run(zone_id, dry_run_id))
    return from_item(item) if item else None
