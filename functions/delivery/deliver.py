"""After a write, and every minute for what is due: bring a zone to the name servers of its pool."""

from datetime import timedelta

from zonewright.background import Event, signal
from zonewright.delivery import turn
from zonewright.model import connection
from zonewright.service import Service

SECONDS = 300
"""The timeout of the function."""


@signal
def handler(service: Service, event: Event) -> Event:
    """Deliver the zone that an event names, compare it with its targets, or look at it. Return how that ended."""
    if "look" in event:
        from zonewright.delivery import looking

        asked = event["look"]
        return looking.look(service, asked["name"], connection.from_document(asked["connections"]))
    if event.get("compare"):
        return {"zone_id": event["zone_id"], "targets": turn.compare(service, event["zone_id"])}
    until = service.now() + timedelta(seconds=SECONDS)
    return {"zone_id": event["zone_id"], "end": turn.deliver(service, event["zone_id"], until)}
