"""How a zone gets the contents of an older version back: as a new version, with the next serial.

    version N (old) ──its chunks, copied──▶ version M + 1 ──what differs from M──▶ history
    version M (shown) ──chunks it has too, SOA and apex NS──▶┘

A version may name only what its own change wrote or the one before it names (`version.py`), for what the old version
named may have been swept since. So its chunks are written again, by S3 itself, but for those that are still there.
What is the service's own stays as it is: the SOA, which says the zone's settings, and the NS at the apex. Whatever the
size of the zone, some chunks and a part of what moved are in memory.
"""

from collections.abc import Iterable
from datetime import datetime

from zonewright.actions import edit, history, zones
from zonewright.actions.edit import Next
from zonewright.contents import chunks, differences
from zonewright.contents.bucket import Bucket, ObjectMissing
from zonewright.errors import NotRestorable, VersionNotFound
from zonewright.model.change import Counts
from zonewright.model.diff import Difference, Move
from zonewright.model.quotas import Quotas
from zonewright.model.ranges import Piece
from zonewright.model.users import Caller
from zonewright.model.version import Chunk, Version, spans
from zonewright.model.zone import Zone, ZoneType
from zonewright.protocol import records, rrset
from zonewright.service import Service
from zonewright.store import quotas

_PART_OCTETS = 1_000_000
"""Text of a part of the differences, about."""


def restore(service: Service, zone: Zone, number: int, *, caller: Caller) -> Zone:
    """Give a zone the contents of its version `number` again; those it has already, it keeps without a new version.

    Raises NotRestorable for a SECONDARY zone, VersionNotFound, OverQuota, ZoneSyncing, UpdatePending, or
    ZoneChanged where others keep changing the zone.
    """
    if zone.type is not ZoneType.PRIMARY:
        raise NotRestorable(f"zone {zone.name} is SECONDARY: its contents are copied, and restored at its primary only")

    bucket = service.bucket

    def attempt(zone: Zone, at: datetime) -> Zone:
        former = history.version(service, zone, number)
        if number == zone.version:
            return zone
        shown = history.version(service, zone)
        begun = edit.begin(service, zone, shown, caller=caller, now=at)
        try:
            own = _own(bucket, shown)
            limits = quotas.get(service.table, service.settings, zone.group_id)
            _within(limits, _size(former, _own(bucket, former)), _size(shown, own))
            made = _made(bucket, former, begun, own)
        except ObjectMissing as error:
            raise VersionNotFound(f"Zone {zone.name} no longer has version {number}") from error
        counts, parts = _moved(bucket, begun, made)
        return edit.commit(service, begun, made, counts=counts, parts=parts)

    return edit.retry_on_conflict(service, zone, attempt, reload=lambda: zones.owned(service, zone.id, caller=caller))


def _own(bucket: Bucket, version: Version) -> list[str]:
    """The lines of a version that are the service's own."""
    return [line for line in chunks.read(bucket, version.zone_id, version.chunks[0]) if _managed(line)]


def _managed(line: str) -> bool:
    held = rrset.from_line(line)
    return records.is_managed(held.key, held.type)


def _size(version: Version, own: list[str]) -> tuple[int, int]:
    """How many RRsets and records a version has besides the service's own."""
    return version.rrsets - len(own), version.records - sum(map(rrset.records, own))


def _within(limits: Quotas, wanted: tuple[int, int], held: tuple[int, int]) -> None:
    """Raise OverQuota where the zone would have more than now, and too much."""
    for quota, count, now in zip(("zone_recordsets", "zone_records"), wanted, held, strict=True):
        if count > now:
            limits.check(quota, count)


def _made(bucket: Bucket, former: Version, begun: Next, own: list[str]) -> tuple[Chunk, ...]:
    """The chunks of the version to be, `own` being the lines of the one shown that stay; raises ObjectMissing."""
    zone_id, change_id, soa, shown = former.zone_id, begun.change.id, begun.soa, begun.shown
    assert soa.after is not None
    first, *others = former.chunks
    anew = [soa.after if line == soa.before else line for line in own]
    restored = [line for line in chunks.read(bucket, zone_id, first) if not _managed(line)]
    piece = Piece("", sorted([*anew, *restored]), changed=True)
    return (
        *chunks.store(bucket, zone_id, change_id, [piece], shown.chunks),
        *chunks.copy(bucket, zone_id, change_id, others, shown.chunks),
    )


def _moved(bucket: Bucket, begun: Next, made: tuple[Chunk, ...]) -> tuple[Counts, tuple[str, ...]]:
    """Store in parts what moves from the version that is shown to the next. Return the counts, and the parts' keys."""
    zone_id, shown = begun.zone.id, begun.shown
    folder = differences.folder(zone_id, begun.change.id)
    counts, parts = Counts(), []
    for number, moves in enumerate(_batches(history.moves_of(bucket, zone_id, list(spans(shown.chunks, made))))):
        difference = Difference(tuple(moves))
        counts += difference.counts()
        parts.append(differences.write(bucket, folder, number, difference))
    unchanged = shown.rrsets - counts.updated - counts.deleted
    return counts + Counts(unchanged=unchanged), tuple(parts)


def _batches(spanned: Iterable[list[Move]]) -> Iterable[list[Move]]:
    """Moves that come span by span, as many together as make a part."""
    held: list[Move] = []
    size = 0
    for moves in spanned:
        held += moves
        size += sum(map(history.octets, moves))
        if size >= _PART_OCTETS:
            yield held
            held, size = [], 0
    if held:
        yield held
