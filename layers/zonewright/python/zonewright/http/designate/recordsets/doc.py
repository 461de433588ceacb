"""The API document of record sets (contract `designate.md`, section 9)."""

import functools

from zonewright.http.openapi.operations import (
    ELSEWHERE,
    LOCATION,
    WITH_PAGES,
    YES,
    Operation,
    Topic,
    answer,
    body,
    header,
    paging,
    query,
    wrapped,
)
from zonewright.http.openapi.schemas import (
    ABSOLUTE_NAME,
    DESCRIPTION,
    TEXT,
    TTL,
    UUID,
    VERSION,
    Json,
    listed,
    nullable,
    one_of,
    page,
    record,
    ref,
)

SORT_KEYS = ("created_at", "id", "updated_at", "zone_id", "tenant_id", "name", "type", "ttl", "records")
MARKER = {"type": "string", "pattern": r"^(\.[A-Za-z0-9_-]+|[0-9A-Fa-f-]{36})$"}
LIST = functools.partial(
    paging,
    SORT_KEYS,
    MARKER,
    name="the owner name is this",
    type="the type is this",
    ttl="the TTL is this",
    data="one of the records is this",
    status="the status is this",
    description="the description is this",
)
MANAGED = (
    header("X-Designate-Edit-Managed-Records", YES, "Change the NS records at the apex; super users"),
    query("edit_managed_records", YES, "The same in the query"),
)
TYPE = {
    "type": "string",
    "pattern": "^[A-Za-z][A-Za-z0-9_-]*$",
    "description": "A mnemonic, or TYPE and a number (RFC 3597 section 5)",
    "examples": ["A", "TYPE65280"],
}
RECORDS = listed(TEXT, minItems=1) | {"description": "Each in presentation form, names in it absolute (RFC 1035)"}
OPTIONAL: Json = {
    "ttl": nullable(TTL) | {"description": "Seconds; null is the zone's own"},
    "description": nullable(DESCRIPTION),
}

