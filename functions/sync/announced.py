"""An event on the bus that names a zone: sync it, as if its owner had asked."""

from zonewright.actions import zones
from zonewright.background import Event, named_zone, signal
from zonewright.service import Runtime
from zonewright.sync import lifecycle


@signal
def handler(event: Event, run: Runtime) -> Event:
    """Find the zone, begin its sync; the account that sent the event stands in its history."""
    zone = zones.find(run.table, *named_zone(event))
    change = lifecycle.announced(run.table, run.workflow, run.settings, zone, event["account"], run.now())
    return {"zone_id": zone.id, "sync_id": change.id}
