"""What becomes of moves of record sets in some contents: the rules of a single write, for the result of all moves.

The chunks that hold the record sets, or owners above them, are read, and no others. A few are in memory at a time. What
is kept of them has the size of the request, not of the zone.
"""

import itertools
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from zonewright.actions import awaited, placing
from zonewright.actions.edit import NOBODY
from zonewright.actions.recordset_search import Contents
from zonewright.contents.bucket import Bucket
from zonewright.errors import (
    InvalidTtl,
    MovesRefused,
    OverQuota,
    RecordSetMisplaced,
    RecordSetsDiffer,
    Refusal,
    RequestError,
    TooManyRecords,
)
from zonewright.model.change import Change
from zonewright.model.diff import Move
from zonewright.model.moves import Conflict, Side, Wanted
from zonewright.model.quotas import Quotas
from zonewright.model.recordset import Content, RecordSet, origin
from zonewright.model.users import Caller
from zonewright.model.version import index_of
from zonewright.model.zone import Zone
from zonewright.protocol import placement, records, rrset
from zonewright.protocol.notes import Notes
from zonewright.protocol.rrset import RRset
from zonewright.protocol.types import AAAA, NS, SOA, A
from zonewright.service import Service
from zonewright.store import quotas

_FIELDS: Mapping[type[RequestError], str] = {
    InvalidTtl: "ttl",
    OverQuota: "records",
    RecordSetMisplaced: "name",
    TooManyRecords: "records",
}
"""The field of a record set that an error is about. Others are about all of it, or name their fields themselves."""

_BEHIND = "!"
"""Sorts behind a space. All keys below an owner sort before its key and this."""


