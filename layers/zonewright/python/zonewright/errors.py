"""The errors with a meaning, by whose fault they are. Dialects give status and text, Step Functions catches by name.

ZonewrightError
├── RequestError            the caller's fault; nothing was changed
│   ├── NotAuthenticated    credentials missing or wrong
│   │   └── AccountLocked
│   ├── NotAuthorized       a known caller without the right
│   │   └── NotZoneAdmin, IllegalChild, IllegalParent, WrongOfferKey
│   ├── NotFound            does not exist, or is not for this caller to see
│   │   ├── PathNotFound, ZoneNotFound (ZoneGone), RecordSetNotFound, VersionNotFound, ChangeNotFound
│   │   ├── TaskNotFound (ImportNotFound, ExportNotFound), DryRunNotFound, PoolNotFound (NoValidPool), ShareNotFound
│   │   └── OfferNotFound, AcceptanceNotFound, UserNotFound, GroupNotFound, TsigKeyNotFound
│   ├── Invalid             the request itself is wrong; carries every reason
│   │   ├── MalformedBody
│   │   │   └── EmptyBody, InvalidJson
│   │   ├── InvalidLimit, InvalidMarker (NegativeMarker), MarkerNotFound, InvalidSortKey, InvalidSortDirection
│   │   ├── MalformedQuery, MalformedHeader, MalformedZoneFile (NoOrigin, NoSoa), InvalidId (InvalidProjectId)
│   │   ├── GroupUnknown, InvalidTarget, SharedWithOwner, NoResource, InvalidTtl, ZoneHasSubZone, NotRestorable
│   │   ├── InvalidZoneName (NameTooShort, TldUnknown, NameOfTld, NameBlacklisted, NameUnchecked)
│   │   ├── RecordSetMisplaced (OutsideZone, InChildZone, CnameAtApex, CnameBeside)
│   │   └── RecordSetManaged (SoaCreated, SoaUpdated, SoaDeleted), TooManyRecords
│   ├── Exists              the thing to create exists already
│   │   └── ZoneExists, RecordSetExists, ShareExists, OfferExists, UserExists, GroupExists, TsigKeyExists
│   ├── SyncRefused         the zone cannot be synced now
│   │   └── SyncInProgress, DryRunInProgress, RecentlySynced, ZoneInactive, NoPrimary (NotSecondary)
│   ├── ZoneBusy            another writer holds the zone
│   │   └── ZoneSyncing, UpdatePending, ZoneChanged, RecordSetChanged (RecordSetsDiffer)
│   ├── Unsupported         the media type of the body
│   │   └── NotAcceptable   the media type of the response
│   ├── MethodNotAllowed, PreconditionFailed, IdempotencyKeyReused, IdempotencyKeyInUse
│   ├── ZoneShared (SharedNotOffered), OfferEnded (OwnOffer), TsigKeyChanged, PoolChanged, PoolInUse
│   └── TooLarge, OverQuota, TooManyRequests, MovesRefused
├── TransferError           the primary's fault; the zone keeps its contents
│   ├── PrimaryForbidden, PrimaryUnreachable, PrimaryUntrusted, TransferRefused, TransferTimedOut, TransferCut
│   ├── TransferMalformed, TransferMixed, IncrementUnfit, WrongZone, SignatureFailed
│   └── ZoneIncomplete, ZoneTooLarge, TooMuchMoved, SerialOlder
├── DeliveryError           a target that zones are written to did not take an update
│   ├── DeliveryDelayed     passes by itself
│   │   └── ServerUnreachable, ServerSilent, ServerFailed, ClocksApart, RequestsThrottled, HostedZoneBusy, VersionGone
│   ├── DeliveryRefused     stays until somebody changes something
│   │   ├── ServerForbidden, ServerUntrusted, UpdateForbidden, ZoneNotServed, UpdatesUnsupported, UpdateMisread
│   │   ├── KeyRefused, KeyMissing, UpdateTooLarge, SerialTooNear
│   │   ├── TransferForbidden, TargetForeign, UpdateIgnored
│   │   └── AccessDenied, HostedZoneNotFound, HostedZoneUnfit, RequestRefused, RecordSetsRefused
│   └── TargetDiverged      somebody else wrote there
└── SyncLost                the sync no longer holds the zone
TaskFault                   our fault: a workflow task failed for another reason
"""


# ruff: noqa: F403, F405 - this module has all errors; those of some subjects stand in modules of their own

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from zonewright.invalid import *
from zonewright.meaning import *
from zonewright.undelivered import *


class NotAuthenticated(RequestError):
    """The credentials are missing or wrong."""


class AccountLocked(NotAuthenticated):
    """The user exists and is locked."""


class NotAuthorized(RequestError):
    """The caller is known and has no right to do this."""


class NotZoneAdmin(NotAuthorized):
    """The caller may read the zone, and is not in the group that owns it."""

    user: str
    zone: str
    group: str


