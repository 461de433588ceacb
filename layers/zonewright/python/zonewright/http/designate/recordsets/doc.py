"""The API document of record sets (contract `designate.md`, section 9)."""

from typing import Annotated

from zonewright.http.designate.doc import (
    CONDITIONAL,
    CONDITIONS,
    ELSEWHERE,
    ETAG,
    IDEMPOTENCY_KEY,
    LOCATION,
    REPEATABLE,
    VALIDATORS,
    WITH_PAGES,
    page,
    paging,
    wrapped,
)
from zonewright.http.designate.recordsets.answer import MoveFields, MovesFields, RecordChangeFields, RecordSetFields
from zonewright.http.designate.recordsets.body import NewRecordSet, RecordSetChange
from zonewright.http.designate.recordsets.moves_body import MOST_MOVES, Moves, SeenRecordSet
from zonewright.http.formats import Uuid, Version
from zonewright.http.openapi.operations import YES, Operation, Topic, answer, body, header, query
from zonewright.http.openapi.schemas import Json, Shape
from zonewright.http.schema import Schema
from zonewright.model import columns

MARKER = {"type": "string", "pattern": r"^(\.[A-Za-z0-9_-]+|[0-9A-Fa-f-]{36})$"}
ORDERS_OF_ONE_ZONE = {**columns.ORDERS, **dict.fromkeys(columns.OF_ONE_ZONE)}
FILTERS = {
    "name": "owner name",
    "type": "type",
    "ttl": "TTL",
    "data": "the text of a record",
    "status": "status",
    "description": "description",
}
MANAGED = (
    header("X-Designate-Edit-Managed-Records", YES, "Change the NS records at the apex. For super users"),
    query("edit_managed_records", YES, "The same as a query parameter"),
)
YES_OR_NO = {"type": "string", "pattern": "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$", "default": "false"}
OF_ZONE = {"etag": ETAG["etag"] | {"required": False, "description": "The entity tag of the zone after the moves"}}
SEEN = {"name": "www.example.org.", "type": "A", "records": ["192.0.2.1", "192.0.2.2"]}
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
        answers={200: answer("A page of record sets", page("recordsets", RecordSetFields))},
        errors=("invalid_uuid", "not_found", "zone_not_found", *WITH_PAGES),
        description="The default order is canonical (RFC 4034 section 6.1). The marker is the id of a record set, or "
        "the one in `links.next`.",
        parameters=(
            *paging(columns.FILTERS, ORDERS_OF_ONE_ZONE, MARKER, prose=FILTERS, default="name"),
            query("version", Version, "The version of the contents. The default is the newest"),
        ),
    ),
    "POST /v2/zones/{zone_id}/recordsets": Operation(
        name="create_recordset",
        summary="Create a record set",
        answers={
            201: answer("The record set, in the release `seed`", RecordSetFields, LOCATION | ETAG),
            202: answer("The record set, in the release `current`", RecordSetFields, LOCATION | ETAG),
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
        description="For PRIMARY zones. Any data type (RFC 6895 section 3.1) is allowed but those that only "
        "signing programs make, and those out of use that not every name server loads. Each change makes a new "
        "version of the zone, with the next serial.",
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
        answers={
            200: answer("The record set", RecordSetFields, VALIDATORS),
            304: answer("The caller has the current record set", headers=VALIDATORS),
        },
        errors=("invalid_uuid", "zone_not_found", "recordset_not_found", *CONDITIONAL),
        parameters=CONDITIONS,
    ),
    "PATCH /v2/zones/{zone_id}/recordsets": Operation(
        name="move_recordsets",
        summary="Change several record sets at once",
        answers={
            200: answer("The moves as they were made, or would be in a dry run", MovesFields, OF_ZONE),
            202: answer("The moves wait for the primary of the zone", MovesFields, LOCATION),
        },
        errors=(
            *CONDITIONAL,
            *REPEATABLE,
            "invalid_recordset_location",
            "invalid_ttl",
            "invalid_uuid",
            "zone_not_found",
            "recordset_changed",
            "zone_busy",
        ),
        description="All moves are made, as one version of the zone with one entry in its history, or none. Each move "
        "says how the caller saw a record set (`before`) and how it is to be (`after`). A `before` of null means that "
        "there is none, an `after` of null deletes. Records are compared as data, whatever their text and order. The "
        "rules hold for the result of all moves. If record sets are not as `before` says, `conflicts` lists them all. "
        "For PRIMARY zones, and for SECONDARY zones whose primary takes updates. Those moves go to the primary first. "
        "Until it has them, the zone is PENDING and shows its record sets as before. Moves are judged by what the "
        "waiting ones lead to, and made in the order of arrival. They must fit in one update message to the primary, "
        "about 57,000 octets. `links.change` tells how they end. Designate has no such route.",
        parameters=(
            query("dryRun", YES_OR_NO, "Only return what would be, and everything that forbids it"),
            *MANAGED,
            *CONDITIONS,
            IDEMPOTENCY_KEY,
        ),
        body=body(
            Moves,
            create={"moves": [{"before": None, "after": SEEN}], "comment": "Ticket 4711"},
            change={"moves": [{"before": SEEN, "after": SEEN | {"records": ["192.0.2.9"]}}]},
            swap={
                "moves": [
                    {"before": SEEN, "after": None},
                    {"before": None, "after": SEEN | {"type": "CNAME", "records": ["web.example.net."]}},
                ]
            },
        ),
    ),
    "GET /v2/zones/{zone_id}/changes/{change_id}": Operation(
        name="get_change",
        summary="Show how a record change ended",
        answers={200: answer("The record change", RecordChangeFields)},
        errors=("invalid_uuid", "zone_not_found", "not_found"),
        description="Of a SECONDARY zone whose primary takes updates: the answer to a PATCH of its record sets links "
        "here. It stays as long as the history of the zone. Designate has no such route.",
    ),
    "PUT /v2/zones/{zone_id}/recordsets/{recordset_id}": Operation(
        name="update_recordset",
        summary="Change a record set",
        answers={
            200: answer("The changed record set, in the release `seed`", RecordSetFields, ETAG),
            202: answer("The changed record set, in the release `current`", RecordSetFields, ETAG),
        },
        errors=(
            *CONDITIONAL,
            "invalid_recordset_location",
            "invalid_ttl",
            "invalid_uuid",
            "zone_not_found",
            "recordset_not_found",
            "recordset_changed",
            "zone_busy",
        ),
        description="Omitted fields keep their values. `name` and `type` cannot change, but may be sent. The service "
        "manages the SOA and the NS at the apex.",
        parameters=(*MANAGED, *CONDITIONS),
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
            202: answer("The deleted record set, in the release `current`", RecordSetFields),
            204: answer("The record set is deleted, in the release `seed`"),
        },
        errors=(
            *CONDITIONAL,
            "invalid_recordset_location",
            "invalid_uuid",
            "zone_not_found",
            "recordset_not_found",
            "recordset_changed",
            "zone_busy",
        ),
        description="The SOA and the NS at the apex cannot be deleted.",
        parameters=CONDITIONS,
    ),
    "GET /v2/recordsets": Operation(
        name="list_all_recordsets",
        summary="List the record sets of all zones",
        answers={200: answer("A page of record sets", page("recordsets", RecordSetFields))},
        errors=("invalid_uuid", *WITH_PAGES),
        description="Of the zones that the project owns. The default order is zone after zone, oldest first, each in "
        "canonical order.",
        parameters=(
            *paging(columns.FILTERS, columns.ORDERS, MARKER, prose=FILTERS),
            query("zone_id", Uuid, "List only this zone"),
        ),
    ),
    "GET /v2/recordsets/{recordset_id}": Operation(
        name="find_recordset",
        summary="Find the zone of a record set",
        answers={301: answer("The record set stands below its zone", headers=ELSEWHERE)},
        errors=("invalid_uuid", "recordset_not_found"),
        description="Searches the zones that the project owns, oldest first, up to 64 MB of contents.",
    ),
}

