"""The API document of dry runs."""

from zonewright.http.openapi.operations import Operation, Topic, answer, said, said_or_bare
from zonewright.http.openapi.schemas import COUNT, FLAG, SERIAL, TEXT, Json, listed, one_of, record, ref
from zonewright.http.vinyldns.doc import FORBIDDEN, MAX_ITEMS, MISSING, START_FROM, UNREADABLE

DRY_RUN: Json = {
    "id": TEXT,
    "zoneId": TEXT,
    "userId": TEXT,
    "status": one_of("Pending", "Complete", "Failed"),
    "created": ref("Second"),
    "version": COUNT | {"description": "The version of the contents it compared with; 0 where there are none yet"},
    "links": ref("Links"),
}
DRY_RUN_FOUND: Json = {
    "heldSerial": SERIAL,
    "inSync": FLAG | {"description": "Whether our copy is as the primary has it"},
    "refusal": TEXT | {"description": "Why a sync would be refused by a limit of the operator's"},
    "systemMessage": TEXT | {"description": "Why it failed, or what a sync would leave out"},
    "sync": ref("SyncCounts"),
}

OPERATIONS = {
    "GET /zones/{zoneId}/dryruns/{dryRunId}": Operation(
        name="get_vinyldns_dry_run",
        summary="Read what a sync would do",
        answers={
            200: answer("How the dry run went, and a page of what it found", ref("DryRunReport")),
            400: UNREADABLE,
            403: said_or_bare(FORBIDDEN),
            404: said(f"{MISSING}, or no such dry run of it; one is kept for a week"),
        },
        parameters=(MAX_ITEMS, START_FROM),
    ),
}

SCHEMAS = {
    "DryRun": record(DRY_RUN, DRY_RUN_FOUND),
    "DryRunReport": record(
        DRY_RUN
        | {
            "recordSetChanges": listed(ref("RecordSetChangeEntry"), maxItems=100),
            "maxItems": {"type": "integer", "minimum": 1, "maximum": 100},
        },
        DRY_RUN_FOUND | {"nextId": COUNT | {"description": "Where the next page begins"}, "startFrom": COUNT},
    ),
}

TOPIC = Topic("VinylDNS", OPERATIONS, SCHEMAS)
