"""Catalog zones of pools (RFC 9432): made by the operator's command, and changed as zones come and go.

A catalog is a PRIMARY zone of the pool as any other, so it is pushed as they are. Its owner is a group of its own, so
no project lists it.
"""

from collections.abc import Iterable

from zonewright.actions import edit, zones
from zonewright.actions.imported import Contents
from zonewright.contents import chunks
from zonewright.errors import Invalid
from zonewright.model import catalog
from zonewright.model.diff import Move
from zonewright.model.pool import POOL_ID, Pool
from zonewright.model.push import APEX_NS
from zonewright.model.users import Caller
from zonewright.model.version import index_of
from zonewright.model.zone import Zone, ZoneType
from zonewright.protocol import rrset
from zonewright.service import Service
from zonewright.store import catalogs, versions
from zonewright.store import zones as store

GROUP = "zonewright-catalogs"
"""The group that owns catalog zones."""

_OWNER = Caller("", "", frozenset({GROUP}), GROUP, is_super=True)


def made(service: Service, of: Pool) -> Zone:
    """Return the catalog zone of a pool, which is made if there is none.

    Raise Invalid if the name is that of another zone, or what the creation of a zone raises.
    """
    assert of.catalog_zone is not None
    found = store.named(service.table, of.catalog_zone)
    if found is None:
        lines = [line for line in catalog.lines({}) if not line.startswith(APEX_NS)]
        new = zones.NewZone(
            of.catalog_zone,
            email=f"hostmaster@{of.catalog_zone.rstrip('.')}",
            attributes={POOL_ID: of.id},
            contents=Contents(lines, 1),
        )
        return zones.create(service, new, caller=_OWNER)
    if found.group_id != GROUP or (found.pool_id or service.settings.pool_id).lower() != of.id.lower():
        raise Invalid(f"catalog_zone {of.catalog_zone} is the name of another zone")
    return found


def filled(service: Service, of: Pool, members: Iterable[Zone]) -> None:
    """Tell the catalog of a pool of zones that it may lack."""
    now = service.now()
    for zone in members:
        if zone.type is ZoneType.PRIMARY and zone.id != of.catalog_id:
            service.table.write(*catalogs.moved(of, zone, now))


def absorb(service: Service, zone: Zone, of: Pool) -> bool:
    """Bring the catalog zone of a pool what came and went. Return whether there was something.

    Raise ConditionFailed or ZoneBusy if others write the zone.
    """
    some = catalogs.listing(service.table, of)
    if not some:
        return False
    version = versions.get(service.table, zone.id, zone.version)
    assert version is not None
    moves: list[Move] = []
    for each in some:
        after = catalog.member(each.zone_id, each.name)
        place = rrset.place(after)
        chunk = version.chunks[index_of(version.chunks, rrset.key(place))]
        before = rrset.find(chunks.read(service.bucket, zone.id, chunk), place)
        wanted = None if each.gone else after
        if before != wanted:
            moves.append(Move(before, wanted))
    if moves:
        now = zone.moment(service.now())
        edit.publish(service, zone, version, moves, caller=edit.NOBODY, now=now)
    catalogs.done(service.table, of, some)
    return True
