"""Differences of a change, in parts: gzipped text (`diff.py`) under the change, the part, its digest and its moves.

`zones/{zone id}/changes/{change id}/{part}-{digest}-{moves}`. Keys sort as the parts do. A key says how many moves its
part has, so readers skip parts without reading them. The digest keeps attempts of one change apart: the change names
the parts of the attempt that published. Changes of earlier releases name keys without a digest.

The differences that a dry run found are stored alike under `dryruns/{dry run id}/`. A lifecycle rule deletes them.
"""

import gzip
import hashlib

from zonewright.contents.bucket import Bucket
from zonewright.model.diff import Difference, Move
from zonewright.model.diff import read as read_moves

_DRY_RUNS = "dryruns/"

_DIGITS = 16
"""Hexadecimal digits of a digest in a key. It tells a few attempts apart, and a change's item holds all its keys."""


def prefix(zone_id: str) -> str:
    """Return the prefix of the object keys of a zone's differences."""
    return f"zones/{zone_id}/changes/"


def folder(zone_id: str, change_id: str) -> str:
    """Return the folder of a change's differences."""
    return f"{prefix(zone_id)}{change_id}/"


def dry_run_folder(dry_run_id: str) -> str:
    """Return the folder of a dry run's differences."""
    return f"{_DRY_RUNS}{dry_run_id}/"


def write(bucket: Bucket, folder: str, part: int, difference: Difference) -> str:
    """Store one part of a change's or dry run's differences in its folder. Return its key."""
    text = ("\n".join(difference.lines()) + "\n").encode("ascii")
    key = f"{folder}{part:06d}-{hashlib.sha256(text).hexdigest()[:_DIGITS]}-{len(difference.moves)}"
    bucket.put(key, gzip.compress(text, 1, mtime=0))
    return key


def moves(key: str) -> int:
    """Return how many moves the part under an object key has."""
    return int(key.rpartition("-")[2])


def read(bucket: Bucket, key: str) -> list[Move]:
    """Return the moves of the part under an object key."""
    return read_moves(gzip.decompress(bucket.get(key)).decode("ascii").splitlines())
