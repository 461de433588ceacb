"""The API document of the pool of name servers (contract `designate.md`, section 10)."""

from zonewright.http.openapi.operations import Operation, Topic, answer
from zonewright.http.openapi.schemas import TEXT, UUID, listed, nullable, record, ref

OPERATIONS = {
    "GET /v2/pools": Operation(
        name="list_pools",
        summary="List the pool of name servers",
        answers={200: answer("The one there is", record({"pools": listed(ref("Pool")), "links": ref("ListLinks")}))},
        description="For super and support users.",
    ),
    "GET /v2/pools/{pool_id}": Operation(
        name="get_pool",
        summary="Show the pool",
        answers={200: answer("The pool", ref("Pool"))},
        errors=("invalid_uuid", "pool_not_found"),
        description="For super and support users.",
    ),
}

SCHEMAS = {
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

TOPIC = Topic("Operators", OPERATIONS, SCHEMAS)
