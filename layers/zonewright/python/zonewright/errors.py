"""The errors with a meaning, by whose fault they are. Dialects give the status, Step Functions catches by class name.

ZonewrightError
├── RequestError            the caller's fault; nothing was changed
│   ├── NotAuthenticated    credentials missing or wrong
│   │   └── AccountLocked
│   ├── NotAuthorized       a known caller without the right
│   │   └── IllegalChild, IllegalParent, WrongOfferKey
│   ├── NotFound            does not exist, or is not for this caller to see
│   │   ├── PathNotFound, ZoneNotFound, RecordSetNotFound, VersionNotFound, ChangeNotFound, ImportNotFound
│   │   ├── ExportNotFound, DryRunNotFound, PoolNotFound, ShareNotFound, OfferNotFound, AcceptanceNotFound
│   │   └── UserNotFound, GroupNotFound, TsigKeyNotFound
│   ├── Invalid             the request itself is wrong; carries every reason
│   │   ├── MalformedBody
│   │   │   └── EmptyBody, InvalidJson
│   │   ├── InvalidLimit, InvalidMarker, MarkerNotFound, InvalidSortKey, InvalidSortDirection
│   │   ├── MalformedQuery, MalformedHeader, MalformedZoneFile, InvalidId, GroupUnknown, InvalidTarget, InvalidTtl
│   │   └── InvalidZoneName, ZoneHasSubZone, NotRestorable, RecordSetMisplaced, RecordSetManaged, TooManyRecords
│   ├── Exists              the thing to create exists already
│   │   └── ZoneExists, RecordSetExists, ShareExists, OfferExists, UserExists, GroupExists, TsigKeyExists
│   ├── SyncRefused         the zone cannot be synced now
│   │   └── SyncInProgress, DryRunInProgress, RecentlySynced, ZoneInactive, NoPrimary
│   ├── ZoneBusy            another writer holds the zone
│   │   └── ZoneSyncing, UpdatePending, ZoneChanged, RecordSetChanged
│   ├── Unsupported         the media type of the body
│   │   └── NotAcceptable   the media type of the response
│   ├── MethodNotAllowed, PreconditionFailed, IdempotencyKeyReused, IdempotencyKeyInUse
│   └── TooLarge, OverQuota, TooManyRequests, ZoneShared, OfferEnded, TsigKeyChanged
├── TransferError           the primary's fault; the zone keeps its contents
│   ├── PrimaryForbidden, PrimaryUnreachable, PrimaryUntrusted, TransferRefused, TransferTimedOut, TransferCut
│   ├── TransferMalformed, TransferMixed, IncrementUnfit, WrongZone, SignatureFailed
│   └── ZoneIncomplete, ZoneTooLarge, TooMuchMoved, SerialOlder
└── SyncLost                the sync no longer holds the zone
TaskFault                   our fault: a workflow task failed for another reason
"""

from collections.abc import Sequence
from dataclasses import dataclass, field


class ZonewrightError(Exception):
    """Base of every error with a meaning. The caller may read its text."""

    def __init__(self, message: str) -> None:
        if type(self) in (ZonewrightError, RequestError, TransferError):
            raise TypeError("raise one of the named errors")
        super().__init__(message)
        self.message = message


class RequestError(ZonewrightError):
    """The caller's fault. Nothing was changed."""


class NotAuthenticated(RequestError):
    """The credentials are missing or wrong."""


class AccountLocked(NotAuthenticated):
    """The user exists and is locked."""


class NotAuthorized(RequestError):
    """The caller is known and has no right to do this."""


class IllegalChild(NotAuthorized):
    """The zone would be below a zone of another group."""


class IllegalParent(NotAuthorized):
    """The zone would be above a zone of another group."""


class WrongOfferKey(NotAuthorized):
    """The key is not the one that the zone was offered under."""


class NotFound(RequestError):
    """The path names something that does not exist, or that this caller may not see."""


class PathNotFound(NotFound):
    """No route of the service has this path."""


class ZoneNotFound(NotFound):
    """No such zone."""


class RecordSetNotFound(NotFound):
    """No such RRset in the zone."""