EXAMPLE = {
    "id": "9d2d6c2a-3c5a-5e0e-8f0b-8a6b5d3a9d55",
    "zone_id": "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3",
    "zone_name": "example.org.",
    "project_id": "cf00d1e4-46f1-493a-a3be-0ae79dd306a5",
    "name": "www.example.org.",
    "type": "A",
    "records": ["192.0.2.1", "192.0.2.2"],
    "ttl": 300,
    "description": None,
    "status": "ACTIVE",
    "action": "NONE",
    "version": 1,
    "created_at": "2026-01-15T12:34:56.275934",
    "updated_at": None,
    "links": {
        "self": "https://dns.example.net/v2/zones/a86dba58-0043-4cc6-a1bb-69d5e86f3ca3"
        "/recordsets/9d2d6c2a-3c5a-5e0e-8f0b-8a6b5d3a9d55"
    },
}
OPERATIONS = {
    "GET /v2/zones/{zone_id}/recordsets": Operation(
        name="list_recordsets",
        summary="List the record sets of a zone",
        answers={200: answer("A page of them", page("recordsets", "RecordSet"))},
        errors=("invalid_uuid", "not_found", "zone_not_found", *WITH_PAGES),
        description="In canonical order (RFC 4034 section 6.1), if nothing else is asked. The marker is the id of "
        "one, or what `links.next` says.",
        parameters=(
            *LIST(default="name"),
            query("version", VERSION, "Those of this version of the contents, the newest if none is named"),
        ),
    ),
    "POST /v2/zones/{zone_id}/recordsets": Operation(
        name="create_recordset",
        summary="Create a record set",
        answers={
            201: answer("The record set, in the release `seed`", ref("RecordSet"), LOCATION),
            202: answer("The record set, in the release `current`", ref("RecordSet"), LOCATION),
        },
        errors=(
            "bad_request",
            "invalid_recordset_location",
            "invalid_ttl",
            "invalid_uuid",
            "zone_not_found",
            "duplicate_recordset",
            "zone_busy",
        ),
        description="In PRIMARY zones, of any type that is data: each change is a new version of the zone with the "
        "next serial.",
        body=body(
            wrapped("recordset", ref("NewRecordSet")),
            addresses={"name": "www.example.org.", "type": "A", "records": ["192.0.2.1", "192.0.2.2"], "ttl": 300},
            mail={"name": "example.org.", "type": "MX", "records": ["10 mail.example.org."]},
            unknown={"name": "x.example.org.", "type": "TYPE65280", "records": [r"\# 2 abcd"]},
        ),
    ),
    "GET /v2/zones/{zone_id}/recordsets/{recordset_id}": Operation(
        name="get_recordset",
        summary="Show a record set",
        answers={200: answer("The record set", ref("RecordSet"))},
        errors=("invalid_uuid", "zone_not_found", "recordset_not_found"),
    ),
    "PUT /v2/zones/{zone_id}/recordsets/{recordset_id}": Operation(
        name="update_recordset",
        summary="Change a record set",
        answers={
            200: answer("The record set as it is now, in the release `seed`", ref("RecordSet")),
            202: answer("The record set as it is now, in the release `current`", ref("RecordSet")),
        },
        errors=(
            "bad_request",
            "invalid_ttl",
            "invalid_uuid",
            "zone_not_found",
            "recordset_not_found",
            "recordset_changed",
            "zone_busy",
        ),
        description="What is not said stays as it is. `name` and `type` may be sent as they are. The SOA and the NS "
        "at the apex are the service's own.",
        parameters=MANAGED,
        body=body(
            wrapped("recordset", ref("RecordSetChange")),
            change={"records": ["192.0.2.3"], "ttl": None},
            whole={"name": "www.example.org.", "type": "A", "records": ["192.0.2.3"], "description": "The web server"},
        ),
    ),
    "DELETE /v2/zones/{zone_id}/recordsets/{recordset_id}": Operation(
        name="delete_recordset",
        summary="Delete a record set",
        answers={
            202: answer("The record set as it was, in the release `current`", ref("RecordSet")),
            204: answer("It is gone, in the release `seed`"),
        },
        errors=(
            "bad_request",
            "invalid_uuid",
            "zone_not_found",
            "recordset_not_found",
            "recordset_changed",
            "zone_busy",
        ),
        description="The SOA and the NS at the apex stay.",
    ),
    "GET /v2/recordsets": Operation(
        name="list_all_recordsets",
        summary="List the record sets of all zones",
        answers={200: answer("A page of them", page("recordsets", "RecordSet"))},
        errors=("invalid_uuid", *WITH_PAGES),
        description="Zone after zone, the oldest first, each in canonical order, if nothing else is asked.",
        parameters=(
            *LIST(default=None),
            query("zone_id", UUID, "Only those of this zone"),
        ),
    ),
    "GET /v2/recordsets/{recordset_id}": Operation(
        name="find_recordset",
        summary="Find the zone of a record set",
        answers={301: answer("It is in its zone", headers=ELSEWHERE)},
        errors=("invalid_uuid", "recordset_not_found"),
        description="Zone after zone is looked through, the oldest first, up to 64 MB.",
    ),
}

SCHEMAS = {
    "RecordSet": record(
        {
            "id": UUID,
            "zone_id": UUID,
            "zone_name": ABSOLUTE_NAME,
            "project_id": TEXT,
            "name": ABSOLUTE_NAME,
            "type": {"type": "string", "pattern": "^[A-Z][A-Z0-9-]*$", "examples": ["A", "TYPE65280"]},
            "records": listed(TEXT, minItems=1, uniqueItems=True),
            **OPTIONAL,
            "status": one_of("ACTIVE", "PENDING", description="PENDING while it is deleted"),
            "action": one_of("NONE", "DELETE"),
            "version": {"type": "integer", "minimum": 1},
            "created_at": ref("Time"),
            "updated_at": nullable(ref("Time")),
            "links": ref("Links"),
        }
    )
    | {"examples": [EXAMPLE]},
    "NewRecordSet": record({"name": ref("OwnerName"), "type": TYPE, "records": RECORDS}, OPTIONAL),
    "RecordSetChange": record(
        {},
        {
            "name": TEXT | {"description": "As it is, in any case of letters"},
            "type": TEXT | {"description": "As it is"},
            "records": RECORDS,
            **OPTIONAL,
        },
    ),
}

TOPIC = Topic("Record sets", OPERATIONS, SCHEMAS)
