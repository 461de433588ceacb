"""Handovers of zones between groups: offer a zone, change or withdraw the offer, accept it.

An acceptance is one transaction. It writes the zone, both groups' tallies, the offer, the acceptance, and a change in
the zone's history. Only the zone changes its owner, as in Designate. Zones above and below it stay with their owners.
The zone's history stays with the zone, and its TSIG keys end. A shared zone cannot be handed over.
"""

import hmac
import secrets
import string
import uuid
from dataclasses import replace
from datetime import datetime
from itertools import islice

from zonewright import clock
from zonewright.actions import edit
from zonewright.errors import (
    AcceptanceNotFound,
    Invalid,
    InvalidTarget,
    NotAuthorized,
    OfferEnded,
    OfferExists,
    OfferNotFound,
    OverQuota,
    OwnOffer,
    Reason,
    SharedNotOffered,
    WrongOfferKey,
    ZoneChanged,
    ZoneNotFound,
)
from zonewright.model import acl, selection, states
from zonewright.model.change import ChangeType
from zonewright.model.handover import Acceptance, Offer, OfferStatus
from zonewright.model.selection import Selection
from zonewright.model.states import Event, State
from zonewright.model.users import Caller
from zonewright.model.zone import Zone
from zonewright.service import Service
from zonewright.store import changes, keys, places, quotas, shares, slots, tsigkeys
from zonewright.store import handovers as store
from zonewright.store import zones as zone_store
from zonewright.store.conditions import owned
from zonewright.store.table import Check, ConditionFailed
from zonewright.store.tsigkeys import Ended

KEY_LENGTH = 8
"""Characters of an offer key, as Designate has them."""

_ALPHABET = string.ascii_uppercase + string.digits

_TRIES = 3

_KEYS = 40
"""TSIG keys of a zone that can end with a handover, two writes for each (`table.MOST_WRITES`).

One less for each user and group that its access rules name.
"""


def offer(service: Service, zone: Zone, target_id: str | None, description: str | None) -> Offer:
    """Offer a zone to a group, or to every holder of the offer key if `target_id` is None. Return the offer.

    Raise OfferExists, ZoneShared, ZoneNotFound, InvalidTarget if there is no such group, or Invalid if the group owns
    the zone already.
    """
    _refuse_shared(zone)
    _refuse_owner(zone.group_id, target_id)
    made = Offer(
        id=str(uuid.uuid4()),
        zone_id=zone.id,
        zone_name=zone.name,
        group_id=zone.group_id,
        key=_new_key(),
        created=service.now(),
        target_id=target_id,
        description=description,
    )
    free = Check(keys.zone(zone.id), owned(zone).also(shares.UNSHARED))
    try:
        service.table.write(free, *store.create(made))
    except ConditionFailed as error:
        on_zone, on_guard, *_ = error.failed
        if on_guard:
            raise OfferExists(zone=zone.name) from error
        if not on_zone:
            raise _no_project(target_id) from error
        found = zone_store.from_item(error.old[0]) if error.old[0] else None
        if found and found.state is not State.DELETED and found.group_id == zone.group_id:
            _refuse_shared(found)
        raise ZoneNotFound(zone=zone.id) from error
    return made


def get(service: Service, offer_id: str, *, caller: Caller, everywhere: bool = False) -> Offer:
    """Return an offer that is open to the caller, or any offer if `everywhere`. Raise OfferNotFound."""
    found = store.offer(service.table, offer_id)
    if found is None or not (everywhere or found.is_open_to(caller)):
        raise OfferNotFound(offer=offer_id)
    return found


def offers(service: Service, group_id: str | None, wanted: Selection[Offer]) -> list[Offer]:
    """Return a page of the offers by and to a group, or of all groups if `group_id` is None. Raise MarkerNotFound.

    Without filters and sort keys, only the page is read. Otherwise every offer is read.
    """
    after = wanted.after(
        lambda marker: store.offer(service.table, marker),
        lambda offer: group_id in (None, offer.group_id, offer.target_id),
    )
    if group_id is not None and not (wanted.filters or wanted.order):
        found = store.offers(service.table, group_id, after, newest_first=wanted.descending, step=wanted.limit)
        return list(islice(found, wanted.limit))
    return selection.page_after(store.offers(service.table, group_id), wanted, after)[0]


def update(service: Service, offer_id: str, edit: dict[str, str | None], *, caller: Caller) -> Offer:
    """Change an offer's `target_id` and `description`, if they are in `edit`. Return the changed offer.

    Raise OfferNotFound, NotAuthorized, OfferEnded, InvalidTarget or Invalid as `offer` does, or ZoneChanged if others
    keep changing the offer.
    """
    for _ in range(_TRIES):
        old = _own_offer(service, offer_id, caller)
        _refuse_ended(old)
        target_id = edit.get("target_id", old.target_id)
        _refuse_owner(old.group_id, target_id)
        description = edit.get("description", old.description)
        changed = _revised(old, service.now())
        changed = replace(changed, target_id=target_id, description=description)
        try:
            service.table.write(*store.update(old, changed), *store.target_exists(changed))
        except ConditionFailed as error:
            if not error.failed[0]:
                raise _no_project(target_id) from error
            continue
        return changed
    raise ZoneChanged(f"zone transfer request {offer_id} keeps changing; try again")


def withdraw(service: Service, offer_id: str, *, caller: Caller) -> None:
    """Delete an offer. Raise OfferNotFound, NotAuthorized, or ZoneChanged if others keep changing the offer."""
    for _ in range(_TRIES):
        old = _own_offer(service, offer_id, caller)
        try:
            service.table.write(*store.delete(old))
        except ConditionFailed:
            continue
        return
    raise ZoneChanged(f"zone transfer request {offer_id} keeps changing; try again")