@dataclass(frozen=True, slots=True)
class Made:
    """A move as it was made, or would be. The sides are equal if the record set has the wanted content already."""

    before: RecordSet | None
    after: RecordSet | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The zone after the moves, and each move in the order of the request.

    A dry run also has the `conflicts` and `refusals` for which nothing would be written. A move of a record set outside
    the zone has no sides. `change` is set if the moves wait for the primary of the zone.
    """

    zone: Zone
    made: Sequence[Made]
    conflicts: Sequence[Conflict] = ()
    refusals: Sequence[Refusal] = ()
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Moves that a caller asks for, and how.

    `managed` allows a change of the apex NS. With `exactly` no change of the zone since it was read is tolerated. With
    `dry_run` nothing is written.
    """

    moves: Sequence[Wanted]
    comment: str | None = None
    managed: bool = False
    exactly: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A wanted move and where it is: its number, sort key, spelling and place, and the zones below that it is in."""

    number: int
    wanted: Wanted
    key: str
    spelling: str | None
    place: str
    children: Sequence[str] = ()

    @property
    def side(self) -> str:
        """Return the name of the side that refusals are about."""
        return "before" if self.wanted.after is None else "after"

    @property
    def verb(self) -> str:
        """Return the participle of what is asked."""
        if self.wanted.before is None:
            return "created"
        return "deleted" if self.wanted.after is None else "updated"

    def hosts(self, zone: Zone) -> frozenset[str]:
        """Return the owners of the servers that an NS names before the move, as the request says."""
        before = self.wanted.before
        if before is None or before.type != NS or not self.children:
            return frozenset()
        return placement.hosts_of(rrset.to_line(self.key, NS, None, before.rdatas), origin(zone.name))


def spots_of(service: Service, zone: Zone, wanted: Sequence[Wanted]) -> tuple[list[Spot], list[Refusal]]:
    """Return the moves with their places, and the refusals of those outside the zone."""
    spots: list[Spot] = []
    refusals: list[Refusal] = []
    for number, each in enumerate(wanted):
        side = each.side
        with _gathering(refusals, "moves", number, "before" if each.after is None else "after"):
            key, spelling = placement.place_of(side.name, origin(zone.name))
            place = rrset.place(rrset.to_line(key, side.type, None, side.rdatas))
            spots.append(Spot(number, each, key, spelling, place))
    placed = [spot for spot in spots if spot.wanted.before is None or spot.wanted.side.type == NS]
    found = placing.children(service, zone, [spot.wanted.side.name for spot in placed])
    children = {spot.number: some for spot, some in zip(placed, found, strict=True)}
    return [replace(spot, children=children.get(spot.number, ())) for spot in spots], refusals


@contextmanager
def _gathering(refusals: list[Refusal], *path: str | int) -> Iterator[None]:
    """Add the error of the block, if there is one, to the refusals of the part of the request at `path`."""
    try:
        yield
    except RequestError as error:
        named = next((name for kind, name in _FIELDS.items() if isinstance(error, kind)), None)
        refusals.append(Refusal((*path, named) if named and len(path) > 1 else path, error))


@dataclass(frozen=True, slots=True)
class _Held:
    """What is read of the contents: the places of some owners, and the lines of some places."""

    places: Mapping[str, Sequence[str]]
    lines: Mapping[str, str]


def _read(bucket: Bucket, contents: Contents, spots: Sequence[Spot]) -> _Held:
    """Return the owners of the moves and those above them, with the lines of the moves, of SOA and of NS.

    An NS that changes also has the owners of its hosts, with their addresses.
    """
    hosts = {host for spot in spots for host in spot.hosts(contents.zone)}
    owners = {"", *hosts, *(spot.key for spot in spots)}
    owners.update(above for spot in spots for above in placing.owners_above(spot.key))
    wanted = {spot.place for spot in spots}
    every = contents.version.chunks
    starts = {every[index_of(every, owner)].start for owner in owners}
    places: dict[str, list[str]] = {}
    lines: dict[str, str] = {}
    for some in contents.lines(bucket, holds=lambda chunk, _: chunk.start in starts):
        for line in some:
            key = rrset.key(line)
            if key in owners:
                place = rrset.place(line)
                places.setdefault(key, []).append(place)
                kind = rrset.type_of(place)
                if place in wanted or kind in (NS, SOA) or (key in hosts and kind in (A, AAAA)):
                    lines[place] = line
    return _Held(places, lines)


@dataclass(frozen=True, slots=True)
class _Result:
    """The contents after the moves, as the rules see them (`placing.Surroundings`). `after` has each moved place."""

    bucket: Bucket
    contents: Contents
    held: _Held
    after: Mapping[str, str | None]
    created: Mapping[str, Sequence[str]]

    @property
    def zone(self) -> Zone:
        """Return the zone of the contents."""
        return self.contents.zone

    def types(self, key: str) -> list[int]:
        """Return the types of an owner."""
        kept = [place for place in self.held.places.get(key, ()) if self.after.get(place, "") is not None]
        return sorted(map(rrset.type_of, [*kept, *self.created.get(key, ())]))

    def at(self, place: str) -> str | None:
        """Return the line at a place, or None.

        The place is one of the moves, that of an NS above them, or that of an address of an NS that moves.
        """
        return self.after[place] if place in self.after else self.held.lines.get(place)

    def below(self, key: str) -> str | None:
        """Return an owner below another, or None."""
        new = next((other for other in self.created if placement.is_below(other, key)), None)
        if new is not None:
            return new
        for some in self.contents.lines(self.bucket, key, key + _BEHIND if key else None):
            for line in some:
                other = rrset.key(line)
                if other != key and self.after.get(rrset.place(line), "") is not None:
                    return other
        return None


@dataclass(slots=True)
class Verdict:
    """What the moves make of some contents: the line before and after each, by its number, and what forbids them."""

    lines: dict[int, tuple[str | None, str | None]] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def moves(self) -> list[Move]:
        """Return the moves that change something."""
        return [Move(before, after) for before, after in self.lines.values() if before != after]

    def made(self, zone: Zone, count: int) -> list[Made]:
        """Return the `count` moves as record sets of a zone."""
        sides = (self.lines.get(number, (None, None)) for number in range(count))
        return [Made(_record_set(zone, before), _written(zone, before, after)) for before, after in sides]

    def check(self) -> None:
        """Raise RecordSetsDiffer or MovesRefused if something forbids the moves."""
        if self.conflicts:
            raise RecordSetsDiffer(_and_others(self.conflicts[0].message, self.conflicts), conflicts=self.conflicts)
        if self.refusals:
            raise MovesRefused(self.refusals[0].error.message, refusals=self.refusals)


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges moves by the contents of their zone."""

    service: Service
    asked: Asked
    caller: Caller
    limits: Quotas
    untaken: Callable[[int], str | None]

    def of(self, contents: Contents, spots: Sequence[Spot], at: datetime) -> Verdict:
        """Return the verdict on moves of some contents. New record sets are of the time `at`."""
        held, verdict = _read(self.service.bucket, contents, spots), Verdict()
        for spot in spots:
            line = held.lines.get(spot.place)
            found = None if line is None else rrset.from_line(line)
            before, after = spot.wanted.before, spot.wanted.after
            if (before is None) != (found is None) or (before and found and not before.shows(found)):
                verdict.conflicts.append(Conflict(spot.number, spot.wanted, _record_set(contents.zone, line)))
            content = None if after is None else after.content(found)
            self._check_alone(verdict.refusals, spot, content)
            verdict.lines[spot.number] = line, None if content is None else _line(spot, content, found, at)
        self.check_result(verdict, contents, held, spots)
        return verdict

    def _check_alone(self, refusals: list[Refusal], spot: Spot, content: Content | None) -> None:
        """Gather what is wrong with a move whatever else there is."""
        side, name = spot.wanted.side, spot.wanted.side.name
        path = ("moves", spot.number, spot.side)
        with _gathering(refusals, *path):
            if spot.verb != "created" or side.type == SOA:
                records.check_editable(spot.key, side.type, spot.verb, may_managed=self.asked.managed)
        if spot.verb == "created":
            with _gathering(refusals, *path):
                placing.check_targets(self.untaken(side.type))
        if content is not None:
            with _gathering(refusals, *path):
                placing.check_content(name, side.type, content, self.service.settings, self.caller)
            with _gathering(refusals, *path):
                placement.check_place(name, spot.key, side.type)

    def check_result(self, verdict: Verdict, contents: Contents, held: _Held, spots: Sequence[Spot]) -> None:
        """Gather what is wrong with the result of all moves."""
        created: dict[str, list[str]] = {}
        for spot in spots:
            before, after = verdict.lines[spot.number]
            if before is None and after is not None:
                created.setdefault(spot.key, []).append(spot.place)
        lines = {spot.place: verdict.lines[spot.number][1] for spot in spots}
        result = _Result(self.service.bucket, contents, held, lines, created)
        refused = set(map(position, verdict.refusals))
        rrsets = added = 0
        for spot in spots:
            before, after = verdict.lines[spot.number]
            side, path = spot.wanted.side, ("moves", spot.number, spot.side)
            if before is None and after is not None and spot.number not in refused:
                with _gathering(verdict.refusals, *path):
                    placing.check(result, (side.name, spot.key, side.type), spot.children)
            if before is not None and side.type == NS and placing.is_cut(side.name, spot.children):
                with _gathering(verdict.refusals, *path):
                    placing.check_glue(result, side.name, before, after)
            if records.is_managed(spot.key, side.type):
                continue
            now, then = (rrset.records(line) if line else 0 for line in (before, after))
            rrsets += bool(then) - bool(now)
            added += then - now
            if then > now:
                with _gathering(verdict.refusals, *path):
                    self.limits.check("recordset_records", then)
        apex = [held.lines[place] for place in held.places[""] if place in held.lines]
        with _gathering(verdict.refusals, "moves"):
            placing.check_quotas(self.limits, contents, apex, rrsets=rrsets, added=added)


