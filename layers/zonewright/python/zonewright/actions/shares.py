"""Shares of a zone with other groups: create, get, list and delete them."""

from zonewright.errors import (
    Invalid,
    InvalidTarget,
    OverQuota,
    Reason,
    ShareExists,
    ShareNotFound,
    ZoneNotFound,
)
from zonewright.model import selection
from zonewright.model.selection import Selection
from zonewright.model.share import MOST_SHARES, Share
from zonewright.model.zone import Zone
from zonewright.service import Service
from zonewright.store import shares as store
from zonewright.store import zones
from zonewright.store.table import ConditionFailed


def create(service: Service, zone: Zone, target_id: str) -> Share:
    """Share a zone with a group, and return the share.

    Raise ShareExists, OverQuota, ZoneNotFound, InvalidTarget if there is no such group, or Invalid if the group owns
    the zone.
    """
    if target_id == zone.group_id:
        reason = f"zone {zone.name} belongs to project {target_id}: it needs no share"
        raise Invalid(reason, [Reason(reason, ("target_project_id",), "other")])
    now = service.now()
    share = Share(zone.id, zone.group_id, target_id, now)
    try:
        service.table.write(*store.create(share, zone, now))
    except ConditionFailed as error:
        raise _refusal(zone, target_id, error) from error
    return share


def get(service: Service, zone: Zone, share_id: str) -> Share:
    """Return a share of a zone. Raise ShareNotFound."""
    share = store.get(service.table, zone.id, share_id)
    if share is None:
        raise ShareNotFound(f"zone {zone.name} has no share {share_id}")
    return share


def listing(service: Service, zone: Zone, wanted: Selection[Share]) -> tuple[list[Share], int]:
    """Return a page of a zone's shares, and the number of shares that match the filters. Raise MarkerNotFound."""
    every = store.listing(service.table, zone.id)

    after = wanted.after(lambda marker: next((share for share in every if share.id == marker), None))
    return selection.page_after(every, wanted, after)


def delete(service: Service, zone: Zone, share_id: str) -> None:
    """Delete a share. Raise ShareNotFound, ZoneNotFound."""
    share = get(service, zone, share_id)
    try:
        service.table.write(*store.delete(share, zone, service.now()))
    except ConditionFailed as error:
        if error.failed[0]:
            raise ZoneNotFound(f"Zone with id {zone.id} does not exists") from error
        raise ShareNotFound(f"zone {zone.name} has no share {share_id}") from error


def _refusal(zone: Zone, target_id: str, failed: ConditionFailed) -> Exception:
    """Return the error to raise for a failed write of a share."""
    on_zone, on_share, *_ = failed.failed
    if on_share:
        return ShareExists(f"zone {zone.name} is shared with project {target_id} already")
    if not on_zone:
        reason = f"there is no project {target_id}"
        return InvalidTarget(reason, [Reason(reason, ("target_project_id",), "project")])
    found = zones.from_item(failed.old[0]) if failed.old[0] else None
    if found and found.shares >= MOST_SHARES:
        return OverQuota(f"zone {zone.name} is shared with {found.shares} projects, and may be with {MOST_SHARES}")
    return ZoneNotFound(f"Zone with id {zone.id} does not exists")
