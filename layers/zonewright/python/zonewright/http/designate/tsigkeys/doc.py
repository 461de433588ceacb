"""The API document of TSIG keys (contract `designate.md`, section 10)."""

from zonewright.http.designate.doc import OLDEST_FIRST, SECRET, WITH_PAGES, page, paging, wrapped
from zonewright.http.designate.tsigkeys import filters
from zonewright.http.designate.tsigkeys.answer import KeyFields
from zonewright.http.designate.tsigkeys.body import KeyChange, NewKey
from zonewright.http.formats import SentUuid
from zonewright.http.openapi.operations import Operation, Topic, answer, body
from zonewright.http.openapi.schemas import Json, Shape

KEY: Json = {
    "id": "6c1f0b52-8f3e-4d2a-9b7d-0e5a4c3f2d18",
    "name": "primary.example.org.",
    "algorithm": "hmac-sha256",
    "secret": "********",
    "scope": "ZONE",
    "resource_id": "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3",
    "created_at": "2026-01-15T12:34:56.275934",
    "updated_at": None,
    "links": {"self": "https://dns.example.net/v2/tsigkeys/6c1f0b52-8f3e-4d2a-9b7d-0e5a4c3f2d18"},
}
SHARED = "c2hhcmVkIHdpdGggdGhlIHByaW1hcnkgb25seQ=="
SENT = {name: KEY[name] for name in ("name", "algorithm", "scope", "resource_id")} | {"secret": SHARED}

POOLS = {
    "scope": "POOL",
    "resource_id": "794ccc2c-d751-44fe-b57f-8894c9f5c842",
    "primaries": ["192.0.2.53"],
    "zones": ["example.org."],
}

OPERATIONS = {
    "POST /v2/tsigkeys": Operation(
        name="create_tsig_key",
        summary="Create a TSIG key",
        answers={201: answer("The key", KeyFields, SECRET)},
        errors=("duplicate_tsigkey", "tsigkey_busy", "over_quota"),
        description="A key signs the transfers of one zone. A key of the pool signs for zones without a key, at the "
        "`primaries` and for the `zones` that it lists, and nowhere without a list; only super users may create it. "
        "Names are unique within a zone and within the pool. The operator limits the keys of a project and of a zone.",
        body=body(
            wrapped("tsigkey", NewKey),
            of_a_zone=SENT,
            of_the_pool=SENT | POOLS,
        ),
    ),
    "GET /v2/tsigkeys": Operation(
        name="list_tsig_keys",
        summary="List TSIG keys",
        answers={200: answer("A page of keys, without their number", page("tsigkeys", KeyFields, metadata=None))},
        errors=WITH_PAGES,
        description=f"Lists the keys of the project's zones, or all keys for super and support users. {OLDEST_FIRST}",
        parameters=paging(
            filters.FILTERS,
            filters.ORDERS,
            SentUuid,
            counted=False,
            prose={"name": "name", "algorithm": "algorithm", "scope": "scope"},
        ),
    ),
    "GET /v2/tsigkeys/{tsigkey_id}": Operation(
        name="get_tsig_key",
        summary="Show a TSIG key",
        answers={200: answer("The key", KeyFields)},
        errors=("invalid_uuid", "tsigkey_not_found"),
    ),
    "PATCH /v2/tsigkeys/{tsigkey_id}": Operation(
        name="update_tsig_key",
        summary="Change a TSIG key",
        answers={200: answer("The changed key", KeyFields)},
        errors=("invalid_uuid", "tsigkey_not_found", "duplicate_tsigkey", "tsigkey_busy"),
        description="The next sync uses the changed key.",
        body=body(wrapped("tsigkey", KeyChange), change={"secret": SHARED}),
    ),
    "DELETE /v2/tsigkeys/{tsigkey_id}": Operation(
        name="delete_tsig_key",
        summary="Delete a TSIG key",
        answers={204: answer("The key is deleted")},
        errors=("invalid_uuid", "tsigkey_not_found", "tsigkey_busy"),
    ),
}

SCOPE = "A key of the zone takes precedence over keys of the pool"
LISTS = {
    "primaries": "Only for a key of the pool: the primaries at which it signs. Without them, `zones` alone decides",
    "zones": "Only for a key of the pool: the zones for which it signs. Without them, `primaries` alone decides",
}
SENT_PROSE = {"scope": SCOPE, "resource_id": "The id of the zone or the pool", **LISTS}

SCHEMAS = {
    "TsigKey": Shape(
        of=KeyFields,
        prose={
            "scope": SCOPE,
            "secret": "Base64 when it is made, and `********` later. Null if the caller may not write the key",
            **LISTS,
        },
        example=KEY,
    ),
    "NewTsigKey": Shape(of=NewKey, prose=SENT_PROSE),
    "TsigKeyChange": Shape(of=KeyChange, prose=SENT_PROSE),
}

TOPIC = Topic("Operators", OPERATIONS, SCHEMAS)
