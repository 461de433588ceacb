"""TSIG keys as /v2 shows them (contract `designate.md`, section 10)."""

from typing import TYPE_CHECKING

from zonewright.http.designate.views import listing, time, url
from zonewright.http.message import Request, Response

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonewright.actions.tsigkeys import Shown
    from zonewright.http.designate.tsigkeys.answer import KeyFields
    from zonewright.model.selection import Selection
    from zonewright.model.tsigkey import TsigKey


def created(request: Request, shown: "Shown") -> Response:
    """A new key, and where it is."""
    return Response.json(201, key_fields(request, shown), {"location": _key_url(request, shown)})


def key(request: Request, shown: "Shown") -> Response:
    """A key as it is."""
    return Response.json(200, key_fields(request, shown))


def key_list(request: Request, wanted: "Selection[TsigKey]", found: "Sequence[Shown]") -> Response:
    """A page of keys; `next` is there exactly when the page is full, and nothing is counted."""
    documents = [key_fields(request, shown) for shown in found]
    marker = found[-1].key.id if len(found) == wanted.limit else None
    return listing(request, "tsigkeys", documents, None, marker, metadata=False)


def deleted() -> Response:
    """A key is gone."""
    return Response(204)


def key_fields(request: Request, shown: "Shown") -> "KeyFields":
    """One key; its secret is null for those who may see it but not write it."""
    key = shown.key
    return {
        "id": key.id,
        "name": key.name,
        "algorithm": key.algorithm,
        "secret": shown.secret,
        "scope": key.scope,
        "resource_id": key.resource_id,
        "created_at": time(key.created),
        "updated_at": time(key.updated),
        "links": {"self": _key_url(request, shown)},
    }


def _key_url(request: Request, shown: "Shown") -> str:
    return url(request, f"/v2/tsigkeys/{shown.key.id}")
