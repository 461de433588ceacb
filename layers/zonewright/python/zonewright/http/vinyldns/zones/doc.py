"""The API document of VinylDNS's zones, of syncs and of the history (contract `vinyldns.md`, sections 3, 5 and 6)."""

from zonewright.http.openapi.operations import Operation, Topic, answer, query
from zonewright.http.openapi.schemas import Shape
from zonewright.http.vinyldns.dialect import FLAGS
from zonewright.http.vinyldns.doc import FORBIDDEN, MAX_ITEMS, MISSING, UNREADABLE, said, said_or_bare
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
"""A boolean query parameter, in any case of letters."""

OPERATIONS = {
    "POST /zones/{zoneId}/sync": Operation(
        name="sync_vinyldns_zone",
        summary="Make our copy equal to the primary",
        answers={
            200: answer(
                "The sync has begun; its change. Or the dry run has, its report to be read by `links.self`",
                {"anyOf": [ChangeFields, DryRunFields]},
            ),
            400: said_or_bare(
                "It is syncing, was synced within the delay, is deleted, or has no server to copy from; or a dry run "
                "of it is running (a JSON string), or a query that cannot be read (bare text)"
            ),
            403: said_or_bare(FORBIDDEN),
            404: said(MISSING),
            409: said("It has a pending update"),
        },
        description="While the zone syncs it can be read and not be written; a dry run does not hold it, keeps no "
        "delay, and may run while it syncs. A body is not read.",
        parameters=(
            query(
                "mode",
                {"type": "string", "enum": list(MODES), "default": MODES[0]},
                "Compare the whole zone, take what moved (RFC 1995), or the second where it can be had",
            ),
            query("force", YES_OR_NO, "Go over the limits on what a sync may delete and change"),
            query("dryRun", YES_OR_NO, "Only find out what a sync would do"),
        ),
    ),
    "GET /zones/{zoneId}": Operation(
        name="get_vinyldns_zone",
        summary="Show a zone",
        answers={
            200: answer("The zone, and what the caller may do to it", ZoneInfo),
            403: said_or_bare(FORBIDDEN),
            404: said(MISSING),
        },
    ),
    "GET /zones/{zoneId}/changes": Operation(
        name="list_vinyldns_changes",
        summary="Read the history of a zone",
        answers={
            200: answer("A page of it, newest first", HistoryFields),
            400: UNREADABLE,
            403: said_or_bare(FORBIDDEN),
            404: said(MISSING),
        },
        parameters=(MAX_ITEMS, query("startFrom", str, "The `nextId` of the page before")),
    ),
}

PROSE = {
    "recurrenceSchedule": "A schedule by the calendar, as a Quartz cron expression (UTC)",
    "scheduleRequestor": "The name of the user who set it",
}

SCHEMAS = {
    "VinyldnsZone": Shape(of=ZoneFields, prose=PROSE),
    "VinyldnsZoneInfo": Shape(of=ZoneInfoFields, prose=PROSE),
    "ZoneChangeEntry": Shape(of=ChangeFields, prose={"systemMessage": "Why it failed, or what was left out"}),
    "SyncCounts": Shape(
        of=SyncCounts,
        description="Record sets that a finished sync created, updated, deleted and left, and what the zone holds",
        prose={"transfer": "How the contents came"},
    ),
    "ZoneChanges": Shape(of=HistoryFields, prose={"nextId": "Where the next page begins"}),
}

TOPIC = Topic("VinylDNS", OPERATIONS, SCHEMAS)
