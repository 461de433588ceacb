"""The rules for record sets that callers write: which types, at which owners, beside what, and how large.

Requests (`actions/recordsets.py`) and master files (`zonefile/reader.py`, `actions/imported.py`) have this one table.
So what a file may have, a request can make, and the other way round. A rule here refuses what a name server does not
load: BIND, NSD, Knot or PowerDNS. The tests ask their programs that check zones. A copy is exempt, because it holds
what its primary sent. Rules for the rdata of a type are in `served.py`.

A rule returns why an RRset may not be, as a sentence, or None. Keys are sort keys (`names.py`).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from zonewright.errors import (
    CnameAtApex,
    CnameBeside,
    Invalid,
    OutsideZone,
    Reason,
    RecordSetMisplaced,
    TooManyRecords,
)
from zonewright.protocol import names, rrset
from zonewright.protocol.types import (
    AAAA,
    CDNSKEY,
    CDS,
    CNAME,
    DLV,
    DNAME,
    DS,
    KEY,
    MB,
    MD,
    MF,
    MG,
    MINFO,
    MR,
    NS,
    NSEC,
    NSEC3,
    NSEC3PARAM,
    NXT,
    RKEY,
    RRSIG,
    SIG,
    ZONEMD,
    A,
    type_text,
)

if TYPE_CHECKING:
    import dns.name

SINGLE = {CNAME: "CNAME", DNAME: "DNAME"}
"""Types of which an owner has at most one RR (RFC 1034 section 3.6.2, RFC 6672 section 2.4)."""
BESIDE_CNAME = frozenset({CNAME, SIG, KEY, NXT, RRSIG, NSEC})
"""Types that may stand beside a CNAME (RFC 2181 section 10.1, RFC 4034 section 2.5)."""
SIGNERS = frozenset({SIG, NXT, RRSIG, NSEC, NSEC3, NSEC3PARAM, ZONEMD})
"""Types that only the program makes that signs a zone or digests it (RFC 2535, RFC 4034, RFC 5155, RFC 8976).

They are of one serial of a zone. The next write makes another one, so they would be wrong.
"""
OBSOLETE = frozenset({MD, MF, MB, MG, MR, MINFO, RKEY, DLV})
"""Types whose rdata has no form that BIND, NSD, Knot and PowerDNS all load (RFC 1035 section 3.3, RFC 8749)."""
LARGEST_MESSAGE = 65_535
"""Octets of the largest DNS message (RFC 1035 section 4.2.2)."""

OF_DELEGATION = "the zone above it has only its NS, its DS, and the addresses of the servers that this NS names"
"""Why an RRset may not be in the zone above the one that its name belongs to."""

_BESIDE_WRITTEN = BESIDE_CNAME - {KEY}
"""Types that may stand beside a CNAME that a caller writes. NSD and Knot do not load a KEY beside it."""
_LEAST_LINE = 20_000
"""Characters of the shortest line that may have too many octets: 5 for each RR of 2 octets, which needs 14."""


def _at_apex(key: str) -> bool:
    return not key


def _at_wildcard(key: str) -> bool:
    return key == "*" or key.endswith(" *")


def _anywhere(_: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Rule:
    """Types that no caller may write `where` an owner stands. `why` follows the mnemonic of the type."""

    types: frozenset[int]
    where: Callable[[str], bool]
    why: str


RULES = (
    Rule(SIGNERS, _anywhere, "is a type that only the program makes that signs a zone: leave it out"),
    Rule(OBSOLETE, _anywhere, "is a type out of use, which not every name server loads"),
    Rule(frozenset({CNAME}), _at_apex, "recordsets may not be created at the zone apex"),
    Rule(frozenset({DS}), _at_apex, "recordsets may not be created at the zone apex: they belong to the zone above it"),
    Rule(
        frozenset({CDS, CDNSKEY}),
        _at_apex,
        "recordsets may not be created at the zone apex: the program makes them that signs a zone",
    ),
    Rule(frozenset({NS}), _at_wildcard, "recordsets may not be created at a wildcard: no zone is delegated by it"),
)
"""Types and the owners at which they may not stand.

