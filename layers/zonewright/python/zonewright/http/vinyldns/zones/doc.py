"""The API document of VinylDNS's zones, of syncs and of the history (contract `vinyldns.md`, sections 3, 5 and 6)."""

from zonewright.http.openapi.operations import Operation, Topic, answer, query, said, said_or_bare
from zonewright.http.openapi.schemas import ABSOLUTE_NAME, COUNT, FLAG, SERIAL, TEXT, Json, listed, one_of, record, ref
from zonewright.http.vinyldns.doc import FORBIDDEN, MAX_ITEMS, MISSING, UNREADABLE
from zonewright.model.order import MODES

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

YES_OR_NO = {
    "type": "string",
    "pattern": "^([Tt][Rr][Uu][Ee]|[Yy][Ee][Ss]|[Oo][Nn]|1|[Ff][Aa][Ll][Ss][Ee]|[Nn][Oo]|[Oo][Ff][Ff]|0|)$",
    "default": "false",
}
"""What is true and what is not, in any case of letters."""

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
}

SCHEMAS = {
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
}

TOPIC = Topic("VinylDNS", OPERATIONS, SCHEMAS)
