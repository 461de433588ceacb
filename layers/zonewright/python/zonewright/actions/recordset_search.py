"""The search for record sets in the contents of zones: by place, by id, and those that a query describes.

Lines are read chunk by chunk, and the next chunks meanwhile. A search ends at the last line that it needs. So a page of
the stored list, an exact name, an id and a name below given labels read one chunk, or a few. Any other filter and any
other order reads every line; a filter without the number of those that pass reads up to the end of its page.
"""

import bisect
import heapq
import itertools
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import itemgetter
from typing import Any

from zonewright.contents import chunks
from zonewright.contents.bucket import Bucket
from zonewright.errors import MarkerNotFound, TooLarge
from zonewright.model.columns import ORDERS, Lines, Query
from zonewright.model.ranges import between
from zonewright.model.recordsetid import CODED, candidates, finder, id_of
from zonewright.model.version import Chunk, Version, index_of
from zonewright.model.zone import Zone
from zonewright.protocol import rrset

SECONDS = 20.0
"""Seconds after which the reading of contents ends without a result, so that the function has time to say so."""

_WAY_OUT = "ask in one zone, for an exact name or names that end with whole labels, by name, or without counts"

_AFTER_TAB = "\n"
"""Sorts behind a tab. No line has it."""


class Deadline:
    """The end of the time that the reading of contents may take, from now on. `way_out` says what to do instead."""

    def __init__(self, way_out: str = _WAY_OUT) -> None:
        self._end = time.monotonic() + SECONDS
        self._way_out = way_out

    def check(self) -> None:
        """Raise TooLarge if the time is over."""
        if time.monotonic() > self._end:
            raise TooLarge(f"This takes longer than {SECONDS:g} seconds: {self._way_out}")


@dataclass(frozen=True, slots=True)
class Contents:
    """A zone, and one of its versions to read."""

    zone: Zone
    version: Version
    deadline: Deadline = field(default_factory=Deadline, compare=False)

    @property
    def sizes(self) -> tuple[int, int]:
        """Return the numbers of record sets and of records."""
        return self.version.rrsets, self.version.records

    def lines(
        self,
        bucket: Bucket,
        low: str = "",
        high: str | None = None,
        *,
        holds: Callable[[Chunk, str | None], bool] = lambda *_: True,
        backwards: bool = False,
    ) -> Iterator[Lines]:
        """Yield the lines with sort keys from `low` up to `high`, the lines of a chunk at a time, each in order.

        `holds` says which chunks to read, by the chunk and the sort key at which the next one starts. `backwards`
        begins with the last chunk. Raise TooLarge.
        """
        every = self.version.chunks
        ends = [chunk.start for chunk in every[1:]]
        span = range(index_of(every, low), len(every) if high is None else index_of(every, high) + 1)
        some = [every[at] for at in span if holds(every[at], ends[at] if at < len(ends) else None)]
        for lines in self._each(bucket, reversed(some) if backwards else some):
            yield between(lines, low, high) if low or high else lines

    def of_owner(self, bucket: Bucket, key: str) -> Lines:
        """Return the lines of an owner name, by its sort key. They are all in one chunk."""
        chunk = self.version.chunks[index_of(self.version.chunks, key)]
        start = key + rrset.TAB
        return [line for line in chunks.read(bucket, self.zone.id, chunk) if line.startswith(start)]

    def at(self, bucket: Bucket, place: str) -> str | None:
        """Return the line at a place, or None."""
        return next((line for line in self.of_owner(bucket, owner_key(place)) if line.startswith(place)), None)

    def line_of(self, bucket: Bucket, record_set_id: str) -> str | None:
        """Return the line of the record set with an id, or None. Raise TooLarge."""
        matches = finder(self.zone.id, record_set_id)
        for lines in self._each(bucket, candidates(record_set_id, self.version.chunks)):
            for line in lines:
                if matches(rrset.place(line)):
                    return line
        return None

    def _each(self, bucket: Bucket, some: Iterable[Chunk]) -> Iterator[Lines]:
        for lines in chunks.each(bucket, self.zone.id, some):
            self.deadline.check()
            yield lines


Found = tuple[Zone, str]
"""A zone and a line of it."""

Batch = tuple[Zone, Lines]
"""A zone and lines of it, in canonical order."""

Place = tuple[Zone, str]
"""A zone and a place in it."""


def search(
    bucket: Bucket, every: Iterable[Contents], query: Query, behind: tuple[Contents, str] | None, *, alone: bool
) -> tuple[Iterable[Found], int | None]:
    """Return the record sets behind a place that a query describes, and how many pass its filters in all.

    They come as they are read, if possible; else up to `query.limit`. The number is None if it is not requested, or if
    there are no filters. `alone` says that there is one zone only. Raise TooLarge, MarkerNotFound.
    """
    counted = query.counted and bool(query.patterns)
    if (query.order and query.order != "id") or ((query.order or query.descending) and not alone):
        return _sorted(bucket, every, query, behind, counted=counted)
    place = None if behind is None else (behind[0].zone, behind[1])
    near = _near(*behind, query) if behind is not None and query.order else place
    count = 0

    def counting() -> Iterator[Batch]:
        nonlocal count
        for zone, lines in _passing(bucket, every, query, None if counted else near):
            count += len(lines)
            yield zone, lines

    passing = counting()
    walk = _by_id if query.order else _in_turn
    found = walk(passing, place, backwards=query.descending)
    if not counted:
        return found, None
    chosen = list(itertools.islice(found, query.limit))
    deque(passing, maxlen=0)
    return chosen, count


