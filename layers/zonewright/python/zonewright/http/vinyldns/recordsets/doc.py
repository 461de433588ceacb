"""The API document of record set changes (contract `vinyldns.md`, sections 3.2 and 9)."""

from zonewright.http.openapi.operations import Operation, Topic, answer, query, said, said_or_bare
from zonewright.http.openapi.schemas import ABSOLUTE_NAME, COUNT, TEXT, TTL, UUID, VERSION, listed, one_of, record, ref
from zonewright.http.vinyldns.doc import FORBIDDEN, MAX_ITEMS, MISSING, START_FROM, UNREADABLE
from zonewright.http.vinyldns.recordsets import view

DATA = {
    " ".join(fields): record({name: COUNT if name in view.NUMBERS else TEXT for name in fields})
    for fields in view.RECORD_DATA.values()
}
"""Each form that the data of a record may have, by its fields."""

OPERATIONS = {
    "GET /zones/{zoneId}/changes/{changeId}/recordsetchanges": Operation(
        name="show_vinyldns_change",
        summary="Read what a change moved",
        answers={
            200: answer("A page of it, in canonical order (RFC 4034 section 6.1)", ref("RecordSetChanges")),
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
            200: answer("A page of it, the newest change first", ref("RecordSetChanges")),
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
            query("from", VERSION, "The version of the contents to begin with"),
            query("to", VERSION, "The one to end with, which may be older; the one that is shown if none is named"),
        ),
    ),
}

SCHEMAS = {
    "VinyldnsRecordSet": record(
        {
            "type": TEXT | {"examples": ["A", "TYPE65280"]},
            "zoneId": TEXT,
            "name": TEXT | {"description": "Relative to the zone; the zone's own, absolute, at the apex"},
            "ttl": TTL,
            "status": one_of("Active", "Inactive", description="Inactive where it is no more"),
            "created": ref("Second"),
            "records": listed(ref("RecordData"), minItems=1),
            "id": UUID,
            "account": {"const": "system"},
            "fqdn": ABSOLUTE_NAME,
        },
        {"updated": ref("Second")},
    ),
    "RecordData": {
        "anyOf": list(DATA.values()),
        "description": "The fields of the type; of one that VinylDNS does not know, its text (RFC 1035, RFC 3597)",
    },
    "RecordSetChangeEntry": record(
        {
            "zone": ref("VinyldnsZone"),
            "recordSet": ref("VinyldnsRecordSet"),
            "changeType": one_of("Create", "Update", "Delete"),
        },
        {
            "updates": ref("VinyldnsRecordSet") | {"description": "What it was before"},
            "userId": TEXT,
            "userName": TEXT,
            "status": {"const": "Complete"},
            "created": ref("Second"),
            "systemMessage": TEXT,
            "id": UUID,
        },
    ),
    "RecordSetChanges": record(
        {
            "zoneId": TEXT,
            "recordSetChanges": listed(ref("RecordSetChangeEntry"), maxItems=100),
            "maxItems": {"type": "integer", "minimum": 1, "maximum": 100},
        },
        {
            "nextId": COUNT | {"description": "Where the next page begins"},
            "startFrom": COUNT,
            "from": VERSION | {"description": "Of a difference: between which versions it is"},
            "to": VERSION,
        },
    ),
}

TOPIC = Topic("VinylDNS", OPERATIONS, SCHEMAS)
