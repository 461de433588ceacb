"""The API document of TSIG keys (contract `designate.md`, section 10)."""

from zonewright.http.designate.doc import LOCATION, WITH_PAGES, page, paging, wrapped
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
    "secret": "c2hhcmVkIHdpdGggdGhlIHByaW1hcnkgb25seQ==",
    "scope": "ZONE",
    "resource_id": "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3",
    "created_at": "2026-01-15T12:34:56.275934",
    "updated_at": None,
    "links": {"self": "https://dns.example.net/v2/tsigkeys/6c1f0b52-8f3e-4d2a-9b7d-0e5a4c3f2d18"},
}
SENT = {name: KEY[name] for name in ("name", "algorithm", "secret", "scope", "resource_id")}

OPERATIONS = {
    "POST /v2/tsigkeys": Operation(
        name="create_tsig_key",
        summary="Make a TSIG key",
        answers={201: answer("The key", KeyFields, LOCATION)},
        errors=("duplicate_tsigkey", "tsigkey_busy"),
        description="It signs the transfers of a zone, or of all zones that have no key of their own. Keys of the "
        "pool are for super users. A name is unique among the keys of its zone, or of the pool.",
        body=body(
            wrapped("tsigkey", NewKey),
            of_a_zone=SENT,
            of_the_pool=SENT | {"scope": "POOL", "resource_id": "794ccc2c-d751-44fe-b57f-8894c9f5c842"},
        ),
    ),
    "GET /v2/tsigkeys": Operation(
        name="list_tsig_keys",
        summary="List TSIG keys",
        answers={200: answer("A page of them, not counted", page("tsigkeys", KeyFields, metadata=None))},
        errors=WITH_PAGES,
        description="Those of the project's zones; for super and support users all. Oldest first, if nothing else is "
        "asked.",
        parameters=paging(
            filters.FILTERS,
            filters.ORDERS,
            SentUuid,
            counted=False,
            prose={
                "name": "the name is this",
                "algorithm": "the algorithm is this",
                "scope": "the scope is this",
            },
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
        answers={200: answer("The key as it is now", KeyFields)},
        errors=("invalid_uuid", "tsigkey_not_found", "duplicate_tsigkey", "tsigkey_busy"),
        description="The next sync signs with it.",
        body=body(wrapped("tsigkey", KeyChange), change={"secret": KEY["secret"]}),
    ),
    "DELETE /v2/tsigkeys/{tsigkey_id}": Operation(
        name="delete_tsig_key",
        summary="Delete a TSIG key",
        answers={204: answer("It is gone")},
        errors=("invalid_uuid", "tsigkey_not_found", "tsigkey_busy"),
    ),
}

SCOPE = "A key of a zone goes before those of the pool"
SENT_PROSE = {"scope": SCOPE, "resource_id": "The zone or the pool whose transfers it signs"}

SCHEMAS = {
    "TsigKey": Shape(
        of=KeyFields,
        prose={"scope": SCOPE, "secret": "Base64; null for who may not write the key"},
        example=KEY,
    ),
    "NewTsigKey": Shape(of=NewKey, prose=SENT_PROSE),
    "TsigKeyChange": Shape(of=KeyChange, prose=SENT_PROSE),
}

TOPIC = Topic("Operators", OPERATIONS, SCHEMAS)
