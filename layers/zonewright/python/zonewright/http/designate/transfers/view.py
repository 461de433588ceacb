"""Render transfer requests and acceptances below /v2 (contract `designate.md`, section 10)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zonewright.http.designate.views import page, time, url, zone_url
from zonewright.http.message import Request, Response
from zonewright.model.handover import Acceptance, Offer, OfferStatus
from zonewright.model.selection import Selection

if TYPE_CHECKING:
    from zonewright.http.designate.transfers.answer import AcceptanceFields, OfferFields


def created(request: Request, offer: Offer) -> Response:
    """Return a new request with its key, and its URL in `Location`. A repeated request gets it without the key."""
    fields = offer_fields(request, offer)
    made = Response.json(201, fields, {"location": _offer_url(request, offer.id)})
    return made.keeping({**fields, "key": None})


def shown(request: Request, offer: Offer) -> Response:
    """Return a request."""
    return Response.json(200, offer_fields(request, offer)).secret()


def deleted() -> Response:
    """Return the answer to the deletion of a request."""
    return Response(204)


def offer_list(request: Request, wanted: Selection[Offer], found: Sequence[Offer]) -> Response:
    """Return a page of requests. Their number is not counted."""
    documents = (offer_fields(request, offer) for offer in found)
    return page(request, "transfer_requests", documents, wanted).secret()


def accepted(request: Request, acceptance: Acceptance) -> Response:
    """Return a new acceptance, with its URL in `Location`. A repeated request gets it without the key."""
    fields = acceptance_fields(request, acceptance)
    made = Response.json(201, fields, {"location": _accept_url(request, acceptance.id)})
    return made.keeping({**fields, "key": None})


def acceptance(request: Request, found: Acceptance) -> Response:
    """Return an acceptance."""
    return Response.json(200, acceptance_fields(request, found)).secret()


def acceptance_list(
    request: Request, wanted: Selection[Acceptance], found: Sequence[Acceptance], total: int
) -> Response:
    """Return a page of acceptances. `total` counts all that match."""
    documents = (acceptance_fields(request, each) for each in found)
    return page(request, "transfer_accepts", documents, wanted, total).secret()


def offer_fields(request: Request, offer: Offer) -> "OfferFields":
    """Return the fields of a request. Only the project that made it sees `project_id` and `key`."""
    fields: OfferFields = {
        "id": offer.id,
        "zone_id": offer.zone_id,
        "zone_name": offer.zone_name,
        "target_project_id": offer.target_id,
        "description": offer.description,
        "status": offer.status,
        "version": offer.revision,
        "created_at": time(offer.created),
        "updated_at": time(offer.updated),
        "links": {"self": _offer_url(request, offer.id)},
    }
    if not offer.is_owners(request.caller):
        return fields
    return {**fields, "project_id": offer.group_id, "key": offer.key}


def acceptance_fields(request: Request, found: Acceptance) -> "AcceptanceFields":
    """Return the fields of an acceptance. It is complete from the beginning."""
    return {
        "id": found.id,
        "zone_id": found.zone_id,
        "zone_transfer_request_id": found.offer_id,
        "project_id": found.group_id,
        "key": found.key,
        "status": OfferStatus.COMPLETE,
        "created_at": time(found.created),
        "updated_at": None,
        "links": {"self": _accept_url(request, found.id), "zone": zone_url(request, found.zone_id)},
    }


def _offer_url(request: Request, offer_id: str) -> str:
    return url(request, f"/v2/zones/tasks/transfer_requests/{offer_id}")


def _accept_url(request: Request, acceptance_id: str) -> str:
    return url(request, f"/v2/zones/tasks/transfer_accepts/{acceptance_id}")
