"""Event on the bus that names a zone: begin a sync of it, as for its owner."""

from zonewright.actions import syncs, zones
from zonewright.background import Event, named_zone, signal
from zonewright.service import Service


@signal
def handler(service: Service, event: Event) -> Event:
    """Find the zone, begin its sync, and return both ids. The history shows the AWS account of the sender."""
    zone = zones.find(service, *named_zone(event))
    change = syncs.announced(service, zone, sender=event["account"])
    return {"zone_id": zone.id, "sync_id": change.id}
