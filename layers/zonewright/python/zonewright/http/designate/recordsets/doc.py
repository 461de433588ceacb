"""The API document of record sets (contract `designate.md`, section 9)."""

from zonewright.http.designate.doc import ELSEWHERE, LOCATION, WITH_PAGES, page, paging, wrapped
from zonewright.http.designate.recordsets import filters
from zonewright.http.designate.recordsets.answer import RecordSetFields
from zonewright.http.designate.recordsets.body import NewRecordSet, RecordSetChange
from zonewright.http.formats import Uuid, Version
from zonewright.http.openapi.operations import YES, Operation, Topic, answer, body, header, query
from zonewright.http.openapi.schemas import Shape

MARKER = {"type": "string", "pattern": r"^(\.[A-Za-z0-9_-]+|[0-9A-Fa-f-]{36})$"}
FILTERS = {
    "name": "the owner name is this",
    "type": "the type is this",
    "ttl": "the TTL is this",
    "data": "one of the records is this",
    "status": "the status is this",
    "description": "the description is this",
}
MANAGED = (
    header("X-Designate-Edit-Managed-Records", YES, "Change the NS records at the apex; super users"),
    query("edit_managed_records", YES, "The same in the query"),
)
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
        answers={200: answer("A page of them", page("recordsets", RecordSetFields))},
        errors=("invalid_uuid", "not_found", "zone_not_found", *WITH_PAGES),
        description="In canonical order (RFC 4034 section 6.1), if nothing else is asked. The marker is the id of "
        "one, or what `links.next` says.",
        parameters=(
            *paging(filters.FILTERS, filters.ORDERS_OF_ONE_ZONE, MARKER, prose=FILTERS, default="name"),
            query("version", Version, "Those of this version of the contents, the newest if none is named"),
        ),
    ),
    "POST /v2/zones/{zone_id}/recordsets": Operation(
        name="create_recordset",
        summary="Create a record set",
        answers={
            201: answer("The record set, in the release `seed`", RecordSetFields, LOCATION),
            202: answer("The record set, in the release `current`", RecordSetFields, LOCATION),
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
            wrapped("recordset", NewRecordSet),
            addresses={"name": "www.example.org.", "type": "A", "records": ["192.0.2.1", "192.0.2.2"], "ttl": 300},
            mail={"name": "example.org.", "type": "MX", "records": ["10 mail.example.org."]},
            unknown={"name": "x.example.org.", "type": "TYPE65280", "records": [r"\# 2 abcd"]},
        ),
    ),
    "GET /v2/zones/{zone_id}/recordsets/{recordset_id}": Operation(
        name="get_recordset",
        summary="Show a record set",
        answers={200: answer("The record set", RecordSetFields)},
        errors=("invalid_uuid", "zone_not_found", "recordset_not_found"),
    ),
    "PUT /v2/zones/{zone_id}/recordsets/{recordset_id}": Operation(
        name="update_recordset",
        summary="Change a record set",
        answers={
            200: answer("The record set as it is now, in the release `seed`", RecordSetFields),
            202: answer("The record set as it is now, in the release `current`", RecordSetFields),
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
            wrapped("recordset", RecordSetChange),
            change={"records": ["192.0.2.3"], "ttl": None},
            whole={"name": "www.example.org.", "type": "A", "records": ["192.0.2.3"], "description": "The web server"},
        ),
    ),
    "DELETE /v2/zones/{zone_id}/recordsets/{recordset_id}": Operation(
        name="delete_recordset",
        summary="Delete a record set",
        answers={
            202: answer("The record set as it was, in the release `current`", RecordSetFields),
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
        answers={200: answer("A page of them", page("recordsets", RecordSetFields))},
        errors=("invalid_uuid", *WITH_PAGES),
        description="Zone after zone, the oldest first, each in canonical order, if nothing else is asked.",
        parameters=(
            *paging(filters.FILTERS, filters.ORDERS, MARKER, prose=FILTERS),
            query("zone_id", Uuid, "Only those of this zone"),
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

TTL = "Seconds; null is the zone's own"
RECORDS = "Each in presentation form, names in it absolute (RFC 1035)"

SCHEMAS = {
    "RecordSet": Shape(
        of=RecordSetFields, prose={"ttl": TTL, "status": "PENDING while it is deleted"}, example=EXAMPLE
    ),
    "NewRecordSet": Shape(of=NewRecordSet, prose={"records": RECORDS, "ttl": TTL}),
    "RecordSetChange": Shape(
        of=RecordSetChange,
        prose={"name": "As it is, in any case of letters", "type": "As it is", "records": RECORDS, "ttl": TTL},
    ),
}

TOPIC = Topic("Record sets", OPERATIONS, SCHEMAS)
