"""History of a zone: its changes, newest first, and the record sets that moved with them.

A change stores its moves in parts, in canonical order. The key of a part has the number of its moves
(`contents/differences.py`). The first change stores no parts, because its moves are the contents of its version. The
chunks of that version have their numbers too. So a page is found by counting, and reads only the parts that it needs.

A comparison of two versions reads only the chunks that one version names and the other does not. The number of moves in
them is unknown before that. So the marker of a page names a span of the comparison and a move in it, not a count.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from zonewright.actions.recordset_search import Deadline
from zonewright.contents import chunks, differences
from zonewright.contents.bucket import AT_ONCE, Bucket, ObjectMissing
from zonewright.errors import ChangeNotFound, VersionNotFound
from zonewright.model import diff
from zonewright.model.change import Change
from zonewright.model.diff import Move
from zonewright.model.version import Chunk, Span, Version, spans
from zonewright.model.zone import Zone
from zonewright.service import Service
from zonewright.store import changes, users, versions

_PAGE_BYTES = 500_000
"""Bytes of stored text after which a page reads no more moves.

As JSON in JSON the text grows up to seven times (100,000 MX records of the root). What does not fit into a response is
left to the next page (`Page.first`).
"""

_SPANS = 64
"""Most spans of two versions that one page reads."""

_READ_BYTES = 16_000_000
"""Bytes of chunk text after which a page reads no more spans."""

_WITHIN = 32
"""Bits of a page's marker for the number of a move within its span. The bits above number the span."""


@dataclass(frozen=True, slots=True)
class Part:
    """Moves that are stored together, in canonical order. `read` reads them, and `change` made them."""

    count: int
    read: Callable[[], Sequence[Move]]
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A move of a record set, and the change that made it. None if the move comes from a comparison.

    `start` is the marker of a page that begins with the move.
    """

    move: Move
    change: Change | None = None
    start: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page of moves. `following` is the marker of the next page, or None for the last page.

    `versions` are the numbers of the two versions that were compared. None if the moves come from the history.
    """

    items: list[Moved]
    following: int | None
    versions: tuple[int, int] | None = None

    def first(self, count: int) -> "Page":
        """Return the page of the first `count` moves, behind which the next page begins."""
        if count == len(self.items):
            return self
        return Page(self.items[:count], self.items[count].start, self.versions)


def of_zone(service: Service, zone: Zone, *, start: int, limit: int) -> Page:
    """Return a page of up to `limit` moves of all changes of a zone, newest change first, from number `start`.

    The moves of the first change are left out if its version expired.
    """
    every = (part for change in changes.newest(service.table, zone.id) for part in _parts(service, change) or ())
    return page(every, start=start, limit=limit)


def of_place(service: Service, zone: Zone, place: str) -> Iterator[Moved]:
    """Yield the moves of the record set at a place, newest first. Raise TooLarge if that takes too long."""
    deadline = Deadline("ask for fewer entries")
    for change in changes.newest(service.table, zone.id):
        for part in _parts(service, change) or ():
            deadline.check()
            yield from (Moved(move, change) for move in part.read() if move.place == place)


