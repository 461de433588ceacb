"""Common parts of the answers below /v2: lists, links, times, versions (contract `designate.md`, section 0)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, overload
from urllib.parse import quote, urlencode

from zonewright.http.message import Request, Response

if TYPE_CHECKING:
    from zonewright.http.designate.answers import (
        ListLinks,
        ListMetadata,
        OneVersion,
        Time,
        VersionFields,
        VersionLink,
        Versions,
    )

# What each release answers to a change: Juno of the seed page, and today's.
CREATED = {"seed": 201, "current": 202}
UPDATED = {"seed": 200, "current": 202}

HIGHEST_LIMIT = 1000  # max_page_limit; larger ones are taken as this
HIGHEST_NAME = 255


def version_list(request: Request) -> Response:
    """Which versions there are, and where."""
    answer: Versions = {"versions": [_version(request)]}
    return Response.json(200, answer)


def version(request: Request) -> Response:
    """The version the path names; Designate lacks this one, but clients ask for it."""
    answer: OneVersion = {"version": _version(request)}
    return Response.json(200, answer)


def moved(request: Request, path: str) -> Response:
    """Where to send the same request, its body too (RFC 9110 section 15.4.9)."""
    return Response(308, headers={"location": url(request, path) + query(request)})


def listing(
    request: Request,
    name: str,
    documents: Sequence[Mapping[str, object]],
    total: int | None,
    marker: str | None,
    *,
    metadata: bool = True,
) -> Response:
    """A page of a list: `total` where it is counted, `next` where there is a `marker` to go on from.

    Some lists have no `metadata`, counted or not.
    """
    links: ListLinks = {"self": url(request, request.path) + query(request)}
    if marker is not None:
        kept = {name: values for name, values in request.query.items() if name != "marker"}
        links["next"] = f"{url(request, request.path)}?{urlencode({**kept, 'marker': [marker]}, doseq=True)}"
    body: dict[str, Any] = {name: documents, "links": links}
    if metadata:
        counted: ListMetadata = {} if total is None else {"total_count": total}
        body["metadata"] = counted
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


@overload
def time(moment: datetime) -> "Time": ...


@overload
def time(moment: datetime | None) -> "Time | None": ...


def time(moment: datetime | None) -> "Time | None":
    """UTC with microseconds and no suffix: gophercloud's parser takes no other form."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S.%f")


def _version(request: Request) -> "VersionFields":
    link: VersionLink = {"rel": "self", "href": url(request, "/v2")}
    return {"id": "v2", "status": "CURRENT", "updated": "2026-11-21T00:00:00Z", "links": [link]}
