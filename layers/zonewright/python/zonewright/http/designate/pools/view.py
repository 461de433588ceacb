"""Pools as /v2 shows them (contract `designate.md`, section 10). Their targets are shown to the operator alone."""

from typing import TYPE_CHECKING

from zonewright.http.designate.views import page, time, url
from zonewright.http.message import Request, Response

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonewright.http.designate.answers import NameServer
    from zonewright.http.designate.pools.answer import PoolFields
    from zonewright.model.pool import NsRecord, Pool
    from zonewright.model.selection import Selection


def pool_list(request: Request, wanted: "Selection[Pool]", found: "Sequence[Pool]") -> Response:
    """Return a page of pools. Their number is not counted."""
    documents = (pool_fields(request, each) for each in found)
    return page(request, "pools", documents, wanted, metadata=False)


def pool(request: Request, found: "Pool") -> Response:
    """Return a pool."""
    return Response.json(200, pool_fields(request, found))


def pool_fields(request: Request, found: "Pool") -> "PoolFields":
    """Return the fields of a pool. The deployment's has no times, because no request creates it."""
    return {
        "id": found.id,
        "name": found.name,
        "description": found.description,
        "project_id": None,
        "attributes": dict(found.attributes),
        "ns_records": ns_records(found.ns_records),
        "created_at": time(found.created),
        "updated_at": time(found.updated),
        "links": {"self": url(request, f"/v2/pools/{found.id}")},
    }


def ns_records(servers: "Sequence[NsRecord]") -> "list[NameServer]":
    """Return name servers with their priorities."""
    return [{"hostname": each.hostname, "priority": each.priority} for each in servers]
