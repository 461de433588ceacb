"""How many TSIG keys a project and a zone may have, and that they end with their zone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.calls import GROUP, NOW, STRANGERS_GROUP, call, event
from support.tsigkeys import MINE, OTHER, ROOT, THEIRS, create, delete, get, kind, listed, names_of, update
from zonewright.model.change import Change, ChangeType
from zonewright.model.share import MOST_SHARES, Share
from zonewright.model.states import State
from zonewright.model.tsigkey import Scope, TsigKey
from zonewright.store import changes, keys, shares, tsigkeys, zones
from zonewright.store.table import Put, Table

from functions.designate import abandon_zone, delete_zone
from functions.designate.transfers import create_transfer_request


@pytest.fixture
def limits(monkeypatch):
    """Set the limits of a project and of a zone."""

    def set_limits(project, zone):
        monkeypatch.setenv("QUOTA_TSIG_KEYS", str(project))
        monkeypatch.setenv("QUOTA_ZONE_TSIG_KEYS", str(zone))

    return set_limits


def tally(service, group_id=GROUP):
    return (service.table.get(keys.tally(group_id)) or {}).get("tsig_keys", 0)


def remove(zone, headers=None, shared="false"):
    headers = {"x-auth-token": "zw_root"} if headers == ROOT else {"x-designate-delete-shares": shared}
    return call(delete_zone.handler, event("designate_delete_zone", zone=zone.id, headers=headers))


def old_id(number):
    return f"0a1b2c3d-0043-4cc6-a1bb-{number:012d}"


def store_old(service, zone, count):
    """Store keys of a zone as earlier releases did, which did not count them."""
    for number in range(count):
        created = NOW - timedelta(hours=1) + timedelta(seconds=number)
        old = TsigKey(old_id(number), f"old{number}.", "hmac-md5", b"sealed", Scope.ZONE, zone.id, created)
        tsigkeys.create(service.table, old)


@pytest.mark.parametrize(
    ("project", "zone", "said"),
    [(2, 10, f"project {GROUP} may have 2"), (10, 2, f"zone {MINE.id} may have 2"), (0, 10, "may have 0")],
    ids=["project", "zone", "none"],
)
def test_a_key_more_than_the_limit_is_refused(service, limits, project, zone, said):
    limits(project, zone)
    for number in range(min(project, zone)):
        assert create(name=f"k{number}.").status == 201

    answer = create()

    assert kind(answer) == (413, "over_quota")
    assert said in answer.json["message"]
    assert len(list(tsigkeys.every(service.table))) == tally(service) == min(project, zone)


def test_a_deleted_key_makes_room_and_a_super_users_key_takes_the_owners(service, limits):
    limits(1, 1)
    key_id = create(headers=ROOT).json["id"]

    assert (kind(create(name="n.")), tally(service), tally(service, STRANGERS_GROUP)) == ((413, "over_quota"), 1, 0)
    delete(key_id)
    assert (create(name="n.").status, tally(service)) == (201, 1)


def test_a_key_that_moves_needs_room_where_it_goes(service, limits):
    limits(2, 1)
    one, two = create(name="one.").json["id"], create(resource_id=OTHER.id).json["id"]

    assert kind(update(one, {"resource_id": OTHER.id})) == (413, "over_quota")
    assert update(two, {"name": "n."}).status == 200
    assert update(two, {"resource_id": THEIRS.id}, ROOT).status == 200
    assert update(one, {"resource_id": OTHER.id}).status == 200
    assert (tally(service), tally(service, STRANGERS_GROUP)) == (1, 1)


def test_keys_of_an_earlier_release_do_not_count_and_are_listed_and_written_as_before(service, limits):
    limits(1, 1)
    store_old(service, MINE, 2)

    assert create().status == 201
    assert names_of(listed()) == names_of(listed(headers=ROOT)) == ["old0.", "old1.", "transfer.example.org."]
    assert update(old_id(0), {"name": "n."}).status == 200
    assert (delete(old_id(1)).status, tally(service)) == (204, 1)
    assert kind(create(name="more.")) == (413, "over_quota")
    assert names_of(listed()) == ["n.", "transfer.example.org."]


def test_keys_end_with_their_zone_and_make_room(service, limits):
    limits(3, 2)
    made = [create(name=f"k{number}.").json["id"] for number in range(2)]
    other = create(resource_id=OTHER.id).json["id"]
    store_old(service, MINE, 1)

    assert remove(MINE).status == 204

    for key_id in (*made, old_id(0)):
        assert tsigkeys.get(service.table, key_id) is None
    assert kind(get(made[0], ROOT)) == (404, "tsigkey_not_found")
    assert names_of(listed()) == names_of(listed(headers=ROOT)) == ["transfer.example.org."]
    assert (get(other).status, tally(service)) == (200, 1)
    assert create(resource_id=OTHER.id, name="n.").status == 201


def test_keys_end_with_a_zone_that_is_abandoned(service):
    create()

    sent = event("designate_abandon_zone", zone=MINE.id, headers=ROOT)
    assert call(abandon_zone.handler, sent).status == 204

    assert (list(tsigkeys.every(service.table)), tally(service)) == ([], 0)


def test_a_key_made_while_its_zone_is_deleted_ends_too(service, monkeypatch):
    create()
    plain, late = Table.write, []

    def write(table, *writes):
        if not late and any(isinstance(each, Put) and each.item.get("state") == "DELETED" for each in writes):
            late.append(None)
            late.append(create(name="late."))
        plain(table, *writes)

    monkeypatch.setattr(Table, "write", write)

    assert remove(MINE).status == 204

    assert late[1].status == 201
    assert (list(tsigkeys.every(service.table)), tally(service)) == ([], 0)


def test_all_the_keys_and_shares_that_a_zone_may_have_end_with_it_in_one_transaction(service, monkeypatch):
    """The zone is offered, too, and held by a sync that died."""
    for number in range(10):
        assert create(name=f"k{number}.").status == 201
    offered = {"target_project_id": STRANGERS_GROUP}
    sent = event("designate_create_transfer_request", zone=MINE.id, json=offered)
    assert call(create_transfer_request.handler, sent).status == 201
    for number in range(MOST_SHARES):
        share = Share(MINE.id, GROUP, f"group-{number}", NOW)
        service.table.write(*[each for each in shares.create(share, MINE, NOW, MOST_SHARES) if isinstance(each, Put)])
    dead = replace(MINE, shares=MOST_SHARES, state=State.SYNCING, holder="dead", lease=1, held_since=NOW)
    pending = Change("dead", MINE.id, ChangeType.SYNC, "joe", NOW, base=0)
    service.table.write(Put(zones.to_item(dead)), changes.put(pending))
    sizes, plain = [], Table.write
    monkeypatch.setattr(Table, "write", lambda table, *writes: sizes.append(len(writes)) or plain(table, *writes))

    assert remove(MINE, shared="true").status == 204

    assert max(sizes) == 100
    assert (list(tsigkeys.every(service.table)), tally(service)) == ([], 0)
    assert shares.listing(service.table, MINE.id) == []


def test_more_keys_than_a_transaction_deletes_sign_nothing_and_are_swept(service):
    """An earlier release had no limit. What remains is shown to super users only."""
    store_old(service, MINE, 95)
    assert create().status == 201

    assert remove(MINE).status == 204

    left = list(tsigkeys.every(service.table))
    assert 0 < len(left) < 10
    assert (names_of(listed()), len(names_of(listed(headers=ROOT))), tally(service)) == ([], len(left), 0)
    assert kind(get(left[0].id)) == (404, "tsigkey_not_found")
    tsigkeys.sweep(service.table, MINE.id)
    assert list(tsigkeys.every(service.table)) == []


def test_a_key_that_no_longer_counts_is_not_subtracted_again(service):
    """Such as one that the transaction which deleted its zone had no room for."""
    key = tsigkeys.get(service.table, create().json["id"])
    assert remove(MINE).status == 204
    service.table.write(Put(tsigkeys._item(key)))  # noqa: SLF001 - as if it had been left

    assert kind(delete(key.id, ROOT)) == (409, "tsigkey_busy")

    assert (tally(service), kind(delete(key.id))) == (0, (404, "tsigkey_not_found"))
