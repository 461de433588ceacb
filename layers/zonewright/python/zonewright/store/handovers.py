"""Offers of zones and their acceptances in the table.

An offer to a group has two items: its own, and a copy in the target's list. Both are written together. An item below
the zone limits it to one open offer, and tells which offer ends when the zone is deleted.
"""

from collections.abc import Iterator
from itertools import chain

from zonewright import clock
from zonewright.model.handover import Acceptance, Offer, OfferStatus
from zonewright.store import keys, zones
from zonewright.store.conditions import ABSENT, PRESENT, Condition, equal
from zonewright.store.table import Check, Delete, Item, Put, Table, Write, without_none


def offer(table: Table, offer_id: str) -> Offer | None:
    """Return one offer, or None."""
    item = table.get(keys.offer(offer_id))
    return _offer(item) if item else None


def offers(
    table: Table,
    group_id: str | None,
    after: Offer | None = None,
    *,
    newest_first: bool = False,
    step: int | None = None,
) -> Iterator[Offer]:
    """Yield the offers by and to a group in the order of creation, behind `after`. For all groups there is no order."""
    if group_id is None:
        lists = (table.query(keys.offer_list(each), index=keys.INDEX) for each in zones.owners(table))
        return (_offer(item) for item in chain.from_iterable(lists) if item["sk"] == keys.OFFER)
    start = None
    if after is not None:
        own = after.group_id == group_id
        key = keys.offer(after.id) if own else keys.offer_to_target(after.id)
        start = {**key, **keys.offer_listing(group_id, after.created, after.id)}
    pk = keys.offer_list(group_id)
    return map(_offer, table.query(pk, index=keys.INDEX, start=start, newest_first=newest_first, step=step))


def create(new: Offer) -> list[Write]:
    """Return the writes that create an offer: open offer, target, and the items.

    They fail if the zone has an open offer, or the target does not exist.
    """
    open_offer = keys.open_offer(new.zone_id) | {"offer_id": new.id}
    return [Put(open_offer, ABSENT), *target_exists(new), Put(_item(new), ABSENT), *_copy(new)]


def update(old: Offer, changed: Offer) -> list[Write]:
    """Return the writes that update an unchanged offer. The first carries the condition."""
    return [Put(_item(changed), _as_read(old)), *_copied(old, changed)]


def delete(old: Offer) -> list[Write]:
    """Return the writes that delete an unchanged offer. The first carries the condition."""
    writes: list[Write] = [Delete(keys.offer(old.id), _as_read(old)), Delete(keys.offer_to_target(old.id))]
    return [*writes, _close(old.zone_id, old.id)] if old.status is OfferStatus.ACTIVE else writes


def withdraw(table: Table, zone_id: str) -> list[Write]:
    """Return the writes that end the open offer of a zone, if any, and keep others from opening one meanwhile."""
    open_offer = table.get(keys.open_offer(zone_id))
    if open_offer is None:
        return [Check(keys.open_offer(zone_id), ABSENT)]
    offer_id = open_offer["offer_id"]
    return [_close(zone_id, offer_id), Delete(keys.offer(offer_id)), Delete(keys.offer_to_target(offer_id))]


def accept(old: Offer, completed: Offer, acceptance: Acceptance) -> list[Write]:
    """Return the writes that complete an unchanged offer. The first carries the condition."""
    return [*update(old, completed), _close(old.zone_id, old.id), Put(_acceptance_item(acceptance), ABSENT)]


def target_exists(offered: Offer) -> list[Write]:
    """Return the check that the target group exists, or nothing for an offer without a target."""
    return [Check(keys.group(offered.target_id), PRESENT)] if offered.target_id else []


def acceptance(table: Table, acceptance_id: str) -> Acceptance | None:
    """Return one acceptance, or None."""
    item = table.get(keys.acceptance(acceptance_id))
    return _acceptance(item) if item else None


def acceptances(table: Table, group_id: str | None) -> Iterator[Acceptance]:
    """Yield the acceptances of a group, the oldest first. For all groups there is no order."""
    groups = zones.owners(table) if group_id is None else [group_id]
    lists = (table.query(keys.acceptance_list(each), index=keys.INDEX) for each in groups)
    return map(_acceptance, chain.from_iterable(lists))


def _as_read(old: Offer) -> Condition:
    return equal(revision=old.revision)


def _close(zone_id: str, offer_id: str) -> Delete:
    return Delete(keys.open_offer(zone_id), equal(offer_id=offer_id))


def _copy(offered: Offer) -> list[Write]:
    if offered.target_id is None:
        return []
    listed = keys.offer_listing(offered.target_id, offered.created, offered.id)
    return [Put({**_item(offered), **keys.offer_to_target(offered.id), **listed})]


def _copied(old: Offer, changed: Offer) -> list[Write]:
    if old.target_id and not changed.target_id:
        return [Delete(keys.offer_to_target(old.id))]
    return _copy(changed)


def _item(offered: Offer) -> Item:
    item: Item = {
        **keys.offer(offered.id),
        **keys.offer_listing(offered.group_id, offered.created, offered.id),
        "id": offered.id,
        "zone_id": offered.zone_id,
        "zone_name": offered.zone_name,
        "group_id": offered.group_id,
        "key": offered.key,
        "created": clock.to_text(offered.created),
        "target_id": offered.target_id,
        "description": offered.description,
        "status": str(offered.status),
        "updated": clock.to_text(offered.updated) if offered.updated else None,
        "revision": offered.revision,
    }
    return without_none(item)


def _offer(item: Item) -> Offer:
    return Offer(
        id=item["id"],
        zone_id=item["zone_id"],
        zone_name=item["zone_name"],
        group_id=item["group_id"],
        key=item["key"],
        created=clock.from_text(item["created"]),
        target_id=item.get("target_id"),
        description=item.get("description"),
        status=OfferStatus(item["status"]),
        updated=clock.from_text(item["updated"]) if "updated" in item else None,
        revision=item["revision"],
    )


def _acceptance_item(accepted: Acceptance) -> Item:
    return {
        **keys.acceptance(accepted.id),
        **keys.acceptance_listing(accepted.group_id, accepted.created, accepted.id),
        "id": accepted.id,
        "offer_id": accepted.offer_id,
        "zone_id": accepted.zone_id,
        "group_id": accepted.group_id,
        "key": accepted.key,
        "created": clock.to_text(accepted.created),
    }


def _acceptance(item: Item) -> Acceptance:
    return Acceptance(
        id=item["id"],
        offer_id=item["offer_id"],
        zone_id=item["zone_id"],
        group_id=item["group_id"],
        key=item["key"],
        created=clock.from_text(item["created"]),
    )
