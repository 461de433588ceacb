"""Shares of a zone with other groups: create, get, list and delete them."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from zonewright.errors import (
    Invalid,
    InvalidTarget,
    OverQuota,
    Reason,
    ShareExists,
    ShareNotFound,
    ZoneChanged,
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

T = TypeVar("T")

_TRIES = 3


def create(service: Service, zone: Zone, target_id: str) -> Share:
    """Share a zone with a group, and return the share.

    Raise ShareExists, OverQuota, ZoneNotFound, InvalidTarget if there is no such group, Invalid if the group owns the
    zone, or ZoneChanged if others keep changing the zone.
    """
    if target_id == zone.group_id:
        reason = f"zone {zone.name} belongs to project {target_id}: it needs no share"
        raise Invalid(reason, [Reason(reason, ("target_project_id",), "other")])

    def attempt(zone: Zone, at: datetime) -> Share:
        share = Share(zone.id, zone.group_id, target_id, at)
        service.table.write(*store.create(share, zone, at))
        return share

    try:
        return _in_order(service, zone, attempt)
    except ConditionFailed as error:
        raise _refusal(zone, target_id, error) from error


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
    """Delete a share. Raise ShareNotFound, ZoneNotFound, or ZoneChanged if others keep changing the zone."""
    share = get(service, zone, share_id)
    try:
        _in_order(service, zone, lambda zone, at: service.table.write(*store.delete(share, zone, at)))
    except ConditionFailed as error:
        if error.failed[0]:
            raise ZoneNotFound(f"Zone with id {zone.id} does not exists") from error
        raise ShareNotFound(f"zone {zone.name} has no share {share_id}") from error


def _in_order(service: Service, zone: Zone, attempt: Callable[[Zone, datetime], T]) -> T:
    """Call `attempt` with the zone and the time of the change, and return its result.

    Retry with the zone as found if another change has this time or a later one. A share may be made while a sync or an
    update holds the zone. Raise ConditionFailed if it fails for another reason, or ZoneChanged.
    """
    for _ in range(_TRIES):
        at = zone.moment(service.now())
        try:
            return attempt(zone, at)
        except ConditionFailed as error:
            found = zones.from_item(error.old[0]) if error.failed[0] and error.old[0] else None
            if found is None or found.group_id != zone.group_id or found.updated is None or found.updated < at:
                raise
            zone = found
    raise ZoneChanged(f"zone {zone.name} keeps changing; try again")


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
