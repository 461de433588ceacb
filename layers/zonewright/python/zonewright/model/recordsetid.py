"""The id of a record set: a UUID of version 8 (RFC 9562 section 5.8) that says where in the zone its line is.

    72 bits     the beginning of its place, in a code that keeps the order
    50 bits     from the SHA-1 of the zone's id and the place

So a record set is found by its id in the chunk that may have such a place: a long beginning that many owner names share
may be in several. The id is made of zone, owner name and type, so it never changes. It is a name of the API: neither
code nor digest may change.

Earlier releases made UUIDs of version 5. Clients have stored them, so they are still found, by reading every line.
"""

import bisect
import hashlib
import uuid
from collections.abc import Callable, Sequence
from functools import lru_cache

from zonewright.model.version import Chunk

_CODE_BITS, _DIGEST_BITS = 72, 50
_VARIANT = 2 << 62
CODED = len("01234567-89ab-8cde")
"""Characters at the beginning of an id that are of the code alone."""

_DIGITS = "0123456789"
_LETTERS = dict.fromkeys("jqvwxyz", 40) | dict.fromkeys("bcdfghklmpu", 110) | dict.fromkeys("aeinorst", 190)
CHARACTERS = ["\t", *map(chr, range(0x20, 0x7F))]
"""What places are made of (`names.py`), in order."""

SHARE_BITS = 12
SHARES: dict[str, dict[str, int]] = {
    "digit": {**dict.fromkeys(_DIGITS, 320), **dict.fromkeys(_LETTERS, 10), "\t": 150, " ": 200, "-": 150},
    "letter": {**dict.fromkeys(_DIGITS, 50), **{each: 2 * share // 3 for each, share in _LETTERS.items()}}
    | {"\t": 300, " ": 400, "-": 400, "_": 20},
    "other": {**dict.fromkeys(_DIGITS, 70), **_LETTERS, "_": 250},
}
"""How often each character follows one of a kind in names, of 4,096 times. The others have a share of 1."""

_Code = dict[str, tuple[int, int, "_Code"]]
"""For each character: the shares of those before it, its own, and the code of the character behind it."""


def id_of(zone_id: str, place: str) -> str:
    """Return the id of the RRset at a place of a zone."""
    digest = hashlib.sha1(_octets(zone_id) + place.encode("ascii"), usedforsecurity=False).digest()
    bits = code_of(place) << _DIGEST_BITS | int.from_bytes(digest[:8]) >> 64 - _DIGEST_BITS
    first, last = f"{bits >> 62:015x}", f"{bits & (1 << 62) - 1 | _VARIANT:016x}"
    return f"{first[:8]}-{first[8:12]}-8{first[12:]}-{last[:4]}-{last[4:]}"


def code_of(text: str) -> int:
    """Return the code of a place, or of the beginning of one. A text has no lower code than the texts before it.

    It is an arithmetic code: each character narrows a range of numbers to its share of it.
    """
    low, width, bits, code = 0, 1, 0, _FIRST
    for char in text:
        before, share, code = code[char]
        low = (low << SHARE_BITS) + before * width
        width *= share
        bits += SHARE_BITS
        if bits - width.bit_length() >= _CODE_BITS:  # the range is within one number
            break
    return low >> bits - _CODE_BITS if bits > _CODE_BITS else low << _CODE_BITS - bits


def candidates(record_set_id: str, chunks: Sequence[Chunk]) -> Sequence[Chunk]:
    """Return those of a version's chunks that may hold the record set with an id."""
    version = record_set_id[14]
    if version == "5":
        return chunks
    if version != "8":
        return ()
    first, last = record_set_id[:8] + record_set_id[9:13] + record_set_id[15:18], record_set_id[19:].replace("-", "")
    code = (int(first, 16) << 62 | int(last, 16) & (1 << 62) - 1) >> _DIGEST_BITS
    codes = [code_of(chunk.start) for chunk in chunks]
    return chunks[max(bisect.bisect_left(codes, code) - 1, 0) : bisect.bisect_right(codes, code)]


def finder(zone_id: str, record_set_id: str) -> Callable[[str], bool]:
    """Return a test of whether a place is that of the record set with an id."""
    if record_set_id[14] == "8":
        return lambda place: id_of(zone_id, place) == record_set_id
    seed = hashlib.sha1(_octets(zone_id), usedforsecurity=False)
    head = bytes.fromhex(record_set_id[:8] + record_set_id[9:13])  # the version's bits are behind these of the digest

    def matches(place: str) -> bool:
        digest = seed.copy()
        digest.update(place.encode("ascii"))
        found = digest.digest()
        return found[:6] == head and str(uuid.UUID(bytes=found[:16], version=5)) == record_set_id

    return matches


def _codes() -> _Code:
    """Return the code of a first character."""
    codes: dict[str, _Code] = {kind: {} for kind in SHARES}
    for kind, shares in SHARES.items():
        before = 0
        for char in CHARACTERS:
            behind = "digit" if char in _DIGITS else "letter" if char in _LETTERS else "other"
            share = shares.get(char, 1)
            codes[kind][char] = before, share, codes[behind]
            before += share
    return codes["other"]


@lru_cache(maxsize=1024)
def _octets(zone_id: str) -> bytes:
    return uuid.UUID(zone_id).bytes


_FIRST = _codes()
