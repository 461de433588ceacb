"""The API document of record set changes (contract `vinyldns.md`, sections 3.2 and 9)."""

from collections.abc import Mapping

from zonewright.http.formats import Count, Version
from zonewright.http.openapi.operations import Operation, Topic, answer, query
from zonewright.http.openapi.schemas import Json, Shape
from zonewright.http.vinyldns.doc import FORBIDDEN, MAX_ITEMS, NO_ZONE, START_FROM, UNREADABLE, json_error
from zonewright.http.vinyldns.recordsets.answer import ChangesFields, RecordSetChangeFields, RecordSetFields
from zonewright.protocol.fields import FIELDS, NUMBERS, Form

OPERATIONS = {
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
    "VinyldnsRecordSet": Shape(
        of=RecordSetFields,
        prose={
            "name": "Relative to the zone name. At the apex, the absolute zone name",
            "status": "`Inactive` after its deletion",
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
