"""VinylDNS's rules for writes of record sets, in their order (contract `vinyldns-writes.md`, sections 4 to 6).

A write is judged by the rules of its list, one after the other. The first that forbids it raises its error. What a rule
has to read elsewhere is a function of the case, which is called only if a rule asks.
"""

import ipaddress
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from zonewright.errors import (
    CnameForApex,
    CnameToAddress,
    DotAtEnd,
    DottedHostForbidden,
    DottedHostRefused,
    DottedHostTaken,
    DsForApex,
    DsWithoutNs,
    EmptyLabels,
    HighValueName,
    NameFixed,
    NameServersUnapproved,
    NoAddressOfPtr,
    NotInOwnerGroup,
    NsForApex,
    OwnerGroupUnknown,
    OwnerNameMalformed,
    OwnerNameTaken,
    OwnerNameTooLong,
    PtrInForwardZone,
    PtrZoneOctets,
    RecordSetExists,
    RecordSetForbidden,
    SoaKept,
    TooManyHostDots,
    TypeFixed,
    TypeInReverseZone,
)
from zonewright.model import access, acl, ownership, recordnames
from zonewright.model.acl import AccessLevel
from zonewright.model.choices import Choices
from zonewright.model.sentrecordset import SentRecordSet
from zonewright.model.users import Caller
from zonewright.model.zone import Zone
from zonewright.protocol import fields, names, reverse, rrset
from zonewright.protocol.rrset import RRset
from zonewright.protocol.types import CNAME, DS, NAPTR, NS, PTR, SOA, SRV, TXT, type_text

_EVERYWHERE = frozenset({CNAME, SOA, TXT, NS, DS})
"""Types that zones of both kinds may have."""

_LONGEST_NAME = 255
_NEVER_KEPT = frozenset({NS, DS, SOA})
"""Types whose dotted hosts may not even be updated where they are not allowed."""

_LABELS_OF_SUFFIX = 2
_OCTETS = range(1, 4)


@dataclass(frozen=True, slots=True)
class Around:
    """What a case has to look for elsewhere.

    `group_exists` takes the id of a group. `group_names` returns the names of the caller's groups. `elsewhere` returns
    whether another zone has a record set of an absolute name and a type.
    """

    group_exists: Callable[[str], bool]
    group_names: Callable[[], Collection[str]]
    elsewhere: Callable[[str, int], bool]


@dataclass(frozen=True, slots=True)
class Case:
    """A write to judge.

    `name` is the stored name of this request. `sent` is None for a delete, `stored` for a create. `beside` are the
    record sets of the owner name. `owner` is the group that is to own the record set, `asked` the ownership of an
    update.
    """

    caller: Caller
    zone: Zone
    name: str
    type: int
    choices: Choices
    beside: Sequence[RRset] = ()
    sent: SentRecordSet | None = None
    stored: RRset | None = None
    asked: ownership.Asked | None = None
    owner: str | None = None
    verb: str = "create"
    around: Around = field(default=Around(lambda _: True, lambda: (), lambda *_: False))

    @property
    def kind(self) -> str:
        """Return the mnemonic of the type."""
        return type_text(self.type)

    @property
    def at_apex(self) -> bool:
        """Return whether the record set is at the apex."""
        return recordnames.is_apex(self.name, self.zone.name)

    @property
    def keeps_name(self) -> bool:
        """Return whether it is an update. Its name is the same but for case."""
        return self.stored is not None

    @property
    def address(self) -> reverse.Address | None:
        """Return the address that a PTR is for."""
        return reverse.address(self.name, self.zone.name) if self.type == PTR else None

    @property
    def record(self) -> acl.Record:
        """Return the record set as access rules see it."""
        return acl.Record(self.name, self.kind, self.address)

    def target(self) -> str:
        """Return the target of a CNAME, as it is kept."""
        assert self.sent is not None, "a delete has no target"
        return str(self.sent.records[0].values["cname"])

    def has(self, rdtype: int) -> bool:
        """Return whether the owner name has a record set of a type."""
        return any(each.type == rdtype for each in self.beside)


Rule = Callable[[Case], None]
"""Raises the error of a case that it forbids."""


def judge(case: Case, rules: Sequence[Rule]) -> None:
    """Raise the error of the first rule that forbids a case."""
    for rule in rules:
        rule(case)


def _high_value(case: Case) -> None:
    """Nobody may change some names, and PTRs for some addresses."""
    if case.type == PTR:
        address = case.address
        shown = None if address is None else address.exploded
    else:
        shown = recordnames.absolute(case.name, case.zone.name)
    if shown is not None and case.choices.high_value(case.kind, shown):
        raise HighValueName(name=shown)


def _not_there(case: Case) -> None:
    if case.has(case.type):
        raise _exists(case, case.type)


