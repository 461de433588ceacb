"""The sweeper among things that cannot be deleted: it deletes the others, names these, and tries them again."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError
from support.sweeping import DAY, HOUR, MINUTE, hosts
from zonewright import sweep
from zonewright.contents import chunks
from zonewright.store import changes, keys, leftovers, versions

REFUSED = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DeleteObjects")


@contextmanager
def refusing(world, operation, *texts):
    """Refuse every call of an operation whose body has one of the texts, as DynamoDB or S3 would."""

    def refuse(params, **_):
        body = params["body"]
        sent = body.decode() if isinstance(body, bytes) else str(body)
        if any(text in sent for text in texts):
            raise REFUSED

    clients = (world.table.client, world.bucket.client)
    for client in clients:
        client.meta.events.register(f"before-call.*.{operation}", refuse)
    yield
    for client in clients:
        client.meta.events.unregister(f"before-call.*.{operation}", refuse)


def named(swept):
    return [(each.zone_id, each.what) for each in swept.faults]


def orphans(world):
    return {key.split("/")[1] for key in world.stored()[0] if "/orphan/" in key}


def test_a_zone_whose_objects_stay_keeps_no_other_zone_and_goes_when_they_can(world):
    first = world.zone_id
    world.delete()
    world.moment += MINUTE
    second = world.create()
    world.delete()
    world.moment += 31 * DAY

    with refusing(world, "DeleteObjects", first):
        swept = world.sweep()

    assert (swept.zones, (first, "the zone") in named(swept)) == (1, True)
    assert (world.zone(first) is None, world.zone(second) is None) == (False, True)
    assert list(world.bucket.keys(f"zones/{first}/")) != []
    assert world.sweep().zones == 1
    assert world.stored() == (set(), set())


def test_an_item_that_stays_keeps_no_other_version(world):
    for numbers in ((1, 2), (2, 3), (3, 4)):
        world.sync(hosts(*numbers))
    world.moment += 31 * DAY

    with refusing(world, "TransactWriteItems", keys.leftover(world.zone_id, 2)["sk"]):
        swept = world.sweep()

    assert named(swept) == [(world.zone_id, "version 2")]
    assert [each.number for each in versions.every(world.table, world.zone_id)] == [2, 4]
    assert world.sweep().versions == 1
    world.moment += HOUR + MINUTE
    world.sweep_all()
    assert world.stored() == world.needed([world.zone_id])


def test_chunks_that_stay_keep_no_others_and_their_leftover(world):
    for numbers in (range(12), range(20, 32), range(40, 52)):
        world.sync(hosts(*numbers))
    poisoned = chunks.key(world.zone_id, versions.get(world.table, world.zone_id, 2).chunks[-1])
    world.moment += 31 * DAY
    world.sweep()
    world.moment += HOUR + MINUTE

    with refusing(world, "DeleteObjects", poisoned):
        swept = world.sweep()

    assert named(swept) == [(world.zone_id, "version 2")]
    assert {number for number, _ in world.leftovers()} == {2}
    assert poisoned in world.stored()[0]
    world.sweep()
    assert world.leftovers() == set()
    assert world.stored() == world.needed([world.zone_id])


@pytest.mark.parametrize("runs", [1, 2], ids=["the next run", "a later run"])
def test_a_zone_that_fails_in_the_pass_keeps_no_other_and_is_tried_again(world, runs):
    zones = sorted([world.zone_id, *(world.create() for _ in range(2))])
    for zone_id in zones:
        world.write(zone_id, "orphan", (), hosts(1))
    world.moment += 8 * DAY

    with refusing(world, "DeleteObjects", zones[0]):
        for _ in range(runs):
            swept = world.sweep()
            assert named(swept) == [(zones[0], "unnamed objects")]
            assert orphans(world) == {zones[0]}
    world.moment += HOUR
    swept = world.sweep()

    assert (swept.faults, orphans(world)) == ((), set())
    assert leftovers.latest_pass(world.table).failed == ()


def test_a_change_that_stays_keeps_no_other_change_and_no_object(world):
    world.sync(hosts(1, 2))
    world.sync(hosts(2, 3))
    history = [each for each in changes.every(world.table, world.zone_id) if each.differences]
    world.write(world.zone_id, "orphan", (), hosts(1))
    world.settings = replace(world.settings, history_retention=1)
    world.moment += 31 * DAY

    with refusing(world, "DeleteObjects", history[0].id):
        swept = world.sweep()

    assert (world.zone_id, f"change {history[0].id}") in named(swept)
    assert [each.id for each in changes.every(world.table, world.zone_id)] == [history[0].id]
    assert history[0].differences[0] in world.stored()[0]
    assert orphans(world) == set()
    world.sweep()
    assert list(changes.every(world.table, world.zone_id)) == []


def test_a_list_that_cannot_be_read_keeps_no_other_list(world):
    world.write(world.zone_id, "orphan", (), hosts(1))
    world.moment += 31 * DAY

    with refusing(world, "Query", "SUPERSEDED#"):
        swept = world.sweep()

    assert ("", "the list of superseded versions") in named(swept)
    assert orphans(world) == set()


def test_a_sweep_by_hand_goes_on_too(world):
    first, second = sorted([world.zone_id, world.create()])
    for zone_id in (first, second):
        world.write(zone_id, "orphan", (), hosts(1))
    world.moment += 2 * DAY

    with refusing(world, "DeleteObjects", first):
        swept = sweep.everything(world)

    assert (named(swept), orphans(world)) == ([(first, "unnamed objects")], {first})
