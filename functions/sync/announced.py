"""An event on the bus that names a zone: sync it, as if its owner had asked."""

from zonewright.actions import zones
from zonewright.background import Event, named_zone, signal
from zonewright.service import Service
from zonewright.sync import lifecycle


@signal
def handler(service: Service, event: Event) -> Event:
    """Find the zone, begin its sync; the account that sent the event stands in its history."""
    zone = zones.find(service.table, *named_zone(event))
    change = lifecycle.announced(service.table, service.workflow, service.settings, zone, event["account"], service.now())
    return {"zone_id": zone.id, "sync_id": change.id}
