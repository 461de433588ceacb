"""Zone transfer requests and their acceptances as /v2 shows them (contract `designate.md`, section 10)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zonewright.http.designate.views import listing, time, url, zone_url
from zonewright.http.message import Request, Response
from zonewright.model.handover import Acceptance, Offer, OfferStatus
from zonewright.model.selection import Selection

if TYPE_CHECKING:
    from zonewright.http.designate.transfers.answer import AcceptanceFields, OfferFields


def created(request: Request, offer: Offer) -> Response:
    """A new request, with the key to give to whom the zone is meant for."""
    return Response.json(201, offer_fields(request, offer), {"location": _offer_url(request, offer.id)})


def shown(request: Request, offer: Offer) -> Response:
    """A request as it is."""
    return Response.json(200, offer_fields(request, offer))


def deleted() -> Response:
    """A request that is gone."""
    return Response(204)


def offer_list(request: Request, wanted: Selection[Offer], found: Sequence[Offer]) -> Response:
    """A page of requests; such a list is not counted."""
    documents = [offer_fields(request, offer) for offer in found]
    return listing(request, "transfer_requests", documents, None, found[-1].id if len(found) == wanted.limit else None)


def accepted(request: Request, acceptance: Acceptance) -> Response:
    """A new acceptance."""
    return Response.json(201, acceptance_fields(request, acceptance), {"location": _accept_url(request, acceptance.id)})


def acceptance(request: Request, found: Acceptance) -> Response:
    """An acceptance."""
    return Response.json(200, acceptance_fields(request, found))


def acceptance_list(
    request: Request, wanted: Selection[Acceptance], found: Sequence[Acceptance], total: int
) -> Response:
    """A page of acceptances."""
    documents = [acceptance_fields(request, each) for each in found]
    marker = found[-1].id if len(found) == wanted.limit else None
    return listing(request, "transfer_accepts", documents, total if wanted.counted else None, marker)


def offer_fields(request: Request, offer: Offer) -> "OfferFields":
    """One request; who did not make it sees neither the key nor whose it is."""
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
    """One acceptance; it was complete as soon as it was."""
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
