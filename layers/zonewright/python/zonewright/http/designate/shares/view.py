"""Render shares of zones below /v2 (contract `designate.md`, section 10)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zonewright.http.designate.views import page, time, zone_url
from zonewright.http.message import Request, Response
from zonewright.model.selection import Selection
from zonewright.model.share import Share

if TYPE_CHECKING:
    from zonewright.http.designate.shares.answer import ShareFields


def created(request: Request, share: Share) -> Response:
    """Return a new share, with its URL in `Location`."""
    return Response.json(201, share_fields(request, share), {"location": _url(request, share)})


def shown(request: Request, share: Share) -> Response:
    """Return a share."""
    return Response.json(200, share_fields(request, share))


def deleted() -> Response:
    """Return the answer to the deletion of a share."""
    return Response(204)


def share_list(request: Request, wanted: Selection[Share], found: Sequence[Share], total: int) -> Response:
    """Return a page of a zone's shares. `total` counts all that match."""
    documents = (share_fields(request, share) for share in found)
    return page(request, "shared_zones", documents, wanted, total)


def share_fields(request: Request, share: Share) -> "ShareFields":
    """Return the fields of a share. A share never changes."""
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
