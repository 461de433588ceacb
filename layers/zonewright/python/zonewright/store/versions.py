"""Versions in the table: one item each, which never changes. `leftovers.py` says how they end."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from zonewright import clock
from zonewright.errors import ZoneTooLarge
from zonewright.model import formats
from zonewright.model.version import Chunk, Version
from zonewright.store import chunklists, keys, leftovers
from zonewright.store.table import Item, Put, Table, Write

LARGEST_LIST = 390_000
"""Bytes of a packed chunk list. An item has at most 400 KB, including its other attributes."""


def to_item(version: Version) -> Item:
    """Return the item of a version."""
    chunks, deep = chunklists.pack(version.chunks), chunklists.pack_deep(version.chunks)
    return {
        **keys.version(version.zone_id, version.number),
        "format": formats.VERSION,
        "zone_id": version.zone_id,
        "number": version.number,
        "serial": version.serial,
        "created": clock.to_text(version.created),
        "change_id": version.change_id,
        "records": version.records,
        "chunks": chunks,
        **({"deep": deep} if len(chunks) + len(deep) <= LARGEST_LIST else {}),
        **({} if version.ttl is None else {"ttl": version.ttl}),
    }


def from_item(item: Item) -> Version:
    """Return the version of an item. Raise ZoneBusy if a newer release has stored it in another format."""
    formats.check(item, formats.VERSION, "a version")
    chunks = chunklists.unpack(item["chunks"])
    return Version(
        zone_id=item["zone_id"],
        number=item["number"],
        serial=item["serial"],
        created=clock.from_text(item["created"]),
        change_id=item["change_id"],
        chunks=chunklists.with_deep(chunks, item["deep"]) if "deep" in item else chunks,
        ttl=item.get("ttl"),
    )


def publish(version: Version, base: Sequence[Chunk]) -> list[Write]:
    """Return the writes that make `version` the successor of the version with the chunks `base`.

    `base` is empty for the first version. The caller writes them in one transaction with the zone's item, on the
    condition that the zone still shows the base. The base is superseded, and swept later. Every chunk is the base's or
    was written by this change, because any other chunk may be swept by now. Raise ZoneTooLarge if the item cannot hold
    the chunks.
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
    """Return one version. Return None for number 0, and for a number that was never published or was swept."""
    item = table.get(keys.version(zone_id, number)) if number else None
    return from_item(item) if item else None


def neighbours(table: Table, zone_id: str, number: int, gone: Iterable[int] = ()) -> list[Version]:
    """Return the versions next below and next above a number that exist and are not in `gone`."""
    pk, at = keys.version(zone_id, number).values()
    found = []
    for newest_first in (True, False):
        items = table.query(pk, prefix=keys.VERSIONS, after=at, newest_first=newest_first, step=1)
        found += [from_item(item) for item in islice((each for each in items if each["number"] not in gone), 1)]
    return found


def every(table: Table, zone_id: str) -> Iterator[Version]:
    """Yield all versions of a zone that exist, the oldest first."""
    return map(from_item, table.query(keys.zone_partition(zone_id), prefix=keys.VERSIONS))
