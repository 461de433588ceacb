"""Outbox: what is written here goes to the name servers of the zone's pool (`delivery/`).

The transaction that publishes a version also writes that it is to be delivered. After it the function that delivers is
begun. If that fails, the dispatcher of the next minute begins it. The function that delivers begins none: its turn goes
on with what is written meanwhile.
"""

from dataclasses import replace

from botocore.exceptions import BotoCoreError, ClientError

from zonewright.log import log
from zonewright.model.delivery import Delivered
from zonewright.model.pool import Pool
from zonewright.model.zone import Zone, ZoneType
from zonewright.service import Service
from zonewright.store import deliveries, zones


def begin(service: Service, zone: Zone, pool: Pool | None = None) -> Zone:
    """Begin to deliver a zone that was just written, if it is pushed anywhere. Return the zone.

    With the pool of a new or a deleted zone, its catalog is delivered too.
    """
    if zone.delivered is not None:
        for zone_id in filter(None, (zone.id, pool.catalog_id if pool else None)):
            _begin(service, zone_id)
    return zone


def call(service: Service, zone: Zone) -> Zone:
    """Begin to bring the primary of a copied zone a record change that just arrived. Return the zone."""
    _begin(service, zone.id)
    return zone


def _begin(service: Service, zone_id: str) -> None:
    if service.settings.deliverer:
        try:
            service.deliverer.begin(zone_id)
        except (BotoCoreError, ClientError):
            log().warning("delivery not begun; the dispatcher begins it", exc_info=True, extra={"zone_id": zone_id})


def enrol(service: Service, zone: Zone, pool: Pool) -> bool:
    """Have a zone delivered to the targets of its pool, or not any more if that has none. Return whether it is.

    Raise ConditionFailed if the zone changed at this moment.
    """
    if not pool.targets or zone.type is not ZoneType.PRIMARY:
        if zone.delivered is not None:
            zones.delivers(service.table, zone, None)
            deliveries.end(service.table, zone.id)
        return False
    enrolled = replace(zone, delivered=zone.delivered or Delivered())
    wanted = deliveries.wanted(enrolled, service.now())
    service.table.write(zones.delivering(zone, enrolled.delivered), *wanted)
    begin(service, enrolled)
    return True
