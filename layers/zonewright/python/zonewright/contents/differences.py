"""What a change moved, part by part: gzipped text (`diff.py`), each under the change, its place and how much it holds.

`zones/{zone id}/changes/{change id}/{part}-{moves}`. Keys sort as the parts do, and say how many moves each has, so
that a reader goes past those it does not want without reading them.

What would move, as a dry run found, is in the same way under `dryruns/{dry run id}/`; a lifecycle rule removes it.
"""

import gzip

from zonewright.contents.bucket import Bucket
from zonewright.model.diff import Difference, Move
from zonewright.model.diff import read as read_moves

_DRY_RUNS = "dryruns/"


def prefix(zone_id: str) -> str:
    """Where the differences of a zone's changes are stored."""
    return f"zones/{zone_id}/changes/"


def folder(zone_id: str, change_id: str) -> str:
    """Return the folder of a change's differences."""
    return f"{prefix(zone_id)}{change_id}/"


def dry_run_folder(dry_run_id: str) -> str:
    """Return the folder of a dry run's differences."""
    return f"{_DRY_RUNS}{dry_run_id}/"


def write(bucket: Bucket, folder: str, part: int, difference: Difference) -> str:
    """Store one part of a change's or dry run's differences in its folder. Return its key."""
    key = f"{folder}{part:06d}-{len(difference.moves)}"
    text = "\n".join(difference.lines()) + "\n"
    bucket.put(key, gzip.compress(text.encode("ascii"), 1, mtime=0))
    return key


def moves(key: str) -> int:
    """How many moves are in the part under `key`."""
    return int(key.rpartition("-")[2])


def read(bucket: Bucket, key: str) -> list[Move]:
    """The moves of one part."""
    return read_moves(gzip.decompress(bucket.get(key)).decode("ascii").splitlines())
