"""What operators and limits are about (contract `designate.md`, section 10)."""

from zonewright.http.openapi.operations import LOCATION, WITH_PAGES, Operation, Topic, answer, body, paging, wrapped
from zonewright.http.openapi.schemas import (
    COUNT,
    SENT_UUID,
    TEXT,
    UUID,
    Json,
    listed,
    nullable,
    one_of,
    page,
    record,
    ref,
)

TAG = "Operators"
LIMIT = {"type": "integer", "minimum": -1}
QUOTA = LIMIT | {"maximum": 2**31 - 1}
QUOTAS: Json = {
    "zones": QUOTA | {"description": "Of the project, those shared with it not counted"},
    "zone_recordsets": QUOTA | {"description": "Of a zone, SOA and apex NS not counted"},
    "zone_records": QUOTA | {"description": "Of a zone, those of SOA and apex NS not counted"},
    "recordset_records": QUOTA | {"description": "Of a record set"},
    "api_export_size": QUOTA | {"description": "Record sets of a zone that may be exported"},
}
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
    "GET /v2/limits": Operation(
        "get_limits",
        TAG,
        "Tell what a project may have",
        {200: answer("-1 is as much as it likes", ref("Limits"))},
        description="By the project's quotas; of no project in particular, the deployment's.",
    ),
    "GET /v2/quotas": Operation(
        "get_quotas",
        TAG,
        "Show the project's quotas",
        {200: answer("-1 is as much as it likes", ref("Quotas"))},
        description="What the project has no quota of its own for, is the deployment's.",
    ),
    "GET /v2/quotas/{project_id}": Operation(
        "get_quotas_of_project",
        TAG,
        "Show a project's quotas",
        {200: answer("-1 is as much as it likes", ref("Quotas"))},
        description="Another project's are for super and support users.",
    ),
    "PATCH /v2/quotas/{project_id}": Operation(
        "update_quotas",
        TAG,
        "Give a project quotas of its own",
        {200: answer("All it has now", ref("Quotas"))},
        ("not_found",),
        "For super users.",
        body=body(wrapped("quota", ref("QuotaChange")), change={"zones": 500, "recordset_records": -1}),
    ),
    "DELETE /v2/quotas/{project_id}": Operation(
        "reset_quotas",
        TAG,
        "Let a project have the deployment's quotas again",
        {204: answer("It has none of its own")},
        description="For super users.",
    ),
    "GET /v2/pools": Operation(
        "list_pools",
        TAG,
        "List the pool of name servers",
        {200: answer("The one there is", record({"pools": listed(ref("Pool")), "links": ref("ListLinks")}))},
        description="For super and support users.",
    ),
    "GET /v2/pools/{pool_id}": Operation(
        "get_pool",
        TAG,
        "Show the pool",
        {200: answer("The pool", ref("Pool"))},
        ("invalid_uuid", "pool_not_found"),
        "For super and support users.",
    ),
    "POST /v2/tsigkeys": Operation(
        "create_tsig_key",
        TAG,
        "Make a TSIG key",
        {201: answer("The key", ref("TsigKey"), LOCATION)},
        ("duplicate_tsigkey", "tsigkey_busy"),
        "It signs the transfers of a zone, or of all zones that have no key of their own. Keys of the pool are for "
        "super users. A name is unique among the keys of its zone, or of the pool.",
        body=body(
            wrapped("tsigkey", ref("NewTsigKey")),
            of_a_zone={name: KEY[name] for name in WRITABLE},
            of_the_pool={name: KEY[name] for name in WRITABLE}
            | {"scope": "POOL", "resource_id": "794ccc2c-d751-44fe-b57f-8894c9f5c842"},
        ),
    ),
    "GET /v2/tsigkeys": Operation(
        "list_tsig_keys",
        TAG,
        "List TSIG keys",
        {200: answer("A page of them, not counted", page("tsigkeys", "TsigKey", counted=False))},
        WITH_PAGES,
        "Those of the project's zones; for super and support users all. Oldest first, if nothing else is asked.",
        paging(
            ("created_at", "id", "updated_at", "name"),
            SENT_UUID,
            counted=False,
            name="the name is this",
            algorithm="the algorithm is this",
            scope="the scope is this",
        ),
    ),
    "GET /v2/tsigkeys/{tsigkey_id}": Operation(
        "get_tsig_key",
        TAG,
        "Show a TSIG key",
        {200: answer("The key", ref("TsigKey"))},
        ("invalid_uuid", "tsigkey_not_found"),
    ),
    "PATCH /v2/tsigkeys/{tsigkey_id}": Operation(
        "update_tsig_key",
        TAG,
        "Change a TSIG key",
        {200: answer("The key as it is now", ref("TsigKey"))},
        ("invalid_uuid", "tsigkey_not_found", "duplicate_tsigkey", "tsigkey_busy"),
        "The next sync signs with it.",
        body=body(wrapped("tsigkey", ref("TsigKeyChange")), change={"secret": KEY["secret"]}),
    ),
    "DELETE /v2/tsigkeys/{tsigkey_id}": Operation(
        "delete_tsig_key",
        TAG,
        "Delete a TSIG key",
        {204: answer("It is gone")},
        ("invalid_uuid", "tsigkey_not_found", "tsigkey_busy"),
    ),
    "POST /v2/zones/{zone_id}/tasks/abandon": Operation(
        "abandon_zone",
        TAG,
        "Drop a zone",
        {204: answer("It is gone, whatever the release")},
        ("invalid_uuid", "zone_has_sub_zone", "zone_is_shared", "zone_not_found", "zone_busy"),
        "For super users. A body is not read.",
    ),
}

SCHEMAS = {
    "Limits": record(
        {
            "max_zones": LIMIT,
            "max_zone_recordsets": LIMIT,
            "max_zone_records": LIMIT,
            "max_recordset_records": LIMIT,
            "min_ttl": COUNT,
            "max_zone_name_length": COUNT,
            "max_recordset_name_length": COUNT,
            "max_page_limit": COUNT,
        }
    ),
    "Quotas": record(QUOTAS)
    | {
        "examples": [
            {
                "zones": 1000,
                "zone_recordsets": -1,
                "zone_records": -1,
                "recordset_records": -1,
                "api_export_size": -1,
            }
        ]
    },
    "QuotaChange": record({}, QUOTAS),
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
    "Pool": record(
        {
            "id": UUID,
            "name": TEXT,
            "description": nullable(TEXT),
            "project_id": nullable(TEXT),
            "attributes": ref("Attributes"),
            "ns_records": listed(ref("NameServer"), minItems=1),
            "created_at": nullable(ref("Time")),
            "updated_at": nullable(ref("Time")),
            "links": ref("Links"),
        }
    ),
}

TOPIC = Topic(TAG, "Quotas and limits, name servers, and the keys of transfers.", OPERATIONS, SCHEMAS)
