"""The VinylDNS dialect: `@vinyldns.endpoint`, its errors, its paging, and zones and changes in its words.

Contract `vinyldns.md`, sections 2, 3 and 6; record sets are in `recordsets.py`. Errors of an operation are a JSON
string, those of the protocol (credentials, path, method, unreadable query) bare text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from zonewright.errors import (
    AccountLocked,
    Exists,
    Invalid,
    InvalidLimit,
    MalformedBody,
    MalformedQuery,
    MethodNotAllowed,
    NotAuthenticated,
    NotAuthorized,
    NotFound,
    PathNotFound,
    RequestError,
    TooLarge,
    Unsupported,
    ZoneBusy,
)
from zonewright.http.endpoint import Dialect, lookup
from zonewright.http.message import Request, Response
from zonewright.model import schedule
from zonewright.model.change import Change
from zonewright.model.order import MODES, SyncOptions
from zonewright.model.states import State
from zonewright.model.users import Caller, Group
from zonewright.model.zone import Zone

if TYPE_CHECKING:
    from zonewright.actions import history

# Status and form of the body.
ERRORS: dict[type[RequestError], tuple[int, Callable[[int, str, Mapping[str, str]], Response]]] = {
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
    ZoneBusy: (409, Response.json),
    TooLarge: (413, Response.text),
    Unsupported: (415, Response.text),
}

DEFAULT_ITEMS = 100
MOST_ITEMS = 100

_FLAGS = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0", ""), False),
}

# A zone that failed to load, or waits for an update, is Active to VinylDNS's clients: they know no other word.
_STATUS = {State.SYNCING: "Syncing", State.DELETED: "Deleted"}


def refusal(_: Request, error: RequestError) -> Response:
    """An error of the caller's, as VinylDNS says it."""
    status, form = lookup(ERRORS, error)
    headers = {"allow": ", ".join(error.allowed)} if isinstance(error, MethodNotAllowed) else {}
    return form(status, error.message, headers)


def failure(_: Request) -> Response:
    """An error of ours: the log has it under the request id."""
    return Response.text(500, "There was an internal server error.")


def finish(request: Request, response: Response) -> Response:
    """The header every answer has: the id the log knows the request by."""
    return replace(response, headers={**response.headers, "x-request-id": request.id})


DIALECT = Dialect(refusal, failure, finish=finish)
endpoint = DIALECT.endpoint


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for."""

    limit: int = DEFAULT_ITEMS
    start_from: str | None = None


def page(request: Request) -> Page:
    """A page of a zone's history; the check of the query, too."""
    return Page(most_items(request), request.query.get("startFrom", [None])[-1])


def most_items(request: Request) -> int:
    """How many items of a list are asked for."""
    limit = number(request, "maxItems", 32)
    if limit is None:
        return DEFAULT_ITEMS
    if not 0 < limit <= MOST_ITEMS:
        raise InvalidLimit(f"maxItems was {limit}, maxItems must be between 0 exclusive and {MOST_ITEMS} inclusive")
    return limit


def number(request: Request, name: str, bits: int) -> int | None:
    """A parameter of the query that is a signed integer of so many bits; None where it is not there."""
    text = request.query.get(name, [None])[-1]
    if text is None:
        return None
    if not re.fullmatch(r"[+-]?\d{1,19}", text, re.ASCII) or not -(2 ** (bits - 1)) <= int(text) < 2 ** (bits - 1):
        raise MalformedQuery(
            f"The query parameter '{name}' was malformed:\n'{text}' is not a valid {bits}-bit signed integer value"
        )
    return int(text)


def options(request: Request) -> SyncOptions:
    """How a sync is asked for; ours, for VinylDNS knows no such parameters. The check of the query, too."""
    mode = request.query.get("mode", [MODES[0]])[-1]
    if mode not in MODES:
        raise MalformedQuery(f"The query parameter 'mode' was malformed:\n'{mode}' is not one of {', '.join(MODES)}")
    return SyncOptions(mode, _flag(request, "force"), _flag(request, "dryRun"))


def _flag(request: Request, name: str) -> bool:
    text = request.query.get(name, ["false"])[-1]
    if text.lower() not in _FLAGS:
        raise MalformedQuery(f"The query parameter '{name}' was malformed:\n'{text}' is not a boolean value")
    return _FLAGS[text.lower()]


def zone_id(request: Request) -> str:
    """The zone the path names; any text may be one."""
    return request.parameters["zoneId"]


def readable(zone: Zone, caller: Caller, part: str = "") -> Zone:
    """The zone, if this caller may read it (or the `part` of it); NotAuthorized otherwise."""
    if not (zone.shared or caller.sees(zone.group_id)):
        raise NotAuthorized(f"User {caller.user_name} cannot access zone '{zone.name}'{part}")
    return zone


def zone_info(request: Request, zone: Zone, group: Group | None) -> Response:
    """A zone, with what the caller may do to it."""
    fields = zone_fields(zone)
    del fields["isTest"]
    fields["adminGroupName"] = group.name if group else "Unknown group name"
    fields["accessLevel"] = "Delete" if request.caller.administers(zone.group_id) else "Read"
    return Response.json(200, {"zone": fields})


def zone_change(zone: Zone, change: Change) -> Response:
    """A change as it was asked for."""
    return Response.json(200, change_fields(zone, change))


def zone_changes(zone: Zone, page: Page, found: "history.ChangePage") -> Response:
    """A page of a zone's history, newest first."""
    fields: dict[str, Any] = {
        "zoneId": zone.id,
        "zoneChanges": [change_fields(zone, change) for change in found.changes],
        "nextId": found.next_id,
        "startFrom": page.start_from,
        "maxItems": page.limit,
    }
    return Response.json(200, present(fields))


def zone_fields(zone: Zone) -> dict[str, Any]:
    """A zone in the plain rendering."""
    fields: dict[str, Any] = {
        "name": zone.name,
        "email": zone.email,
        "status": _STATUS.get(zone.state, "Active"),
        "created": time(zone.created),
        "updated": time(zone.updated),
        "id": zone.id,
        "account": zone.group_id,  # as in the seed's example
        "shared": zone.shared,
        "acl": {"rules": []},
        "adminGroupId": zone.group_id,
        "recurrenceSchedule": schedule.recurrence(zone.schedule),
        "scheduleRequestor": zone.requestor if schedule.recurrence(zone.schedule) else None,
        "latestSync": time(zone.synced),
        "isTest": False,
    }
    return present(fields)


def change_fields(zone: Zone, change: Change) -> dict[str, Any]:
    """A change; `sync` is ours: what a finished one moved."""
    fields = {
        "zone": zone_fields(zone),
        "userId": change.user_id,
        "changeType": str(change.type),
        "status": str(change.status),
        "created": time(change.created),
        "systemMessage": change.reason,
        "id": change.id,
        "sync": sync_counts(change),
    }
    return present(fields)


def sync_counts(change: Change) -> dict[str, Any] | None:
    """What a sync moved, and how it came by it; None where that is not known."""
    if change.counts is None:
        return None
    fields = {
        "created": change.counts.created,
        "updated": change.counts.updated,
        "deleted": change.counts.deleted,
        "unchanged": change.counts.unchanged,
        "records": change.records,
        "serial": change.serial,
        "seconds": change.seconds,
        "transfer": change.transfer,
    }
    return present(fields)


def present(fields: dict[str, Any]) -> dict[str, Any]:
    """Absent optionals are left out: clients ask `"nextId" in answer`."""
    return {name: value for name, value in fields.items() if value is not None}


def time(moment: datetime | None) -> str | None:
    """UTC in seconds."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
