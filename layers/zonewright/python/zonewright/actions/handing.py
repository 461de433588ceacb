"""Hand a zone to another group in the transaction that changes it, as VinylDNS's clients do by its `adminGroupId`.

Zones that are offered and accepted are in `handovers.py`.
"""

from zonewright.errors import OverQuota, ZoneShared
from zonewright.model.zone import Zone
from zonewright.service import Service
from zonewright.store import backends, handovers, places, quotas, tsigkeys, zones
from zonewright.store.conditions import Condition
from zonewright.store.table import ConditionFailed, Put, Write


def stored(service: Service, zone: Zone, changed: Zone, condition: Condition) -> list[Write]:
    """Return the writes that store a changed zone, with all that counts or lists it. Its own item is the first.

    If another group owns it from now on, its TSIG keys and its offer end: they were the former owner's. Raise
    ZoneShared for a zone that is shared with groups.
    """
    counted = backends.moved(zone.backend_id, changed.backend_id, zone.id)
    if changed.group_id == zone.group_id:
        seen = places.take(changed, zone) if changed.acl != zone.acl else []
        return [Put(zones.to_item(changed), condition), *seen, *counted]
    if zone.shares:
        raise ZoneShared(zone=zone.name, shares=zone.shares)
    signing = tsigkeys.end(service.table, zone.id, names=True)
    most = quotas.get(service.table, service.settings, changed.group_id).zones
    handed = zones.hand_over(changed, zone, condition, most, tsig_keys=signing.counted)
    *first, gain = handed
    return [*first, *counted, *signing.writes, *handovers.withdraw(service.table, zone.id), gain]


def check_room(zone: Zone, changed: Zone, own: list[Write], failed: ConditionFailed) -> None:
    """Raise OverQuota if only the tally of the new owner, the last of the writes of `stored`, had no room."""
    if changed.group_id != zone.group_id and failed.failed[len(own) - 1] and sum(failed.failed) == 1:
        raise OverQuota(f"group {changed.group_id} may have no more", quota="zones") from failed
