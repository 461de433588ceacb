"""Change batches: what brings a hosted zone of Amazon Route 53 from one version of a zone to another.

Each record set that moved is a DELETE with exactly what was there, and a CREATE. So Route 53 refuses a batch whose
record sets are not as they were: the changes are their own prerequisites. An UPSERT costs as much, and asks for
nothing.

    moves ──▶ parts: one record set each, or all of an owner name that has a CNAME on the way
          ──▶ batches: all parts of one owner name in one, unless they do not fit; neighbours as far as a request goes

Owner names come in the order of a push (`push.py`), so the cut is a function of the moves, and a push that stopped goes
on with the batch that it stopped at.

What Route 53 cannot have is put aside, with a reason: other types, and rdata without a text or with too long a one. The
rest is pushed. The SOA and the NS of the apex are Route 53's own: neither sent nor compared.

Contract backends.md, section 5. Limits: Amazon Route 53 Developer Guide, "Quotas", maximums on API requests.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from zonewright.model import push
from zonewright.model.diff import Move
from zonewright.protocol import names, records, route53, rrset, types
from zonewright.protocol.types import CNAME

if TYPE_CHECKING:
    import dns.name

RECORDS, CHARACTERS = 1_000, 32_000
"""Records (ResourceRecord), and characters of their values, in one request. Those of a DELETE count too."""

LONGEST_VALUE = 4_000
"""Characters of one value (`RData` of the API)."""

_SHARE = CHARACTERS // RECORDS
"""Characters that a record takes at least, so that a request within the one limit is within the other."""

_PLAIN = ("Name", "Type", "TTL", "ResourceRecords")

Change = Mapping[str, Any]
"""A Change of the API: `Action`, and `ResourceRecordSet`."""


class State(Enum):
    """What a hosted zone has of a part."""

    BEFORE = auto()
    AFTER = auto()
    KEPT = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Held:
    """A record set of a hosted zone: its line, or why this service never touches it. `found` is the API's form."""

    found: Mapping[str, Any]
    line: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record set, by its place, that the hosted zone does not get, and why."""

    place: str
    why: str


@dataclass(frozen=True, slots=True)
class Part:
    """Changes that are made together or not at all. `moves` are as DNS shows them, all of one owner name."""

    moves: tuple[Move, ...]
    changes: tuple[Change, ...]

    @property
    def weight(self) -> int:
        """Return what the changes take of a request of `CHARACTERS`."""
        values = [each["Value"] for change in self.changes for each in change["ResourceRecordSet"]["ResourceRecords"]]
        return max(_SHARE * len(values), sum(map(len, values)))

    def state(self, there: Mapping[str, Held]) -> State:
        """Return what a hosted zone has of the part. `there` has its record sets at the places of the moves."""
        found = [(move, there.get(move.place)) for move in self.moves]
        if any(held and held.why and move.after for move, held in found):
            return State.KEPT
        lines = [(move, held.line if held else None) for move, held in found]
        if all(_same(line, move.after) for move, line in lines):
            return State.AFTER
        return State.BEFORE if all(_same(line, move.before) for move, line in lines) else State.OTHER

    def as_listed(self, there: Mapping[str, Held]) -> "Part":
        """Return the part with the record sets to delete as a hosted zone has them.

        Other writers have other texts for the same rdata, and a DELETE must have theirs.
        """
        plain = [each for move in self.moves if (each := there.get(move.place)) and each.line]
        listed = {_identity(each.found): each.found for each in plain}
        return replace(self, changes=tuple(_as_listed(change, listed) for change in self.changes))


@dataclass(frozen=True, slots=True)
class Batch:
    """Batch `number` of a push, from 1."""

    number: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Push:
    """All batches of a push, in order, and the record sets that Route 53 cannot have."""

    batches: tuple[Batch, ...]
    refused: tuple[Refusal, ...]


def moves_of(moves: Iterable[Move], ttl: int) -> Iterator[Move]:
    """Yield the moves that a hosted zone should have, with lines as DNS shows them. `ttl` is the zone's own TTL.

    Between what a hosted zone has and a version, they are the drift.
    """
    return (move for move in push.seen(moves, ttl) if not _is_own(move.place))


def plan(moves: Iterable[Move], zone: "dns.name.Name", ttl: int) -> Push:
    """Return the batches that do `moves`, in any order, in a hosted zone. `ttl` is the zone's own TTL."""
    refused: list[Refusal] = []
    sized: list[tuple[int, tuple[Part, ...]]] = []
    for group in push.by_owner(moves_of(moves, ttl)):
        parts = tuple(_parts(group, zone, refused))
        whole = sum(part.weight for part in parts)
        for run in [parts] if whole <= CHARACTERS else [(part,) for part in parts]:
            size = sum(part.weight for part in run)
            if size > CHARACTERS:
                why = f"its records or values are more than a request takes, {RECORDS:,} and {CHARACTERS:,} characters"
                refused += [Refusal(move.place, why) for move in run[0].moves]
            elif run:
                sized.append((size, run))
    cuts = push.cut(sized, CHARACTERS)
    batches = [Batch(number, tuple(part for run in runs for part in run)) for number, runs in enumerate(cuts, 1)]
    return Push(tuple(batches), tuple(refused))


