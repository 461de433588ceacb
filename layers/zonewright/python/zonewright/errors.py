"""What can go wrong, by whose fault it is.

ZonewrightError
├── RequestError                the caller's: nothing was changed
│   ├── NotAuthenticated        no credentials, or they do not hold
│   │   └── AccountLocked
│   ├── NotAuthorized           known caller, no right to this
│   │   ├── IllegalChild        a zone below another group's
│   │   ├── IllegalParent       a zone above another group's
│   │   └── WrongOfferKey            of an offer of a zone
│   ├── NotFound
│   │   ├── PathNotFound        no such route
│   │   ├── ZoneNotFound
│   │   ├── RecordSetNotFound
│   │   ├── VersionNotFound
│   │   ├── ChangeNotFound
│   │   ├── ImportNotFound
│   │   ├── ExportNotFound
│   │   ├── DryRunNotFound
│   │   ├── PoolNotFound
│   │   ├── ShareNotFound
│   │   ├── OfferNotFound
│   │   ├── AcceptanceNotFound
│   │   ├── UserNotFound
│   │   ├── GroupNotFound
│   │   └── TsigKeyNotFound
│   ├── MethodNotAllowed        the route takes others
│   ├── Invalid                 the request itself; carries every reason
│   │   ├── MalformedBody
│   │   │   ├── EmptyBody
│   │   │   └── InvalidJson
│   │   ├── MalformedQuery
│   │   ├── MalformedHeader
│   │   ├── MalformedZoneFile
│   │   ├── InvalidPaging
│   │   │   ├── InvalidLimit
│   │   │   ├── InvalidMarker   no form of a marker
│   │   │   ├── MarkerNotFound  no entry of the list
│   │   │   ├── InvalidSortKey
│   │   │   └── InvalidSortDirection
│   │   ├── InvalidId           no UUID
│   │   ├── GroupUnknown        several groups to act for, and none named
│   │   ├── InvalidTarget       no such group to share or to offer a zone
│   │   ├── InvalidZoneName     a zone may not have this name
│   │   ├── InvalidTtl          below the operator's minimum
│   │   ├── ZoneHasSubZone      which would lose the zone above it
│   │   ├── NotRestorable       contents that come from a primary
│   │   ├── RecordSetMisplaced  outside the zone, or beside what excludes it
│   │   ├── RecordSetManaged    written by the service alone
│   │   └── TooManyRecords      more than an RRset of the type may have
│   ├── PreconditionFailed      not as the caller wants it to be
│   ├── IdempotencyKeyReused               an idempotency key, for another request
│   ├── IdempotencyKeyInUse                an idempotency key, whose first request still runs
│   ├── TooLarge
│   ├── OverQuota               more than the project may have
│   ├── Unsupported             media type of the body
│   │   └── NotAcceptable       media type asked for
│   ├── ZoneShared              with others, who would lose it
│   ├── OfferEnded              of a zone: it was accepted
│   ├── Exists                  the name is taken
│   │   ├── ZoneExists
│   │   ├── RecordSetExists
│   │   ├── ShareExists
│   │   ├── OfferExists
│   │   ├── UserExists
│   │   ├── GroupExists
│   │   └── TsigKeyExists
│   ├── SyncRefused             the zone cannot be synced now
│   │   ├── SyncInProgress
│   │   ├── DryRunInProgress
│   │   ├── RecentlySynced
│   │   ├── ZoneInactive
│   │   └── NoPrimary
│   ├── ZoneBusy                somebody else holds the zone
│   │   ├── ZoneSyncing         read-only while syncing
│   │   ├── UpdatePending
│   │   ├── ZoneChanged         moved on since it was read
│   │   └── RecordSetChanged    changed by another since it was read
│   └── TsigKeyChanged          moved on since it was read
├── TransferError               the primary's: the zone keeps its contents
│   ├── PrimaryForbidden        not in the networks this service may reach
│   ├── PrimaryUnreachable
│   ├── PrimaryUntrusted        its TLS certificate does not hold
│   ├── TransferRefused         REFUSED, NOTAUTH, SERVFAIL...
│   ├── TransferTimedOut
│   ├── TransferCut             the stream ended before its closing SOA
│   ├── TransferMalformed
│   ├── TransferMixed           the closing SOA differs from the opening one
│   ├── IncrementUnfit          an IXFR speaks of other contents than those we hold
│   ├── WrongZone               another zone than the one asked for
│   ├── SignatureFailed         TSIG
│   ├── ZoneIncomplete          no SOA or no NS at the apex
│   ├── ZoneTooLarge            more records than a zone may have, or a version can name
│   └── TooMuchMoved            more deleted or changed than a sync may
└── SyncLost                    the zone is no longer held by this sync
TaskFault                       ours: a workflow task failed for no reason above

The core raises meaning; the tables of `http/` give a status and a body. Step Functions
sees the class name, so a new name here is a change of `statemachine.asl.yaml` too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field


class ZonewrightError(Exception):
    """Base of every error with a meaning; the text is fit for a caller to read."""

    def __init__(self, message: str) -> None:
        if type(self) in (ZonewrightError, RequestError, TransferError):
            raise TypeError("raise one of the named errors")
        super().__init__(message)
        self.message = message


class RequestError(ZonewrightError):
    """The caller's fault; nothing was changed."""


