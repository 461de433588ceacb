"""Dry runs in the table: a report each, and beside them the lease of the one that runs, if one does."""

from datetime import datetime
from typing import Any

from zonewright import clock
from zonewright.model.change import Change
from zonewright.model.dryrun import Report
from zonewright.store import changes, keys
from zonewright.store.conditions import Condition
from zonewright.store.table import ConditionFailed, Delete, Item, Put, Table, Update, Write


def to_item(run: Report) -> Item:
    """The report's item."""
    return {
        **changes.to_item(run.change),
        **keys.dry_run(run.change.zone_id, run.id),
        "lease": clock.to_text(run.lease),
        "expires": clock.epoch(run.expires),
    }


def from_item(item: Item) -> Report:
    """Read a report's item."""
    return Report(changes.from_item(item), clock.from_text(item["lease"]), item.get("held"), item.get("refusal"))


def begin(run: Report, now: datetime) -> list[Write]:
    """The writes that begin a dry run; the first fails where another of the zone runs."""
    free = Condition(
        "attribute_not_exists(pk) OR #expires <= :now", {"#expires": "expires"}, {":now": clock.epoch(now)}
    )
    lease = {
        **keys.running_dry_run(run.change.zone_id),
        "id": run.id,
        "since": clock.to_text(run.change.created),
        "expires": clock.epoch(run.lease),
    }
    return [Put(lease, free), Put(to_item(run))]


def running(failed: ConditionFailed) -> tuple[str, datetime] | None:
    """The id of the dry run that was in the way of `begin`, and since when it runs."""
    lease = failed.old[0]
    return (lease["id"], clock.from_text(lease["since"])) if lease else None


def end(change: Change, held: int | None = None, refusal: str | None = None) -> list[Write]:
    """The writes that end one, once, while it has its lease; `change` has what came of it."""
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
            set={name: value for name, value in fields.items() if value is not None},
            condition=changes.PENDING,
        ),
        Delete(keys.running_dry_run(change.zone_id), mine),
    ]


def get(table: Table, zone_id: str, dry_run_id: str) -> Report | None:
    """One dry run of a zone, whether it has expired or not."""
    item = table.get(keys.dry_run(zone_id, dry_run_id))
    return from_item(item) if item else None
