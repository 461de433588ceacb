"""The leftovers of versions and zones: one small item for each superseded version and each deleted zone, until swept.

    published over ──▶ SUPERSEDED ──retention──▶ REMOVED ──an hour, for readers──▶ objects deleted, and this item
    zone deleted ────▶ SUPERSEDED ──retention──▶ the whole zone deleted, and this item

Each leftover is listed by the time it came to its stage, so a sweep reads only those that are due. The leftover of a
whole zone has the number 0. At REMOVED the version's own item is deleted, so no new reader finds it, and the leftover
holds the chunks that no other version names. Versions themselves are not listed, because the index would copy their
chunk lists.
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
    """The rest of version `number` of a zone, or of the whole zone for 0.

    `since` is when it came to its stage. At REMOVED, `chunks` are the chunks to delete.
    """

    zone_id: str
    number: int
    stage: Stage
    since: datetime
    chunks: tuple[Chunk, ...] = ()


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass of the sweeper through all objects. It began at `began` and has swept the zones up to the id `after`.

    `over` says that it has swept all zones. `failed` are the ids of zones to sweep again, because something of them
    could not be deleted.
    """

    began: datetime
    after: str = ""
    over: bool = False
    failed: tuple[str, ...] = ()


def superseded(zone_id: str, number: int, now: datetime) -> Put:
    """Return the write that notes a superseded version, for the transaction that supersedes it."""
    return Put(_to_item(Leftover(zone_id, number, Stage.SUPERSEDED, now)))


def deleted(zone_id: str, now: datetime) -> Put:
    """Return the write that notes a deleted zone, for the transaction that deletes it."""
    return superseded(zone_id, 0, now)


def removed(leftover: Leftover, chunks: Sequence[Chunk], now: datetime) -> Put:
    """Return the write that moves a leftover to REMOVED with the chunks to delete.

    It belongs in the transaction that deletes the version's item, and fails the second time.
    """
    still = equal(stage=str(Stage.SUPERSEDED))
    return Put(_to_item(Leftover(leftover.zone_id, leftover.number, Stage.REMOVED, now, tuple(chunks))), still)


def swept(leftover: Leftover) -> Delete:
    """Return the write that deletes a leftover."""
    return Delete(keys.leftover(leftover.zone_id, leftover.number))


def due(table: Table, stage: Stage, before: datetime) -> Iterator[Leftover]:
    """Yield the leftovers that came to a stage before a time, the oldest of each list first."""
    for shard in range(keys.LEFTOVER_SHARDS):
        listed = keys.leftover_list(stage, shard)
        for item in table.query(listed, index=keys.INDEX, until=clock.to_text(before)):
            yield _from_item(item)


def every(table: Table, zone_id: str) -> Iterator[Leftover]:
    """Yield all leftovers of a zone."""
    return map(_from_item, table.query(keys.zone_partition(zone_id), prefix=keys.LEFTOVERS))


def latest_pass(table: Table) -> Pass | None:
    """Return the latest pass, or None before the first."""
    item = table.get(keys.SWEEP)
    if item is None:
        return None
    return Pass(clock.from_text(item["began"]), item["after"], item["over"], tuple(item.get("failed", ())))


def note_pass(table: Table, at: Pass) -> None:
    """Store how far a pass is. Two passes at a time sweep some zones twice, without harm."""
    noted = {"began": clock.to_text(at.began), "after": at.after, "over": at.over, "failed": list(at.failed)}
    table.write(Put({**keys.SWEEP, **noted}))


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
