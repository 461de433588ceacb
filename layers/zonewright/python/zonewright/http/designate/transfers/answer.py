"""Types of the answers about transfer requests and acceptances."""

from typing import Annotated, Literal, NotRequired, TypedDict

from zonewright.http.designate.answers import Time, ZoneLinks
from zonewright.http.formats import AbsoluteName, Description, Links, Number, ProjectId, Uuid
from zonewright.http.schema import Schema
from zonewright.model.handover import OfferStatus

Key = Annotated[str, Schema(pattern="^[A-Z0-9]{8}$", description="The secret that the new owner needs to accept")]


class OfferFields(TypedDict):
    """One request. Only the project that made it sees the last two fields."""

    id: Uuid
    zone_id: Uuid
    zone_name: AbsoluteName
    target_project_id: ProjectId | None
    description: Description | None
    status: OfferStatus
    version: Number
    created_at: Time
    updated_at: Time | None
    links: Links
    project_id: NotRequired[str]
    key: NotRequired[Key | None]


class AcceptanceFields(TypedDict):
    """One acceptance."""

    id: Uuid
    zone_id: Uuid
    zone_transfer_request_id: Uuid
    project_id: str
    key: Key | None
    status: Literal[OfferStatus.COMPLETE]
    created_at: Time
    updated_at: None
    links: ZoneLinks