class VersionNotFound(NotFound):
    """The zone has no version of this number, or the version was swept."""


class ChangeNotFound(NotFound):
    """No such entry in the zone's history."""


class ImportNotFound(NotFound):
    """No such import task."""


class ExportNotFound(NotFound):
    """No such export task."""


class DryRunNotFound(NotFound):
    """The zone has no such dry run, or it has expired."""


class PoolNotFound(NotFound):
    """No such pool of name servers. The service has one pool."""


class ShareNotFound(NotFound):
    """The zone has no such share."""


class OfferNotFound(NotFound):
    """No such offer of a zone."""


class AcceptanceNotFound(NotFound):
    """No such acceptance of an offer."""


class UserNotFound(NotFound):
    """No such user."""


class GroupNotFound(NotFound):
    """No such group."""


class TsigKeyNotFound(NotFound):
    """No such TSIG key."""


class MethodNotAllowed(RequestError):
    """The path does not take this method. `allowed` lists the methods that it takes."""

    def __init__(self, message: str, allowed: Sequence[str]) -> None:
        super().__init__(message)
        self.allowed = tuple(allowed)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is wrong with a request. `path` names the field, with positions in lists; empty for the whole."""

    message: str
    path: tuple[str | int, ...] = ()
    rule: str = "invalid"
    expected: object = field(default=None, compare=False)


class Invalid(RequestError):
    """The request itself is wrong. `reasons` holds everything that was found."""

    def __init__(self, message: str, reasons: Sequence[Reason] = ()) -> None:
        super().__init__(message)
        self.reasons = tuple(reasons)


class MalformedBody(Invalid):
    """The body cannot be read: it is empty, not JSON, or not an object."""


class EmptyBody(MalformedBody):
    """The route needs a body, and the request has none."""


class InvalidJson(MalformedBody):
    """The body is not JSON (RFC 8259)."""


class MalformedQuery(Invalid):
    """A query parameter is unknown, repeated, or has a value of the wrong form."""


class MalformedHeader(Invalid):
    """A header has a value of the wrong form."""


class MalformedZoneFile(Invalid):
    """A master file cannot be imported. `line` is the line of the first reason, or 0 for the whole file."""

    def __init__(self, message: str, reasons: Sequence[Reason] = (), line: int = 0) -> None:
        super().__init__(message, reasons)
        self.line = line


class InvalidLimit(Invalid):
    """The number of entries to return is out of range, or not a number."""


class InvalidMarker(Invalid):
    """The marker has a form that no marker has."""


class MarkerNotFound(Invalid):
    """The marker names no entry of this list."""


class InvalidSortKey(Invalid):
    """The list has no such order."""


class InvalidSortDirection(Invalid):
    """The direction is neither ascending nor descending."""


class InvalidId(Invalid):
    """An id is not a UUID (RFC 9562)."""


class GroupUnknown(Invalid):
    """The caller is in several groups and the request names none of them."""


class InvalidTarget(Invalid):
    """The group that a zone is to be shared with or offered to does not exist."""


class InvalidZoneName(Invalid):
    """A zone may not have this name."""


class InvalidTtl(Invalid):
    """The TTL is below the minimum that the operator allows."""


class ZoneHasSubZone(Invalid):
    """The zone cannot be deleted while zones below it exist."""


class NotRestorable(Invalid):
    """The zone's contents come from a primary, so an old version cannot be restored here."""


class RecordSetMisplaced(Invalid):
    """The RRset is outside the zone, in a child zone, or beside RRsets that exclude it."""


class RecordSetManaged(Invalid):
    """The service itself writes this RRset: the SOA, or the NS at the apex."""


class TooManyRecords(Invalid):
    """An RRset of this type may not have so many RRs."""


class PreconditionFailed(RequestError):
    """The request depends on a state that is not the present one."""


class IdempotencyKeyReused(RequestError):
    """The idempotency key was used for another request."""


class IdempotencyKeyInUse(RequestError):
    """The first request with this idempotency key is still running."""


class TooLarge(RequestError):
    """The body is larger than this route takes, or the response larger than a function returns."""


