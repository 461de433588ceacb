"""Types of the answers about record sets."""

from typing import Annotated, Literal, TypedDict

from zonewright.http.designate.answers import Time
from zonewright.http.formats import AbsoluteName, Description, Links, Number, Ttl, Uuid
from zonewright.http.schema import Schema


class RecordSetFields(TypedDict):
    """One record set of a zone."""

    id: Uuid
    zone_id: Uuid
    zone_name: AbsoluteName
    project_id: str
    name: AbsoluteName
    type: Annotated[str, Schema(pattern="^[A-Z][A-Z0-9-]*$", examples=["A", "TYPE65280"])]
    records: Annotated[list[str], Schema(minItems=1, uniqueItems=True)]
    ttl: Ttl | None
    description: Description | None
    status: Literal["ACTIVE", "PENDING"]
    action: Literal["NONE", "DELETE"]
    version: Number
    created_at: Time
    updated_at: Time | None
    links: Links