@dataclass(frozen=True, slots=True)
class Again:
    """Record changes that waited, to be judged again by the contents that are shown by now.

    `numbers` has the numbers of the moves of each change.
    """

    judge: Judge
    contents: Contents
    moves: Sequence[Move]
    numbers: Sequence[Sequence[int]]
    spots: Sequence[Spot]
    held: _Held

    @classmethod
    def of(cls, service: Service, contents: Contents, changes: Sequence[Sequence[Move]]) -> "Again":
        """Return record changes, each with its moves, and what is shown at their places."""
        every = [move for moves in changes for move in moves]
        ends = list(itertools.accumulate(map(len, changes)))
        numbers = [range(end - len(moves), end) for end, moves in zip(ends, changes, strict=True)]
        zone = contents.zone
        wanted = [Wanted(_side(zone, each.before), _side(zone, each.after)) for each in every]
        spots, _ = spots_of(service, zone, wanted)
        limits = quotas.get(service.table, service.settings, zone.group_id)
        judge = Judge(service, Asked(()), NOBODY, limits, lambda _: None)
        return cls(judge, contents, every, numbers, spots, _read(service.bucket, contents, spots))

    def shown(self, place: str) -> str | None:
        """Return the line at the place of a move, or None."""
        return self.held.lines.get(place)

    def refusals(self, changes: Sequence[int]) -> dict[int, str]:
        """Return those of some record changes that the rules forbid if all of them are made, and why.

        What is wrong with all of them together is wrong with the last one.
        """
        of = {number: change for change in changes for number in self.numbers[change]}
        some, verdict = [spot for spot in self.spots if spot.number in of], Verdict()
        for spot in some:
            verdict.lines[spot.number] = self.shown(spot.place), self.moves[spot.number].after
        self.judge.check_result(verdict, self.contents, self.held, some)
        return {of.get(position(each), changes[-1]): each.error.message for each in reversed(verdict.refusals)}


def _side(zone: Zone, line: str | None) -> Side | None:
    """Return the side of a move that the line of a record set is."""
    if line is None:
        return None
    found = rrset.from_line(line)
    return Side(found.owner(origin(zone.name)).to_text(), found.type, found.rdatas, found.ttl)


def position(refusal: Refusal) -> int:
    """Return the number of the move that is refused. A refusal of all of them comes last."""
    _, *others = refusal.path
    return int(others[0]) if others else sys.maxsize


def _line(spot: Spot, content: Content, found: RRset | None, at: datetime) -> str:
    """Return the line of a record set with some content, which is `found` now."""
    if found is None:
        notes, spelling = Notes(content.description, created=at, written=content.written), spot.spelling
    elif content.is_of(found):
        return found.line()
    else:
        was, spelling = found.notes, found.spelling
        notes = was.rewritten(content.description, content.written, at)
    side = spot.wanted.side
    return rrset.to_line(spot.key, side.type, content.ttl, content.rdatas, spelling, notes_text=str(notes))


def _written(zone: Zone, before: str | None, after: str | None) -> RecordSet | None:
    found = _record_set(zone, after)
    moved = awaited.of(zone, Move(before, after).kind) if before != after else None
    return found and replace(found, moved=moved)


def _record_set(zone: Zone, line: str | None) -> RecordSet | None:
    return None if line is None else RecordSet(zone, rrset.from_line(line))


def _and_others(first: str, every: Sequence[object]) -> str:
    return first if len(every) == 1 else f"{first}, and {len(every) - 1} others are not as the request says"