class IllegalChild(NotAuthorized):
    """The zone would be below a zone of another group."""

    zone: str


class IllegalParent(NotAuthorized):
    """The zone would be above a zone of another group."""

    zone: str


class WrongOfferKey(NotAuthorized):
    """The key is not the one that the zone was offered under."""


class NotFound(RequestError):
    """The path names something that does not exist, or that this caller may not see."""


class PathNotFound(NotFound):
    """No route of the service has this path."""

    path: str


class ZoneNotFound(NotFound):
    """No such zone. `zone` is the id or the name that was asked for."""

    zone: str


class ZoneGone(ZoneNotFound):
    """The zone was deleted since it was read. `zone` is its name."""


class RecordSetNotFound(NotFound):
    """No such RRset. `record_set` is its id, or its name and type."""

    record_set: str


class VersionNotFound(NotFound):
    """The zone has no version of this number, or the version was swept."""


class ChangeNotFound(NotFound):
    """No such entry in the zone's history."""


class TaskNotFound(NotFound):
    """No such task of a zone."""

    task: str


class ImportNotFound(TaskNotFound):
    """No such import task."""


class ExportNotFound(TaskNotFound):
    """No such export task, or its text is gone."""


class DryRunNotFound(NotFound):
    """The zone has no such dry run, or it has expired."""


class PoolNotFound(NotFound):
    """No such pool of name servers."""

    pool: str


class NoValidPool(PoolNotFound):
    """A new zone asks for a pool that there is not."""


class ShareNotFound(NotFound):
    """The zone has no such share."""

    share: str
    zone: str


class OfferNotFound(NotFound):
    """No such offer of a zone."""

    offer: str


class AcceptanceNotFound(NotFound):
    """No such acceptance of an offer."""

    acceptance: str


class UserNotFound(NotFound):
    """No such user."""


class GroupNotFound(NotFound):
    """No such group."""

    group: str


class TsigKeyNotFound(NotFound):
    """No such TSIG key."""

    key: str


class MethodNotAllowed(RequestError):
    """The path does not take this method. `allowed` lists the methods that it takes."""

    allowed: Sequence[str]


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

    quota: str


class TooManyRequests(RequestError):
    """The group has as much at work as it may. A retry may succeed after `after` seconds."""

    after: int


class Unsupported(RequestError):
    """The route does not read this media type."""


class NotAcceptable(Unsupported):
    """The route does not write this media type."""


class ZoneShared(RequestError):
    """The zone is shared with other groups, which would lose it."""

    zone: str
    shares: int


class SharedNotOffered(ZoneShared):
    """A shared zone cannot be handed over."""


class OfferEnded(RequestError):
    """The offer was accepted."""


class OwnOffer(OfferEnded):
    """The offer is of a zone that the caller already has."""

    zone: str
    group: str


class Exists(RequestError):
    """The thing to create exists already."""


class ZoneExists(Exists):
    """The zone name is taken."""

    zone: str


class RecordSetExists(Exists):
    """The zone has an RRset of this owner and type."""

    name: str
    type: str
    zone: str


class ShareExists(Exists):
    """The zone is shared with this group."""

    zone: str
    group: str


class OfferExists(Exists):
    """The zone is offered."""

    zone: str


class UserExists(Exists):
    """The user's name, id or access key is taken."""


class GroupExists(Exists):
    """The group's name or id is taken."""


class TsigKeyExists(Exists):
    """The TSIG key's id is taken, or its name among the keys of its zone or of the pool."""

    key: str


class SyncRefused(RequestError):
    """The zone cannot be synced now."""


class SyncInProgress(SyncRefused):
    """A sync holds the zone."""


class DryRunInProgress(SyncRefused):
    """A dry run of the zone is running."""


class RecentlySynced(SyncRefused):
    """The last successful sync is younger than `delay`, the seconds between two syncs."""

    zone: str
    ended: datetime
    delay: int


class ZoneInactive(SyncRefused):
    """The zone is deleted."""


class NoPrimary(SyncRefused):
    """The zone has no server to transfer from."""


class NotSecondary(NoPrimary):
    """The contents of the zone are no copy."""


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


class RecordSetsDiffer(RecordSetChanged):
    """Record sets are not as the caller saw them. `conflicts` has a `model.moves.Conflict` for each."""

    conflicts: Sequence[Any] = ()


class MovesRefused(RequestError):
    """Some of the moves that belong together may not be made, so none was."""

    refusals: Sequence[Refusal] = ()


class TsigKeyChanged(RequestError):
    """The TSIG key, or the zone it signs for, changed since it was read."""


class PoolChanged(RequestError):
    """The pool, or a TSIG key that it names, changed since it was read."""

    pool: str


class PoolInUse(RequestError):
    """The pool has zones."""

    pool: str
    zones: int


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
