"""What operators and limits are about (contract `designate.md`, section 10)."""

from zonewright.http.openapi.operations import Operation, Topic, answer
from zonewright.http.openapi.schemas import COUNT, TEXT, UUID, listed, nullable, record, ref

TAG = "Operators"
LIMIT = {"type": "integer", "minimum": -1}

OPERATIONS = {
    "GET /v2/limits": Operation(
        "get_limits",
        TAG,
        "Tell what a project may have",
        {200: answer("-1 is as much as it likes", ref("Limits"))},
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

TOPIC = Topic(TAG, "Limits and name servers.", OPERATIONS, SCHEMAS)
