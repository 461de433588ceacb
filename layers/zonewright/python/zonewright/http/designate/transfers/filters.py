"""Filters and sort keys of the lists of transfer requests and acceptances (contract `designate.md`, section 10)."""

from zonewright import clock
from zonewright.http.designate import lists
from zonewright.http.designate.lists import Filters, Orders
from zonewright.http.message import Request
from zonewright.model.handover import Acceptance, Offer, OfferStatus
from zonewright.model.selection import Selection

OFFER_FILTERS: Filters[Offer] = {
    "status": lambda offer: [offer.status],
    "zone_id": lambda offer: [offer.zone_id],
    "target_project_id": lambda offer: [offer.target_id] if offer.target_id is not None else [],
    "description": lambda offer: [offer.description] if offer.description is not None else [],
}
OFFER_ORDERS: Orders[Offer] = {
    "created_at": None,
    "id": lambda offer: offer.id,
    "updated_at": lambda offer: offer.updated or clock.EPOCH,
}

ACCEPTANCE_FILTERS: Filters[Acceptance] = {
    "status": lambda _: [OfferStatus.COMPLETE],
    "zone_id": lambda acceptance: [acceptance.zone_id],
    "zone_transfer_request_id": lambda acceptance: [acceptance.offer_id],
}
ACCEPTANCE_ORDERS: Orders[Acceptance] = {
    **dict.fromkeys(("created_at", "updated_at")),
    "id": lambda acceptance: acceptance.id,
}


def offers(request: Request) -> Selection[Offer]:
    """Return the selection of transfer requests that the query describes. Its marker is a request's id."""
    return lists.by_id(request, OFFER_FILTERS, OFFER_ORDERS)


def acceptances(request: Request) -> Selection[Acceptance]:
    """Return the selection of acceptances that the query describes. Its marker is an acceptance's id."""
    return lists.by_id(request, ACCEPTANCE_FILTERS, ACCEPTANCE_ORDERS)
