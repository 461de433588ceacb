"""Chunks: runs of RRset lines, gzipped, under the change that wrote them and the SHA-256 of their text.

`zones/{zone id}/chunks/{change id}/{digest}`. A chunk never changes, so the process keeps what it has read, up to a
limit. A retried change writes the same objects, and no other change writes them. So an object may be deleted once no
version names it and its change is over (`sweep.py`).

Earlier releases stored the signatures of an owner as one line. `read` splits it, so no other code meets such a line. A
chunk keeps its digest and its numbers until a change rewrites it.
"""

import gzip
import hashlib
import threading
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import islice

from zonewright.contents.bucket import AT_ONCE, Bucket
from zonewright.model.ranges import Piece
from zonewright.model.version import Chunk
from zonewright.protocol import rrset

_LEVEL = 1
"""gzip's fastest: 13 % more bytes than level 6 in a third of the time (measured on 100,000 address records)."""

_DEEP, _DEEP_CHARACTERS = 16, 128
"""Most leftmost labels that a chunk has, and their characters."""

_KEPT_OCTETS = 16_000_000
_kept: dict[str, str] = {}
_keeping = threading.Lock()


def prefix(zone_id: str) -> str:
    """Return the prefix of the object keys of a zone's chunks."""
    return f"zones/{zone_id}/chunks/"


def key(zone_id: str, chunk: Chunk) -> str:
    """Return the object key of a chunk of a zone."""
    return prefix(zone_id) + chunk.name


def to_text(lines: Sequence[str]) -> bytes:
    """Return the text whose digest names the chunk of these lines."""
    return ("\n".join(lines) + "\n").encode("ascii")


def describe(start: str, lines: Sequence[str], text: bytes, change_id: str) -> Chunk:
    """Return the chunk of these lines, written by this change. `text` is their `to_text`."""
    records = sum(map(rrset.records, lines))
    return Chunk(start, digest(text), len(text), len(lines), records, change_id, _deep(lines))


def digest(text: bytes) -> str:
    """Return the digest of the text of a chunk."""
    return hashlib.sha256(text).hexdigest()


def _deep(lines: Sequence[str]) -> tuple[str, ...] | None:
    """Return the leftmost labels of owner names with more than one, or None for too many."""
    found = {key.rpartition(" ")[2] for key in {line[: line.index(rrset.TAB)] for line in lines} if " " in key}
    return tuple(sorted(found)) if len(found) <= _DEEP and sum(map(len, found)) <= _DEEP_CHARACTERS else None


def write(bucket: Bucket, zone_id: str, texts: Iterable[tuple[Chunk, bytes]]) -> None:
    """Store chunks, several at once."""
    bucket.put_all((key(zone_id, chunk), gzip.compress(text, _LEVEL, mtime=0)) for chunk, text in texts)


def store(
    bucket: Bucket, zone_id: str, change_id: str, pieces: Iterable[Piece], base: Sequence[Chunk]
) -> tuple[Chunk, ...]:
    """Return the chunks of a version's pieces. Store those that its base does not have, by the version's change."""
    described, fresh = describe_all(change_id, pieces, base)
    write(bucket, zone_id, fresh)
    return described


def describe_all(
    change_id: str, pieces: Iterable[Piece], base: Sequence[Chunk]
) -> tuple[tuple[Chunk, ...], list[tuple[Chunk, bytes]]]:
    """Return the chunks of a version's pieces, and those that its base does not have, with their texts.

    An unchanged piece is a chunk of the base.
    """
    kept = {chunk.start: chunk for chunk in base}
    present = {chunk.digest: chunk.change_id for chunk in base}
    described: list[Chunk] = []
    fresh: list[tuple[Chunk, bytes]] = []
    for piece in pieces:
        if not piece.changed:
            described.append(kept[piece.start])
            continue
        text = to_text(piece.lines)
        chunk = describe(piece.start, piece.lines, text, change_id)
        if chunk.digest in present:
            chunk = replace(chunk, change_id=present[chunk.digest])
        else:
            fresh.append((chunk, text))
        described.append(chunk)
    return tuple(described), fresh


def copy(
    bucket: Bucket, zone_id: str, change_id: str, former: Iterable[Chunk], base: Sequence[Chunk]
) -> tuple[Chunk, ...]:
    """Copy chunks of a former version for a change, and return the chunks of the change.

    A chunk that `base` still has is not copied. Raise ObjectMissing if a chunk was swept.
    """
    present = {chunk.digest: chunk.change_id for chunk in base}
    wanted = [(chunk, replace(chunk, change_id=present.get(chunk.digest, change_id))) for chunk in former]
    bucket.copy_all((key(zone_id, old), key(zone_id, new)) for old, new in wanted if new.change_id == change_id)
    return tuple(new for _, new in wanted)


def read(bucket: Bucket, zone_id: str, chunk: Chunk) -> list[str]:
    """Return the lines of a chunk, with a line for each type that the signatures of an owner cover."""
    text = _stored(bucket, zone_id, chunk)
    found = text.splitlines()
    return rrset.split_signatures(found) if rrset.has_whole_signatures(text) else found


def stored(bucket: Bucket, zone_id: str, chunk: Chunk) -> list[str]:
    """Return the lines of a chunk as they are stored: as many as the chunk says."""
    return _stored(bucket, zone_id, chunk).splitlines()


def _stored(bucket: Bucket, zone_id: str, chunk: Chunk) -> str:
    where = key(zone_id, chunk)
    text = _kept.get(where)
    return _keep(where, bucket.get(where)) if text is None else text


def each(bucket: Bucket, zone_id: str, chunks: Iterable[Chunk], *, ahead: int = 1) -> Generator[list[str], None, None]:
    """Yield the lines of each chunk in turn. The next ones are read meanwhile: `ahead`, then more, up to `AT_ONCE`.

    A reader that stops early has then read little too much.
    """
    rest = iter(chunks)
    coming: deque[Future[list[str]]] = deque()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            while True:
                some = islice(rest, ahead - len(coming))
                coming.extend(pool.submit(read, bucket, zone_id, chunk) for chunk in some)
                if not coming:
                    return
                yield coming.popleft().result()
                ahead = min(2 * ahead, AT_ONCE)
        finally:
            for future in coming:
                future.cancel()


def prefetch(bucket: Bucket, wanted: Iterable[tuple[str, Chunk]]) -> None:
    """Read chunks of zones at once, unless they are in memory. `read` finds them there."""
    missing = [where for zone_id, chunk in wanted if (where := key(zone_id, chunk)) not in _kept]
    for where, packed in zip(missing, bucket.get_all(missing), strict=True):
        _keep(where, packed)


def _keep(where: str, packed: bytes) -> str:
    """Keep the text of a chunk in memory, and return it. The oldest texts make room."""
    text = gzip.decompress(packed).decode("ascii")
    with _keeping:
        while _kept and sum(map(len, _kept.values())) + len(text) > _KEPT_OCTETS:
            del _kept[next(iter(_kept))]
        _kept[where] = text
    return text
