"""Tasks of zones (contract `designate.md`, sections 6 to 8)."""

from zonewright.http.openapi.operations import (
    ELSEWHERE,
    ETAG,
    FILE,
    LOCATION,
    WITH_PAGES,
    Operation,
    Topic,
    answer,
    body,
    or_file,
    paging,
    wrapped,
)
from zonewright.http.openapi.schemas import TEXT, URL, UUID, VERSION, Json, nullable, one_of, page, record, ref

TAG = "Tasks"
LIST = paging(
    ("created_at", "id", "updated_at"),
    UUID,
    status="the status is this",
    message="the message is this",
    zone_id="the zone's id is this",
)

HERE = "https://dns.example.net/v2/zones"
FIELDS: Json = {
    "id": UUID,
    "message": nullable(TEXT) | {"description": "How it ended, for people"},
    "project_id": TEXT,
    "created_at": ref("Time"),
    "updated_at": nullable(ref("Time")),
    "version": {"type": "integer", "minimum": 1, "description": "Rises with every change of the task"},
}
IMPORT: Json = {
    **FIELDS,
    "status": one_of("PENDING", "COMPLETE", "ERROR"),
    "zone_id": nullable(UUID) | {"description": "The zone it made"},
}
EXAMPLE: Json = {
    "id": "074e805e-fe87-4cbb-b10b-21a06e215d41",
    "status": "COMPLETE",
    "message": "example.org. imported",
    "zone_id": "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3",
    "project_id": "cf00d1e4-46f1-493a-a3be-0ae79dd306a5",
    "created_at": "2026-01-15T12:34:56.275934",
    "updated_at": None,
    "version": 1,
    "links": {
        "self": f"{HERE}/tasks/imports/074e805e-fe87-4cbb-b10b-21a06e215d41",
        "zone": f"{HERE}/a86dba58-0043-4cc6-a1bb-69d5e86f3ca3",
    },
}
EXPORTED = "tasks/exports/074e805e-fe87-4cbb-b10b-21a06e215d41"

OPERATIONS = {
    "POST /v2/zones/{zone_id}/tasks/xfr": Operation(
        "transfer_zone",
        TAG,
        "Copy a SECONDARY zone again",
        {202: answer("The sync has begun; the zone shows how it goes")},
        ("bad_request", "invalid_uuid", "zone_not_found", "zone_busy"),
        "Does nothing if the primary's serial has not moved. A body is not read.",
    ),
    "POST /v2/zones/{zone_id}/tasks/restore": Operation(
        "restore_zone",
        TAG,
        "Give a PRIMARY zone the contents of an older version again",
        {202: answer("The zone with these contents and the next serial", ref("ZoneDocument"), ETAG)},
        ("bad_request", "invalid_uuid", "not_found", "zone_not_found", "zone_busy", "over_quota"),
        "It is a new version, and a change of the zone's history. The SOA, the NS at the apex and the zone's settings "
        "stay as they are; so does all of it, where the version is the one that is shown.",
        body=body(wrapped("restore", ref("Restore")), version={"version": 3}),
    ),
    "POST /v2/zones/tasks/imports": Operation(
        "create_import",
        TAG,
        "Make a zone of a master file",
        {
            202: answer(
                "The import, over already if it brought its file; else where to PUT that",
                {"oneOf": [ref("Import"), ref("AwaitedImport")]},
                LOCATION,
            )
        },
        ("bad_request", "zone_busy"),
        "With the file, as `text/dns` or in JSON, or without: then the answer has a link to upload it to, which needs "
        "no credentials. A file that makes no zone is no error of the request: the task says why.",
        body=or_file(
            body(
                wrapped("import", ref("NewImport")),
                upload={},
                at_once={"zonefile": FILE, "attributes": {"tier": "gold"}},
            )
        ),
    ),
    "GET /v2/zones/tasks/imports": Operation(
        "list_imports",
        TAG,
        "List the imports of the project",
        {200: answer("A page of them", page("imports", "Import"))},
        WITH_PAGES,
        "Oldest first, if nothing else is asked.",
        LIST,
    ),
    "GET /v2/zones/tasks/imports/{import_id}": Operation(
        "get_import",
        TAG,
        "Show an import",
        {200: answer("The import", ref("Import"))},
        ("invalid_uuid", "zone_import_not_found"),
    ),
    "DELETE /v2/zones/tasks/imports/{import_id}": Operation(
        "delete_import",
        TAG,
        "Forget an import",
        {204: answer("It is gone; the zone it made stays")},
        ("invalid_uuid", "zone_import_not_found"),
    ),
    "POST /v2/zones/{zone_id}/tasks/export": Operation(
        "create_export",
        TAG,
        "Export a zone",
        {202: answer("The export, which is complete", ref("Export"), LOCATION)},
        ("invalid_uuid", "not_found", "zone_not_found", "over_quota"),
        "It names the contents as they are now, whatever happens to them later. A body is not read.",
    ),
    "GET /v2/zones/tasks/exports": Operation(
        "list_exports",
        TAG,
        "List the exports of the project",
        {200: answer("A page of them", page("exports", "Export"))},
        WITH_PAGES,
        "Oldest first, if nothing else is asked.",
        LIST,
    ),
    "GET /v2/zones/tasks/exports/{export_id}": Operation(
        "get_export",
        TAG,
        "Show an export",
        {200: answer("The export", ref("Export"))},
        ("invalid_uuid", "zone_export_not_found"),
    ),
    "GET /v2/zones/tasks/exports/{export_id}/export": Operation(
        "show_export",
        TAG,
        "Read what was exported",
        {
            200: answer("The master file", TEXT, media="text/dns"),
            303: answer("It is large: it is there, for an hour and without credentials", headers=ELSEWHERE),
        },
        ("invalid_uuid", "not_found", "zone_export_not_found", "zone_not_found", "over_quota"),
    ),
    "DELETE /v2/zones/tasks/exports/{export_id}": Operation(
        "delete_export",
        TAG,
        "Forget an export",
        {204: answer("It is gone; the zone stays")},
        ("invalid_uuid", "zone_export_not_found"),
    ),
}

SCHEMAS = {
    "Import": record({**IMPORT, "links": record({"self": URL}, {"zone": URL})}) | {"examples": [EXAMPLE]},
    "AwaitedImport": record(
        {
            **IMPORT,
            "status": one_of("PENDING"),
            "upload_expires_at": ref("Time"),
            "links": record({"self": URL, "upload": URL | {"description": "Where to PUT the file"}}),
        }
    ),
    "Restore": record({"version": VERSION}),
    "NewImport": record(
        {},
        {"zonefile": TEXT | {"description": "The master file (RFC 1035)"}, "attributes": ref("Attributes")},
    ),
    "Export": record(
        {
            **FIELDS,
            "status": one_of("COMPLETE"),
            "zone_id": UUID,
            "location": {"type": "string", "pattern": "^designate://v2/zones/tasks/exports/[0-9a-f-]{36}/export$"},
            "links": record({"self": URL, "export": URL | {"description": "Where to GET the master file"}}),
        }
    )
    | {
        "examples": [
            EXAMPLE
            | {
                "message": None,
                "location": f"designate://v2/zones/{EXPORTED}/export",
                "links": {"self": f"{HERE}/{EXPORTED}", "export": f"{HERE}/{EXPORTED}/export"},
            }
        ]
    },
}

TOPIC = Topic(TAG, "What is done to a whole zone: transfers, restoring, imports and exports.", OPERATIONS, SCHEMAS)
