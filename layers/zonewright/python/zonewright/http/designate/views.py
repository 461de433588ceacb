"""What the answers of /v2 have in common: lists, links, times, versions (contract `designate.md`, section 0)."""

from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from zonewright.http.message import Request, Response

# What each release answers to a change: Juno of the seed page, and today's.
CREATED = {"seed": 201, "current": 202}
UPDATED = {"seed": 200, "current": 202}

HIGHEST_LIMIT = 1000  # max_page_limit; larger ones are taken as this
HIGHEST_NAME = 255


def version_list(request: Request) -> Response:
    """Which versions there are, and where."""
    return Response.json(200, {"versions": [_version(request)]})


def version(request: Request) -> Response:
    """The version the path names; Designate lacks this one, but clients ask for it."""
    return Response.json(200, {"version": _version(request)})


def moved(request: Request, path: str) -> Response:
    """Where to send the same request, its body too (RFC 9110 section 15.4.9)."""
    return Response(308, headers={"location": url(request, path) + query(request)})


def listing(
    request: Request,
    name: str,
    documents: list[dict[str, Any]],
    total: int | None,
    marker: str | None,
    *,
    metadata: bool = True,
) -> Response:
    """A page of a list: `total` where it is counted, `next` where there is a `marker` to go on from.

    Some lists have no `metadata`, counted or not.
    """
    links = {"self": url(request, request.path) + query(request)}
    if marker is not None:
        kept = {name: values for name, values in request.query.items() if name != "marker"}
        links["next"] = f"{url(request, request.path)}?{urlencode({**kept, 'marker': [marker]}, doseq=True)}"
    body: dict[str, Any] = {name: documents, "links": links}
    if metadata:
        body["metadata"] = {} if total is None else {"total_count": total}
    return Response.json(200, body)


def zone_url(request: Request, zone_id: str) -> str:
    """Where a zone is."""
    return url(request, f"/v2/zones/{zone_id}")


def query(request: Request) -> str:
    """The query as it was sent, with its question mark."""
    return f"?{request.query_string}" if request.query_string else ""


def url(request: Request, path: str) -> str:
    """An absolute link: clients follow them as they are."""
    return request.base_url + quote(path, safe="/%")


def time(moment: datetime | None) -> str | None:
    """UTC with microseconds and no suffix: gophercloud's parser takes no other form."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S.%f")


def _version(request: Request) -> dict[str, Any]:
    link = {"rel": "self", "href": url(request, "/v2")}
    return {"id": "v2", "status": "CURRENT", "updated": "2026-11-21T00:00:00Z", "links": [link]}
