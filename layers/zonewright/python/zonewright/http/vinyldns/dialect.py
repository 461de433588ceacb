"""The VinylDNS dialect: `@dialect.endpoint`, errors, and common parts of queries and answers.

Contract `vinyldns.md`, section 2. Errors of an operation are a JSON string. Errors of the protocol (credentials, path,
method, unreadable query) are bare text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from zonewright.errors import (
    AccountLocked,
    EmailDomainRefused,
    EmailMalformed,
    Exists,
    FieldsRefused,
    GroupChanged,
    GroupChangeUnknown,
    GroupNameTaken,
    GroupNotFound,
    GroupOwnsZone,
    GroupUnnamed,
    GroupWithoutMembers,
    Invalid,
    InvalidLimit,
    InvalidMarker,
    LimitOutside,
    MalformedBody,
    MalformedQuery,
    MarkerNotFound,
    MethodNotAllowed,
    NegativeMarker,
    NotAuthenticated,
    NotAuthorized,
    NotEntitled,
    NotFound,
    NotZoneAdmin,
    PathNotFound,
    RecentlySynced,
    RequestError,
    TooLarge,
    TooManyEmailDots,
    TooManyRequests,
    Unsupported,
    UserIdNotFound,
    UserNotFound,
    UsersNotFound,
    ZoneBusy,
    ZoneGone,
    ZoneNotFound,
)
from zonewright.http.endpoint import Dialect, lookup
from zonewright.http.message import Request, Response
from zonewright.model.users import Caller
from zonewright.model.zone import Zone

if TYPE_CHECKING:
    from zonewright.http.vinyldns.answers import Second

Fields = TypeVar("Fields", bound=Mapping[str, object])

ERRORS: dict[type[RequestError], tuple[int, Callable[[int, Any, Mapping[str, str]], Response]]] = {
    RequestError: (400, Response.json),
    Invalid: (400, Response.json),
    MalformedBody: (400, Response.text),
    MalformedQuery: (400, Response.text),
    NotAuthenticated: (401, Response.text),
    AccountLocked: (403, Response.text),
    NotAuthorized: (403, Response.json),
    NotFound: (404, Response.json),
    PathNotFound: (404, Response.text),
    MethodNotAllowed: (405, Response.text),
    Exists: (409, Response.json),
    GroupChanged: (409, Response.json),
    ZoneBusy: (409, Response.json),
    TooLarge: (413, Response.text),
    Unsupported: (415, Response.text),
    TooManyRequests: (429, Response.json),
}
"""The status of each error, and the form of its body."""

WORDS: dict[type[RequestError], str] = {
    RequestError: "{e.why}",
    NotAuthenticated: "Authentication Failed: {e.why}",
    NotZoneAdmin: (
        "User '{e.user}' cannot create or modify zone '{e.zone}' "
        "because they are not in the Zone Admin Group '{e.group}'"
    ),
    PathNotFound: "The requested path [{e.path}] does not exist.",
    ZoneNotFound: "Zone with id {e.zone} does not exists",
    ZoneGone: "zone {e.zone} is not there",
    InvalidLimit: "maxItems was {e.limit}, maxItems must be between 0 exclusive and {e.most} inclusive",
    LimitOutside: "maxItems was {e.limit}, maxItems must be between 0 and {e.most}",
    MarkerNotFound: "startFrom {e.marker} is no entry of this list",
    InvalidMarker: "startFrom {e.marker} is no nextId of this zone's history",
    NegativeMarker: "startFrom was {e.marker}, startFrom must not be negative",
    RecentlySynced: (
        "Zone {e.zone} was recently synced. Cannot complete sync: the last one ended at {e.ended:%H:%M:%SZ}, "
        "the next may begin {e.delay} s later"
    ),
    # -- groups and users (contract `vinyldns-writes.md`, section 10)
    NotEntitled: "Not authorized",
    EmailMalformed: "Please enter a valid Email.",
    EmailDomainRefused: "Please enter a valid Email. Valid domains should end with {domains}",
    TooManyEmailDots: "Please enter a valid Email. Number of dots allowed after @ is {e.most}",
    UserNotFound: "User {e.user} was not found",
    UserIdNotFound: "User with ID {e.user} was not found",
    UsersNotFound: "Users [ {users} ] were not found",
    GroupNotFound: "Group with ID {e.group} was not found",
    GroupNameTaken: (
        "Group with name {e.name} already exists. "
        "Please try a different name or contact {e.email} to be added to the group."
    ),
    GroupUnnamed: "Group name and email cannot be empty.",
    GroupWithoutMembers: "Group must have at least one member and one admin",
    GroupChangeUnknown: "Invalid Group Change ID",
    GroupOwnsZone: (
        "{e.name} is the admin of a zone. Cannot delete. "
        "Please transfer the ownership to another group before deleting."
    ),
}
"""VinylDNS's words for each error, with its values as `e`, and also by name, lists joined. Others have our reason."""

