"""The API document of record set changes (contract `vinyldns.md`, sections 3.2 and 9)."""

from collections.abc import Mapping

from zonewright.http.formats import Count, Version
from zonewright.http.openapi.operations import RETRY_AFTER, Operation, Topic, answer, body, query
from zonewright.http.openapi.schemas import Json, Shape, ref
from zonewright.http.vinyldns.doc import (
    FORBIDDEN,
    MAX_ITEMS,
    NO_ZONE,
    START_FROM,
    UNREADABLE,
    json_error,
    refused_body,
    text_error,
)
from zonewright.http.vinyldns.recordsets.answer import (
    ChangesFields,
    CountFields,
    FailuresFields,
    ListedFields,
    ListFields,
    PageFields,
    RecordData,
    RecordSetChangeFields,
    RecordSetFields,
    RecordSetInfo,
    SearchFields,
    SingleChangeFields,
    TransferFields,
)
from zonewright.http.vinyldns.recordsets.body import LOWEST_TTL
from zonewright.http.vinyldns.recordsets.data import TYPES
from zonewright.protocol.fields import FIELDS, NUMBERS, Form
from zonewright.protocol.types import HIGHEST_TTL

NAME_FILTER = query("recordNameFilter", str, "The name, in any case of letters. `*` stands for any text")
FILTERS = (
    query("recordTypeFilter", str, "Types, between commas. Unknown ones are ignored"),
    query("recordOwnerGroupFilter", str, "The id of the group that owns the record sets"),
    query("nameSort", str, "The order of names: `DESC`, or else `ASC`"),
    query("recordTypeSort", str, "The order of types, which then come first: `ASC` or `DESC`. Any other is ignored"),
    MAX_ITEMS,
    query("startFrom", str, "The `nextId` of the page before"),
)
BUSY = json_error("The zone syncs, or others keep changing it; or there is such a record set")
REFUSED = json_error("A rule forbids the record set")
NO_RECORD_SET = json_error(f"{NO_ZONE}, or the record set does not")
TOO_MANY = json_error("Too many changes wait for the primary of the zone") | {"headers": RETRY_AFTER}
UNREADABLE_BODY = refused_body("Fields of the body are missing or wrong, or it cannot be read")
NOT_JSON = text_error("The body is not JSON")
CHANGE = answer("The change, `Pending`. Its outcome is polled by its id", SingleChangeFields)

SENT_RECORD_SET: Json = {
    "type": "object",
    "properties": {
        "zoneId": str,
        "name": {"type": "string", "maxLength": 255, "pattern": r"^\S*$", "description": "`@` is the apex"},
        "type": {"type": "string", "enum": list(TYPES)},
        "ttl": {"type": "integer", "minimum": LOWEST_TTL, "maximum": HIGHEST_TTL},
        "records": {"type": "array", "items": RecordData, "minItems": 1},
        "id": {"type": ["string", "null"]},
        "account": {"type": ["string", "null"]},
        "ownerGroupId": {"type": ["string", "null"], "description": "The group that owns it. Null removes the owner"},
        "recordSetGroupChange": {"anyOf": [TransferFields, {"type": "null"}]},
    },
    "required": ["zoneId", "name", "type", "ttl", "records"],
    "description": "Further fields are ignored, so that an answer may be sent back",
}
"""A record set in a body."""

EXAMPLE: Json = {
    "zoneId": "621a13df-a2e3-4394-84c0-3eb3a664dff4",
    "name": "www",
    "type": "A",
    "ttl": 300,
    "records": [{"address": "192.0.2.1"}],
}

