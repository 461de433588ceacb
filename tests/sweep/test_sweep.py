"""What the sweeper deletes and keeps, also with races and if it dies."""

from dataclasses import replace

import pytest
from support.sweeping import DAY, HOUR, MINUTE, SHARDS, before_calls, hosts
from zonewright import sweep
from zonewright.errors import SyncLost
from zonewright.model.tsigkey import Scope, TsigKey
from zonewright.store import changes, keys, leftovers, tsigkeys, versions
from zonewright.store.leftovers import Stage
from zonewright.sweep import Swept


def test_a_version_goes_a_retention_after_it_was_superseded_and_its_chunks_an_hour_later(world):
    world.sync(hosts(*range(12)))
    world.sync(hosts(*range(3, 15)))
    gone = {chunk.name for chunk in versions.get(world.table, world.zone_id, 2).chunks}
    kept = {chunk.name for chunk in versions.get(world.table, world.zone_id, 3).chunks}
    before, _ = world.stored()

    world.moment += 30 * DAY
    assert world.sweep() == Swept()
    world.moment += MINUTE
    first = world.sweep()
    assert (first.versions, first.objects) == (2, 0)
    assert world.leftovers() == {(1, Stage.REMOVED), (2, Stage.REMOVED)}
    assert world.stored()[0] == before
    world.moment += HOUR
    assert world.sweep() == Swept()
    world.moment += MINUTE
    world.sweep()

    after, items = world.stored()
    removed = {key.partition("/chunks/")[2] for key in before - after}
    assert gone - kept <= removed
    assert not removed & kept
    assert (after, items) == world.needed([world.zone_id])
    world.check()


def test_the_version_that_is_shown_stays_however_old(world):
    world.sync(hosts(1, 2))
    world.sweep_all()

    assert [each.number for each in versions.every(world.table, world.zone_id)] == [2]
    world.check()


def test_a_retention_of_nothing_still_leaves_an_hour(world):
    world.settings = replace(world.settings, version_retention=0)
    world.sync(hosts(1, 2))

    world.moment += HOUR
    assert world.sweep() == Swept()
    world.moment += MINUTE
    assert world.sweep().versions == 1


def test_a_deleted_zone_goes_with_its_history_and_its_neighbours_stay(world):
    world.sync(hosts(1, 2))
    world.sync(hosts(2, 3))
    first = world.zone_id
    second = world.create()
    world.zone_id = first
    world.delete()

    world.moment += 30 * DAY
    assert world.sweep().zones == 0
    world.moment += MINUTE
    assert world.sweep().zones == 1

    assert world.zone(first) is None
    assert world.stored() == world.needed([second])


def test_the_names_of_its_tsig_keys_go_with_a_deleted_zone(world):
    key = TsigKey("key-id", "k.", "hmac-md5", b"sealed", Scope.ZONE, world.zone_id, world.now())
    tsigkeys.create(world.table, key)
    world.sync(hosts(1, 2))
    world.delete()

    left = list(world.table.query(keys.tsig_names(world.zone_id)))
    world.moment += 31 * DAY
    world.sweep()

    assert [each["sk"] for each in left] == ["k."]
    assert tsigkeys.get(world.table, "key-id") is None
    assert list(world.table.query(keys.tsig_names(world.zone_id))) == []
    assert list(world.table.query(keys.zone_partition(world.zone_id))) == []


def test_objects_of_a_failed_sync_and_of_a_lost_race_go_in_the_pass_after_a_day(world):
    world.begin()
    world.merge(hosts(1, 2, 3))
    world.fail()
    world.lose(hosts(7, 8, 9))
    before, _ = world.stored()
    needed, _ = world.needed([world.zone_id])
    assert len(before) > len(needed)

    world.moment += DAY
    world.sweep()
    assert world.stored()[0] == before
    world.moment += 7 * DAY
    world.sweep()

    assert world.stored()[0] == needed
    world.check()


def test_objects_of_a_creation_that_failed_go_too(world):
    world.write("never-made", "change-id", (), hosts(1, 2))
    world.moment += 8 * DAY

    world.sweep()

    assert list(world.bucket.keys("zones/never-made/")) == []


