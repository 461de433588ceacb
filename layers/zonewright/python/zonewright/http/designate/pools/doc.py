"""The API document of the pools of name servers (contract `designate.md`, section 10)."""

from zonewright.http.designate.doc import OLDEST_FIRST, WITH_PAGES, page, paging
from zonewright.http.designate.pools import filters
from zonewright.http.designate.pools.answer import PoolFields
from zonewright.http.formats import SentUuid
from zonewright.http.openapi.operations import Operation, Topic, answer
from zonewright.http.openapi.schemas import Shape

OPERATIONS = {
    "GET /v2/pools": Operation(
        name="list_pools",
        summary="List the pools of name servers",
        answers={200: answer("A page of pools, without their number", page("pools", PoolFields, metadata=None))},
        errors=WITH_PAGES,
        description=f"For super and support users. The operator writes pools; until then there is one. {OLDEST_FIRST}",
        parameters=paging(filters.FILTERS, filters.ORDERS, SentUuid, counted=False, prose={"name": "name"}),
    ),
    "GET /v2/pools/{pool_id}": Operation(
        name="get_pool",
        summary="Show a pool",
        answers={200: answer("The pool", PoolFields)},
        errors=("invalid_uuid", "pool_not_found"),
        description="For super and support users.",
    ),
}

SCHEMAS = {"Pool": Shape(of=PoolFields)}

TOPIC = Topic("Operators", OPERATIONS, SCHEMAS)