OPERATIONS = {
    "GET /zones/{zoneId}/recordsets": Operation(
        name="list_vinyldns_recordsets",
        summary="List the record sets of a zone",
        answers={
            200: answer("A page of record sets, by FQDN and type", ListFields),
            400: UNREADABLE,
            403: FORBIDDEN,
            404: json_error(NO_ZONE),
        },
        parameters=(NAME_FILTER, *FILTERS),
    ),
    "POST /zones/{zoneId}/recordsets": Operation(
        name="create_vinyldns_recordset",
        summary="Create a record set",
        answers={
            202: CHANGE,
            400: UNREADABLE_BODY,
            403: FORBIDDEN,
            404: json_error(NO_ZONE),
            409: BUSY,
            415: NOT_JSON,
            422: REFUSED,
            429: TOO_MANY,
        },
        description="The zone is that of the body. A zone kept here has the record set at once. The primary of a "
        "copied zone has to take it first.",
        body=body(ref("SentRecordSet"), record_set=EXAMPLE),
    ),
    "GET /zones/{zoneId}/recordsets/{recordSetId}": Operation(
        name="get_vinyldns_recordset",
        summary="Show a record set",
        answers={200: answer("The record set", RecordSetInfo), 403: FORBIDDEN, 404: NO_RECORD_SET},
    ),
    "PUT /zones/{zoneId}/recordsets/{recordSetId}": Operation(
        name="update_vinyldns_recordset",
        summary="Replace a record set",
        answers={
            202: CHANGE,
            400: UNREADABLE_BODY,
            403: FORBIDDEN,
            404: NO_RECORD_SET,
            409: BUSY,
            415: NOT_JSON,
            422: REFUSED,
            429: TOO_MANY,
        },
        description="The id of the body counts, if it has one. Name, type and zone stay. `recordSetGroupChange` asks "
        "for another owner, or decides about that.",
        body=body(ref("SentRecordSet"), record_set=EXAMPLE | {"id": "1f6d36de-15c1-82d4-b1b7-3b4e6c9f2a10"}),
    ),
    "DELETE /zones/{zoneId}/recordsets/{recordSetId}": Operation(
        name="delete_vinyldns_recordset",
        summary="Delete a record set",
        answers={
            202: CHANGE,
            400: json_error("The record set has to stay"),
            403: FORBIDDEN,
            404: NO_RECORD_SET,
            409: BUSY,
            422: REFUSED,
            429: TOO_MANY,
        },
    ),
    "GET /zones/{zoneId}/recordsets/{recordSetId}/changes/{changeId}": Operation(
        name="get_vinyldns_recordset_change",
        summary="Show a change of a record set",
        answers={
            200: answer("The change", SingleChangeFields),
            403: FORBIDDEN,
            404: json_error(f"{NO_ZONE}, there is no such change, or it still waits"),
        },
    ),
    "GET /zones/{zoneId}/recordsetcount": Operation(
        name="count_vinyldns_recordsets",
        summary="Count the record sets of a zone",
        answers={200: answer("The number", CountFields), 403: FORBIDDEN, 404: json_error(NO_ZONE)},
    ),
    "GET /recordsets": Operation(
        name="search_vinyldns_recordsets",
        summary="Look for record sets in all zones",
        answers={
            200: answer("A page of record sets, by FQDN and type", SearchFields),
            400: UNREADABLE,
            403: FORBIDDEN,
            404: text_error("The query has no name"),
            422: json_error("The name has less than two letters or digits, or `*` at both ends"),
        },
        description="The name is absolute. An address means the name of its PTR. A name without `*` is found at once, "
        "any other is looked for in every zone.",
        parameters=(NAME_FILTER | {"required": True}, *FILTERS),
    ),
    "GET /recordsetchange/history": Operation(
        name="show_vinyldns_recordset_history",
        summary="Read the history of a record set",
        answers={
            200: answer("A page of record set changes, newest first", PageFields),
            400: UNREADABLE,
            403: FORBIDDEN,
            404: json_error(NO_ZONE),
        },
        parameters=(
            query("zoneId", str, "The zone") | {"required": True},
            query("fqdn", str, "The absolute name") | {"required": True},
            query("recordType", str, "The type") | {"required": True},
            MAX_ITEMS,
            START_FROM,
        ),
    ),
    "GET /metrics/health/zones/{zoneId}/recordsetchangesfailure": Operation(
        name="list_vinyldns_failed_recordset_changes",
        summary="Read the record set changes of a zone that failed",
        answers={
            200: answer("A page of record set changes, newest first", FailuresFields),
            400: UNREADABLE,
            403: FORBIDDEN,
            404: json_error(NO_ZONE),
        },
        parameters=(MAX_ITEMS, START_FROM),
    ),
    "GET /zones/{zoneId}/changes/{changeId}/recordsetchanges": Operation(
        name="show_vinyldns_change",
        summary="Read the record set changes of a zone change",
        answers={
            200: answer("A page of record set changes, in canonical order (RFC 4034 section 6.1)", ChangesFields),
            400: UNREADABLE,
            403: FORBIDDEN,
            404: json_error(f"{NO_ZONE}, it has no such change, or the first version has expired"),
        },
        parameters=(MAX_ITEMS, START_FROM),
    ),
    "GET /zones/{zoneId}/recordsetchanges": Operation(
        name="list_vinyldns_recordset_changes",
        summary="Read the record set changes of a zone",
        answers={
            200: answer("A page of record set changes, newest change first", ChangesFields),
            400: UNREADABLE,
            403: FORBIDDEN,
            404: json_error(f"{NO_ZONE}, or it has no such version any more"),
        },
        description="The first load's record sets come from version 1, and expire with it. With `from`, the answer is "
        "the difference of two versions, in canonical order, without users and times. Its `nextId` is opaque; repeat "
        "`from` and `to` with it. A page may be empty and still have a `nextId`.",
        parameters=(
            MAX_ITEMS,
            START_FROM,
            query("from", Version, "The version of the contents that the difference begins with"),
            query(
                "to", Version, "The version that it ends with, which may be older. The default is the present version"
            ),
        ),
    ),
}


