"""Shares of zones as /v2 shows them (contract `designate.md`, section 10)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zonewright.http.designate.views import listing, time, zone_url
from zonewright.http.message import Request, Response
from zonewright.model.selection import Selection
from zonewright.model.share import Share

if TYPE_CHECKING:
    from zonewright.http.designate.shares.answer import ShareFields


def created(request: Request, share: Share) -> Response:
    """A new share."""
    return Response.json(201, share_fields(request, share), {"location": _url(request, share)})


def shown(request: Request, share: Share) -> Response:
    """A share."""
    return Response.json(200, share_fields(request, share))


def deleted() -> Response:
    """A share that ended."""
    return Response(204)


def share_list(request: Request, wanted: Selection[Share], found: Sequence[Share], total: int) -> Response:
    """A page of a zone's shares."""
    documents = [share_fields(request, share) for share in found]
    marker = found[-1].id if len(found) == wanted.limit else None
    return listing(request, "shared_zones", documents, total if wanted.counted else None, marker)


def share_fields(request: Request, share: Share) -> "ShareFields":
    """One share; it never changes."""
    return {
        "id": share.id,
        "zone_id": share.zone_id,
        "project_id": share.group_id,
        "target_project_id": share.target_id,
        "created_at": time(share.created),
        "updated_at": None,
        "links": {"self": _url(request, share), "zone": zone_url(request, share.zone_id)},
    }


def _url(request: Request, share: Share) -> str:
    return f"{zone_url(request, share.zone_id)}/shares/{share.id}"
