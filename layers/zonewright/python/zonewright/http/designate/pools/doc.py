"""The API document of the pool of name servers (contract `designate.md`, section 10)."""

from zonewright.http.designate.pools.answer import PoolFields, Pools
from zonewright.http.openapi.operations import Operation, Topic, answer
from zonewright.http.openapi.schemas import Shape

OPERATIONS = {
    "GET /v2/pools": Operation(
        name="list_pools",
        summary="List the pools of name servers",
        answers={200: answer("The list. There is one pool", Pools)},
        description="For super and support users.",
    ),
    "GET /v2/pools/{pool_id}": Operation(
        name="get_pool",
        summary="Show the pool",
        answers={200: answer("The pool", PoolFields)},
        errors=("invalid_uuid", "pool_not_found"),
        description="For super and support users.",
    ),
}

SCHEMAS = {"Pool": Shape(of=PoolFields)}

TOPIC = Topic("Operators", OPERATIONS, SCHEMAS)
