"""Common parts of the answers below /v2: lists, links, times, API versions (contract `designate.md`, section 0)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, overload
from urllib.parse import quote, urlencode

from zonewright.http.identity import entry
from zonewright.http.message import Request, Response
from zonewright.model.payload import fitting

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
    from zonewright.model.selection import Selection

# Status of changes in each release: `seed` is Designate of Juno, `current` is today's.
CREATED = {"seed": 201, "current": 202}
UPDATED = {"seed": 200, "current": 202}

HIGHEST_LIMIT = 1000  # Designate's max_page_limit; a higher limit means this one
HIGHEST_NAME = 255


def version_list(request: Request) -> Response:
    """Return the list of API versions: that of zones, and that of logins, in the form that every client reads.

    Contract `keystone.md`, section 4. With the first alone, keystoneauth would take it for Keystone v2.
    """
    answer: Versions = {"versions": {"values": [_version(request), entry(request)]}}
    return Response.json(200, answer)


def version(request: Request) -> Response:
    """Return the API version v2. Designate has no such route, but its clients call it."""
    answer: OneVersion = {"version": _version(request)}
    return Response.json(200, answer)


def redirect(request: Request, path: str) -> Response:
    """Return a redirect of the whole request, body included, to another path (RFC 9110 section 15.4.9)."""
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
    """Return a page of a list. Its entries stand under `name`.

    Without a `marker` there is no link to a next page. Without a `total` the number of entries is omitted. Some lists
    have no `metadata` at all.
    """
    links: ListLinks = {"self": url(request, request.path) + query(request)}
    instead = ""
    if marker is not None:
        instead = f"; the list goes on behind this entry with marker={marker}"
        kept = {name: values for name, values in request.query.items() if name != "marker"}
        links["next"] = f"{url(request, request.path)}?{urlencode({**kept, 'marker': [marker]}, doseq=True)}"
    body: dict[str, Any] = {name: documents, "links": links}
    if metadata:
        counted: ListMetadata = {} if total is None else {"total_count": total}
        body["metadata"] = counted
    return replace(Response.json(200, body), instead=instead)


def page(
    request: Request,
    name: str,
    entries: Iterable[Mapping[str, object]],
    wanted: "Selection[Any]",
    total: int | None = None,
    *,
    metadata: bool = True,
) -> Response:
    """Return the page that the selection `wanted` describes, or as much of it as fits into a response.

    Exactly a full page, in number or in octets, has a link to the next one. Its marker is the id of the last entry.
    """
    documents, cut = fitting(entries)
    marker = str(documents[-1]["id"]) if cut or len(documents) == wanted.limit else None
    return listing(request, name, documents, total if wanted.counted else None, marker, metadata=metadata)


def zone_url(request: Request, zone_id: str) -> str:
    """Return the URL of a zone."""
    return url(request, f"/v2/zones/{zone_id}")


def query(request: Request) -> str:
    """Return the query as it was sent, with its question mark. Empty without a query."""
    return f"?{request.query_string}" if request.query_string else ""


def url(request: Request, path: str) -> str:
    """Return the absolute URL of a path."""
    return request.base_url + quote(path, safe="/%")


@overload
def time(moment: datetime) -> "Time": ...


@overload
def time(moment: datetime | None) -> "Time | None": ...


def time(moment: datetime | None) -> "Time | None":
    """Return a moment in UTC, with microseconds and no suffix. Gophercloud parses no other form."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S.%f")


def _version(request: Request) -> "VersionFields":
    link: VersionLink = {"rel": "self", "href": url(request, "/v2")}
    return {"id": "v2", "status": "CURRENT", "updated": "2026-11-21T00:00:00Z", "links": [link]}