def record_set(line: str, zone: "dns.name.Name") -> dict[str, Any]:
    """Return the ResourceRecordSet of a line with a TTL. Raise ValueError if Route 53 cannot have it."""
    found = rrset.from_line(line)
    if not route53.takes(found.type):
        raise ValueError("Route 53 does not have this type")
    values = sorted({route53.value_text(found.type, octets) for octets in found.rdatas})
    if not all(values):
        raise ValueError("a record in it has no text that Route 53 reads")
    longest = max(map(len, values))
    if longest > LONGEST_VALUE:
        raise ValueError(f"a value in it has {longest:,} characters, and Route 53 takes {LONGEST_VALUE:,}")
    return {
        "Name": route53.owner_text(found.key, route53.name_text(zone)),
        "Type": found.type_text(),
        "TTL": found.ttl,
        "ResourceRecords": [{"Value": value} for value in values],
    }


def held(found: Mapping[str, Any], zone: "dns.name.Name") -> tuple[str, Held] | None:
    """Return the place of a ResourceRecordSet, and what it holds, or None if it is Route 53's own or of no zone.

    Raise ValueError for a name outside the zone.
    """
    rdtype = types.type_of(found["Type"])
    key = names.key_of(route53.name_of(found["Name"]), zone)
    place = f"{key}{rrset.TAB}{rdtype}{rrset.TAB}"
    if _is_own(place):
        return None
    why = next((words for field, words in _KEPT.items() if field in found), "")
    if not why:
        try:
            rdatas = [route53.rdata_of(rdtype, each["Value"]) for each in found["ResourceRecords"]]
            return place, Held(found, rrset.to_line(key, rdtype, found["TTL"], rdatas))
        except ValueError as error:
            why = str(error)
    return place, Held(found, why=why)


def named(place: str, zone: "dns.name.Name") -> str:
    """Return the words for the record set at a place: `A of www.example.org.`."""
    key, field, _ = place.split(rrset.TAB)
    return f"{types.type_text(int(field.partition('.')[0]))} of {names.owner_of(key, zone)}"


_KEPT = {
    "TrafficPolicyInstanceId": "a traffic policy made it",
    "AliasTarget": "it is an alias",
    "SetIdentifier": "it has a routing policy",
    "HealthCheckId": "it has a health check",
}
"""Fields of record sets that this service never touches, and the words for them."""


def _is_own(place: str) -> bool:
    """Return whether the record set at a place is Route 53's own: the SOA, or the NS of the apex."""
    key, field, _ = place.split(rrset.TAB)
    return field.isdigit() and records.is_managed(key, int(field))


def _parts(group: Sequence[Move], zone: "dns.name.Name", refused: list[Refusal]) -> Iterator[Part]:
    """Yield the parts of the moves of one owner name. Add to `refused` what Route 53 cannot have."""
    made: list[Part] = []
    for move in group:
        try:
            after = record_set(move.after, zone) if move.after else None
        except ValueError as error:
            refused.append(Refusal(move.place, str(error)))
            continue
        before = _before(move, zone)
        changes = [("DELETE", before), ("CREATE", after)]
        sent = tuple({"Action": action, "ResourceRecordSet": found} for action, found in changes if found)
        if sent:
            made.append(Part((move if before else Move(None, move.after),), sent))
    if not any(rrset.type_of(move.place) == CNAME for part in made for move in part.moves):
        yield from made
    elif made:
        changes_of_all = [change for part in made for change in part.changes]
        gone_first = sorted(changes_of_all, key=lambda change: change["Action"] == "CREATE")
        yield Part(tuple(move for part in made for move in part.moves), tuple(gone_first))


def _before(move: Move, zone: "dns.name.Name") -> dict[str, Any] | None:
    """Return what a move deletes. What Route 53 cannot have is not there."""
    try:
        return record_set(move.before, zone) if move.before else None
    except ValueError:
        return None


def _same(line: str | None, other: str | None) -> bool:
    return line == other or bool(line and other and rrset.equivalent(line, other))


def _identity(found: Mapping[str, Any]) -> tuple["dns.name.Name", str]:
    return route53.name_of(found["Name"]), found["Type"]


def _as_listed(change: Change, listed: Mapping[tuple["dns.name.Name", str], Mapping[str, Any]]) -> Change:
    found = listed.get(_identity(change["ResourceRecordSet"])) if change["Action"] == "DELETE" else None
    return {"Action": "DELETE", "ResourceRecordSet": {field: found[field] for field in _PLAIN}} if found else change
