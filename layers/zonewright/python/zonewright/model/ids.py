"""Ids, as callers name things by them."""

LONGEST_ID = 36
"""Characters of an id (RFC 9562). The table has no longer id, and a longer text may exceed the size of a key."""


def is_id(text: str, longest: int = LONGEST_ID) -> bool:
    """Return whether `text` may be an id of at most `longest` characters.

    The table is not asked for others, and no role allows them all.
    """
    return len(text) <= longest and text.isprintable()
