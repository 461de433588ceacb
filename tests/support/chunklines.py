"""The lines of chunks, one after the other."""

from itertools import chain

from zonewright.contents import chunks


def lines_of(bucket, zone_id, made):
    """Return the lines of chunks of a zone."""
    return list(chain.from_iterable(chunks.each(bucket, zone_id, made)))
