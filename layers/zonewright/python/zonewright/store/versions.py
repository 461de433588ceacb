"""Versions in the table: one item each, which never changes; what may become of it is in `leftovers.py`."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from zonewright import clock
from zonewright.errors import ZoneTooLarge
from zonewright.model.version import Chunk, Version
from zonewright.store import chunklists, keys, leftovers
from zonewright.store.table import Item, Put, Table, Write

LARGEST_LIST = 390_000
"""Octets of a packed chunk list; an item has at most 400 KB, its other attributes included."""


def to_item(version: Version) -> Item:
    """The version's item."""
    return {
        **keys.version(version.zone_id, version.number),
        "zone_id": version.zone_id,
        "number": version.number,
        "serial": version.serial,
        "created": clock.to_text(version.created),
        "change_id": version.change_id,
        "records": version.records,
        "chunks": chunklists.pack(version.chunks),
        **({} if version.ttl is None else {"ttl": version.ttl}),
    }


def from_item(item: Item) -> Version:
    """Read a version's item."""
    return Version(
        zone_id=item["zone_id"],
        number=item["number"],
        serial=item["serial"],
        created=clock.from_text(item["created"]),
        change_id=item["change_id"],
        chunks=chunklists.unpack(item["chunks"]),
        ttl=item.get("ttl"),
    )


def publish(version: Version, base: Sequence[Chunk]) -> list[Write]:
    """The writes that make `version` the one after the version whose chunks are `base` (none before the first).

    For every publisher, in its transaction with the zone's item, which the condition is on: that the zone still shows
    the base. That one is superseded from then on, and swept in its time; a chunk that is neither the base's nor of
    this change may be gone by now, so there is none. Raises ZoneTooLarge for more chunks than the item can name.
    """
    inherited = {chunk.name for chunk in base}
    assert all(chunk.change_id == version.change_id or chunk.name in inherited for chunk in version.chunks)
    item = to_item(version)
    if len(item["chunks"]) > LARGEST_LIST:
        raise ZoneTooLarge(
            f"the zone has {version.records:,} records in {len(version.chunks):,} chunks, more than a version can name;"
            " larger ones (ChunkBytes) are fewer"
        )
    writes: list[Write] = [Put(item)]
    if base:
        writes.append(leftovers.superseded(version.zone_id, version.number - 1, version.created))
    return writes


def get(table: Table, zone_id: str, number: int) -> Version | None:
    """One version; None for number 0 and for one that was never published."""
    item = table.get(keys.version(zone_id, number)) if number else None
    return from_item(item) if item else None


def neighbours(table: Table, zone_id: str, number: int, gone: Iterable[int] = ()) -> list[Version]:
    """The versions next below and next above a number, of those that are there and not `gone`."""
    pk, at = keys.version(zone_id, number).values()
    found = []
    for newest_first in (True, False):
        items = table.query(pk, prefix=keys.VERSIONS, after=at, newest_first=newest_first, step=1)
        found += [from_item(item) for item in islice((each for each in items if each["number"] not in gone), 1)]
    return found


def every(table: Table, zone_id: str) -> Iterator[Version]:
    """All versions of a zone that are there, the oldest first, one after the other as they are read."""
    return map(from_item, table.query(keys.zone(zone_id)["pk"], prefix=keys.VERSIONS))
