"""The operator's commands for deliveries: list them, try one now, allow a first push to overwrite, and compare."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from zonewright import clock
from zonewright.actions import outbox, pools
from zonewright.errors import Invalid
from zonewright.model import pool
from zonewright.model.delivery import Delivery, Standing
from zonewright.model.pool import Pool, Target
from zonewright.model.zone import Zone
from zonewright.operations.naming import zone_of
from zonewright.service import Service
from zonewright.store import deliveries, zones
from zonewright.store.table import ConditionFailed

Document = dict[str, Any]

_TRIES = 5


def enrol(service: Service, of: Pool) -> int:
    """Have every zone of a pool delivered to its targets, or not any more if it has none. Return how many are.

    A target that refused is tried at once: the file may have what it lacked.
    """
    return sum(_enrolled(service, each, of) for each in zones_of(service, of))


def zones_of(service: Service, of: Pool) -> list[Zone]:
    """Return the live zones of a pool."""
    default = service.settings.pool_id
    return [each for each in _zones(service) if (each.pool_id or default).lower() == of.id.lower()]


def listing(service: Service, *, failed: bool) -> list[Document]:
    """Return the zones whose name servers lack something, or only those that have `failed`."""
    behind = [each for each in _zones(service) if each.delivered and (each.undelivered or each.delivered.failure)]
    return [_document(service, each) for each in behind if not failed or (each.delivered and each.delivered.failure)]


def deliver(service: Service, named: str, *, repair: bool) -> Document:
    """Deliver a zone now, by its name or id. Return its delivery as it was before.

    With `repair`, what the targets serve is compared, and made as the zone is, whatever it was before. Raise
    ZoneNotFound, or Invalid for a zone that is not pushed anywhere, or whose delivery is under way.
    """
    zone = zone_of(service, named)
    found = deliveries.get(service.table, zone.id)
    if zone.delivered is None or found is None:
        raise Invalid(f"zone {zone.name} is not pushed anywhere: its pool has no targets, or it is a copy")
    tried = _tried_now(found, pools.of(service, zone))
    if repair:
        tried = {each: replace(standing.lost(), allowed=True) for each, standing in tried.items()}
    if not deliveries.stand(service.table, zone.id, None, tried):
        raise Invalid(f"zone {zone.name} is being delivered at this moment; try again when that has ended")
    document = _document(service, zone)
    service.table.write(*deliveries.wanted(zone, service.now()))
    outbox.begin(service, zone)
    return document


def _tried_now(found: Delivery, of: Pool) -> dict[str, Standing]:
    """Return the standings of the targets of a pool, without the pause before the next try."""
    return {each: replace(standing, next=None) for each, standing in found.of(of).items()}


def _document(service: Service, zone: Zone) -> Document:
    """Return the delivery of a zone, as JSON."""
    of, found = pools.of(service, zone), deliveries.get(service.table, zone.id)
    standings = found.of(of) if found else {}
    assert zone.delivered is not None
    return {
        "zone": zone.name,
        "id": zone.id,
        "version": zone.version,
        "delivered": zone.delivered.version,
        "error": zone.delivered.failure.reason if zone.delivered.failure else None,
        "targets": [_target(each, standings[each.id]) for each in of.targets if each.id in standings],
    }


def _target(target: Target, standing: Standing) -> Document:
    times = {name: getattr(standing, name) for name in ("since", "next", "checked")}
    repaired = standing.repair
    return {
        "target": pool.place(target.options),
        "description": target.description,
        "version": standing.base,
        "reason": standing.reason,
        "tries": standing.tries,
        **{name: clock.to_text(moment) if moment else None for name, moment in times.items()},
        "repaired": {
            "at": clock.to_text(repaired.at),
            "updated": repaired.updated,
            "deleted": repaired.deleted,
            "first": list(repaired.first),
        }
        if repaired
        else None,
    }


def _zones(service: Service) -> Iterator[Zone]:
    return zones.every(service.table, None)


def _enrolled(service: Service, zone: Zone, of: Pool) -> bool:
    for _ in range(_TRIES):
        held = deliveries.get(service.table, zone.id)
        if held and any(each.next for each in held.of(of).values()):
            deliveries.stand(service.table, zone.id, None, _tried_now(held, of))
        try:
            return outbox.enrol(service, zone, of)
        except ConditionFailed:
            found = zones.get(service.table, zone.id)
            if found is None or found.deleted:
                return False
            zone = found
    raise Invalid(f"zone {zone.name} keeps changing; apply the file again")
