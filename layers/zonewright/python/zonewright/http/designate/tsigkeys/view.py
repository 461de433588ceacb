"""Render TSIG keys below /v2 (contract `designate.md`, section 10)."""

from typing import TYPE_CHECKING

from zonewright.http.designate.views import page, time, url
from zonewright.http.message import Request, Response
from zonewright.model.tsigkey import HIDDEN, Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonewright.actions.tsigkeys import Shown
    from zonewright.http.designate.tsigkeys.answer import KeyFields
    from zonewright.model.selection import Selection
    from zonewright.model.tsigkey import TsigKey


def created(request: Request, shown: "Shown") -> Response:
    """Return a new key with its secret, and its URL in `Location`. A repeated request gets it without the secret."""
    fields = key_fields(request, shown)
    made = Response.json(201, {**fields, "secret": shown.secret}, {"location": _key_url(request, shown)})
    return made.keeping(fields)


def key(request: Request, shown: "Shown") -> Response:
    """Return a key."""
    return Response.json(200, key_fields(request, shown))


def key_list(request: Request, wanted: "Selection[TsigKey]", found: "Sequence[Shown]") -> Response:
    """Return a page of keys. Their number is not counted."""
    documents = (key_fields(request, shown) for shown in found)
    return page(request, "tsigkeys", documents, wanted, metadata=False)


def deleted() -> Response:
    """Return the answer to the deletion of a key."""
    return Response(204)


def key_fields(request: Request, shown: "Shown") -> "KeyFields":
    """Return the fields of a key. The secret is hidden, and null if the caller may not write the key.

    Only a key of the pool has lists.
    """
    key = shown.key
    fields: KeyFields = {
        "id": key.id,
        "name": key.name,
        "algorithm": key.algorithm,
        "secret": HIDDEN if shown.writes else None,
        "scope": key.scope,
        "resource_id": key.resource_id,
        "created_at": time(key.created),
        "updated_at": time(key.updated),
        "links": {"self": _key_url(request, shown)},
    }
    if key.scope is Scope.POOL:
        fields["primaries"] = [str(each) for each in key.places.primaries]
        fields["zones"] = list(key.places.zones)
    return fields


def _key_url(request: Request, shown: "Shown") -> str:
    return url(request, f"/v2/tsigkeys/{shown.key.id}")