DEFAULT_ITEMS = 100
MOST_ITEMS = 100

FLAGS = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0", ""), False),
}
"""The values of a boolean query parameter, in lower case."""


def refusal(_: Request, error: RequestError) -> Response:
    """Return an error of the caller in VinylDNS's form."""
    status, form = lookup(ERRORS, error)
    headers = {"allow": ", ".join(error.allowed)} if isinstance(error, MethodNotAllowed) else {}
    if isinstance(error, TooManyRequests):
        headers["retry-after"] = str(error.after)
    return form(status, lookup(CONTENTS, error)(error), headers)


def text(error: RequestError) -> str:
    """Return the text of an error."""
    said = {name: value for name, value in vars(error).items() if name != "reasons"}
    values = {name: ",".join(value) if isinstance(value, list | tuple) else value for name, value in said.items()}
    return lookup(WORDS, error).format(e=error, **values) or error.message


CONTENTS: dict[type[RequestError], Callable[[RequestError], Any]] = {
    RequestError: text,
    FieldsRefused: lambda error: {"errors": [each.message for each in cast("Invalid", error).reasons]},
}
"""What the body of an error has."""


def failure(_: Request) -> Response:
    """Return an internal error. The log has the details under the request id."""
    return Response.text(500, "There was an internal server error.")


def finish(request: Request, response: Response) -> Response:
    """Return the response with the header that every answer has: the id of the request in the log."""
    return replace(response, headers={**response.headers, "x-request-id": request.id})


DIALECT = Dialect(refusal, failure, finish=finish)
endpoint = DIALECT.endpoint


def most_items(request: Request, most: int = MOST_ITEMS, refusal: type[InvalidLimit] = InvalidLimit) -> int:
    """Return the wanted number of items. Raise `refusal` if it is not 1 to `most`, and MalformedQuery."""
    limit = number(request, "maxItems", 32)
    if limit is None:
        return DEFAULT_ITEMS
    if not 0 < limit <= most:
        raise refusal(limit=str(limit), most=most)
    return limit


def parameter(request: Request, name: str) -> str | None:
    """Return a query parameter, or None without it. The last of repeated ones counts."""
    return request.query.get(name, [None])[-1]


def malformed(name: str, problem: str) -> MalformedQuery:
    """Return the error for a query parameter that cannot be read."""
    return MalformedQuery(f"The query parameter '{name}' was malformed:\n{problem}")


def number(request: Request, name: str, bits: int) -> int | None:
    """Return a signed integer of `bits` bits in the query, or None without it. Raise MalformedQuery for other text."""
    text = parameter(request, name)
    if text is None:
        return None
    if not re.fullmatch(r"[+-]?\d{1,19}", text, re.ASCII) or not -(2 ** (bits - 1)) <= int(text) < 2 ** (bits - 1):
        raise malformed(name, f"'{text}' is not a valid {bits}-bit signed integer value")
    return int(text)


def flag(request: Request, name: str) -> bool:
    """Return a boolean in the query, False without it. Raise MalformedQuery for text that is not in FLAGS."""
    text = parameter(request, name) or ""
    if text.lower() not in FLAGS:
        raise malformed(name, f"'{text}' is not a boolean value")
    return FLAGS[text.lower()]


def zone_id(request: Request) -> str:
    """Return the id of the zone in the path. It may be any text."""
    return request.parameters["zoneId"]


def readable(zone: Zone, caller: Caller, part: str = "") -> Zone:
    """Return `zone` if the caller may read it. Raise NotAuthorized otherwise; `part` ends the message."""
    if not (zone.shared or caller.sees(zone.group_id)):
        raise NotAuthorized(f"User {caller.user_name} cannot access zone '{zone.name}'{part}")
    return zone


def present(fields: Fields) -> Fields:
    """Return the fields that are not None. Clients test for presence: `"nextId" in answer`."""
    return cast("Fields", {name: value for name, value in fields.items() if value is not None})


def going_on(page: Response, following: int | str | None) -> Response:
    """Return a page that says how the list goes on, should its one entry be too large to be sent."""
    return page if following is None else replace(page, instead=f"; the list goes on with startFrom={following}")


@overload
def time(moment: datetime) -> "Second": ...


@overload
def time(moment: datetime | None) -> "Second | None": ...


def time(moment: datetime | None) -> "Second | None":
    """Return a moment in UTC, in whole seconds."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
