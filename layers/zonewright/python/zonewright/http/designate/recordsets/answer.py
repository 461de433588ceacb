"""Types of the answers about record sets."""

from typing import Annotated, Literal, NotRequired, TypedDict

from zonewright.http.designate.answers import ConflictFields, ReasonFields, Time
from zonewright.http.formats import AbsoluteName, Description, Links, Number, Serial, Ttl, Url, Uuid, Version
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
    status: Literal["ACTIVE", "PENDING", "ERROR"]
    action: Literal["NONE", "CREATE", "UPDATE", "DELETE"]
    version: Number
    created_at: Time
    updated_at: Time | None
    links: Links


class MoveFields(TypedDict):
    """A move of a record set. `before` is None for a created one, `after` for a deleted one."""

    before: RecordSetFields | None
    after: RecordSetFields | None


class MovesLinks(Links):
    """The links of the moves of one request."""

    change: NotRequired[Url]


class MovesFields(TypedDict):
    """The moves of one request, in its order, and the version of the zone after them."""

    moves: list[MoveFields]
    version: Version
    serial: Serial
    links: MovesLinks
    change_id: NotRequired[Uuid]
    status: NotRequired[Literal["PENDING"]]
    conflicts: NotRequired[list[ConflictFields]]
    refusals: NotRequired[list[ReasonFields]]


class RecordChangeFields(TypedDict):
    """A record change of a zone whose primary has to take it first."""

    id: Uuid
    zone_id: Uuid
    zone_name: AbsoluteName
    project_id: str
    status: Literal["PENDING", "COMPLETE", "ERROR"]
    message: str | None
    differing: str | None
    comment: str | None
    moves: list[MoveFields]
    version: Version | None
    serial: Serial | None
    created_at: Time
    updated_at: Time | None
    links: Links
