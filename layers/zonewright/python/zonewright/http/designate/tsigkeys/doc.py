"""The API document of TSIG keys (contract `designate.md`, section 10)."""

from zonewright.http.openapi.operations import LOCATION, WITH_PAGES, Operation, Topic, answer, body, paging, wrapped
from zonewright.http.openapi.schemas import SENT_UUID, TEXT, UUID, Json, nullable, one_of, page, record, ref

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
_OCTET = r"([^.\\]|\\[^0-9]|\\([01][0-9]{2}|2[0-4][0-9]|25[0-5]))"
_BASE64 = "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)"
WRITABLE: Json = {
    "name": {
        "type": "string",
        "pattern": rf"^(\.|({_OCTET}{{1,63}}\.)*{_OCTET}{{1,63}}\.?)$",
        "maxLength": 160,
        "description": "A domain name, as the primary calls the key",
    },
    "algorithm": one_of("hmac-md5", "hmac-sha1", "hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512"),
    "secret": {"type": "string", "pattern": f"^{_BASE64}$", "maxLength": 255, "description": "Base64"},
    "scope": one_of("POOL", "ZONE", description="A key of a zone goes before those of the pool"),
    "resource_id": SENT_UUID | {"description": "The zone or the pool whose transfers it signs"},
}

OPERATIONS = {
    "POST /v2/tsigkeys": Operation(
        name="create_tsig_key",
        summary="Make a TSIG key",
        answers={201: answer("The key", ref("TsigKey"), LOCATION)},
        errors=("duplicate_tsigkey", "tsigkey_busy"),
        description="It signs the transfers of a zone, or of all zones that have no key of their own. Keys of the "
        "pool are for super users. A name is unique among the keys of its zone, or of the pool.",
        body=body(
            wrapped("tsigkey", ref("NewTsigKey")),
            of_a_zone={name: KEY[name] for name in WRITABLE},
            of_the_pool={name: KEY[name] for name in WRITABLE}
            | {"scope": "POOL", "resource_id": "794ccc2c-d751-44fe-b57f-8894c9f5c842"},
        ),
    ),
    "GET /v2/tsigkeys": Operation(
        name="list_tsig_keys",
        summary="List TSIG keys",
        answers={200: answer("A page of them, not counted", page("tsigkeys", "TsigKey", counted=False))},
        errors=WITH_PAGES,
        description="Those of the project's zones; for super and support users all. Oldest first, if nothing else is "
        "asked.",
        parameters=paging(
            ("created_at", "id", "updated_at", "name"),
            SENT_UUID,
            counted=False,
            name="the name is this",
            algorithm="the algorithm is this",
            scope="the scope is this",
        ),
    ),
    "GET /v2/tsigkeys/{tsigkey_id}": Operation(
        name="get_tsig_key",
        summary="Show a TSIG key",
        answers={200: answer("The key", ref("TsigKey"))},
        errors=("invalid_uuid", "tsigkey_not_found"),
    ),
    "PATCH /v2/tsigkeys/{tsigkey_id}": Operation(
        name="update_tsig_key",
        summary="Change a TSIG key",
        answers={200: answer("The key as it is now", ref("TsigKey"))},
        errors=("invalid_uuid", "tsigkey_not_found", "duplicate_tsigkey", "tsigkey_busy"),
        description="The next sync signs with it.",
        body=body(wrapped("tsigkey", ref("TsigKeyChange")), change={"secret": KEY["secret"]}),
    ),
    "DELETE /v2/tsigkeys/{tsigkey_id}": Operation(
        name="delete_tsig_key",
        summary="Delete a TSIG key",
        answers={204: answer("It is gone")},
        errors=("invalid_uuid", "tsigkey_not_found", "tsigkey_busy"),
    ),
}

SCHEMAS = {
    "TsigKey": record(
        {
            "id": UUID,
            **WRITABLE,
            "secret": nullable(TEXT) | {"description": "Base64; null for who may not write the key"},
            "resource_id": UUID,
            "created_at": ref("Time"),
            "updated_at": nullable(ref("Time")),
            "links": ref("Links"),
        }
    )
    | {"examples": [KEY]},
    "NewTsigKey": record(WRITABLE),
    "TsigKeyChange": record({}, WRITABLE),
}

TOPIC = Topic("Operators", OPERATIONS, SCHEMAS)
