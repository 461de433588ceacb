"""An event on the bus that names a zone: sync it, as if its owner had asked."""

from zonewright.actions import syncs, zones
from zonewright.background import Event, named_zone, signal
from zonewright.service import Service


@signal
def handler(service: Service, event: Event) -> Event:
    """Find the zone, begin its sync; the account that sent the event stands in its history."""
    zone = zones.find(service, *named_zone(event))
    change = syncs.announced(service, zone, sender=event["account"])
    return {"zone_id": zone.id, "sync_id": change.id}
