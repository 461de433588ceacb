"""Common parts of the answers below /v3: links, pages, the domain, the version (contract `keystone.md`, section 4)."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from zonewright.http.identity import entry
from zonewright.http.message import Request, Response

if TYPE_CHECKING:
    from zonewright.http.formats import Links
    from zonewright.http.keystone.answers import DomainFields, OneIdentityVersion, PageLinks

DOMAIN: "DomainFields" = {"id": "default", "name": "Default"}
"""The only domain."""


def version(request: Request) -> Response:
    """Return the version of the Identity API."""
    answer: OneIdentityVersion = {"version": entry(request)}
    return Response.json(200, answer)


def links(request: Request, path: str) -> "Links":
    """Return the link to a thing."""
    return {"self": url(request, path)}


def page(request: Request, name: str, entries: Sequence[Mapping[str, object]], marker: str | None = None) -> Response:
    """Return a page of a list, whose entries stand under `name`. With a `marker` there is a link to the next one."""
    sent = f"?{request.query_string}" if request.query_string else ""
    following = None
    if marker is not None:
        kept = {key: values for key, values in request.query.items() if key != "marker"}
        following = f"{url(request, request.path)}?{urlencode({**kept, 'marker': [marker]}, doseq=True)}"
    shown: PageLinks = {"self": url(request, request.path) + sent, "next": following, "previous": None}
    body: dict[str, Any] = {name: entries, "links": shown}
    return Response.json(200, body)


def url(request: Request, path: str) -> str:
    """Return the absolute URL of a path."""
    return request.base_url + quote(path, safe="/%")