TTL = "Seconds. Null means the TTL of the zone"
RECORDS = "Records in presentation form, with absolute names (RFC 1035)"

_Move = Annotated[dict[str, object], Schema("Move")]

SCHEMAS: dict[str, Shape | Json] = {
    "RecordSet": Shape(
        of=RecordSetFields, prose={"ttl": TTL, "status": "`PENDING` in the answer to a deletion"}, example=EXAMPLE
    ),
    "Moves": Shape(
        of=Moves,
        fields={"moves": Annotated[list[_Move], Schema(minItems=1, maxItems=MOST_MOVES)]},
        prose={"comment": "The history shows it"},
    ),
    "Move": {
        "type": "object",
        "properties": {
            "before": {"anyOf": [SeenRecordSet, {"type": "null"}], "description": "Null: there is none"},
            "after": {
                "anyOf": [NewRecordSet, {"type": "null"}],
                "description": "Null: delete it. Omitted `ttl` and `description` stay",
            },
        },
        "required": ["before", "after"],
        "additionalProperties": False,
        "anyOf": [{"properties": {side: {"type": "object"}}} for side in ("before", "after")],
    },
    "SeenRecordSet": Shape(
        of=SeenRecordSet, prose={"records": RECORDS, "ttl": "Compared if it is there", "description": "As the TTL"}
    ),
    "MovesMade": Shape(
        of=MovesFields,
        prose={
            "version": "The number of the zone's version after the moves",
            "conflicts": "In a dry run: all record sets that are not as the request says",
            "refusals": "In a dry run: everything else that forbids the moves",
        },
    ),
    "MoveMade": Shape(of=MoveFields),
    "RecordChange": Shape(
        of=RecordChangeFields,
        prose={
            "status": "`COMPLETE`: the primary has it, and the zone shows it",
            "message": "Why it failed",
            "differing": "What the primary had, and what the zone shows, if that stopped it",
            "moves": "As they were asked for, or as they were made",
            "version": "The number of the zone's version that shows it",
        },
    ),
    "NewRecordSet": Shape(of=NewRecordSet, prose={"records": RECORDS, "ttl": TTL}),
    "RecordSetChange": Shape(
        of=RecordSetChange,
        prose={
            "name": "The present name; case does not count",
            "type": "The present type",
            "records": RECORDS,
            "ttl": TTL,
        },
    ),
}

TOPIC = Topic("Record sets", OPERATIONS, SCHEMAS)