class OverQuota(RequestError):
    """The group would have more than its quota."""


class TooManyRequests(RequestError):
    """The group has as much at work as it may. A retry may succeed after `after` seconds."""

    def __init__(self, message: str, after: int) -> None:
        super().__init__(message)
        self.after = after


class Unsupported(RequestError):
    """The route does not read this media type."""


class NotAcceptable(Unsupported):
    """The route does not write this media type."""


class ZoneShared(RequestError):
    """The zone is shared with other groups, which would lose it."""


class OfferEnded(RequestError):
    """The offer was accepted, or is of a zone that the caller already has."""


class Exists(RequestError):
    """The thing to create exists already."""


class ZoneExists(Exists):
    """The zone name is taken."""


class RecordSetExists(Exists):
    """The zone has an RRset of this owner and type."""


class ShareExists(Exists):
    """The zone is shared with this group."""


class OfferExists(Exists):
    """The zone is offered."""


class UserExists(Exists):
    """The user's name, id or access key is taken."""


class GroupExists(Exists):
    """The group's name or id is taken."""


class TsigKeyExists(Exists):
    """The TSIG key's id is taken, or its name among the keys of its zone or of the pool."""


class SyncRefused(RequestError):
    """The zone cannot be synced now."""


class SyncInProgress(SyncRefused):
    """A sync holds the zone."""


class DryRunInProgress(SyncRefused):
    """A dry run of the zone is running."""


class RecentlySynced(SyncRefused):
    """The last successful sync is younger than the delay between two syncs."""


class ZoneInactive(SyncRefused):
    """The zone is deleted."""


class NoPrimary(SyncRefused):
    """The zone has no server to transfer from."""


class ZoneBusy(RequestError):
    """Another writer holds the zone. A retry may succeed."""


class ZoneSyncing(ZoneBusy):
    """The zone is read-only while it syncs."""


class UpdatePending(ZoneBusy):
    """An update holds the zone."""


class ZoneChanged(ZoneBusy):
    """The zone changed since it was read."""


class RecordSetChanged(ZoneBusy):
    """Another writer changed the RRset since it was read."""


class TsigKeyChanged(RequestError):
    """The TSIG key, or the zone it signs for, changed since it was read."""


class TransferError(ZonewrightError):
    """The primary's fault. The zone keeps its contents."""


class PrimaryForbidden(TransferError):
    """The address is outside the networks that this service may reach."""


class PrimaryUnreachable(TransferError):
    """The primary accepts no connection, or its host name does not resolve."""


class PrimaryUntrusted(TransferError):
    """No TLS session with the primary: its certificate or its protocol is not accepted."""


class TransferRefused(TransferError):
    """The primary answered with an error code."""


class TransferTimedOut(TransferError):
    """The primary fell silent, or the transfer took longer than it may."""


class TransferCut(TransferError):
    """The stream ended before the closing SOA."""


class TransferMalformed(TransferError):
    """A message is not DNS, or does not answer the question asked."""


class TransferMixed(TransferError):
    """The closing SOA differs from the opening one: the zone changed during the transfer."""


class IncrementUnfit(TransferError):
    """An increment (RFC 1995) does not fit the contents we hold."""


class WrongZone(TransferError):
    """The primary answered for another zone."""


class SignatureFailed(TransferError):
    """The TSIG of a message is missing or does not verify (RFC 8945)."""


class ZoneIncomplete(TransferError):
    """The apex has no SOA or no NS, so the zone is not published (RFC 1035 section 5.2)."""


class ZoneTooLarge(TransferError):
    """The zone has more records than a guard allows, or more chunks than a version can hold."""


class TooMuchMoved(TransferError):
    """A sync would delete or change a greater share of the record sets than a guard allows."""


class SerialOlder(TransferError):
    """The primary has an older serial than the zone (RFC 1982). Only a forced sync takes its contents."""


class SyncLost(ZonewrightError):
    """The sync no longer holds the zone: its lease ran out and another writer took over."""


class TaskFault(Exception):
    """A workflow task failed for a reason without a class here. The log has the trace."""
