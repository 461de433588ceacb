"""What moved in a zone, record set by record set: every change of its history, newest first.

A change stores its moves in parts that say how many they hold (`contents/differences.py`). The first one stores none:
all it made is in its version, whose chunks say as much. So a page is found by counting, and only those parts are read
that it lies in. Within a change moves are in canonical order.

Two versions of the contents differ where they do not name the same chunks, so only those are read. How much differs is
known of none of them before that, so a page of a difference begins at one of them, not at a count.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from zonewright import clock
from zonewright.contents import chunks, differences
from zonewright.contents.bucket import AT_ONCE, Bucket, ObjectMissing, growing_batches
from zonewright.errors import ChangeNotFound, InvalidMarker, VersionNotFound
from zonewright.model import diff, ranges
from zonewright.model.change import Change
from zonewright.model.diff import Move
from zonewright.model.version import Chunk, Span, Version, spans
from zonewright.model.zone import Zone
from zonewright.service import Service
from zonewright.store import changes, users, versions

_PAGE_OCTETS = 500_000
"""Stored text of a page of moves: written out, JSON in JSON, it grows to seven times that at most (a hundred thousand
MX of the root); Lambda answers 6 MB."""

_SPANS = 64
_READ_OCTETS = 16_000_000
"""What a page of a difference reads at most: so many pairs of chunks, and until they have so much text."""

_WITHIN = 32
"""Bits of the number of a move within a span, in the marker of a page; what is above numbers the span."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some moves that are stored together, in canonical order: how many, and how to read them; `change` made them."""

    count: int
    read: Callable[[], Sequence[Move]]
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A record set that moved, and the change it moved with, where that is one of the history."""

    move: Move
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some moves, and where the next page begins if there is one; the numbers of the `versions` they are between."""

    items: list[Moved]
    following: int | None
    versions: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Changes, newest first, and the id that the next page starts from; None if there is none."""

    changes: list[Change]
    next_id: str | None


def changes_of(service: Service, zone: Zone, *, limit: int, start_from: str | None) -> ChangePage:
    """Return a page of a zone's changes, newest first, from `start_from`, the `next_id` of the page before.

    Raise InvalidMarker if `start_from` is none.
    """
    before = None
    if start_from is not None:
        created, _, change_id = start_from.partition("#")
        try:
            before = clock.from_text(created), change_id
        except ValueError as error:
            raise InvalidMarker(f"startFrom {start_from} is no nextId of this zone's history") from error
    found = changes.listing(service.table, zone.id, limit + 1, before)
    more = len(found) > limit
    shown = found[:limit]
    return ChangePage(shown, f"{clock.to_text(shown[-1].created)}#{shown[-1].id}" if more else None)


def of_zone(service: Service, zone: Zone, *, start: int, limit: int) -> Page:
    """Up to `limit` moves of all changes of a zone, the newest change first, from the `start`th on.

    Where the first version of the contents was swept, what was there from the beginning is not among them.
    """
    every = (part for change in changes.newest(service.table, zone.id) for part in _parts(service, change) or ())
    return page(every, start=start, limit=limit)


def of_change(service: Service, zone: Zone, change_id: str, *, start: int, limit: int) -> Page:
    """Up to `limit` moves of one change, from the `start`th on.

    Raises ChangeNotFound, or VersionNotFound where they are those of a version that was swept.
    """
    change = next((each for each in changes.newest(service.table, zone.id) if each.id == change_id), None)
    if change is None:
        raise ChangeNotFound(f"Zone {zone.name} has no change with id {change_id}")
    parts = _parts(service, change)
    if parts is None:
        raise VersionNotFound(
            f"Change {change_id} is the first of zone {zone.name}: what it made is version {change.version} of the "
            "contents, which is kept no longer"
        )
    return page(parts, start=start, limit=limit)


def version(service: Service, zone: Zone, number: int | None = None) -> Version:
    """A version of the zone's contents, the one it shows unless `number` names another; raises VersionNotFound."""
    found = versions.get(service.table, zone.id, zone.version if number is None else number)
    if found is not None:
        return found
    if not zone.version:
        raise VersionNotFound(f"Zone {zone.name} has no contents yet")
    if number is not None and 0 < number < zone.version:
        raise VersionNotFound(f"Zone {zone.name} no longer has version {number}")
    raise VersionNotFound(f"Zone {zone.name} has versions 1 to {zone.version}, not {number}")


