"""Pools: find, list and choose them. The operator's command writes them (`operations/pools.py`)."""

from collections.abc import Sequence
from typing import Any

from zonewright import clock
from zonewright.errors import NotAuthorized, NoValidPool, PoolInUse, PoolNotFound
from zonewright.model import pool, selection
from zonewright.model.pool import NsRecord, Pool
from zonewright.model.selection import Selection
from zonewright.model.users import Caller
from zonewright.model.zone import Zone, ZoneType
from zonewright.service import Service
from zonewright.store import pools as store
from zonewright.store import zones


def every(service: Service) -> list[Pool]:
    """Return all pools in the order of creation, first the deployment's if it is not stored."""
    return pool.with_default(store.listing(service.table), service.settings)


def get(service: Service, pool_id: str) -> Pool:
    """Return a pool. Raise PoolNotFound."""
    found = store.get(service.table, pool_id.lower())
    if found is None and pool_id.lower() == service.settings.pool_id.lower():
        return pool.of_deployment(service.settings)
    if found is None:
        raise PoolNotFound(pool=pool_id)
    return found


def listing(service: Service, wanted: Selection[Pool]) -> list[Pool]:
    """Return a page of pools. Raise MarkerNotFound."""
    pools = every(service)
    order = wanted.order or (lambda each: each.created or clock.EPOCH)

    def place(each: Pool) -> tuple[Any, str]:
        return order(each), each.id

    after = wanted.after(lambda marker: next((each for each in pools if each.id.lower() == marker), None))
    named = [each for each in pools if wanted.name is None or each.name.casefold() == wanted.name.casefold()]
    chosen, _ = selection.page(named, wanted, place, place(after) if after else None)
    return chosen


def of(service: Service, zone: Zone) -> Pool:
    """Return the pool of a zone."""
    return get(service, zone.pool_id or service.settings.pool_id)


def name_servers(service: Service, zone: Zone) -> Sequence[NsRecord]:
    """Return the name servers of a zone: those in its NS, or the primaries of a SECONDARY zone."""
    if zone.type is ZoneType.PRIMARY:
        return of(service, zone).name_servers_of(zone)
    return [NsRecord(primary.host, priority) for priority, primary in enumerate(zone.primaries, 1)]


def named(service: Service, of_zone: Pool) -> str | None:
    """Return how the item of a zone names its pool: by its id, or None for the deployment's."""
    return None if of_zone.id.lower() == service.settings.pool_id.lower() else of_zone.id


def choose(service: Service, attributes: dict[str, str], *, caller: Caller) -> Pool:
    """Return the pool of a new zone with these attributes.

    It is the one that `pool_id` names, or else the one that has all the attributes, or else the default. Without stored
    pools attributes choose nothing. Only a super user may name a pool, as in Designate: others get what the operator
    offers by attributes. Raise NotAuthorized, or NoValidPool for an unknown id.
    """
    stored = store.listing(service.table)
    default = pool.default_of(stored, service.settings)
    if not stored:
        return default
    asked = attributes.get(pool.POOL_ID)
    if not asked:
        return pool.fitting([default, *(each for each in stored if each != default)], attributes, default)
    if not caller.is_super:
        raise NotAuthorized(f"user {caller.user_name} may not name the pool of a zone: use its attributes")
    found = next((each for each in (default, *stored) if each.id.lower() == asked.lower()), None)
    if found is None:
        raise NoValidPool(pool=asked)
    return found


def zone_counts(service: Service, wanted: Sequence[Pool]) -> dict[str, int]:
    """Return the number of zones of each of these pools, by its id.

    The zones of the deployment's pool are those that count for no other.
    """
    counts = {each.id: store.count(service.table, each.id) for each in wanted}
    default = service.settings.pool_id.lower()
    for pool_id in counts:
        if pool_id.lower() == default:
            named_zones = sum(store.count(service.table, each.id) for each in store.listing(service.table))
            counts[pool_id] += zones.count(service.table, None) - named_zones
    return counts


def delete(service: Service, unwanted: Pool) -> None:
    """Delete a stored pool that has no zones. Raise PoolInUse, or PoolChanged if another changed or deleted it."""
    left = zone_counts(service, [unwanted])[unwanted.id]
    if left > 0:
        raise PoolInUse(pool=unwanted.name, zones=left)
    store.delete(service.table, unwanted)
