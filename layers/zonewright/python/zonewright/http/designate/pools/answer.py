"""Types of the answers about pools."""

from typing import Annotated, TypedDict

from zonewright.http.designate.answers import Attributes, NameServer, Time
from zonewright.http.formats import Links, Uuid
from zonewright.http.schema import Schema


class PoolFields(TypedDict):
    """A pool of name servers."""

    id: Uuid
    name: str
    description: str | None
    project_id: str | None
    attributes: Attributes
    ns_records: Annotated[list[NameServer], Schema(minItems=1)]
    created_at: Time | None
    updated_at: Time | None
    links: Links
