"""The turns of groups: who is served next."""

import pytest
from zonewright.store.duezones import Due
from zonewright.sync.turns import Turns


def zones(text):
    """Due zones, the longest due first: `a1 b1 a2!` are of the groups a and b, and a sync holds the last one."""
    return [
        Due(each.strip("!"), f"{number:03}", each[0], held=each.endswith("!"))
        for number, each in enumerate(text.split())
    ]


@pytest.mark.parametrize(
    ("due", "taken"),
    [
        pytest.param("", "", id="none"),
        pytest.param("a1 a2 a3", "a1 a2 a3", id="the longest due first"),
        pytest.param("a1 a2 a3 b1 c1 b2", "a1 b1 c1 a2 b2 a3", id="groups in turn"),
        pytest.param("b1 a1 a2", "b1 a1 a2", id="the group of the longest due first"),
        pytest.param("a1 b1 a2! b2", "b1 a2 a1 b2", id="held ones first within their group"),
    ],
)
def test_zones_are_taken_one_after_another_in_this_order(due, taken):
    turns, found = Turns(zones(due)), []
    while each := turns.take():
        found.append(each.zone_id)
        turns.done(each)

    assert " ".join(found) == taken


def test_a_worker_serves_the_group_that_has_the_fewest():
    turns = Turns(zones("a1 a2 a3 a4 a5 a6 b1 b2 b3 c1"))
    slow = [turns.take() for _ in range(4)]
    turns.done(slow[1])  # b1
    next_ones = [turns.take() for _ in range(3)]

    assert [each.zone_id for each in slow] == ["a1", "b1", "c1", "a2"]
    assert [each.zone_id for each in next_ones] == ["b2", "b3", "a3"]


def test_a_group_has_all_workers_if_no_other_has_due_zones():
    turns = Turns(zones("a1 a2 a3 a4 b1"))

    assert sorted(turns.take().zone_id for _ in range(5)) == ["a1", "a2", "a3", "a4", "b1"]
    assert turns.take() is None
