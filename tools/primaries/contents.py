"""The RRs of one zone in `small.py`: read from a master file, found by a query, changed by an update (RFC 2136).

An update does what BIND does, where RFC 2136 leaves it open: the TTL of an RRset is that of the RR added last, DS at
the apex and NS at a wildcard are ignored.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.serial
import dns.update
import dns.zone
from dns.rdataclass import ANY, NONE
from dns.rdatatype import CNAME, DS, NS, SOA

ZONE_POINTER = b"\xc0\x0c"  # to the name in the question, behind the 12 bytes of the header

Records = tuple["RR", ...]
"""All RRs of a zone, the SOA first."""


class RR(NamedTuple):
    """One RR to send. The rdata has its type and class."""

    owner: dns.name.Name
    ttl: int
    rdata: dns.rdata.Rdata

    def wire(self, zone: dns.name.Name) -> bytes:
        """Return this RR for a message about `zone`. Names keep their case."""
        depth = len(self.owner.labels) - len(zone.labels)
        owner = self.owner.to_wire()
        if depth >= 0 and self.owner.labels[depth:] == zone.labels:
            owner = owner[: -len(zone.to_wire())] + ZONE_POINTER
        body = self.rdata.to_wire()
        fixed = (self.rdata.rdtype, 2), (self.rdata.rdclass, 2), (self.ttl, 4), (len(body), 2)
        return owner + b"".join(number.to_bytes(size, "big") for number, size in fixed) + body


class Refused(Exception):
    """An update is answered with this code, and nothing is done."""

    def __init__(self, rcode: dns.rcode.Rcode) -> None:
        super().__init__(rcode)
        self.rcode = rcode


def read_zone(name: str, text: str) -> Records:
    """Return the RRs of a master file."""
    zone = dns.zone.from_text(text, name, relativize=False, check_origin=False)
    return _soa_first(RR(owner, ttl, rdata) for owner, ttl, rdata in zone.iterate_rdatas())


def found(records: Records, name: dns.name.Name, rdtype: int) -> tuple[Records, dns.rcode.Rcode]:
    """Return the RRs at a name, or its CNAME, and NXDOMAIN if there is no such name. Wildcards stand for nothing."""
    at_name = [record for record in records if record.owner == name]
    answers = [record for record in at_name if record.rdata.rdtype in (rdtype, CNAME)]
    if at_name or any(record.owner.is_subdomain(name) for record in records):
        return tuple(answers), dns.rcode.NOERROR
    return (), dns.rcode.NXDOMAIN


def updated(records: Records, update: dns.update.UpdateMessage) -> Records:
    """Return the RRs after an update: all of it, or, if it is refused, nothing (RFC 2136 section 3). Raise Refused."""
    zone = update.zone[0].name
    for each in (*update.prerequisite, *update.update):
        if not each.name.is_subdomain(zone):
            raise Refused(dns.rcode.NOTZONE)
    for each in update.update:
        if (each.deleting and each.ttl) or (not each.deleting and dns.rdatatype.is_metatype(each.rdtype)):
            raise Refused(dns.rcode.FORMERR)
    sets = _Sets(zone, records)
    sets.require(update.prerequisite)
    for each in update.update:
        sets.change(each)
    changed = sets.records()
    if set(changed) != set(records) and changed[0] == records[0]:
        changed = (_counted(records[0]), *changed[1:])
    return changed


class _Sets:
    """The RRsets of a zone by owner and type, while an update changes them."""

    def __init__(self, zone: dns.name.Name, records: Records) -> None:
        self._zone = zone
        self._sets: dict[dns.name.Name, dict[int, list[RR]]] = {}
        for record in records:
            self._sets.setdefault(record.owner, {}).setdefault(int(record.rdata.rdtype), []).append(record)

    def records(self) -> Records:
        """Return all RRs."""
        return _soa_first(record for sets in self._sets.values() for rrs in sets.values() for record in rrs)

    def require(self, prerequisites: Sequence[dns.rrset.RRset]) -> None:
        """Raise Refused unless all prerequisites hold (RFC 2136 section 3.2)."""
        exact: dict[tuple[dns.name.Name, int], set[dns.rdata.Rdata]] = {}
        for each in prerequisites:
            if each.ttl:
                raise Refused(dns.rcode.FORMERR)
            anything = each.rdtype == dns.rdatatype.ANY
            used = bool(self._types(each.name) if anything else self._at(each.name, each.rdtype))
            if each.deleting == ANY and not used:
                raise Refused(dns.rcode.NXDOMAIN if anything else dns.rcode.NXRRSET)
            if each.deleting == NONE and used:
                raise Refused(dns.rcode.YXDOMAIN if anything else dns.rcode.YXRRSET)
            if not each.deleting:
                exact.setdefault((each.name, each.rdtype), set()).add(each[0])
        for (name, rdtype), rdatas in exact.items():
            if rdatas != {record.rdata for record in self._at(name, rdtype)}:
                raise Refused(dns.rcode.NXRRSET)

    def change(self, each: dns.rrset.RRset) -> None:
        """Do what one RR of the update section says (RFC 2136 section 3.4.2)."""
        if each.deleting is None:
            self._add(RR(each.name, each.ttl, each[0]))
            return
        apex = each.name == self._zone
        for rdtype in self._types(each.name) if each.rdtype == dns.rdatatype.ANY else [int(each.rdtype)]:
            if apex and (rdtype == SOA or (rdtype == NS and each.deleting == ANY)):
                continue
            rrs = self._at(each.name, rdtype)
            left = [] if each.deleting == ANY else [record for record in rrs if record.rdata != each[0]]
            if left or not (apex and rdtype == NS):  # the last NS of the apex stays
                self._put(each.name, rdtype, left)

    def _add(self, new: RR) -> None:
        """Add an RR, or ignore it."""
        rdtype, rrs = int(new.rdata.rdtype), self._at(new.owner, new.rdata.rdtype)
        if rdtype == SOA:
            if rrs and dns.serial.Serial(new.rdata.serial) > dns.serial.Serial(rrs[0].rdata.serial):
                self._put(new.owner, SOA, [new])
            return
        others = [other for other in self._types(new.owner) if other != rdtype]
        odd = (rdtype == DS and new.owner == self._zone) or (rdtype == NS and new.owner.is_wild())
        if odd or (others if rdtype == CNAME else CNAME in others):
            return
        kept = [] if rdtype == CNAME else [rr._replace(ttl=new.ttl) for rr in rrs if rr.rdata != new.rdata]
        self._put(new.owner, rdtype, [*kept, new])

    def _types(self, name: dns.name.Name) -> list[int]:
        return list(self._sets.get(name, ()))

    def _at(self, name: dns.name.Name, rdtype: int) -> list[RR]:
        return self._sets.get(name, {}).get(int(rdtype), [])

    def _put(self, name: dns.name.Name, rdtype: int, rrs: list[RR]) -> None:
        sets = self._sets.setdefault(name, {})
        sets[rdtype] = rrs
        if not rrs:
            del sets[rdtype]
        if not sets:
            del self._sets[name]


def _counted(soa: RR) -> RR:
    """Return an SOA with the next serial, which is not 0."""
    return soa._replace(rdata=soa.rdata.replace(serial=(soa.rdata.serial + 1) % 2**32 or 1))


def _soa_first(records: Iterable[RR]) -> Records:
    return tuple(sorted(records, key=lambda record: record.rdata.rdtype != SOA))
