"""The VinylDNS dialect (contract `vinyldns.md`, sections 3, 5, 6 and 9)."""

from zonewright.http.openapi.operations import Operation, Topic, answer, query, said, said_or_bare
from zonewright.http.openapi.schemas import (
    ABSOLUTE_NAME,
    COUNT,
    FLAG,
    SERIAL,
    TEXT,
    TTL,
    UUID,
    VERSION,
    Json,
    listed,
    one_of,
    record,
    ref,
)
from zonewright.http.vinyldns import recordsets
from zonewright.sync import lifecycle

FORBIDDEN = "The caller is not in the zone's group (a JSON string), or is locked (bare text)"
MISSING = "No such zone"

FIELDS: Json = {
    "name": ABSOLUTE_NAME,
    "email": TEXT,
    "status": one_of("Active", "Syncing", "Deleted"),
    "created": ref("Second"),
    "id": TEXT,
    "account": TEXT,
    "shared": FLAG,
    "acl": record({"rules": listed({}, maxItems=0)}),
    "adminGroupId": TEXT,
}
OPTIONAL: Json = {
    "updated": ref("Second"),
    "latestSync": ref("Second"),
    "recurrenceSchedule": TEXT | {"description": "A schedule by the calendar, as a Quartz cron expression (UTC)"},
    "scheduleRequestor": TEXT | {"description": "The name of the user who set it"},
}

DATA = {
    " ".join(fields): record({name: COUNT if name in recordsets.NUMBERS else TEXT for name in fields})
    for fields in recordsets.RECORD_DATA.values()
}
"""Each form that the data of a record may have, by its fields."""

YES_OR_NO = {
    "type": "string",
    "pattern": "^([Tt][Rr][Uu][Ee]|[Yy][Ee][Ss]|[Oo][Nn]|1|[Ff][Aa][Ll][Ss][Ee]|[Nn][Oo]|[Oo][Ff][Ff]|0|)$",
    "default": "false",
}
"""What is true and what is not, in any case of letters."""

MAX_ITEMS = query("maxItems", {"type": "integer", "minimum": 1, "maximum": 100, "default": 100}, "How many at most")
START_FROM = query("startFrom", COUNT, "How many to pass over: the `nextId` of the page before")
UNREADABLE = said_or_bare("A query out of range or not ours (a JSON string), or one that cannot be read (bare text)")