def _passing(bucket: Bucket, every: Iterable[Contents], query: Query, behind: Place | None = None) -> Iterator[Batch]:
    """Yield the lines of each zone that pass the filters, many at a time. Those far before `behind` are not read."""
    for contents in every:
        zone = contents.zone
        span = query.span(zone)
        if span is None:
            continue
        low, high = span
        if behind and behind[0].id == zone.id:
            key = owner_key(behind[1])
            if query.descending:
                high = min(key + _AFTER_TAB, high or key + _AFTER_TAB)
            else:
                low = max(key, low)
        filters = query.filters(zone)
        if query.name is not None:
            batches: Iterable[Lines] = [contents.of_owner(bucket, low)]
        else:
            batches = contents.lines(bucket, low, high, holds=query.holds(zone), backwards=query.descending)
        for lines in batches:
            passing = lines
            for keep in filters:
                passing = keep(passing)
            yield zone, passing


def _in_turn(batches: Iterable[Batch], behind: Place | None, *, backwards: bool) -> Iterator[Found]:
    """Yield lines in stored order, or in its reverse, behind a place."""
    for zone, lines in batches:
        chosen = lines if behind is None else _behind(zone, lines, behind, backwards=backwards)
        yield from ((zone, line) for line in (reversed(chosen) if backwards else chosen))


def _by_id(batches: Iterable[Batch], behind: Place | None, *, backwards: bool) -> Iterator[Found]:
    """Yield the lines of one zone in the order of their ids, or in its reverse, behind that of a place.

    Ids begin with a code that keeps the order of places. So only lines whose ids begin alike may be in another order.
    """
    start = None if behind is None else id_of(behind[0].id, behind[1])
    rows = _in_turn(batches, None, backwards=backwards)
    named = ((id_of(zone.id, rrset.place(line)), zone, line) for zone, line in rows)
    for _, group in itertools.groupby(named, lambda row: row[0][:CODED]):
        for made, zone, line in sorted(group, key=itemgetter(0), reverse=backwards):
            if start is None or (made < start if backwards else made > start):
                yield zone, line


def _near(contents: Contents, place: str, query: Query) -> Place | None:
    """Return a place from which on `_by_id` finds all lines whose id is behind that of `place`. None is the first."""
    every = contents.version.chunks
    some = candidates(id_of(contents.zone.id, place), every)
    if not query.descending:
        return contents.zone, some[0].start + rrset.TAB
    after = every.index(some[-1]) + 1
    return (contents.zone, every[after].start + rrset.TAB) if after < len(every) else None


def _behind(zone: Zone, lines: Lines, behind: Place, *, backwards: bool) -> Lines:
    """Return the lines behind a place in the stored order, or in its reverse."""
    other, place = behind
    if zone.id != other.id:
        return lines if (zone.created, zone.id) > (other.created, other.id) else []
    if backwards:
        return lines[: bisect.bisect_left(lines, place)]
    return lines[bisect.bisect_left(lines, _end_of(place)) :]


def _sorted(
    bucket: Bucket,
    every: Iterable[Contents],
    query: Query,
    behind: tuple[Contents, str] | None,
    *,
    counted: bool,
) -> tuple[list[Found], int | None]:
    """Return what `search` does in another order. No more lines are held than are returned."""
    order = ORDERS[query.order] if query.order else None
    start = None if behind is None else _start(bucket, behind, query)
    zones: dict[str, Zone] = {}
    count = 0

    def entries() -> Iterator[tuple[Any, datetime, str, str]]:
        nonlocal count
        for zone, lines in _passing(bucket, every, replace(query, descending=False)):
            zones[zone.id] = zone
            count += len(lines)
            values = order(zone)(lines) if order else itertools.repeat("")
            yield from zip(values, itertools.repeat(zone.created), itertools.repeat(zone.id), lines)

    wanted: Iterable[tuple[Any, datetime, str, str]] = entries()
    if start is not None:
        after = start.__gt__ if query.descending else start.__lt__
        wanted = filter(after, wanted)
    choose = heapq.nlargest if query.descending else heapq.nsmallest
    found = choose(query.limit, wanted)
    return [(zones[zone_id], line) for _, _, zone_id, line in found], count if counted else None


def _start(bucket: Bucket, behind: tuple[Contents, str], query: Query) -> tuple[Any, datetime, str, str]:
    """Return the position of a place in the order of a query, to compare others with. Raise MarkerNotFound."""
    contents, place = behind
    zone, value = contents.zone, ""
    if query.order:
        line = contents.at(bucket, place)
        if line is None:
            raise MarkerNotFound("its record set is gone", marker=query.marker or "")
        (value,) = ORDERS[query.order](zone)([line])
    return value, zone.created, zone.id, place if query.descending else _end_of(place)


def _end_of(place: str) -> str:
    """Return a text behind the line at a place, and before the next line."""
    return place[:-1] + _AFTER_TAB


def owner_key(place: str) -> str:
    """Return the sort key of the owner name of a place."""
    return place.partition(rrset.TAB)[0]