def between(service: Service, zone: Zone, since: int, until: int | None, *, start: int, limit: int) -> Page:
    """Up to `limit` moves of those that turn version `since` into `until`, or into the one shown, from a marker on.

    The marker is 0, or where the page before said that it goes on. A page ends early where it has looked at much that
    did not move. Raises VersionNotFound.
    """
    old, new = version(service, zone, since), version(service, zone, until)
    compared = old.number, new.number
    apart = list(spans(old.chunks, new.chunks))
    first, behind = start >> _WITHIN, start & ((1 << _WITHIN) - 1)
    looked_at = list(_read_at_once(apart[first : first + _SPANS]))
    items: list[Moved] = []
    size = 0
    for number, moves in enumerate(moves_of(service.bucket, zone.id, looked_at), first):
        for at, move in enumerate(moves[behind:], behind):
            size += octets(move)
            if len(items) == limit or (items and size > _PAGE_OCTETS):
                return Page(items, number << _WITHIN | at, compared)
            items.append(Moved(move))
        behind = 0
    rest = first + len(looked_at)
    return Page(items, rest << _WITHIN if rest < len(apart) else None, compared)


def _read_at_once(apart: Iterable[Span]) -> Iterator[Span]:
    """As many spans as one page reads."""
    size = 0
    for span in apart:
        yield span
        size += span.old.size + span.new.size
        if size >= _READ_OCTETS:
            return


def moves_of(bucket: Bucket, zone_id: str, apart: Sequence[Span]) -> Iterator[list[Move]]:
    """What differs in each span of two versions; a few chunks in memory at a time."""
    for some in growing_batches(apart):
        chunks.prefetch(bucket, dict.fromkeys((zone_id, chunk) for span in some for chunk in (span.old, span.new)))
        for span in some:
            old, new = (chunks.read(bucket, zone_id, chunk) for chunk in (span.old, span.new))
            yield diff.exact_moves(ranges.between(old, span.start, span.end), ranges.between(new, span.start, span.end))


def user_names(service: Service, found: Page) -> dict[str, str]:
    """The names of the users who made the changes of a page, by their ids; of those who are there."""
    ids = {moved.change.user_id for moved in found.items if moved.change}
    return {user.id: user.name for each in ids if each and (user := users.get(service.table, each))}


def stored(bucket: Bucket, keys: Iterable[str], change: Change | None = None) -> Iterator[Part]:
    """The parts under the `keys` of a change's differences."""
    return (Part(differences.moves(key), partial(differences.read, bucket, key), change) for key in keys)


def page(parts: Iterable[Part], *, start: int, limit: int) -> Page:
    """Up to `limit` moves from the `start`th on; no part is read that has none, nor looked for behind the last.

    A page ends early where its moves would grow past what one answer holds.
    """
    wanted: list[tuple[Part, int]] = []
    behind, held = start, 0
    for part in parts:
        if part.count <= behind:
            behind -= part.count
            continue
        wanted.append((part, behind))
        held += part.count - behind
        behind = 0
        if held > limit:
            break
    items = list(_within(_moves(wanted), limit))
    return Page(items, start + len(items) if held > len(items) else None)


def _moves(wanted: list[tuple[Part, int]]) -> Iterator[Moved]:
    """The moves of some parts, without as many of each as are said; a few parts are read at once."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for at in range(0, len(wanted), AT_ONCE):
            some = wanted[at : at + AT_ONCE]
            try:
                read = list(pool.map(lambda each: each[0].read(), some))
            except ObjectMissing as error:
                raise ChangeNotFound("What moved is removed at this moment: it is kept no longer") from error
            for (part, behind), moves in zip(some, read, strict=True):
                yield from (Moved(move, part.change) for move in moves[behind:])


def _within(moves: Iterable[Moved], limit: int) -> Iterator[Moved]:
    """As many of the moves as a page holds: `limit`, or until their text is too long, but one in any case."""
    size = 0
    for count, moved in enumerate(moves):
        size += octets(moved.move)
        if count == limit or (count and size > _PAGE_OCTETS):
            return
        yield moved


def octets(move: Move) -> int:
    """How long the stored text is of what is shown of a move: before and now, where it is gone what it was last."""
    before = move.before or ""
    return len(before) + len(before if move.after is None else move.after)


def _parts(service: Service, change: Change) -> Iterator[Part] | None:
    """The parts of what a change moved; None where they were swept."""
    if change.differences or not (change.counts and change.counts.moved):
        return stored(service.bucket, change.differences, change)
    version = versions.get(service.table, change.zone_id, change.version or 0)
    if version is None:
        return None
    made = partial(_made, service.bucket, change.zone_id)
    return (Part(chunk.rrsets, partial(made, chunk), change) for chunk in version.chunks)


def _made(bucket: Bucket, zone_id: str, chunk: Chunk) -> list[Move]:
    """What is in a chunk, as what came to be."""
    return [Move(None, line) for line in chunks.read(bucket, zone_id, chunk)]
