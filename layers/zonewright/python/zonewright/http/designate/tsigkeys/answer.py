"""Types of the answers about TSIG keys."""

from typing import Annotated, NotRequired, TypedDict

from zonewright.http.designate.answers import Time
from zonewright.http.designate.tsigkeys.body import Algorithm, KeyName
from zonewright.http.formats import AbsoluteName, Links, Uuid
from zonewright.http.schema import Schema
from zonewright.model.tsigkey import MOST_PLACES, Scope

_BOUNDED = Schema(maxItems=MOST_PLACES)


class KeyFields(TypedDict):
    """One TSIG key."""

    id: Uuid
    name: KeyName
    algorithm: Algorithm
    secret: str | None
    scope: Scope
    resource_id: Uuid
    primaries: NotRequired[Annotated[list[str], _BOUNDED]]
    zones: NotRequired[Annotated[list[AbsoluteName], _BOUNDED]]
    created_at: Time
    updated_at: Time | None
    links: Links