class NotAuthenticated(RequestError):
    """No credentials, or credentials that do not hold."""


class AccountLocked(NotAuthenticated):
    """The user exists and is locked."""


class NotAuthorized(RequestError):
    """A known caller without the right to do this."""


class IllegalChild(NotAuthorized):
    """The zone would be below one of another group."""


class IllegalParent(NotAuthorized):
    """The zone would be above one of another group."""


class WrongOfferKey(NotAuthorized):
    """Not the key a zone was offered under."""


class NotFound(RequestError):
    """What the path names is not there, or not for this caller to see."""


class PathNotFound(NotFound):
    """No route of the service has this path."""


class ZoneNotFound(NotFound):
    """No such zone."""


class RecordSetNotFound(NotFound):
    """No such RRset in the zone."""


class VersionNotFound(NotFound):
    """The zone's contents never had a version of that number, or it was swept."""


class ChangeNotFound(NotFound):
    """No such entry in the zone's history."""


class ImportNotFound(NotFound):
    """No such import task."""


class ExportNotFound(NotFound):
    """No such export task."""


class DryRunNotFound(NotFound):
    """No such dry run of the zone, or not any more."""


class PoolNotFound(NotFound):
    """No such pool of name servers: there is one."""


class ShareNotFound(NotFound):
    """The zone is not shared so."""


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
    """The path is there, but does not take this method; `allowed` lists what it takes."""

    def __init__(self, message: str, allowed: Sequence[str]) -> None:
        super().__init__(message)
        self.allowed = tuple(allowed)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing wrong with a request: `path` names the field (and counts in a list), empty for the whole."""

    message: str
    path: tuple[str | int, ...] = ()
    rule: str = "invalid"
    expected: object = field(default=None, compare=False)


class Invalid(RequestError):
    """The request itself is wrong; `reasons` holds everything found."""

    def __init__(self, message: str, reasons: Sequence[Reason] = ()) -> None:
        super().__init__(message)
        self.reasons = tuple(reasons)


class MalformedBody(Invalid):
    """The body cannot be read at all: empty, not JSON, not an object."""


class EmptyBody(MalformedBody):
    """The route needs a body, and the request has none."""


class InvalidJson(MalformedBody):
    """The body is not JSON (RFC 8259)."""


class MalformedQuery(Invalid):
    """A query parameter is unknown, repeated, or has a value of the wrong form."""


class MalformedHeader(Invalid):
    """A header has a value of the wrong form."""


class MalformedZoneFile(Invalid):
    """A master file that cannot be imported; `line` is that of the first reason, 0 where it is the whole file."""

    def __init__(self, message: str, reasons: Sequence[Reason] = (), line: int = 0) -> None:
        super().__init__(message, reasons)
        self.line = line


class InvalidPaging(Invalid):
    """A limit, marker or sort order that means nothing."""


class InvalidLimit(InvalidPaging):
    """The number of entries to return is out of range, or not a number."""


class InvalidMarker(InvalidPaging):
    """The marker has a form that no marker has."""


class MarkerNotFound(InvalidPaging):
    """The marker names no entry of this list."""


class InvalidSortKey(InvalidPaging):
    """The list has no such order."""


class InvalidSortDirection(InvalidPaging):
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
    """What is asked for depends on a state that is not the present one."""


class IdempotencyKeyReused(RequestError):
    """The idempotency key was used for another request."""


class IdempotencyKeyInUse(RequestError):
    """The first request with this idempotency key is still running."""


class TooLarge(RequestError):
    """The body is larger than this route takes."""


class OverQuota(RequestError):
    """More than the project may have."""


class Unsupported(RequestError):
    """A media type this route does not read."""


class NotAcceptable(Unsupported):
    """A media type this route does not write."""


class ZoneShared(RequestError):
    """The zone is shared with other groups, who would lose it."""


class OfferEnded(RequestError):
    """The offer of a zone cannot be accepted any more, or never by this caller."""


class Exists(RequestError):
    """What is to be made is there already."""


class ZoneExists(Exists):
    """The zone name is taken."""


class RecordSetExists(Exists):
    """The zone has an RRset of this owner and type."""


class ShareExists(Exists):
    """The zone is shared with that group."""


class OfferExists(Exists):
    """The zone is offered."""


class UserExists(Exists):
    """The user's name, id or access key is taken."""


