"""Names in wire form: read them, walk over them, or write them as text (RFC 1035 sections 3.1 and 5.1)."""

import re
from collections.abc import Callable

_SHORT = 32
"""Highest length of a label that is no octet of a printable character."""
_DOT = ord(".")


class Malformed(Exception):
    """The data is wrong in this way. The caller adds the place."""


def skip_name(wire: bytes, at: int) -> int:
    """Return the position behind the name at `at`. Pointers are not followed. Raises Malformed or IndexError."""
    octet = wire[at]
    while 0 < octet < 64:
        at += octet + 1
        octet = wire[at]
    if octet == 0:
        return at + 1
    if octet < 192:
        raise Malformed(f"label type {octet >> 6} at octet {at}")
    return at + 2


def end_of_name(octets: bytes, at: int) -> int:
    """Return the position behind the uncompressed name at `at`, or 0 if there is none."""
    start = at
    try:
        while 0 < (octet := octets[at]) < 64:
            at += octet + 1
    except IndexError:
        return 0
    return 0 if octet or at - start > 254 else at + 1


def read_name(wire: bytes, at: int) -> tuple[bytes, int]:
    """Return the name at `at` in wire form without compression, and the position behind it.

    A pointer must point back (RFC 1035 section 4.1.4), so there are no loops. A name has at most 255 bytes. Raises
    Malformed or IndexError.
    """
    parts: list[bytes] = []
    size, behind, limit = 1, 0, at
    while True:
        octet = wire[at]
        if octet == 0:
            parts.append(b"\x00")
            return b"".join(parts), behind or at + 1
        if octet < 64:
            label = wire[at : at + octet + 1]
            if len(label) <= octet:
                raise Malformed("a name runs over the end")
            size += octet + 1
            if size > 255:
                raise Malformed("a name is longer than 255 octets")
            parts.append(label)
            at += octet + 1
        elif octet >= 192:
            target = (octet & 63) << 8 | wire[at + 1]
            if target >= limit:
                raise Malformed(f"a compression pointer at octet {at} does not go back")
            behind = behind or at + 2
            at = limit = target
        else:
            raise Malformed(f"label type {octet >> 6} at octet {at}")


def labels_of(wire_name: bytes) -> list[bytes]:
    """Return the labels of an uncompressed wire name, without the root."""
    labels, at = [], 0
    while size := wire_name[at]:
        start, at = at + 1, at + 1 + size
        labels.append(wire_name[start:at])
    return labels


def texter(odd: re.Pattern[str], escaped: Callable[[re.Match[str]], str]) -> Callable[[bytes], str]:
    """Return the function that writes an uncompressed wire name. Each `odd` character of a label is escaped."""
    table = bytes(_DOT if octet <= _SHORT or odd.match(chr(octet)) else octet for octet in range(256))

    def text(octets: bytes) -> str:
        at, dots = 0, 1
        while 0 < (size := octets[at]) <= _SHORT:
            at += size + 1
            dots += 1
        shown = octets.translate(table)
        if size == 0 and shown.count(b".") == dots:  # only the lengths became dots
            return (shown[1:] or shown).decode()
        return ".".join([odd.sub(escaped, label.decode("latin-1")) for label in labels_of(octets)]) + "."

    return text