def test_the_objects_of_whoever_holds_the_zone_stay_however_old(world):
    world.begin()
    world.merge(hosts(1, 2, 3))
    before, _ = world.stored()
    world.moment += 20 * DAY

    world.sweep()
    assert world.stored()[0] == before
    world.publish()

    world.check()
    assert world.zone().version == 2


def test_a_sync_that_lost_its_zone_publishes_nothing_whatever_was_swept(world):
    world.sync(hosts(1, 2, 3))
    world.begin()
    world.merge(hosts(1, 2, 3, 4, 5, 6))
    world.moment += 3 * HOUR
    world.edit()
    world.sweep_all()

    with pytest.raises(SyncLost):
        world.publish()

    assert world.zone().version == 3
    world.check()


def test_differences_stay_as_long_as_their_change(world):
    world.sync(hosts(1, 2))
    world.sync(hosts(2, 3))
    world.sweep_all()
    kept = [key for change in changes.every(world.table, world.zone_id) for key in change.differences]
    assert len(kept) == 2
    assert set(kept) <= world.stored()[0]

    world.settings = replace(world.settings, history_retention=90)
    world.moment += 20 * DAY
    world.sweep()
    assert set(kept) <= world.stored()[0]
    world.moment += 60 * DAY
    world.sweep()

    assert list(changes.every(world.table, world.zone_id)) == []
    assert world.stored() == world.needed([world.zone_id])


def test_a_change_that_has_not_ended_is_no_history_yet(world):
    world.begin()
    world.settings = replace(world.settings, history_retention=1)
    world.moment += 30 * DAY

    world.sweep()

    (pending,) = changes.every(world.table, world.zone_id)
    assert pending.finished is None


def test_a_run_stops_in_time_and_the_next_one_goes_on(world):
    zones = sorted([world.zone_id, *(world.create() for _ in range(3))])
    for zone_id in zones:
        world.write(zone_id, "orphan", (), hosts(1))
    world.moment += 8 * DAY

    def orphans():
        return {key.split("/")[1] for key in world.stored()[0] if "/orphan/" in key}

    left = []
    for _ in range(5):
        sweep.run(world, world.moment)
        left.append(orphans())

    assert left == [set(zones[1:]), set(zones[2:]), set(zones[3:]), set(), set()]
    assert leftovers.latest_pass(world.table).over


def test_the_next_pass_begins_a_week_after_the_last(world):
    world.sweep()
    world.write(world.zone_id, "orphan", (), hosts(1))

    world.moment += 7 * DAY - MINUTE
    assert world.sweep().objects == 0
    world.moment += MINUTE
    assert world.sweep().objects > 0


def test_an_idle_service_is_asked_little(world):
    world.sweep()
    calls = []
    with before_calls(world, calls.append):
        world.moment += HOUR
        world.sweep()

    assert len(calls) == 2 * SHARDS + 3


def test_a_preview_removes_nothing_and_tells_what_would_be(world):
    first = world.zone_id
    for numbers in (range(12), range(2, 14), range(4, 16)):
        world.sync(hosts(*numbers))
    world.lose(hosts(40, 41))
    world.create()
    world.delete()
    world.moment += 31 * DAY
    world.zone_id = first
    before, items = world.stored()
    sizes = {entry.key: entry.octets for entry in world.bucket.entries("")}

    told = sweep.preview(world)

    assert world.stored() == (before, items)
    world.sweep_all()
    removed = before - world.stored()[0]
    assert told == Swept(3, 1, 0, len(removed), sum(sizes[key] for key in removed))


def test_everything_is_swept_by_hand_without_waiting_for_the_pass(world):
    world.sweep()
    world.sync(hosts(1, 2))
    needed, _ = world.stored()
    world.lose(hosts(3))
    world.moment += 2 * DAY

    swept = sweep.everything(world)

    assert swept == Swept(objects=2)
    assert world.stored()[0] == needed
    world.check()
