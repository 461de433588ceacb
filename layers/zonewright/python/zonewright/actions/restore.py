"""Restore a zone: publish the contents of an older version again, as a new version with the next serial.

    version N (old) ──copies of its chunks──▶ version M + 1 ──difference from M──▶ history
    version M (current) ──equal chunks, SOA and apex NS──▶┘

A version names only chunks that its own change wrote or that its base names (`version.py`). The sweeper may delete the
chunks of the old version at any time. So S3 copies them, except chunks that the current version has too. The managed
record sets stay as they are: the SOA, which contains the zone's settings, and the NS at the apex. Memory does not
depend on the size of the zone: it holds a few chunks and a part of the differences.
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

_PART_BYTES = 1_000_000
"""About the bytes of text in a part of the differences."""


def restore(service: Service, zone: Zone, number: int, *, caller: Caller) -> Zone:
    """Publish the contents of version `number` of a zone again, and return the zone.

    If `number` is the current version, nothing is written. Raise NotRestorable for a SECONDARY zone, VersionNotFound,
    OverQuota, ZoneSyncing, UpdatePending, or ZoneChanged if others keep changing the zone.
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
            own = _managed_lines(bucket, shown)
            limits = quotas.get(service.table, service.settings, zone.group_id)
            _check_quotas(limits, _counts(former, _managed_lines(bucket, former)), _counts(shown, own))
            made = _next_chunks(bucket, former, begun, own)
        except ObjectMissing as error:
            raise VersionNotFound(f"Zone {zone.name} no longer has version {number}") from error
        counts, parts = _store_differences(bucket, begun, made)
        return edit.commit(service, begun, made, counts=counts, parts=parts)

    return edit.retry_on_conflict(service, zone, attempt, reload=lambda: zones.owned(service, zone.id, caller=caller))


def _managed_lines(bucket: Bucket, version: Version) -> list[str]:
    """Return the lines of a version's managed record sets."""
    return [line for line in chunks.read(bucket, version.zone_id, version.chunks[0]) if _is_managed(line)]


def _is_managed(line: str) -> bool:
    held = rrset.from_line(line)
    return records.is_managed(held.key, held.type)


def _counts(version: Version, own: list[str]) -> tuple[int, int]:
    """Return the numbers of RRsets and records of a version, without the lines `own`."""
    return version.rrsets - len(own), version.records - sum(map(rrset.records, own))


def _check_quotas(limits: Quotas, wanted: tuple[int, int], held: tuple[int, int]) -> None:
    """Raise OverQuota if the zone would have more than now and more than its quotas allow."""
    for quota, count, now in zip(("zone_recordsets", "zone_records"), wanted, held, strict=True):
        if count > now:
            limits.check(quota, count)


def _next_chunks(bucket: Bucket, former: Version, begun: Next, own: list[str]) -> tuple[Chunk, ...]:
    """Store and return the chunks of the next version. `own` are the managed lines to keep. Raise ObjectMissing."""
    zone_id, change_id, soa, shown = former.zone_id, begun.change.id, begun.soa, begun.shown
    assert soa.after is not None
    first, *others = former.chunks
    anew = [soa.after if line == soa.before else line for line in own]
    restored = [line for line in chunks.read(bucket, zone_id, first) if not _is_managed(line)]
    piece = Piece("", sorted([*anew, *restored]), changed=True)
    return (
        *chunks.store(bucket, zone_id, change_id, [piece], shown.chunks),
        *chunks.copy(bucket, zone_id, change_id, others, shown.chunks),
    )


def _store_differences(bucket: Bucket, begun: Next, made: tuple[Chunk, ...]) -> tuple[Counts, tuple[str, ...]]:
    """Store the differences of the current and the next version. Return their counts and the S3 keys of the parts."""
    zone_id, shown = begun.zone.id, begun.shown
    folder = differences.folder(zone_id, begun.change.id)
    counts, parts = Counts(), []
    for number, moves in enumerate(_batches(chunks.moves_of(bucket, zone_id, list(spans(shown.chunks, made))))):
        difference = Difference(tuple(moves))
        counts += difference.counts()
        parts.append(differences.write(bucket, folder, number, difference))
    unchanged = shown.rrsets - counts.updated - counts.deleted
    return counts + Counts(unchanged=unchanged), tuple(parts)


def _batches(spanned: Iterable[list[Move]]) -> Iterable[list[Move]]:
    """Yield the moves of all spans in parts of about `_PART_BYTES`."""
    held: list[Move] = []
    size = 0
    for moves in spanned:
        held += moves
        size += sum(map(history.shown_bytes, moves))
        if size >= _PART_BYTES:
            yield held
            held, size = [], 0
    if held:
        yield held