def _fits_zone(case: Case) -> None:
    if case.type in _EVERYWHERE or (case.type == PTR) is reverse.is_reverse(case.zone.name):
        return
    raise PtrInForwardZone if case.type == PTR else TypeInReverseZone(type=case.kind)


def _short_name(case: Case) -> None:
    if len(recordnames.absolute(case.name, case.zone.name)) > _LONGEST_NAME:
        raise OwnerNameTooLong(name=case.name)


def _may(levels: Collection[AccessLevel]) -> Rule:
    """Return the rule that the caller has one of some levels. A new record set counts as one without owner."""

    def rule(case: Case) -> None:
        owner = case.stored.notes.owner if case.stored else None
        if level(case, owner) not in levels:
            raise RecordSetForbidden(user=case.caller.user_name, verb=case.verb, name=case.name, zone=case.zone.name)

    return rule


def level(case: Case, owner: str | None) -> AccessLevel:
    """Return what the caller may do with the record set of a case, whose owner group is `owner`."""
    return access.level(case.caller, case.zone, case.record, owner, case.choices.shared_types)


_may_write = _may(access.WRITES)


def _may_update(case: Case) -> None:
    """A caller outside the owner group may ask for the record set. A super user may always update in a shared zone."""
    if case.asked is not None and case.asked.by_stranger:
        return
    _may_write(case)


def _owner_exists(case: Case) -> None:
    if case.owner is not None and not case.around.group_exists(case.owner):
        raise OwnerGroupUnknown(group=case.owner)


def _owner_is_mine(case: Case) -> None:
    _check_member(case.caller, case.owner)


def _new_owner(case: Case) -> None:
    """The new owner exists and is the caller's; for a transfer, the group that asks or the one that decides."""
    asked = case.asked
    assert asked is not None, "an update has one"
    if asked.by_approver:
        _check_member(case.caller, asked.owner)
    elif asked.by_stranger:
        group = asked.sent.group_id if asked.sent else None
        if group is not None and not case.around.group_exists(group):
            raise OwnerGroupUnknown(group=group)
        _check_member(case.caller, group)
    else:
        _owner_exists(case)
        _owner_is_mine(case)


def _check_member(caller: Caller, group: str | None) -> None:
    if group is not None and not caller.is_super and group not in caller.group_ids:
        raise NotInOwnerGroup(group=group)


def _no_cname(case: Case) -> None:
    if case.type != CNAME and case.has(CNAME):
        raise _exists(case, CNAME)


def _exists(case: Case, rdtype: int) -> RecordSetExists:
    return RecordSetExists(name=case.name, type=type_text(rdtype), zone=case.zone.name)


def _same_name(case: Case) -> None:
    assert case.stored is not None, "an update has one"
    if _key(case.name, case.zone.name) != case.stored.key:
        raise NameFixed


def _key(name: str, zone_name: str) -> str | None:
    try:
        return recordnames.place_of(name, zone_name)[0]
    except ValueError:
        return None


def _same_type(case: Case) -> None:
    assert case.stored is not None, "an update has one"
    if case.type != case.stored.type:
        raise TypeFixed


# --- Rules by type


def _by_type(case: Case) -> None:
    judge(case, BY_TYPE.get(case.type, (_dotted,)))


def _cname_not_at_apex(case: Case) -> None:
    if case.at_apex:
        raise CnameForApex


def _cname_alone(case: Case) -> None:
    if any(each.type != CNAME for each in case.beside):
        raise OwnerNameTaken(name=case.name, zone=case.zone.name)


def _cname_to_name(case: Case) -> None:
    target = case.target().removesuffix(".")
    try:
        ipaddress.IPv4Address(target)
    except ValueError:
        return
    raise CnameToAddress(target=target)


def _cname_of_labels(case: Case) -> None:
    if ".." in case.target():
        raise EmptyLabels(target=case.target())


def _dotted_in_forward_zone(case: Case) -> None:
    if not reverse.is_reverse(case.zone.name):
        _dotted(case)


def _ns_not_at_apex(case: Case) -> None:
    if case.at_apex:
        raise NsForApex(name=case.name, verb="edited" if case.verb == "delete" else "added")


def _ns_approved(case: Case) -> None:
    assert case.sent is not None, "a delete has no servers"
    servers = case.choices.unapproved(str(record.values["nsdname"]) for record in case.sent.records)
    if servers:
        told = ", ".join(f"Name Server {each} is not an approved name server." for each in servers)
        raise NameServersUnapproved(told, servers=servers)


def _ds_not_at_apex(case: Case) -> None:
    if case.at_apex:
        raise DsForApex(name=case.name)


def _ds_of_delegation(case: Case) -> None:
    if not case.has(NS):
        raise DsWithoutNs(name=case.name, zone=case.zone.name)


