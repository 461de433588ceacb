"""Common types of the answers below /v2: links, lists, times, API versions, errors.

Only the API document and mypy read the `answers` and `answer` modules. No other function imports them.
"""

from typing import Annotated, Literal, NotRequired, TypedDict

from zonewright.http.answers import IdentityVersion
from zonewright.http.formats import Count, Number, Url
from zonewright.http.schema import Schema

Time = Annotated[
    str,
    Schema(
        "Time",
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$",
        description="A time in UTC, with microseconds and without a suffix",
        examples=["2026-01-15T12:34:56.275934"],
    ),
]

Attributes = Annotated[
    dict[str, str],
    Schema("Attributes", propertyNames={"maxLength": 50}, additionalProperties={"type": "string", "maxLength": 50}),
]


class ZoneLinks(TypedDict):
    """The links to an entry and to its zone."""

    self: Url
    zone: Url


class ListLinks(TypedDict):
    """The links to a page and to the next one, if there is one."""

    self: Url
    next: NotRequired[Url]


class ListMetadata(TypedDict, total=False):
    """The number of entries of a list, if they are counted."""

    total_count: Count


class VersionLink(TypedDict):
    """The link to a version."""

    rel: Literal["self"]
    href: Url


class VersionFields(TypedDict):
    """A version of the API."""

    id: Literal["v2"]
    status: Literal["CURRENT"]
    updated: Annotated[str, Schema(format="date-time")]
    links: Annotated[list[VersionLink], Schema(minItems=1)]


class VersionValues(TypedDict):
    """The versions of both services that the root has."""

    values: list[VersionFields | IdentityVersion]


class Versions(TypedDict):
    """All versions of the APIs, as Designate of Juno and Keystone list them."""

    versions: VersionValues


class OneVersion(TypedDict):
    """One version of the API in its envelope."""

    version: VersionFields


class NameServer(TypedDict):
    """One of the name servers of a zone or of the pool."""

    hostname: str
    priority: Number


class ReasonFields(TypedDict):
    """One reason for the refusal of a body."""

    path: list[str | int]
    message: str
    validator: str
    validator_value: object


class Reasons(TypedDict):
    """All reasons, in an envelope."""

    errors: Annotated[list[ReasonFields], Schema(minItems=1)]


class KeystoneError(TypedDict):
    """Keystone's error for a request without credentials. Clients of OpenStack read it."""

    code: Literal[401]
    title: str
    message: str


class ConflictFields(TypedDict):
    """A record set that is not as the request says. `recordset` is the record set as it is."""

    path: list[str | int]
    message: str
    recordset: object


class ErrorFields(TypedDict):
    """An error of any kind."""

    code: Annotated[int, Schema(minimum=400, maximum=599)]
    type: str
    message: str
    request_id: str
    errors: NotRequired[Reasons]
    error: NotRequired[KeystoneError]
    conflicts: NotRequired[list[ConflictFields]]
