"""A list of chunks as an item holds it, packed so that millions of records fit.

Compressed are a line of the changes that wrote the chunks, then `start TAB rrsets TAB records TAB size TAB number of
its change` a line; the digests follow as raw octets, which do not compress. A zone of a million records has 100 to
170 chunks, by the size of its records (`ranges.py`), and a list of 5 to 7 KB; at 400 KB an item's limit is reached
near 10,000 chunks, near 6,000 where another change wrote each chunk.
"""

import zlib
from collections.abc import Sequence

from zonewright.model.version import Chunk


def pack(chunks: Sequence[Chunk]) -> bytes:
    """The list in octets."""
    changes = {change_id: number for number, change_id in enumerate(dict.fromkeys(each.change_id for each in chunks))}
    rows = (f"{each.start}\t{each.rrsets}\t{each.records}\t{each.size}\t{changes[each.change_id]}" for each in chunks)
    packed = zlib.compress("\n".join(["\t".join(changes), *rows]).encode("ascii"))
    return len(packed).to_bytes(4, "big") + packed + b"".join(bytes.fromhex(chunk.digest) for chunk in chunks)


def unpack(octets: bytes) -> tuple[Chunk, ...]:
    """The chunks behind `pack`."""
    end = 4 + int.from_bytes(octets[:4], "big")
    changes, *rows = [row.split("\t") for row in zlib.decompress(octets[4:end]).decode("ascii").split("\n")]
    digests = [octets[at : at + 32].hex() for at in range(end, len(octets), 32)]
    return tuple(
        Chunk(start, digest, int(size), int(rrsets), int(records), changes[int(change)])
        for (start, rrsets, records, size, change), digest in zip(rows, digests, strict=True)
    )
