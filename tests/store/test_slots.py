"""Slots of a project, and the begins of a minute: of more takers at once than there is room for, as many as fit win."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.dispatching import OneAtATime
from support.racing import at_once
from zonewright import clock
from zonewright.errors import TooManyRequests
from zonewright.model.zone import Zone, ZoneType
from zonewright.store import begins, keys, slots
from zonewright.store.conditions import ABSENT
from zonewright.store.slots import Kind, Taker
from zonewright.store.table import ConditionFailed, Put, Table

NOW = datetime(2026, 1, 15, 12, 34, 56, 275934, tzinfo=UTC)
LATER = NOW + timedelta(hours=4)
MARK = {"pk": "MARK#1", "sk": "MARK"}


def taker(holder="sync-1", most=3, **fields):
    return Taker(Kind.RUNS, "group-id", holder, LATER, most, **fields)


def take(table, asked, now=NOW, writes=lambda _: []):
    return slots.take(table, asked, now, writes)


def held(table, kind=Kind.RUNS, group_id="group-id"):
    """Return the holder of each slot, also of those that expired."""
    return {int(item["sk"]): item["holder"] for item in table.query(keys.slots(kind, group_id))}


@pytest.fixture
def shared(table):
    """The table, for threads. Moto does not isolate transactions."""
    return Table(OneAtATime(table.client), table.name)


def test_a_slot_has_its_holder_and_ends_by_itself(table):
    number = take(table, taker(zone_id="zone-id"))

    assert 0 <= number < 3
    assert table.get(keys.slot("RUNS", "group-id", number)) == {
        "pk": "RUNS#group-id",
        "sk": f"{number:05d}",
        "holder": "sync-1",
        "zone_id": "zone-id",
        "expires": clock.epoch(LATER),
    }


def test_the_slots_of_a_project_are_taken_each_once_and_then_there_are_none(table):
    taken = {take(table, taker(f"sync-{number}")) for number in range(3)}

    with pytest.raises(TooManyRequests) as refused:
        take(table, taker("sync-3"))

    assert taken == {0, 1, 2}
    text = "project group-id has 3 syncs and dry runs running, the most at once; try again later"
    assert (refused.value.why, refused.value.after) == (text, slots.RETRY)
    assert sorted(held(table).values()) == ["sync-0", "sync-1", "sync-2"]


def test_slots_of_other_kinds_and_projects_are_apart(table):
    for kind in Kind:
        for group_id in ("group-id", "other"):
            assert take(table, replace(taker(most=1), kind=kind, group_id=group_id)) == 0


def test_a_slot_whose_time_is_over_is_free_though_its_item_remains(table):
    take(table, taker("dead", most=1))

    with pytest.raises(TooManyRequests):
        take(table, taker(most=1), LATER - timedelta(seconds=1))
    assert take(table, replace(taker(most=1), expires=LATER + timedelta(hours=1)), LATER) == 0
    assert held(table) == {0: "sync-1"}


def test_what_a_slot_is_for_is_written_with_it_or_neither(table):
    def writes(number):
        return [Put(MARK | {"slot": number}, ABSENT)]

    number = take(table, taker(), writes=writes)
    with pytest.raises(ConditionFailed) as failed:
        take(table, taker("sync-2"), writes=writes)

    assert table.get(MARK) == MARK | {"slot": number}
    assert held(table) == {number: "sync-1"}
    assert (failed.value.failed, failed.value.old) == ([True], [MARK | {"slot": number}])


def test_nothing_is_written_without_a_slot(table):
    take(table, taker(most=1))

    with pytest.raises(TooManyRequests):
        take(table, taker("sync-2", most=1), writes=lambda _: [Put(MARK)])

    assert table.get(MARK) is None


def test_a_holder_takes_over_the_slot_of_the_dead_one_of_its_zone(table):
    take(table, taker("dead", most=1))
    former = Zone("zone-id", "example.org.", "group-id", ZoneType.SECONDARY, NOW, holder="dead", slot=0)

    assert take(table, taker(most=1, former=former)) == 0
    assert held(table) == {0: "sync-1"}


def test_a_slot_that_the_dead_holder_lost_is_not_taken_over(table):
    take(table, taker("other", most=1))
    former = Zone("zone-id", "example.org.", "group-id", ZoneType.SECONDARY, NOW, holder="dead", slot=0)

    with pytest.raises(TooManyRequests):
        take(table, taker(most=1, former=former))
    assert take(table, taker(most=2, former=former)) == 1
    assert held(table) == {0: "other", 1: "sync-1"}


def test_a_slot_is_freed_with_the_end_of_what_it_was_for(table):
    number = take(table, taker())

    slots.write(table, [Put(MARK)], slots.freed(Kind.RUNS, "group-id", number, "sync-1"))

    assert (held(table), table.get(MARK)) == ({}, MARK)


@pytest.mark.parametrize("holder", [None, "other"], ids=["deleted", "another's"])
def test_a_slot_that_was_lost_does_not_stop_the_end_of_what_it_was_for(table, holder):
    if holder:
        take(table, taker(holder, most=1))

    slots.write(table, [Put(MARK, ABSENT)], slots.freed(Kind.RUNS, "group-id", 0, "sync-1"))

    assert table.get(MARK) == MARK
    assert held(table) == ({0: "other"} if holder else {})


def test_an_end_that_fails_frees_nothing(table):
    table.write(Put(MARK))
    number = take(table, taker())

    with pytest.raises(ConditionFailed) as failed:
        slots.write(table, [Put(MARK, ABSENT)], slots.freed(Kind.RUNS, "group-id", number, "sync-1"))

    assert failed.value.failed == [True]
    assert held(table) == {number: "sync-1"}


def test_of_more_takers_at_once_than_there_are_slots_as_many_as_slots_win(shared):
    found = at_once(15, lambda number: take(shared, taker(f"sync-{number}", most=10)))

    won = {slot: f"sync-{number}" for number, slot in enumerate(found) if isinstance(slot, int)}
    assert held(shared) == won
    assert sorted(won) == list(range(10))


def test_takers_and_enders_at_once_lose_no_slot(shared):
    """Each of twenty holders, more than there are slots, takes one and frees it, again and again."""

    def work(number):
        for turn in range(5):
            holder = f"sync-{number}-{turn}"
            try:
                slot = take(shared, taker(holder, most=8))
            except TooManyRequests:
                continue
            assert held(shared)[slot] == holder
            slots.write(
                shared, [Put({"pk": f"END#{holder}", "sk": "END"})], slots.freed(Kind.RUNS, "group-id", slot, holder)
            )

    at_once(20, work)

    assert held(shared) == {}


def test_parallel_takers_try_different_slots_first(table, monkeypatch):
    tried = []
    monkeypatch.setattr(random, "randrange", lambda most: tried.append(most) or len(tried) - 1)

    assert [take(table, taker(f"sync-{number}", most=50)) for number in range(3)] == [0, 1, 2]
    assert tried == [50, 50, 50]


def test_the_begins_of_a_minute_are_counted_and_then_refused_until_the_next(table):
    for _ in range(3):
        begins.count(table, "group-id", 3, NOW)

    with pytest.raises(TooManyRequests) as refused:
        begins.count(table, "group-id", 3, NOW)

    text = "project group-id has begun 3 syncs and dry runs in this minute, the most that it may"
    assert (refused.value.why, refused.value.after) == (text, 4)
    begins.count(table, "other", 3, NOW)
    begins.count(table, "group-id", 3, NOW + timedelta(seconds=4))
    (first, second) = table.query("BEGINS#group-id")
    assert (first["begun"], second["begun"]) == (3, 1)
    assert first["expires"] > clock.epoch(NOW)


def test_of_more_begins_at_once_than_a_minute_has_as_many_pass(shared):
    found = at_once(15, lambda _: begins.count(shared, "group-id", 10, NOW))

    assert found.count(None) == 10
    assert {each.why for each in found if each} == {
        "project group-id has begun 10 syncs and dry runs in this minute, the most that it may"
    }


@pytest.mark.parametrize(("second", "after"), [(0, 60), (59, 1)])
def test_a_refused_begin_may_be_repeated_in_the_next_minute(table, second, after):
    moment = NOW.replace(second=second, microsecond=0)
    begins.count(table, "group-id", 1, moment)

    with pytest.raises(TooManyRequests) as refused:
        begins.count(table, "group-id", 1, moment)

    assert refused.value.after == after