class GroupExists(Exists):
    """The group's name or id is taken."""


class TsigKeyExists(Exists):
    """The TSIG key's id is taken, or its name among the keys of its zone or the pool."""


class SyncRefused(RequestError):
    """The zone cannot be synced now."""


class SyncInProgress(SyncRefused):
    """A sync holds the zone."""


class DryRunInProgress(SyncRefused):
    """A dry run of the zone is running."""


class RecentlySynced(SyncRefused):
    """The last successful sync is younger than the delay."""


class ZoneInactive(SyncRefused):
    """The zone is deleted."""


class NoPrimary(SyncRefused):
    """There is no server to transfer from."""


class ZoneBusy(RequestError):
    """Somebody else holds the zone; try again."""


class ZoneSyncing(ZoneBusy):
    """A zone is read-only while it syncs."""


class UpdatePending(ZoneBusy):
    """An update holds the zone."""


class ZoneChanged(ZoneBusy):
    """The zone moved on since it was read."""


class RecordSetChanged(ZoneBusy):
    """Another changed the RRset since it was read."""


class TsigKeyChanged(RequestError):
    """The TSIG key, or what it signs for, moved on since it was read."""


class TransferError(ZonewrightError):
    """The primary's fault; the zone keeps the contents it has."""


class PrimaryForbidden(TransferError):
    """The address is not in the networks this service may connect to."""


class PrimaryUnreachable(TransferError):
    """No connection, or no such host."""


class PrimaryUntrusted(TransferError):
    """No TLS session with the primary: its certificate, or the protocol it speaks."""


class TransferRefused(TransferError):
    """The primary answered with an error code."""


class TransferTimedOut(TransferError):
    """The primary fell silent, or took longer than a transfer may."""


class TransferCut(TransferError):
    """The stream ended before the closing SOA."""


class TransferMalformed(TransferError):
    """A message that is not DNS, or not an answer to the question asked."""


class TransferMixed(TransferError):
    """The closing SOA differs from the opening one: the zone changed under way."""


class IncrementUnfit(TransferError):
    """An increment does not fit the contents we hold."""


class WrongZone(TransferError):
    """Another zone than the one asked for."""


class SignatureFailed(TransferError):
    """A message whose TSIG is missing or does not verify (RFC 8945)."""


class ZoneIncomplete(TransferError):
    """No SOA or no NS at the apex: never a zone to publish (RFC 1035 section 5.2)."""


class ZoneTooLarge(TransferError):
    """More records than operator or owner let a zone have, or more chunks than a version can name."""


class TooMuchMoved(TransferError):
    """A sync would delete or change a greater share of the record sets than the operator lets it."""


class SyncLost(ZonewrightError):
    """The zone is no longer held by this sync: its lease ran out and another took over."""


class TaskFault(Exception):
    """A workflow task failed in a way that has no name above; the log has the trace."""
