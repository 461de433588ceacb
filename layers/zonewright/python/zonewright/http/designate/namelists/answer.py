"""Types of the answers about top-level domains and the blacklist."""

from typing import TypedDict

from zonewright.http.designate.answers import Time
from zonewright.http.formats import Links, Uuid


class TldFields(TypedDict):
    """A top-level domain."""

    id: Uuid
    name: str
    description: str | None
    created_at: Time | None
    updated_at: Time | None
    links: Links


class BlacklistFields(TypedDict):
    """An entry of the blacklist."""

    id: Uuid
    pattern: str
    description: str | None
    created_at: Time | None
    updated_at: Time | None
    links: Links