def accept(service: Service, offer_id: str, key: str, *, caller: Caller) -> Acceptance:
    """Accept an offer: give its zone to the caller's group. Return the acceptance.

    A copied zone keeps its primary, without the connections of its former owner: their keys were that one's.

    Raise OfferNotFound, OfferEnded, WrongOfferKey, ZoneShared, ZoneSyncing, UpdatePending, OverQuota, or ZoneChanged if
    others keep changing the zone or the offer.
    """
    assert caller.group_id is not None
    for _ in range(_TRIES):
        old = get(service, offer_id, caller=caller)
        _refuse_ended(old)
        if not hmac.compare_digest(old.key.encode(), key.encode()):
            raise WrongOfferKey
        if caller.group_id == old.group_id:
            raise OwnOffer(zone=old.zone_name, group=old.group_id)
        zone = zone_store.get(service.table, old.zone_id)
        if zone is None or zone.state is State.DELETED or zone.group_id != old.group_id:
            continue  # the zone, and the offer with it, ended after the offer was read
        _refuse_shared(zone)
        now = zone.moment(service.now())
        state = states.next_state(Event.CHANGE, zone.hold, now)
        if state is None:
            raise states.refusal(Event.CHANGE, zone.name, zone.hold, zone.held_since)
        moved = replace(zone.freed(state, now), group_id=caller.group_id, acl=())
        moved = replace(moved, connection=None, transfer_connection=None)
        completed = replace(_revised(old, now), status=OfferStatus.COMPLETE)
        acceptance = Acceptance(str(uuid.uuid4()), old.id, zone.id, caller.group_id, old.key, now)
        most = quotas.get(service.table, service.settings, caller.group_id).zones
        ended = _ended_keys(service, zone)
        places.ensure(service.table, zone)
        as_read = edit.as_read(zone, Event.CHANGE, now)
        writes = zone_store.hand_over(moved, zone, as_read, most, tsig_keys=ended.counted)
        gain = len(writes) - 1
        change = changes.put(edit.done(zone, ChangeType.UPDATE, caller, now))
        more = [*changes.end_abandoned(zone, now), *ended.writes]
        try:
            accepts = store.accept(old, completed, acceptance)
            slots.write(service.table, [*writes, *accepts, change, *more], slots.of(zone))
        except ConditionFailed as error:
            if error.failed[gain] and sum(error.failed) == 1:
                raise OverQuota(f"project {caller.group_id} may have {most}", quota="zones") from error
            continue
        return acceptance
    raise ZoneChanged(f"zone {old.zone_name} keeps changing; try again")


def _ended_keys(service: Service, zone: Zone) -> Ended:
    """Return what ends the TSIG keys of a zone that changes hands. Raise Invalid if they are too many.

    The new owner must not sign with a secret of the former one.
    """
    ends = tsigkeys.end(service.table, zone.id, names=True)
    most = _KEYS - len(acl.named(zone.acl))
    if ends.keys > most:
        reason = f"zone {zone.name} has {ends.keys} TSIG keys, and at most {most} can end with the transfer"
        raise Invalid(reason, reasons=[Reason(reason, ("zone_transfer_request_id",), "maxItems")])
    return ends


def acceptance(service: Service, acceptance_id: str, *, caller: Caller, everywhere: bool) -> Acceptance:
    """Return an acceptance of the caller's group, or any acceptance if `everywhere`. Raise AcceptanceNotFound."""
    found = store.acceptance(service.table, acceptance_id)
    if found is None or not (everywhere or caller.is_super or found.group_id == caller.group_id):
        raise AcceptanceNotFound(acceptance=acceptance_id)
    return found


def acceptances(service: Service, group_id: str | None, wanted: Selection[Acceptance]) -> tuple[list[Acceptance], int]:
    """Return a page of a group's acceptances, or of all groups if `group_id` is None, and their number.

    Every acceptance is read to count them. Raise MarkerNotFound.
    """
    after = wanted.after(
        lambda marker: store.acceptance(service.table, marker),
        lambda acceptance: group_id in (None, acceptance.group_id),
    )
    return selection.page_after(store.acceptances(service.table, group_id), wanted, after)


def _new_key() -> str:
    """Return a random offer key, one of 36**8, in Designate's form."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(KEY_LENGTH))


def _own_offer(service: Service, offer_id: str, caller: Caller) -> Offer:
    found = get(service, offer_id, caller=caller)
    if not found.is_owners(caller):
        raise NotAuthorized(f"zone transfer request {offer_id} is another project's")
    return found


def _revised(old: Offer, now: datetime) -> Offer:
    """Return an offer with its next revision."""
    return replace(old, updated=clock.after(old.updated or old.created, now), revision=old.revision + 1)


def _refuse_ended(offered: Offer) -> None:
    if offered.status is not OfferStatus.ACTIVE:
        raise OfferEnded


def _refuse_shared(zone: Zone) -> None:
    if zone.shares:
        raise SharedNotOffered(zone=zone.name, shares=zone.shares)


def _refuse_owner(group_id: str, target_id: str | None) -> None:
    if target_id == group_id:
        reason = f"the zone belongs to project {group_id} already"
        raise Invalid(reason, reasons=[Reason(reason, ("target_project_id",), "other")])


def _no_project(target_id: str | None) -> InvalidTarget:
    reason = f"there is no project {target_id}"
    return InvalidTarget(reasons=[Reason(reason, ("target_project_id",), "project")], group=target_id or "")
