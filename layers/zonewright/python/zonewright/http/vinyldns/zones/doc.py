"""The API document of VinylDNS's zones, of syncs and of the history (contract `vinyldns.md`, sections 3, 5 and 6)."""

from zonewright.http.openapi.operations import RETRY_AFTER, Operation, Topic, answer, query
from zonewright.http.openapi.schemas import Shape
from zonewright.http.vinyldns.dialect import FLAGS
from zonewright.http.vinyldns.doc import FORBIDDEN, MAX_ITEMS, NO_ZONE, UNREADABLE, json_error, json_or_text_error
from zonewright.http.vinyldns.dryruns.answer import DryRunFields
from zonewright.http.vinyldns.zones.answer import (
    ChangeFields,
    HistoryFields,
    SyncCounts,
    ZoneFields,
    ZoneInfo,
    ZoneInfoFields,
)
from zonewright.model.order import MODES


def _any_case(word: str) -> str:
    return "".join(f"[{letter.upper()}{letter}]" if letter.isalpha() else letter for letter in word)


YES_OR_NO = {"type": "string", "pattern": f"^({'|'.join(map(_any_case, FLAGS))})$", "default": "false"}
"""A boolean query parameter, in upper or lower case."""

OPERATIONS = {
    "POST /zones/{zoneId}/sync": Operation(
        name="sync_vinyldns_zone",
        summary="Sync a zone with its primary",
        answers={
            200: answer(
                "The change of the sync, or the dry run, which has begun. `links.self` has the report of a dry run",
                {"anyOf": [ChangeFields, DryRunFields]},
            ),
            400: json_or_text_error(
                "The zone is syncing, was synced within the delay, is deleted, has no primary, or has a dry run in "
                "progress (a JSON string). Or the query cannot be read (plain text)"
            ),
            403: FORBIDDEN,
            404: json_error(NO_ZONE),
            409: json_error("The zone has a pending update"),
            429: json_error("The project has as much at work as it may") | {"headers": RETRY_AFTER},
        },
        description="During a sync, the zone can be read but not written. A dry run does not hold the zone, ignores "
        "the delay, and may run during a sync. A body is ignored.",
        parameters=(
            query(
                "mode",
                {"type": "string", "enum": list(MODES), "default": MODES[0]},
                "`axfr` transfers the whole zone, `ixfr` the differences (RFC 1995). `auto` uses `ixfr` if possible",
            ),
            query("force", YES_OR_NO, "Ignore the guards on the percentages that a sync may delete and change"),
            query("dryRun", YES_OR_NO, "Only report what a sync would do"),
        ),
    ),
    "GET /zones/{zoneId}": Operation(
        name="get_vinyldns_zone",
        summary="Show a zone",
        answers={
            200: answer("The zone, and the caller's access to it", ZoneInfo),
            403: FORBIDDEN,
            404: json_error(NO_ZONE),
        },
    ),
    "GET /zones/{zoneId}/changes": Operation(
        name="list_vinyldns_changes",
        summary="Read the history of a zone",
        answers={
            200: answer("A page of the history, newest first", HistoryFields),
            400: UNREADABLE,
            403: FORBIDDEN,
            404: json_error(NO_ZONE),
        },
        parameters=(MAX_ITEMS, query("startFrom", str, "The `nextId` of the page before")),
    ),
}

PROSE = {
    "recurrenceSchedule": "The schedule as a Quartz cron expression (UTC), if it is one",
    "scheduleRequestor": "The name of the user who set the schedule",
}

SCHEMAS = {
    "VinyldnsZone": Shape(of=ZoneFields, prose=PROSE),
    "VinyldnsZoneInfo": Shape(
        of=ZoneInfoFields,
        prose=PROSE | {"systemMessage": "Why the last sync or check of its primaries failed, and since when"},
    ),
    "ZoneChangeEntry": Shape(
        of=ChangeFields, prose={"systemMessage": "Why the sync failed, or which records it skipped"}
    ),
    "SyncCounts": Shape(
        of=SyncCounts,
        description="Record sets that a finished sync created, updated, deleted and kept, and the records of the zone",
        prose={"transfer": "The kind of transfer"},
    ),
    "ZoneChanges": Shape(of=HistoryFields, prose={"nextId": "The `startFrom` of the next page"}),
}

TOPIC = Topic("VinylDNS", OPERATIONS, SCHEMAS)
