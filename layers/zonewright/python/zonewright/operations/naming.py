"""The zone that an operator means."""

from zonewright.errors import ZoneNotFound
from zonewright.model.zone import Zone
from zonewright.service import Service
from zonewright.store import zones


def zone_of(service: Service, named: str, *, deleted: bool = False) -> Zone:
    """Return a zone, by its name or its id, a deleted one only if `deleted`. Raise ZoneNotFound."""
    text = named.strip().removesuffix(".")
    found = zones.named(service.table, f"{text}.") if text else None
    found = found or zones.get(service.table, text)
    if found is None or (found.deleted and not deleted):
        raise ZoneNotFound(zone=named)
    return found
