"""What can be wrong with a request itself: `Invalid` and its kinds (the whole tree: `errors.py`)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from zonewright.faults.meaning import RequestError


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is wrong with a request. `path` names the field, with positions in lists; empty for the whole."""

    message: str
    path: tuple[str | int, ...] = ()
    rule: str = "invalid"
    expected: object = field(default=None, compare=False)


class Invalid(RequestError):
    """The request itself is wrong. `reasons` holds everything that was found."""

    reasons: Sequence[Reason] = ()

    def __str__(self) -> str:
        return super().__str__() if self.why else "; ".join(each.message for each in self.reasons) or super().__str__()


class MalformedBody(Invalid):
    """The body cannot be read: it is empty, not JSON, or not an object."""


class EmptyBody(MalformedBody):
    """The route needs a body, and the request has none."""


class InvalidJson(MalformedBody):
    """The body is not JSON (RFC 8259)."""


class FieldsRefused(Invalid):
    """Fields of the body are missing or wrong. There is a reason for each."""


class MalformedQuery(Invalid):
    """A query parameter is unknown, repeated, or has a value of the wrong form."""


class MalformedHeader(Invalid):
    """A header has a value of the wrong form."""


class MalformedZoneFile(Invalid):
    """A master file cannot be imported. `line` is the line of the first reason, or 0 for the whole file."""

    line: int = 0


class NoOrigin(MalformedZoneFile):
    """The master file does not say of which zone it is: it has no `$ORIGIN`, and no SOA with a full name."""


class NoSoa(MalformedZoneFile):
    """The master file has no SOA."""


class InvalidLimit(Invalid):
    """The number of entries to return is not a number from 1 to `most`."""

    limit: str
    most: int


class LimitOutside(InvalidLimit):
    """The same, of the lists that VinylDNS words in another way."""


class InvalidMarker(Invalid):
    """The marker has a form that no marker has."""

    marker: str


class NegativeMarker(InvalidMarker):
    """The marker is a number, and negative."""


class MarkerNotFound(Invalid):
    """The marker names no entry of this list."""

    marker: str


class InvalidSortKey(Invalid):
    """The list has no such order."""

    key: str
    keys: list[str]


class InvalidSortDirection(Invalid):
    """The direction is neither ascending nor descending."""

    direction: str


class InvalidId(Invalid):
    """An id is not a UUID (RFC 9562). `name` is the name of its parameter."""

    name: str
    value: str


class InvalidProjectId(InvalidId):
    """A text cannot be the id of a group."""


class GroupUnknown(Invalid):
    """The caller is in several groups and the request names none of them."""


class InvalidTarget(Invalid):
    """The group that a zone is to be shared with or offered to does not exist."""

    group: str


class SharedWithOwner(Invalid):
    """The group that a zone is to be shared with owns it."""

    zone: str


class NoResource(Invalid):
    """A TSIG key is for a zone or a pool that does not exist. `kind` says which of both."""

    kind: str
    resource: str


class InvalidZoneName(Invalid):
    """A zone may not have this name."""

    name: str


class NameTooShort(InvalidZoneName):
    """The zone name has one label."""


class TldUnknown(InvalidZoneName):
    """The zone name ends in no known top-level domain."""

    tlds: list[str]


class NameOfTld(InvalidZoneName):
    """The zone name is a top-level domain itself."""


class NameBlacklisted(InvalidZoneName):
    """The blacklist forbids the zone name."""


class NameUnchecked(InvalidZoneName):
    """An entry of the blacklist took too long to match the zone name."""


class InvalidTtl(Invalid):
    """The TTL is below the minimum that the operator allows. Both are in seconds."""

    ttl: int
    minimum: int


class ZoneHasSubZone(Invalid):
    """The zone cannot be deleted while zones below it exist. `child` is one of them."""

    zone: str
    child: str


class NotRestorable(Invalid):
    """The zone's contents come from a primary, so an old version cannot be restored here."""


class RecordSetMisplaced(Invalid):
    """The RRset may not stand at this owner name."""

    name: str


class OutsideZone(RecordSetMisplaced):
    """The owner name is outside the zone."""

    zone: str


class InChildZone(RecordSetMisplaced):
    """The owner name belongs to a child zone."""

    child: str


class CnameAtApex(RecordSetMisplaced):
    """A CNAME may not stand at the apex (RFC 1034 section 3.6.2)."""


class CnameBeside(RecordSetMisplaced):
    """A CNAME and other RRsets exclude each other. `types` are the types that are there."""

    types: str


class RecordSetManaged(Invalid):
    """The service itself writes this RRset: the SOA, or the NS at the apex. `verb` is what was asked."""

    verb: str
    which: str


class SoaCreated(RecordSetManaged):
    """A caller cannot create an SOA."""


class SoaUpdated(RecordSetManaged):
    """Nobody may change the SOA, not even a super user."""


class SoaDeleted(RecordSetManaged):
    """A caller cannot delete the SOA."""


class TooManyRecords(Invalid):
    """An RRset of this type may not have so many RRs."""

    type: str