def _data(fields: Mapping[str, Form]) -> Json:
    kinds = {name: Count if form in NUMBERS else str for name, form in fields.items()}
    return {"type": "object", "properties": kinds, "required": list(fields), "additionalProperties": False}


FORMS = {tuple(fields): fields for fields in FIELDS.values()}
"""The forms of a record's data, each once, by their names."""

SCHEMAS: dict[str, Shape | Json] = {
    "SentRecordSet": SENT_RECORD_SET,
    "RecordSetChange": Shape(of=SingleChangeFields, prose={"updates": "The record set before the change"}),
    "ListedRecordSet": Shape(of=ListedFields, prose={"accessLevel": "What the caller may do with it"}),
    "RecordSetList": Shape(of=ListFields, prose={"nextId": "The `startFrom` of the next page"}),
    "RecordSetSearch": Shape(of=SearchFields, prose={"nextId": "The `startFrom` of the next page"}),
    "FailedRecordSetChanges": Shape(
        of=FailuresFields, prose={"nextId": "The `startFrom` of the next page, 0 without one"}
    ),
    "VinyldnsRecordSet": Shape(
        of=RecordSetFields,
        prose={
            "name": "Relative to the zone name. At the apex, the absolute zone name",
            "status": "`Inactive` if the change failed",
            "account": "`system`, unless a caller gave another",
            "ownerGroupId": "The group that owns it, besides those of the zone",
            "recordSetGroupChange": "How far a transfer to another owner group is",
        },
    ),
    "RecordData": {
        "anyOf": [_data(fields) for fields in FORMS.values()],
        "description": "The fields of the type. Types that VinylDNS does not know have a text (RFC 1035, RFC 3597)",
    },
    "RecordSetChangeEntry": Shape(of=RecordSetChangeFields, prose={"updates": "The record set before the change"}),
    "RecordSetChanges": Shape(
        of=ChangesFields,
        prose={"nextId": "The `startFrom` of the next page", "from": "The version that a difference begins with"},
    ),
}

TOPIC = Topic("VinylDNS", OPERATIONS, SCHEMAS)
