"""What moved in a change, as stored: `zones/{zone id}/changes/{change id}/{range}`, gzipped text (`diff.py`)."""

import gzip

from zonewright.contents.bucket import Bucket
from zonewright.diff import Difference, Move
from zonewright.diff import read as read_moves


def prefix(zone_id: str) -> str:
    """Where the differences of a zone's changes are stored."""
    return f"zones/{zone_id}/changes/"


def write(bucket: Bucket, zone_id: str, change_id: str, part: int, difference: Difference) -> str:
    """Store one part of a change's differences; returns its key."""
    key = f"{prefix(zone_id)}{change_id}/{part:06d}"
    text = "\n".join(difference.lines()) + "\n"
    bucket.put(key, gzip.compress(text.encode("ascii"), 1, mtime=0))
    return key


def read(bucket: Bucket, key: str) -> list[Move]:
    """The moves of one part."""
    return read_moves(gzip.decompress(bucket.get(key)).decode("ascii").splitlines())
