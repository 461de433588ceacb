"""Versions in the table: one item each, with the chunk list packed so that millions of records fit.

The list is gzipped: `start TAB rrsets TAB records TAB size` a line, then the digests as raw octets, which do
not compress. A zone of a million records has some 250 chunks and an item of 12 KB; at 400 KB an item's limit
is reached near 40 million records (chunks of 128 KB).
"""

import zlib

from zonewright import clock
from zonewright.store import keys
from zonewright.store.table import Item, Put, Table
from zonewright.version import Chunk, Version


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
        "chunks": _pack(version.chunks),
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
        chunks=_unpack(item["chunks"]),
        ttl=item.get("ttl"),
    )


def put(version: Version) -> Put:
    """The write that stores a version; a number is written once for good by whoever holds the zone."""
    return Put(to_item(version))


def get(table: Table, zone_id: str, number: int) -> Version | None:
    """One version; None for number 0 and for one that was never published."""
    item = table.get(keys.version(zone_id, number)) if number else None
    return from_item(item) if item else None


def _pack(chunks: tuple[Chunk, ...]) -> bytes:
    index = "\n".join(f"{chunk.start}\t{chunk.rrsets}\t{chunk.records}\t{chunk.size}" for chunk in chunks)
    packed = zlib.compress(index.encode("ascii"))
    return len(packed).to_bytes(4, "big") + packed + b"".join(bytes.fromhex(chunk.digest) for chunk in chunks)


def _unpack(octets: bytes) -> tuple[Chunk, ...]:
    end = 4 + int.from_bytes(octets[:4], "big")
    rows = [row.split("\t") for row in zlib.decompress(octets[4:end]).decode("ascii").split("\n")]
    digests = [octets[at : at + 32].hex() for at in range(end, len(octets), 32)]
    return tuple(
        Chunk(start, digest, int(size), int(rrsets), int(records))
        for (start, rrsets, records, size), digest in zip(rows, digests, strict=True)
    )
