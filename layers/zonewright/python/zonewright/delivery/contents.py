"""What a push needs of the versions of a zone: what moved between two of them, all lines of one, and its SOA."""

from collections.abc import Iterator
from itertools import chain

from zonewright.contents import chunks
from zonewright.contents.bucket import Bucket
from zonewright.errors import VersionGone
from zonewright.model import push
from zonewright.model.diff import Move
from zonewright.model.version import Version, spans
from zonewright.protocol import rrset
from zonewright.protocol.types import SOA
from zonewright.store import versions
from zonewright.store.table import Table

_SOA_PLACE = f"{rrset.TAB}{SOA}{rrset.TAB}"


def moves(bucket: Bucket, old: Version, new: Version, ttl: int) -> list[Move]:
    """Return what moved from one version to another. `ttl` is that of versions that have none of their own.

    Only chunks that differ are read, unless the TTL of the zone moved too. Raise ObjectMissing if one was swept.
    """
    was, now = _ttl(old, ttl), _ttl(new, ttl)
    if was != now:
        return push.moves_between(_lines(bucket, old), _lines(bucket, new), was, now)
    apart = list(spans(old.chunks, new.chunks))
    return list(chain.from_iterable(chunks.moves_of(bucket, new.zone_id, apart)))


def served(bucket: Bucket, version: Version, ttl: int) -> list[str]:
    """Return the lines of a version as DNS shows them, in canonical order. Raise ObjectMissing."""
    own = _ttl(version, ttl)
    return [rrset.as_served(line, own) for line in _lines(bucket, version)]


def soa(bucket: Bucket, version: Version, ttl: int) -> str:
    """Return the line of a version's SOA as DNS shows it. Raise ObjectMissing."""
    first = chunks.read(bucket, version.zone_id, version.chunks[0])
    return rrset.as_served(next(line for line in first if line.startswith(_SOA_PLACE)), _ttl(version, ttl))


def goal(table: Table, zone_id: str, number: int) -> Version:
    """Return a version that a target is brought to. Raise VersionGone if it was swept meanwhile."""
    found = versions.get(table, zone_id, number)
    if found is None:
        raise VersionGone(f"version {number} is not stored any more")
    return found


def is_soa(line: str) -> bool:
    """Return whether a line is the SOA of the zone."""
    return line.startswith(_SOA_PLACE)


def _lines(bucket: Bucket, version: Version) -> Iterator[str]:
    return chain.from_iterable(chunks.each(bucket, version.zone_id, version.chunks))


def _ttl(version: Version, ttl: int) -> int:
    return ttl if version.ttl is None else version.ttl
