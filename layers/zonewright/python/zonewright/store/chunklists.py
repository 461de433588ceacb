"""A list of chunks as an item stores it, packed so that a version of millions of records fits.

The compressed part has a line of the changes that wrote the chunks. After it, each chunk has a line: `start TAB rrsets
TAB records TAB size TAB number of its change`. The digests follow as raw bytes, because they do not compress.

A zone of a million records has 100 to 170 chunks, depending on the size of its records (`ranges.py`). Its list has 5 to
7 KB. The 400 KB of an item hold nearly 10,000 chunks, or nearly 6,000 if each was written by another change.
"""

import zlib
from collections.abc import Sequence
from dataclasses import replace

from zonewright.model.version import Chunk


def pack(chunks: Sequence[Chunk]) -> bytes:
    """Return the packed list."""
    changes = {change_id: number for number, change_id in enumerate(dict.fromkeys(each.change_id for each in chunks))}
    rows = (f"{each.start}\t{each.rrsets}\t{each.records}\t{each.size}\t{changes[each.change_id]}" for each in chunks)
    packed = zlib.compress("\n".join(["\t".join(changes), *rows]).encode("ascii"))
    return len(packed).to_bytes(4, "big") + packed + b"".join(bytes.fromhex(chunk.digest) for chunk in chunks)


def pack_deep(chunks: Sequence[Chunk]) -> bytes:
    """Return the leftmost labels of chunks, packed: a line for each, with a space before each label, or `?` for None.

    They are apart from the list, because earlier releases do not read them.
    """
    rows = ("?" if each.deep is None else "".join(f" {label}" for label in each.deep) for each in chunks)
    return zlib.compress("\n".join(rows).encode("ascii"))


def with_deep(chunks: Sequence[Chunk], octets: bytes) -> tuple[Chunk, ...]:
    """Return chunks with the leftmost labels that `pack_deep` packed."""
    rows = zlib.decompress(octets).decode("ascii").split("\n")
    return tuple(
        each if row == "?" else replace(each, deep=tuple(row.split())) for each, row in zip(chunks, rows, strict=True)
    )


def unpack(octets: bytes) -> tuple[Chunk, ...]:
    """Return the chunks that `pack` packed."""
    end = 4 + int.from_bytes(octets[:4], "big")
    changes, *rows = [row.split("\t") for row in zlib.decompress(octets[4:end]).decode("ascii").split("\n")]
    digests = [octets[at : at + 32].hex() for at in range(end, len(octets), 32)]
    return tuple(
        Chunk(start, digest, int(size), int(rrsets), int(records), changes[int(change)])
        for (start, rrsets, records, size, change), digest in zip(rows, digests, strict=True)
    )