BIND loads no zone with a DS at its apex, with an NS at a wildcard (RFC 4592 section 4.2), or with CDS or CDNSKEY of a
zone that is not signed.
"""
_RULED = frozenset().union(*(rule.types for rule in RULES))


def wrong_type(rdtype: int) -> str | None:
    """Return why no caller may write an RRset of this type, whatever its owner."""
    return _ruled("", rdtype) if rdtype in SIGNERS or rdtype in OBSOLETE else None


def wrong_place(key: str, rdtype: int) -> str | None:
    """Return why no RRset of this type may stand at an owner."""
    return _ruled(key, rdtype) if rdtype in _RULED else None


def _ruled(key: str, rdtype: int) -> str | None:
    why = next((rule.why for rule in RULES if rdtype in rule.types and rule.where(key)), None)
    return why and f"{type_text(rdtype)} {why}"


def wrong_company(key: str, rdtype: int, others: Collection[int], name: Callable[[], str]) -> str | None:
    """Return why an RRset may not stand beside those of `others`, types of the same owner. `name` returns the owner.

    A CNAME stands alone (RFC 1034 section 3.6.2). A DNAME stands beside no NS but those of the apex (RFC 6672 section
    2.3).
    """
    if excluded := _beside_cname(rdtype, others):
        has = ", ".join(map(type_text, excluded))
        return f"CNAME recordsets may not share a name with any other records: {name()} has {has}"
    if key and {rdtype, *others} >= {NS, DNAME} and rdtype in (NS, DNAME):
        return "DNAME and NS recordsets may not share a name, but at the zone apex"
    return None


def _beside_cname(rdtype: int, others: Collection[int]) -> list[int]:
    """Return those types of an owner that a type excludes, because one of them is CNAME."""
    if rdtype == CNAME:
        return [each for each in others if each not in _BESIDE_WRITTEN]
    return [CNAME] if CNAME in others and rdtype not in _BESIDE_WRITTEN else []


def below_dname(owner: str) -> str:
    """Return why no RRset may stand below the owner of a DNAME (RFC 6672 section 2.4)."""
    return f"nothing may stand below the DNAME {owner}, which stands for all names below it"


def wrong_size(owner: int, rdatas: Iterable[int]) -> str | None:
    """Return why an RRset is too large for a DNS message. The arguments are octets: of its owner, and of each rdata.

    The message has a header, the question, and the RRset. Each RR points to the owner in the question. Names in rdata
    count in full, as BIND holds them, and as all names do behind the first 16 KiB, to which no pointer leads (RFC 1035
    section 4.1.4). At one octet more Knot neither answers for the RRset nor transfers its zone, and NSD truncates every
    answer. BIND truncates some smaller ones too, because it adds the NS of the zone.
    """
    octets = 12 + owner + 4 + sum(12 + size for size in rdatas)
    if octets <= LARGEST_MESSAGE:
        return None
    return f"it would have {octets:,} octets in a DNS message, which has at most {LARGEST_MESSAGE:,}"


def in_delegation(key: str, rdtype: int, cut: str, hosts: Collection[str]) -> bool:
    """Return whether a zone may hold an RRset although it is at or below `cut`, the key of a child zone's owner.

    It may if it is of the delegation: the NS and DS of the child (RFC 4035 section 2.4), and the addresses of `hosts`,
    the keys of the servers that this NS names.
    """
    return (key == cut and rdtype in (NS, DS)) or (rdtype in (A, AAAA) and key in hosts)


def hosts_of(ns: str | None, zone: "dns.name.Name") -> frozenset[str]:
    """Return the keys of the servers within a zone that the NS of a line names. Without a line there are none."""
    import dns.name

    targets = [dns.name.from_wire(octets, 0)[0] for octets in rrset.from_line(ns).rdatas] if ns else []
    return frozenset(names.key_of(each, zone) for each in targets if each.is_subdomain(zone))


def problems(lines: Sequence[str], zone: "dns.name.Name") -> Iterator[tuple[int, str]]:
    """Yield the position of each RRset line that breaks a rule, and why. Lines are in canonical order."""
    owner, dname = "", None
    types: list[int] = []  # those of the owner so far
    for at, line in enumerate(lines):
        key, field, _ = line.split(rrset.TAB, 2)
        rdtype = int(field) if field.isdecimal() else rrset.type_of(line)
        if key != owner:
            if DNAME in types and dname is None:
                dname = owner
            if dname is not None and not is_below(key, dname):
                dname = None
            owner, types = key, []
        why = wrong_place(key, rdtype) if rdtype in _RULED else None
        if not why and types:
            why = wrong_company(key, rdtype, types, partial(_name, key, zone))
        if not why and dname is not None:
            why = below_dname(_name(dname, zone))
        if not why and len(line) > _LEAST_LINE:
            found = rrset.from_line(line)
            why = wrong_size(len(found.owner(zone).to_wire() or b""), map(len, found.rdatas))
        if why:
            yield at, why
        types.append(rdtype)


def is_below(key: str, other: str) -> bool:
    """Return whether an owner is below another."""
    return key.startswith(f"{other} ") if other else bool(key)


def check_count(rdtype: int, count: int) -> None:
    """Raise TooManyRecords if an RRset of this type may not have `count` RRs."""
    if rdtype in SINGLE and count > 1:
        raise TooManyRecords(type=SINGLE[rdtype])


def place_of(name: str, zone: "dns.name.Name") -> tuple[str, str | None]:
    """Return the sort key of an owner name in a zone, and its spelling if that is not all lower-case.

    Raise RecordSetMisplaced for a name outside the zone.
    """
    owner = names.absolute(name)
    try:
        key = names.key_of(owner, zone)
    except ValueError as error:
        raise OutsideZone(name=name, zone=zone.to_text()) from error
    own = owner.labels[: len(owner.labels) - len(zone.labels)]
    plain = all(label == label.lower() for label in own)
    return key, None if plain else " ".join([names.escape_label(label) for label in own])


def check_type(rdtype: int) -> None:
    """Raise Invalid for a type that no caller may write."""
    if why := wrong_type(rdtype):
        raise Invalid(why, reasons=[Reason(why, ("type",), "enum", "type")])


def check_place(name: str, key: str, rdtype: int) -> None:
    """Raise RecordSetMisplaced for a type that may not stand at an owner, whose name the message has."""
    if why := wrong_place(key, rdtype):
        raise CnameAtApex(name=name) if rdtype == CNAME else RecordSetMisplaced(f"{why}: {name}", name=name)


def check_company(name: str, key: str, rdtype: int, others: Collection[int]) -> None:
    """Raise RecordSetMisplaced for a type that may not stand beside `others`."""
    if excluded := _beside_cname(rdtype, others):
        raise CnameBeside(name=name, types=", ".join(map(type_text, excluded)))
    if why := wrong_company(key, rdtype, others, lambda: name):
        raise RecordSetMisplaced(why, name=name)


def check_size(name: str, rdatas: Sequence[bytes]) -> None:
    """Raise Invalid for an RRset that no DNS message can carry. `name` is its owner, `rdatas` are in wire form."""
    if why := wrong_size(len(names.absolute(name).to_wire() or b""), map(len, rdatas)):
        raise Invalid(f"RecordSet {name}: {why}", reasons=[Reason(f"records: {why}", ("records",), "maxLength")])


def _name(key: str, zone: "dns.name.Name") -> str:
    return names.owner_of(key, zone).to_text()
