"""The API document of record set changes (contract `vinyldns.md`, sections 3.2 and 9)."""

from zonewright.http.formats import Count, Version
from zonewright.http.openapi.operations import Operation, Topic, answer, query
from zonewright.http.openapi.schemas import Json, Shape
from zonewright.http.vinyldns.doc import FORBIDDEN, MAX_ITEMS, MISSING, START_FROM, UNREADABLE, said, said_or_bare
from zonewright.http.vinyldns.recordsets import view
from zonewright.http.vinyldns.recordsets.answer import ChangesFields, RecordSetChangeFields, RecordSetFields

OPERATIONS = {
    "GET /zones/{zoneId}/changes/{changeId}/recordsetchanges": Operation(
        name="show_vinyldns_change",
        summary="Read what a change moved",
        answers={
            200: answer("A page of it, in canonical order (RFC 4034 section 6.1)", ChangesFields),
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
            200: answer("A page of it, the newest change first", ChangesFields),
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
            query("from", Version, "The version of the contents to begin with"),
            query("to", Version, "The one to end with, which may be older; the one that is shown if none is named"),
        ),
    ),
}


def _data(fields: tuple[str, ...]) -> Json:
    kinds = {name: Count if name in view.NUMBERS else str for name in fields}
    return {"type": "object", "properties": kinds, "required": list(fields), "additionalProperties": False}


FORMS = dict.fromkeys(view.RECORD_DATA.values())
"""The possible forms of a record's data."""

SCHEMAS: dict[str, Shape | Json] = {
    "VinyldnsRecordSet": Shape(
        of=RecordSetFields,
        prose={
            "name": "Relative to the zone; the zone's own, absolute, at the apex",
            "status": "Inactive where it is no more",
        },
    ),
    "RecordData": {
        "anyOf": [_data(fields) for fields in FORMS],
        "description": "The fields of the type; of one that VinylDNS does not know, its text (RFC 1035, RFC 3597)",
    },
    "RecordSetChangeEntry": Shape(of=RecordSetChangeFields, prose={"updates": "What it was before"}),
    "RecordSetChanges": Shape(
        of=ChangesFields,
        prose={"nextId": "Where the next page begins", "from": "Of a difference: between which versions it is"},
    ),
}

TOPIC = Topic("VinylDNS", OPERATIONS, SCHEMAS)
