"""The API document of imports and exports (contract `designate.md`, sections 6 and 7)."""

from zonewright.http.designate.doc import (
    ELSEWHERE,
    FILE,
    FORM,
    LOCATION,
    OLDEST_FIRST,
    WITH_PAGES,
    or_file,
    page,
    paging,
    wrapped,
)
from zonewright.http.designate.tasks import filters
from zonewright.http.designate.tasks.answer import AwaitedImportFields, ExportFields, ImportFields
from zonewright.http.designate.tasks.body import ImportBody
from zonewright.http.formats import Uuid
from zonewright.http.openapi.operations import Operation, Topic, answer, body
from zonewright.http.openapi.schemas import Json, Shape

LIST = paging(
    filters.FILTERS,
    filters.ORDERS,
    Uuid,
    prose={"status": "status", "message": "message", "zone_id": "the id of the zone"},
)

HERE = "https://dns.example.net/v2/zones"
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
    "POST /v2/zones/tasks/imports": Operation(
        name="create_import",
        summary="Create a zone from a master file",
        answers={
            202: answer(
                "The finished import, or an import that waits for its file",
                {"oneOf": [ImportFields, AwaitedImportFields]},
                LOCATION | FORM,
            )
        },
        errors=("bad_request", "zone_busy", "too_many_requests"),
        description="Send the file as `text/dns` or in JSON. Without a file, the answer has a form to POST it by; that "
        "needs no credentials. If the file makes no zone, the request succeeds, and the import shows the reason.",
        body=or_file(
            body(
                wrapped("import", ImportBody),
                upload={},
                at_once={"zonefile": FILE, "attributes": {"tier": "gold"}},
            )
        ),
    ),
    "GET /v2/zones/tasks/imports": Operation(
        name="list_imports",
        summary="List the imports of the project",
        answers={200: answer("A page of imports", page("imports", ImportFields))},
        errors=WITH_PAGES,
        description=OLDEST_FIRST,
        parameters=LIST,
    ),
    "GET /v2/zones/tasks/imports/{import_id}": Operation(
        name="get_import",
        summary="Show an import",
        answers={
            200: answer(
                "The import, with a new form if it waits for its file",
                {"oneOf": [ImportFields, AwaitedImportFields]},
                FORM,
            )
        },
        errors=("invalid_uuid", "zone_import_not_found"),
    ),
    "DELETE /v2/zones/tasks/imports/{import_id}": Operation(
        name="delete_import",
        summary="Delete an import",
        answers={204: answer("The import is deleted. Its zone stays")},
        errors=("invalid_uuid", "zone_import_not_found"),
    ),
    "POST /v2/zones/{zone_id}/tasks/export": Operation(
        name="create_export",
        summary="Export a zone",
        answers={202: answer("The export, which is complete", ExportFields, LOCATION)},
        errors=("invalid_uuid", "not_found", "zone_not_found", "over_quota"),
        description="An export names the present version of the contents. Later changes do not affect it. A body is "
        "ignored.",
    ),
    "GET /v2/zones/tasks/exports": Operation(
        name="list_exports",
        summary="List the exports of the project",
        answers={200: answer("A page of exports", page("exports", ExportFields))},
        errors=WITH_PAGES,
        description=OLDEST_FIRST,
        parameters=LIST,
    ),
    "GET /v2/zones/tasks/exports/{export_id}": Operation(
        name="get_export",
        summary="Show an export",
        answers={200: answer("The export", ExportFields)},
        errors=("invalid_uuid", "zone_export_not_found"),
    ),
    "GET /v2/zones/tasks/exports/{export_id}/export": Operation(
        name="show_export",
        summary="Read the master file of an export",
        answers={
            200: answer("The master file", str, media="text/dns"),
            303: answer(
                "The master file is large. The link works for an hour at most, without credentials", headers=ELSEWHERE
            ),
        },
        errors=("invalid_uuid", "not_found", "zone_export_not_found", "zone_not_found", "over_quota"),
    ),
    "DELETE /v2/zones/tasks/exports/{export_id}": Operation(
        name="delete_export",
        summary="Delete an export",
        answers={204: answer("The export is deleted. The zone stays")},
        errors=("invalid_uuid", "zone_export_not_found"),
    ),
}

PROSE = {"message": "The result, for people", "version": "Rises with every change of the task"}
IMPORT_PROSE = {**PROSE, "zone_id": "The zone that the import created"}

SCHEMAS = {
    "Import": Shape(of=ImportFields, prose=IMPORT_PROSE, example=EXAMPLE),
    "AwaitedImport": Shape(
        of=AwaitedImportFields,
        prose={
            **IMPORT_PROSE,
            "links": {"upload": "The URL to POST a form to (multipart/form-data)"},
            "upload_fields": "The fields of the form. The file follows them as the field `file`",
        },
    ),
    "NewImport": Shape(of=ImportBody, prose={"zonefile": "The master file (RFC 1035)"}),
    "Export": Shape(
        of=ExportFields,
        prose={**PROSE, "links": {"export": "The URL of the master file"}},
        example=EXAMPLE
        | {
            "message": None,
            "location": f"designate://v2/zones/{EXPORTED}/export",
            "links": {"self": f"{HERE}/{EXPORTED}", "export": f"{HERE}/{EXPORTED}/export"},
        },
    ),
}

TOPIC = Topic("Tasks", OPERATIONS, SCHEMAS)
