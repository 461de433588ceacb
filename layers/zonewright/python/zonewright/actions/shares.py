"""Shares of zones with other groups: create, get, list and delete them.

The owner of a zone sees and ends all its shares. A group that a zone is shared with sees and ends its own share only.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from zonewright.errors import (
    InvalidTarget,
    OverQuota,
    Reason,
    SharedWithOwner,
    ShareExists,
    ShareNotFound,
    ZoneChanged,
    ZoneNotFound,
)
from zonewright.model import selection
from zonewright.model.selection import Selection
from zonewright.model.share import MOST_SHARES, Share, part_of_one_owner
from zonewright.model.users import Caller
from zonewright.model.zone import Zone
from zonewright.service import Service
from zonewright.store import shares as store
from zonewright.store import zones
from zonewright.store.table import ConditionFailed, Item

T = TypeVar("T")

_TRIES = 3


def create(service: Service, zone: Zone, target_id: str) -> Share:
    """Share a zone with a group, and return the share.

    Raise ShareExists, OverQuota if the zone has as many shares as it may, or the group was given as many, ZoneNotFound,
    InvalidTarget if there is no such group, Invalid if the group owns the zone, or ZoneChanged if others keep changing
    the zone.
    """
    most = service.settings.project_shares
    if target_id == zone.group_id:
        reason = f"zone {zone.name} belongs to project {target_id}: it needs no share"
        raise SharedWithOwner(reasons=[Reason(reason, ("target_project_id",), "other")], zone=zone.name)

    def attempt(zone: Zone, at: datetime) -> Share:
        share = Share(zone.id, zone.group_id, target_id, at)
        service.table.write(*store.create(share, zone, at, most))
        return share

    try:
        return _in_order(service, zone, attempt)
    except ConditionFailed as error:
        raise _refusal(zone, target_id, most, error) from error


def get(service: Service, zone: Zone, share_id: str, *, caller: Caller) -> Share:
    """Return a share of a zone that the caller may see. Raise ShareNotFound."""
    share = store.get(service.table, zone.id, share_id)
    if share is None or not _concerns(share, caller):
        raise ShareNotFound(share=share_id, zone=zone.name)
    return share


def listing(service: Service, zone: Zone, wanted: Selection[Share], *, caller: Caller) -> tuple[list[Share], int]:
    """Return a page of the shares of a zone that the caller may see, and the number of those that match the filters.

    Raise MarkerNotFound.
    """
    every = [share for share in store.listing(service.table, zone.id) if _concerns(share, caller)]

    after = wanted.after(lambda marker: next((share for share in every if share.id == marker), None))
    return selection.page_after(every, wanted, after)


def delete(service: Service, zone: Zone, share_id: str, *, caller: Caller) -> None:
    """Delete a share that the caller may see: the owner of the zone, or the group that it is shared with.

    Raise ShareNotFound, ZoneNotFound, or ZoneChanged if others keep changing the zone.
    """
    share = get(service, zone, share_id, caller=caller)
    try:
        _in_order(service, zone, lambda zone, at: service.table.write(*store.delete(share, zone, at)))
    except ConditionFailed as error:
        if error.failed[0]:
            raise ZoneNotFound(zone=zone.id) from error
        raise ShareNotFound(share=share_id, zone=zone.name) from error


def _concerns(share: Share, caller: Caller) -> bool:
    """Return whether a share is of the caller's zone, or with the caller's group."""
    return caller.is_super or caller.group_id in (share.group_id, share.target_id)


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


def _refusal(zone: Zone, target_id: str, most: int, failed: ConditionFailed) -> Exception:
    """Return the error to raise for a failed write of a share. `most` is how many the group may be given."""
    on_zone, on_share, on_group, _ = failed.failed
    if on_share:
        return ShareExists(zone=zone.name, group=target_id)
    if on_group:
        reason = f"there is no project {target_id}"
        return InvalidTarget(reasons=[Reason(reason, ("target_project_id",), "project")], group=target_id)
    if not on_zone:
        return _full(target_id, most, zone.group_id, failed.old[-1])
    found = zones.from_item(failed.old[0]) if failed.old[0] else None
    if found and found.shares >= MOST_SHARES:
        return OverQuota(
            f"zone {zone.name} is shared with {found.shares} projects, and may be with {MOST_SHARES}", quota="shares"
        )
    return ZoneNotFound(zone=zone.id)


def _full(target_id: str, most: int, owner_id: str, tally: Item | None) -> OverQuota:
    """Return the error for a group that was given as many shares as it may be given, by its tally as found."""
    if store.given(tally) >= most:
        whose = f"project {target_id} was given the {most} that a project may be given"
    else:
        whose = f"project {owner_id} gave project {target_id} the {part_of_one_owner(most)} that one project may give"
    return OverQuota(f"{whose}. Either project may end some", quota="shares")
