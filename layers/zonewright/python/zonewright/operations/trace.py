"""The story of one zone: its history, its executions, and the lines of the log about it, in the order of time.

A line belongs to the story if it names the zone, or has the correlation id of a line that does. So the request that
began a sync is there too, even one that named no zone, such as the creation of the zone.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from zonewright import clock
from zonewright.model.change import Change
from zonewright.model.zone import Zone
from zonewright.operations.naming import zone_of
from zonewright.operations.stack import Stack
from zonewright.service import Service
from zonewright.store import changes

Entry = dict[str, Any]

MOST_IDS = 15
"""Most correlation ids in one search of a log group. A filter pattern has at most 1,024 characters."""

_NOISE = {"location", "timestamp", "service", "cold_start", "function_arn", "function_memory_size", "xray_trace_id"}
"""Fields of lines that no story needs."""


def zone_trace(service: Service, stack: Stack, named: str, hours: float) -> Entry:
    """Return the zone, by name or id, and what happened to it in the last hours. Raise ZoneNotFound."""
    zone = zone_of(service, named, deleted=True)
    since = service.now() - timedelta(hours=hours)
    recent = [each for each in changes.listing(service.table, zone.id, 100) if each.created >= since]
    story = [*map(_of_change, recent), *_executions(stack, recent), *_lines(stack, zone.id, since)]
    return {"zone": _of_zone(zone), "story": sorted(story, key=lambda entry: str(entry["at"]))}


def _of_zone(zone: Zone) -> Entry:
    failure = zone.failure
    return {
        "id": zone.id,
        "name": zone.name,
        "project": zone.group_id,
        "state": str(zone.state),
        "version": zone.version,
        "serial": zone.serial,
        "records": zone.records,
        "schedule": zone.schedule,
        "due": clock.to_text(zone.due) if zone.due else None,
        "synced": clock.to_text(zone.synced) if zone.synced else None,
        "holder": zone.holder,
        "failure": failure.reason if failure else None,
    }


def _of_change(change: Change) -> Entry:
    found = {
        "at": clock.to_text(change.created),
        "from": "history",
        "change": change.id,
        "type": str(change.type),
        "status": str(change.status),
        "error": change.error,
        "reason": change.reason,
        "serial": change.serial,
        "version": change.version,
        "seconds": change.seconds,
    }
    return {name: value for name, value in found.items() if value is not None}


def _executions(stack: Stack, recent: Iterable[Change]) -> Iterator[Entry]:
    """Yield the executions of changes. Only syncs have one, and Step Functions keeps it for 90 days."""
    states = stack.client("stepfunctions")
    prefix = stack.resource("SyncMachine").replace(":stateMachine:", ":execution:")
    for change in recent:
        try:
            found = states.describe_execution(executionArn=f"{prefix}:{change.id}")
        except states.exceptions.ExecutionDoesNotExist:
            continue
        entry = {"at": clock.to_text(found["startDate"]), "from": "execution", "change": change.id}
        ended = {"ended": clock.to_text(found["stopDate"])} if found.get("stopDate") else {}
        yield entry | {"status": found["status"], "arn": found["executionArn"]} | ended


def _lines(stack: Stack, zone_id: str, since: datetime) -> list[Entry]:
    """Return the lines of the functions' log groups since a time that belong to the story of a zone."""
    logs = stack.client("logs")
    prefix = f"/aws/lambda/{stack.name}-"
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix)
    groups = [group["logGroupName"] for page in pages for group in page["logGroups"]]
    start = clock.epoch(since) * 1000

    def having(field: str, values: list[str]) -> Iterator[Entry]:
        pattern = " || ".join(f'($.{field} = "{value}")' for value in values)
        for group in groups:
            found = logs.get_paginator("filter_log_events")
            for page in found.paginate(logGroupName=group, startTime=start, filterPattern=f"{{ {pattern} }}"):
                lines = filter(None, map(_line, page["events"]))
                yield from (each for each in lines if each.get(field) in values)

    about = list(having("zone_id", [zone_id]))
    ids = sorted({str(each["correlation_id"]) for each in about if "correlation_id" in each})
    for first in range(0, len(ids), MOST_IDS):
        about += having("correlation_id", ids[first : first + MOST_IDS])
    return list({json.dumps(each, sort_keys=True): each for each in about}.values())


def _line(event: Any) -> Entry | None:
    """Return a line of the structured log, or None for another, such as a metric."""
    try:
        found = json.loads(event["message"])
    except ValueError:
        return None
    if not isinstance(found, dict) or "message" not in found:
        return None
    at = clock.to_text(datetime.fromtimestamp(event["timestamp"] / 1000, UTC))
    return {"at": at, "from": "log"} | {name: value for name, value in found.items() if name not in _NOISE}