def _ptr_of_address(case: Case) -> None:
    zone = names.fold(case.zone.name)
    if not zone.endswith("ip6.arpa."):
        octets = zone.removesuffix(".").split(".")[:-_LABELS_OF_SUFFIX]
        if len(octets) - ("/" in octets[0] if octets else 0) not in _OCTETS:
            raise PtrZoneOctets(zone=case.zone.name)
    if case.address is None:
        raise NoAddressOfPtr(name=case.name, zone=case.zone.name)


def _soa_stays(case: Case) -> None:
    if case.type == SOA:
        raise SoaKept


def _apex_ns_stays(case: Case) -> None:
    if case.type == NS:
        _ns_not_at_apex(case)


# --- Dotted hosts


def _dotted(case: Case) -> None:
    """A name with dots is for zones that the operator names, and there for callers and types that he names."""
    if not recordnames.is_dotted(case.name, case.zone.name):
        return
    if case.keeps_name and case.type not in _NEVER_KEPT:
        return
    allowed = case.choices.dotted(case.zone.name)
    if allowed is None:
        raise DottedHostRefused(name=case.name, type=case.kind, zone=case.zone.name)
    if not allowed.allows(case.kind, case.caller.user_name, case.around.group_names()):
        raise DottedHostForbidden(zone=case.zone.name)
    name = recordnames.absolute(case.name, case.zone.name)
    if not case.keeps_name and case.around.elsewhere(name, case.type):
        raise DottedHostTaken(name=name)


def _few_dots(case: Case) -> None:
    allowed = case.choices.dotted(case.zone.name)
    if allowed is None or case.keeps_name or case.at_apex:
        return
    if allowed.too_many(case.kind, case.name):
        raise TooManyHostDots(name=case.name, most=allowed.dots)


def _no_dot_at_end(case: Case) -> None:
    if case.choices.dotted(case.zone.name) and not case.at_apex and case.name.endswith("."):
        raise DotAtEnd


def _is_name(case: Case) -> None:
    """What VinylDNS would send to a name server, and no name server would take."""
    try:
        recordnames.place_of(case.name, case.zone.name)
    except ValueError as error:
        raise OwnerNameMalformed(str(error), name=case.name) from error


BY_TYPE: Mapping[int, Sequence[Rule]] = {
    CNAME: (_cname_not_at_apex, _cname_alone, _cname_to_name, _cname_of_labels, _dotted),
    NS: (_dotted_in_forward_zone, _ns_not_at_apex, _ns_approved),
    DS: (_dotted, _ds_not_at_apex, _ds_of_delegation),
    PTR: (_ptr_of_address,),
    SOA: (_dotted_in_forward_zone,),
    **dict.fromkeys((SRV, TXT, NAPTR), ()),
}
"""The rules of each type in their order. Other types have the one of dotted hosts."""

_OF_ALL = (_by_type, _few_dots, _no_dot_at_end, _is_name)

CREATE: Sequence[Rule] = (
    _high_value,
    _not_there,
    _fits_zone,
    _short_name,
    _may_write,
    _owner_exists,
    _owner_is_mine,
    _no_cname,
    *_OF_ALL,
)
"""The rules for a new record set, in their order (section 4.1)."""

KEEPS: Sequence[Rule] = (_same_name, _same_type)
"""The rules about what an update may not change. Ownership is decided after them (section 4.2)."""

UPDATE: Sequence[Rule] = (_high_value, _may_update, _new_owner, _no_cname, *_OF_ALL)
"""The rules for an update whose ownership is decided, in their order."""

DELETE: Sequence[Rule] = (_high_value, _may(frozenset({AccessLevel.DELETE})), _apex_ns_stays, _soa_stays)
"""The rules for a deletion, in their order (section 4.3)."""


def view(case: Case) -> None:
    """Raise RecordSetForbidden if the caller may not see a record set (section 4.4)."""
    _may(frozenset(AccessLevel) - {AccessLevel.NO_ACCESS})(case)


def asked_of(case: Case) -> ownership.Asked:
    """Return an update as far as its owner is concerned."""
    assert case.sent is not None, "an update has both"
    assert case.stored is not None, "an update has both"
    owner = case.stored.notes.owner
    return ownership.Asked(
        caller=case.caller,
        shared=case.zone.shared,
        stored=ownership.of(case.stored),
        sent=case.sent.transfer,
        owner=owner,
        wanted=case.sent.owner_group_id,
        only=case.sent.owner_group_id == owner and _same_content(case, case.sent, case.stored),
    )


def _same_content(case: Case, sent: SentRecordSet, stored: RRset) -> bool:
    """Return whether an update leaves name, TTL and records as they are. Names are compared without case (RFC 4343)."""
    ttl = case.zone.ttl if stored.ttl is None else stored.ttl
    try:
        rdatas, _ = fields.written(sent.records)
    except ValueError:
        return False
    folded = {rrset.folded(str(sent.type), octets.hex()) for octets in rdatas}
    return sent.ttl == ttl and folded == {rrset.folded(str(sent.type), octets.hex()) for octets in stored.rdatas}
