"""Types of the answers about TSIG keys."""

from typing import TypedDict

from zonewright.http.designate.answers import Time
from zonewright.http.designate.tsigkeys.body import Algorithm, KeyName
from zonewright.http.formats import Links, Uuid
from zonewright.model.tsigkey import Scope


class KeyFields(TypedDict):
    """One TSIG key."""

    id: Uuid
    name: KeyName
    algorithm: Algorithm
    secret: str | None
    scope: Scope
    resource_id: Uuid
    created_at: Time
    updated_at: Time | None
    links: Links
