"""What is left over and to be swept: one small item for each version that was superseded and each deleted zone.

    published over ──▶ SUPERSEDED ──retention──▶ REMOVED ──an hour, for readers──▶ objects gone, and this item
    zone deleted ────▶ SUPERSEDED ──retention──▶ all of the zone gone, and this item

Each is listed by when it came to its stage, so that what is due is found without looking at what is not. A leftover of
number 0 is a whole zone's. REMOVED, the version's own item is gone, so nobody begins to read it; this one holds the
chunks that no other version names. An item apart, because listing the version itself would copy its chunk list.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zonewright import clock
from zonewright.model.version import Chunk
from zonewright.store import chunklists, keys
from zonewright.store.conditions import equal
from zonewright.store.table import Delete, Item, Put, Table


class Stage(StrEnum):
    """How far the sweeping of a leftover is."""

    SUPERSEDED = "SUPERSEDED"
    REMOVED = "REMOVED"


@dataclass(frozen=True, slots=True)
class Leftover:
    """What is left of version `number` of a zone (0: of the zone), in its stage `since`; REMOVED, its `chunks`."""

    zone_id: str
    number: int
    stage: Stage
    since: datetime
    chunks: tuple[Chunk, ...] = ()


@dataclass(frozen=True, slots=True)
class Pass:
    """A pass that `began` at a moment and has swept the zones up to the id `after`; all of them where it is `over`."""

    began: datetime
    after: str = ""
    over: bool = False


def superseded(zone_id: str, number: int, now: datetime) -> Put:
    """The write that says a version was superseded; in the transaction that does it."""
    return Put(_to_item(Leftover(zone_id, number, Stage.SUPERSEDED, now)))


def deleted(zone_id: str, now: datetime) -> Put:
    """The write that says a zone was deleted; in the transaction that does it."""
    return superseded(zone_id, 0, now)


def removed(leftover: Leftover, chunks: Sequence[Chunk], now: datetime) -> Put:
    """The write that says a version's item is gone and these chunks are to follow; once, in the same transaction."""
    still = equal(stage=str(Stage.SUPERSEDED))
    return Put(_to_item(Leftover(leftover.zone_id, leftover.number, Stage.REMOVED, now, tuple(chunks))), still)


def swept(leftover: Leftover) -> Delete:
    """The write that says nothing is left."""
    return Delete(keys.leftover(leftover.zone_id, leftover.number))


def due(table: Table, stage: Stage, before: datetime) -> Iterator[Leftover]:
    """The leftovers that came to their stage before a moment, the oldest of each list first."""
    for shard in range(keys.LEFTOVER_SHARDS):
        listed = keys.leftover_list(stage, shard)
        for item in table.query(listed, index=keys.INDEX, until=clock.to_text(before)):
            yield _from_item(item)


def every(table: Table, zone_id: str) -> Iterator[Leftover]:
    """All leftovers of a zone."""
    return map(_from_item, table.query(keys.zone(zone_id)["pk"], prefix=keys.LEFTOVERS))


def latest_pass(table: Table) -> Pass | None:
    """The latest pass; None before the first."""
    item = table.get(keys.SWEEP)
    return Pass(clock.from_text(item["began"]), item["after"], item["over"]) if item else None


def note_pass(table: Table, at: Pass) -> None:
    """Note how far it is; two at a time sweep some zones twice, which harms nothing."""
    table.write(Put({**keys.SWEEP, "began": clock.to_text(at.began), "after": at.after, "over": at.over}))


def _to_item(leftover: Leftover) -> Item:
    zone_id, number = leftover.zone_id, leftover.number
    return {
        **keys.leftover(zone_id, number),
        **keys.leftover_listing(leftover.stage, leftover.since, zone_id, number),
        "zone_id": zone_id,
        "number": number,
        "stage": str(leftover.stage),
        "since": clock.to_text(leftover.since),
        "chunks": chunklists.pack(leftover.chunks),
    }


def _from_item(item: Item) -> Leftover:
    return Leftover(
        zone_id=item["zone_id"],
        number=item["number"],
        stage=Stage(item["stage"]),
        since=clock.from_text(item["since"]),
        chunks=chunklists.unpack(item["chunks"]),
    )
