"""Why VinylDNS's rules refuse to write a record set (contract `vinyldns-writes.md`, sections 4 to 7)."""

from collections.abc import Sequence

from zonewright.faults.callers import NotAuthorized
from zonewright.faults.conflicts import Exists
from zonewright.faults.invalid import Invalid
from zonewright.faults.meaning import RequestError
from zonewright.faults.missing import NotFound


class PlaceMissing(Invalid):
    """The query does not say which record set's history it asks for."""


class SearchTooWide(RequestError):
    """The name to look for in all zones has too few letters and digits, or matches any."""


class RecordSetForbidden(NotAuthorized):
    """The caller has no right to do this with the record set. `verb` is what was asked."""

    user: str
    verb: str
    name: str
    zone: str


class RecordChangeNotFound(NotFound):
    """The zone has no change of a record set with this id, or it has not ended."""

    change: str
    zone: str


class OwnerNameTaken(Exists):
    """The owner name of a CNAME has another record set."""

    name: str
    zone: str


class RecordSetRefused(RequestError):
    """A rule forbids the record set."""


class HighValueName(RecordSetRefused):
    """Nobody may change a record set of this name or, for a PTR, of this address."""

    name: str


class PtrInForwardZone(RecordSetRefused):
    """A PTR is for reverse zones."""


class TypeInReverseZone(RecordSetRefused):
    """The type is for forward zones."""

    type: str


class OwnerNameTooLong(RecordSetRefused):
    """The absolute owner name has more than 255 characters."""

    name: str


class OwnerNameMalformed(RecordSetRefused):
    """The text is no owner name."""

    name: str


class OwnerGroupUnknown(RecordSetRefused):
    """The group that is to own the record set does not exist."""

    group: str


class NotInOwnerGroup(RecordSetRefused):
    """The caller is not in the group that is to own the record set."""

    group: str


class CnameForApex(RecordSetRefused):
    """A CNAME may not stand at the apex."""


class CnameToAddress(RecordSetRefused):
    """The target of a CNAME is an IPv4 address."""

    target: str


class EmptyLabels(RecordSetRefused):
    """The target of a CNAME has two dots in a row."""

    target: str


class NsForApex(RecordSetRefused):
    """The NS at the apex is not for callers. `verb` is the participle of what was asked."""

    name: str
    verb: str


class NameServersUnapproved(RecordSetRefused):
    """The operator has not approved these name servers."""

    servers: Sequence[str]


class DsForApex(RecordSetRefused):
    """A DS belongs to the zone above."""

    name: str


class DsWithoutNs(RecordSetRefused):
    """A DS is for a name that is delegated."""

    name: str
    zone: str


class NoAddressOfPtr(RecordSetRefused):
    """Name and zone of a PTR make no address."""

    name: str
    zone: str


class PtrZoneOctets(RecordSetRefused):
    """The reverse zone has none of the address's octets, or all of them."""

    zone: str


class SoaKept(RecordSetRefused):
    """An SOA cannot be deleted."""


class DottedHostRefused(RecordSetRefused):
    """The zone takes no names with dots."""

    name: str
    type: str
    zone: str


class DottedHostTaken(RecordSetRefused):
    """Another zone has a record set of this absolute name and type. `name` is the absolute name."""

    name: str


class DottedHostForbidden(RecordSetRefused):
    """The caller may not create names with dots of this type in the zone."""

    zone: str


class TooManyHostDots(RecordSetRefused):
    """The name has more dots than the operator allows in the zone."""

    name: str
    most: int


class DotAtEnd(RecordSetRefused):
    """The name ends in a dot and is not that of the apex."""


class ZoneOfPathDiffers(RecordSetRefused):
    """The body names another zone than the path."""


class NameFixed(RecordSetRefused):
    """An update would give a record set another name."""


class TypeFixed(RecordSetRefused):
    """An update would give a record set another type."""


class OwnershipRefused(RecordSetRefused):
    """The record set cannot go to another owner so."""


class OwnershipRequestsOnly(OwnershipRefused):
    """A caller outside the owner group may ask for the record set, and change nothing else."""


class OwnershipCancelled(OwnershipRefused):
    """The request that is to be decided was cancelled."""


class OwnershipUnshared(OwnershipRefused):
    """Record sets of a zone that is not shared go to no other owner."""


class OwnershipUnasked(OwnershipRefused):
    """There is no request to decide."""

    status: str


class OwnershipStatusRefused(OwnershipRefused):
    """The status is none that a caller may send."""

    status: str


class OwnedAlready(OwnershipRefused):
    """The group that is asked for owns the record set."""

    group: str


class OwnershipNotPending(OwnershipRefused):
    """There is no request to cancel. `status` is that of the transfer."""

    status: str


class OwnershipCancelForbidden(OwnershipRefused):
    """The caller is not in the group that asks for the record set."""


class OwnershipForbidden(NotAuthorized):
    """The caller is not in the group that decides about the record set."""

    status: str
