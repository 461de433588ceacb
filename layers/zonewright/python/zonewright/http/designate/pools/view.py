"""The pool of name servers as /v2 shows it (contract `designate.md`, section 10)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zonewright.http.designate.views import query, url
from zonewright.http.message import Request, Response
from zonewright.model.settings import Settings

if TYPE_CHECKING:
    from zonewright.http.designate.answers import ListLinks, NameServer
    from zonewright.http.designate.pools.answer import PoolFields, Pools


def pool_list(request: Request, settings: Settings) -> Response:
    """Return the list of pools. There is one, and the list has no metadata."""
    links: ListLinks = {"self": url(request, request.path) + query(request)}
    answer: Pools = {"pools": [pool_fields(request, settings)], "links": links}
    return Response.json(200, answer)


def pool(request: Request, settings: Settings) -> Response:
    """Return the pool."""
    return Response.json(200, pool_fields(request, settings))


def pool_fields(request: Request, settings: Settings) -> "PoolFields":
    """Return the fields of the pool: the service's own name servers. It has no times, because no request creates it."""
    return {
        "id": settings.pool_id,
        "name": "default",
        "description": None,
        "project_id": None,
        "attributes": {},
        "ns_records": ranked(settings.name_servers),
        "created_at": None,
        "updated_at": None,
        "links": {"self": url(request, f"/v2/pools/{settings.pool_id}")},
    }


def ranked(hosts: Sequence[str]) -> "list[NameServer]":
    """Return name servers with their priorities. The first has priority 1."""
    return [{"hostname": host, "priority": priority} for priority, host in enumerate(hosts, 1)]
