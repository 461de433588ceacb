"""Record sets (contract `designate.md`, section 9)."""

from zonewright.http.openapi.operations import WITH_PAGES, Operation, Topic, answer, paging
from zonewright.http.openapi.schemas import (
    ABSOLUTE_NAME,
    DESCRIPTION,
    TEXT,
    TTL,
    UUID,
    listed,
    nullable,
    one_of,
    page,
    record,
    ref,
)

TAG = "Record sets"
SORT_KEYS = ("created_at", "id", "updated_at", "zone_id", "tenant_id", "name", "type", "ttl", "records")
MARKER = {"type": "string", "pattern": r"^(\.[A-Za-z0-9_-]+|[0-9A-Fa-f-]{36})$"}

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
        "list_recordsets",
        TAG,
        "List the record sets of a zone",
        {200: answer("A page of them", page("recordsets", "RecordSet"))},
        ("invalid_uuid", "zone_not_found", *WITH_PAGES),
        "In canonical order (RFC 4034 section 6.1), if nothing else is asked. The marker is the id of one, or what "
        "`links.next` says.",
        paging(
            SORT_KEYS,
            MARKER,
            name="the owner name is this",
            type="the type is this",
            ttl="the TTL is this",
            data="one of the records is this",
            status="the status is this",
            description="the description is this",
        ),
    ),
    "GET /v2/zones/{zone_id}/recordsets/{recordset_id}": Operation(
        "get_recordset",
        TAG,
        "Show a record set",
        {200: answer("The record set", ref("RecordSet"))},
        ("invalid_uuid", "zone_not_found", "recordset_not_found"),
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
            "ttl": nullable(TTL) | {"description": "Seconds; null is the zone's own"},
            "description": nullable(DESCRIPTION),
            "status": one_of("ACTIVE"),
            "action": one_of("NONE"),
            "version": {"type": "integer", "minimum": 1},
            "created_at": ref("Time"),
            "updated_at": nullable(ref("Time")),
            "links": ref("Links"),
        }
    )
    | {"examples": [EXAMPLE]},
}

TOPIC = Topic(TAG, "All records of one owner name and type.", OPERATIONS, SCHEMAS)
