"""Syncs that callers and events request."""

from zonewright.errors import NotSecondary, NotZoneAdmin, ZoneNotFound
from zonewright.model.change import Change
from zonewright.model.order import INCREMENTAL, SyncOptions
from zonewright.model.users import Caller
from zonewright.model.zone import Zone, ZoneType
from zonewright.service import Service
from zonewright.store import begins, zones
from zonewright.sync import lifecycle


def request(service: Service, zone_id: str, options: SyncOptions, *, caller: Caller) -> tuple[Zone, Change]:
    """Begin a sync for a caller. Return the zone, SYNCING, and the change, Pending.

    The delay counts from the last sync that succeeded, so the begins of a minute are counted too. Raise ZoneNotFound,
    NotAuthorized, TooManyRequests, NoPrimary, SyncInProgress, RecentlySynced, ZoneInactive, UpdatePending.
    """
    zone = administered(service, zone_id, caller=caller)
    count_begin(service, zone.group_id)
    delay = service.settings.sync_delay
    return lifecycle.begin(service, zone, "request", user_id=caller.user_id, options=options, delay=delay)


def refresh(service: Service, zone: Zone, *, caller: Caller) -> tuple[Zone, Change]:
    """Begin a sync that transfers only if the primary's serial has moved, as a secondary's refresh does.

    Return the zone, SYNCING, and the change, Pending. The delay between two syncs does not apply, because an unchanged
    zone costs the primary one query. Raise NoPrimary, TooManyRequests, SyncInProgress, UpdatePending, ZoneInactive.
    """
    if zone.type is not ZoneType.SECONDARY:
        raise NotSecondary
    count_begin(service, zone.group_id)
    return lifecycle.begin(service, zone, "refresh", user_id=caller.user_id, options=INCREMENTAL)


def announced(service: Service, zone: Zone, *, sender: str) -> Change:
    """Begin a sync for an event of `sender`, an AWS account, and return the change. The delay between syncs applies.

    Raise as `request` does, except NotAuthorized: the event bus decides which senders it accepts.
    """
    delay = service.settings.sync_delay
    _, change = lifecycle.begin(service, zone, "event", user_id=sender, options=INCREMENTAL, delay=delay)
    return change


def count_begin(service: Service, group_id: str) -> None:
    """Count a sync or a dry run that a caller begins. Raise TooManyRequests after the most of a minute."""
    begins.count(service.table, group_id, service.settings.begins_per_minute, service.now())


def administered(service: Service, zone_id: str, *, caller: Caller) -> Zone:
    """Return a zone that the caller administers, even a deleted one. Raise ZoneNotFound, NotAuthorized."""
    zone = zones.get(service.table, zone_id)
    if zone is None:
        raise ZoneNotFound(zone=zone_id)
    if not caller.administers(zone.group_id):
        raise NotZoneAdmin(user=caller.user_name, zone=zone.name, group=zone.group_id)
    return zone