def of_change(service: Service, zone: Zone, change_id: str, *, start: int, limit: int) -> Page:
    """Return a page of up to `limit` moves of one change, from number `start`.

    Raise ChangeNotFound, or VersionNotFound for the first change if its version expired.
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
    """Return version `number` of a zone, or its current version. Raise VersionNotFound."""
    found = versions.get(service.table, zone.id, zone.version if number is None else number)
    if found is not None:
        return found
    if not zone.version:
        raise VersionNotFound(f"Zone {zone.name} has no contents yet")
    if number is not None and 0 < number < zone.version:
        raise VersionNotFound(f"Zone {zone.name} no longer has version {number}")
    raise VersionNotFound(f"Zone {zone.name} has versions 1 to {zone.version}, not {number}")


def between(service: Service, zone: Zone, since: int, until: int | None, *, start: int, limit: int) -> Page:
    """Return a page of up to `limit` moves from version `since` to version `until`, or to the current version.

    `start` is 0, or the `following` of the page before. A page that has read much text may have fewer moves, and even
    none. Raise VersionNotFound.
    """
    old, new = version(service, zone, since), version(service, zone, until)
    compared = old.number, new.number
    apart = list(spans(old.chunks, new.chunks))
    first, behind = start >> _WITHIN, start & ((1 << _WITHIN) - 1)
    looked_at = list(_read_at_once(apart[first : first + _SPANS]))
    items: list[Moved] = []
    size = 0
    for number, moves in enumerate(chunks.moves_of(service.bucket, zone.id, looked_at), first):
        for at, move in enumerate(moves[behind:], behind):
            size += shown_bytes(move)
            if len(items) == limit or (items and size > _PAGE_BYTES):
                return Page(items, number << _WITHIN | at, compared)
            items.append(Moved(move, start=number << _WITHIN | at))
        behind = 0
    rest = first + len(looked_at)
    return Page(items, rest << _WITHIN if rest < len(apart) else None, compared)


def _read_at_once(apart: Iterable[Span]) -> Iterator[Span]:
    """Yield the spans that one page reads."""
    size = 0
    for span in apart:
        yield span
        size += span.old.size + span.new.size
        if size >= _READ_BYTES:
            return


def user_names(service: Service, found: Page) -> dict[str, str]:
    """Return the names of the users that made the changes of a page, by id. Deleted users are left out."""
    ids = {moved.change.user_id for moved in found.items if moved.change}
    return {user.id: user.name for each in ids if each and (user := users.get(service.table, each))}


def stored(bucket: Bucket, keys: Iterable[str], change: Change | None = None) -> Iterator[Part]:
    """Return the parts that are stored under the S3 `keys` of a change's differences. Nothing is read yet."""
    return (Part(differences.moves(key), partial(differences.read, bucket, key), change) for key in keys)


def page(parts: Iterable[Part], *, start: int, limit: int) -> Page:
    """Return a page of up to `limit` moves from number `start`. Only the parts that hold them are read.

    A page has fewer moves if that is much text. Raise ChangeNotFound if a part was just deleted.
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
    items = [replace(moved, start=at) for at, moved in enumerate(_fitting(_moves(wanted), limit), start)]
    return Page(items, start + len(items) if held > len(items) else None)


def _moves(wanted: list[tuple[Part, int]]) -> Iterator[Moved]:
    """Yield the moves of some parts. The number of a part is the number of its moves to skip.

    Several parts are read at once.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for at in range(0, len(wanted), AT_ONCE):
            some = wanted[at : at + AT_ONCE]
            try:
                read = list(pool.map(lambda each: each[0].read(), some))
            except ObjectMissing as error:
                raise ChangeNotFound("What moved is removed at this moment: it is kept no longer") from error
            for (part, behind), moves in zip(some, read, strict=True):
                yield from (Moved(move, part.change) for move in moves[behind:])


def _fitting(moves: Iterable[Moved], limit: int) -> Iterator[Moved]:
    """Yield the moves of a page: up to `limit`, and up to `_PAGE_BYTES` of text, but at least one."""
    size = 0
    for count, moved in enumerate(moves):
        size += shown_bytes(moved.move)
        if count == limit or (count and size > _PAGE_BYTES):
            return
        yield moved


def shown_bytes(move: Move) -> int:
    """Return the bytes of stored text that a response shows of a move. A deleted record set is shown twice."""
    before = move.before or ""
    return len(before) + len(before if move.after is None else move.after)


def _parts(service: Service, change: Change) -> Iterator[Part] | None:
    """Return the parts of a change's moves, or None if they expired with the first version."""
    if change.moved:
        return iter((Part(len(diff.read(change.moved)), partial(diff.read, change.moved), change),))
    if change.differences or not (change.counts and change.counts.moved):
        return stored(service.bucket, change.differences, change)
    version = versions.get(service.table, change.zone_id, change.version or 0)
    if version is None:
        return None
    made = partial(_creations, service.bucket, change.zone_id)
    return (Part(chunk.rrsets, partial(made, chunk), change) for chunk in version.chunks)


def _creations(bucket: Bucket, zone_id: str, chunk: Chunk) -> list[Move]:
    """Return the record sets of a chunk as moves that create them: as many as its part counts."""
    return [Move(None, line) for line in chunks.stored(bucket, zone_id, chunk)]
