"""Ids, as callers name things by them."""

import uuid
from datetime import datetime, timedelta

from zonewright import clock

LONGEST_ID = 36
"""Characters of an id (RFC 9562). The table has no longer id, and a longer text may exceed the size of a key."""


def is_id(text: str, longest: int = LONGEST_ID) -> bool:
    """Return whether `text` may be an id of at most `longest` characters.

    The table is not asked for others, and no role allows them all.
    """
    return len(text) <= longest and text.isprintable()


_MICROSECONDS, _CHANCE = 10, 62
"""Bits of the microseconds behind the milliseconds, and of the chance at the end (RFC 9562 section 5.7)."""


def timed(moment: datetime, chance: int) -> str:
    """Return the id of something that was made at a moment, which it carries to the microsecond.

    It is a UUID of version 7, whose first bits of chance are a finer clock (RFC 9562 section 6.2, method 3). `chance`
    has 64 random bits. Ids sort as their moments do.
    """
    milliseconds, microseconds = divmod((moment - clock.EPOCH) // timedelta(microseconds=1), 1000)
    rest = chance & ((1 << 64) - 1)
    high = milliseconds << 16 | 7 << 12 | microseconds << 2 | rest >> _CHANCE
    return str(uuid.UUID(int=high << 64 | 2 << _CHANCE | rest & ((1 << _CHANCE) - 1)))


def moment_of(text: str) -> datetime | None:
    """Return the moment that an id carries, or None for a text that `timed` did not write."""
    try:
        found = uuid.UUID(text)
    except ValueError:
        return None
    high = found.int >> 64
    milliseconds, microseconds = high >> 16, high >> 2 & ((1 << _MICROSECONDS) - 1)
    if str(found) != text or found.version != 7 or microseconds > 999:
        return None
    try:
        return clock.EPOCH + timedelta(milliseconds=milliseconds, microseconds=microseconds)
    except OverflowError:
        return None


def is_uuid(text: str) -> bool:
    """Return whether `text` is a UUID in its usual form."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