OPERATIONS = {
    "POST /zones/{zoneId}/sync": Operation(
        name="sync_vinyldns_zone",
        summary="Make our copy equal to the primary",
        answers={
            200: answer(
                "The sync has begun; its change. Or the dry run has, its report to be read by `links.self`",
                {"anyOf": [ref("ZoneChangeEntry"), ref("DryRun")]},
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
                {"type": "string", "enum": list(lifecycle.MODES), "default": lifecycle.MODES[0]},
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
            200: answer("The zone, and what the caller may do to it", record({"zone": ref("VinyldnsZoneInfo")})),
            403: said_or_bare(FORBIDDEN),
            404: said(MISSING),
        },
    ),
    "GET /zones/{zoneId}/changes": Operation(
        name="list_vinyldns_changes",
        summary="Read the history of a zone",
        answers={
            200: answer("A page of it, newest first", ref("ZoneChanges")),
            400: UNREADABLE,
            403: said_or_bare(FORBIDDEN),
            404: said(MISSING),
        },
        parameters=(MAX_ITEMS, query("startFrom", TEXT, "The `nextId` of the page before")),
    ),
    "GET /zones/{zoneId}/changes/{changeId}/recordsetchanges": Operation(
        name="show_vinyldns_change",
        summary="Read what a change moved",
        answers={
            200: answer("A page of it, in canonical order (RFC 4034 section 6.1)", ref("RecordSetChanges")),
            400: UNREADABLE,
            403: said_or_bare(FORBIDDEN),
            404: said(f"{MISSING}, no such change, or the first one, when its version is kept no longer"),
        },
        parameters=(MAX_ITEMS, START_FROM),
    ),
    "GET /zones/{zoneId}/recordsetchanges": Operation(
        name="list_vinyldns_recordset_changes",
        summary="Read what moved in a zone",
        answers={
            200: answer("A page of it, the newest change first", ref("RecordSetChanges")),
            400: UNREADABLE,
            403: said_or_bare(FORBIDDEN),
            404: said(f"{MISSING}, or no such version of its contents, or none any more"),
        },
        description="What was there from the beginning is not among it when the first version is kept no longer. With "
        "`from` it is what turns one version into another, in canonical order: who and when is not said then, `nextId` "
        "is no count, of the same two versions only, and a page may be empty and have one.",
        parameters=(
            MAX_ITEMS,
            START_FROM,
            query("from", VERSION, "The version of the contents to begin with"),
            query("to", VERSION, "The one to end with, which may be older; the one that is shown if none is named"),
        ),
    ),
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

SCHEMAS = {
    "Second": {
        "type": "string",
        "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$",
        "description": "UTC",
        "examples": ["2026-01-15T12:34:56Z"],
    },
    "VinyldnsZone": record({**FIELDS, "isTest": FLAG}, OPTIONAL),
    "VinyldnsZoneInfo": record(
        {**FIELDS, "adminGroupName": TEXT, "accessLevel": one_of("Delete", "Read", "NoAccess")}, OPTIONAL
    ),
    "ZoneChangeEntry": record(
        {
            "zone": ref("VinyldnsZone"),
            "userId": TEXT,
            "changeType": one_of("Create", "Update", "Delete", "Sync", "AutomatedSync"),
            "status": one_of("Pending", "Synced", "Failed"),
            "created": ref("Second"),
            "id": TEXT,
        },
        {
            "systemMessage": TEXT | {"description": "Why it failed, or what was left out"},
            "sync": ref("SyncCounts"),
        },
    ),
    "SyncCounts": record(
        {
            "created": COUNT,
            "updated": COUNT,
            "deleted": COUNT,
            "unchanged": COUNT,
            "records": COUNT,
            "serial": SERIAL,
            "seconds": {"type": "number", "minimum": 0},
        },
        {"transfer": {"type": "string", "enum": ["AXFR", "IXFR"], "description": "How the contents came"}},
    )
    | {"description": "Record sets that a finished sync created, updated, deleted and left, and what the zone holds"},
    "ZoneChanges": record(
        {
            "zoneId": TEXT,
            "zoneChanges": listed(ref("ZoneChangeEntry"), maxItems=100),
            "maxItems": {"type": "integer", "minimum": 1, "maximum": 100},
        },
        {"nextId": TEXT | {"description": "Where the next page begins"}, "startFrom": TEXT},
    ),
    "VinyldnsRecordSet": record(
        {
            "type": TEXT | {"examples": ["A", "TYPE65280"]},
            "zoneId": TEXT,
            "name": TEXT | {"description": "Relative to the zone; the zone's own, absolute, at the apex"},
            "ttl": TTL,
            "status": one_of("Active", "Inactive", description="Inactive where it is no more"),
            "created": ref("Second"),
            "records": listed(ref("RecordData"), minItems=1),
            "id": UUID,
            "account": {"const": "system"},
            "fqdn": ABSOLUTE_NAME,
        },
        {"updated": ref("Second")},
    ),
    "RecordData": {
        "anyOf": list(DATA.values()),
        "description": "The fields of the type; of one that VinylDNS does not know, its text (RFC 1035, RFC 3597)",
    },
    "RecordSetChangeEntry": record(
        {
            "zone": ref("VinyldnsZone"),
            "recordSet": ref("VinyldnsRecordSet"),
            "changeType": one_of("Create", "Update", "Delete"),
        },
        {
            "updates": ref("VinyldnsRecordSet") | {"description": "What it was before"},
            "userId": TEXT,
            "userName": TEXT,
            "status": {"const": "Complete"},
            "created": ref("Second"),
            "systemMessage": TEXT,
            "id": UUID,
        },
    ),
    "RecordSetChanges": record(
        {
            "zoneId": TEXT,
            "recordSetChanges": listed(ref("RecordSetChangeEntry"), maxItems=100),
            "maxItems": {"type": "integer", "minimum": 1, "maximum": 100},
        },
        {
            "nextId": COUNT | {"description": "Where the next page begins"},
            "startFrom": COUNT,
            "from": VERSION | {"description": "Of a difference: between which versions it is"},
            "to": VERSION,
        },
    ),
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
