"""Which record sets are not on the name servers yet: those that moved since the version that they have."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, groupby

from zonewright.contents import chunks
from zonewright.model.diff import Kind
from zonewright.model.recordset import RecordSet
from zonewright.model.version import Span, spans
from zonewright.model.zone import Zone
from zonewright.service import Service
from zonewright.store import versions


def marked(service: Service, items: Sequence[RecordSet]) -> list[RecordSet]:
    """Return record sets, each with how it moved since the version that name servers have (`RecordSet.moved`).

    Of a zone whose name servers lack something, the chunks that differ around these record sets are read. If that
    version is gone, all have moved.
    """
    found: list[RecordSet] = []
    for _, group in groupby(items, lambda item: item.zone.id):
        some = list(group)
        found += _marked(service, some[0].zone, some) if some[0].zone.undelivered else some
    return found


def of(zone: Zone, kind: Kind) -> Kind | None:
    """Return how a record set that was just written differs from what name servers have, or from what is shown."""
    return kind if zone.undelivered or zone.pending else None


def _marked(service: Service, zone: Zone, items: Sequence[RecordSet]) -> list[RecordSet]:
    assert zone.delivered is not None
    there = versions.get(service.table, zone.id, zone.delivered.version)
    shown = versions.get(service.table, zone.id, zone.version)
    if there is None or shown is None or there.ttl != shown.ttl:
        kind = Kind.CREATED if zone.delivered.version == 0 else Kind.UPDATED
        return [replace(item, moved=kind) for item in items]
    wanted = [
        span for span in spans(there.chunks, shown.chunks) if any(_within(item.rrset.key, span) for item in items)
    ]
    moves = chain.from_iterable(chunks.moves_of(service.bucket, zone.id, wanted))
    kinds = {move.place: move.kind for move in moves}
    return [replace(item, moved=kinds.get(item.rrset.place)) for item in items]


def _within(key: str, span: Span) -> bool:
    return span.start <= key and (span.end is None or key < span.end)
