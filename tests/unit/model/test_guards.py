"""What a sync may not do."""

import pytest
from zonewright.errors import TooMuchMoved, ZoneTooLarge
from zonewright.model.change import Counts
from zonewright.model.guards import Guards, OwnGuards, bounds


@pytest.mark.parametrize(
    ("guards", "counts", "said"),
    [
        (
            Guards(deleted=10),
            Counts(deleted=11, unchanged=89),
            "it would delete 11 of 100 record sets, more than the 10 % a sync may delete (0 created, 0 updated, 11",
        ),
        (
            Guards(changed=20),
            Counts(5, 5, 11, 84),
            "it would change 21 of 100 record sets, more than the 20 % a sync may change (5 created, 5 updated, 11",
        ),
        (Guards(deleted=0), Counts(deleted=1, unchanged=9), "it would delete 1 of 10 record sets"),
    ],
    ids=["deleted", "changed", "none at all"],
)
def test_a_share_that_is_too_great_is_refused_with_the_counts(guards, counts, said):
    with pytest.raises(TooMuchMoved) as refused:
        guards.check_share(counts)

    assert refused.value.message.startswith(said)


@pytest.mark.parametrize(
    ("guards", "counts"),
    [
        (Guards(deleted=10), Counts(deleted=10, unchanged=90)),
        (Guards(changed=20), Counts(5, 5, 10, 85)),
        (Guards(), Counts(deleted=100)),
        (Guards(deleted=0, changed=0), Counts(deleted=1, unchanged=8)),
    ],
    ids=["as many as may be deleted", "as many as may change", "unguarded", "a small zone"],
)
def test_what_is_within_the_share_is_let_through(guards, counts):
    guards.check_share(counts)


def test_a_zone_may_have_so_many_records_and_no_more():
    Guards(records=10).check_size(10)
    Guards().check_size(10**9)

    with pytest.raises(ZoneTooLarge, match=r"more than 10 records"):
        Guards(records=10).check_size(11)


@pytest.mark.parametrize(
    ("own", "guards"),
    [
        (OwnGuards(), Guards(1000, 10, 20)),
        (OwnGuards(zone_records=5), Guards(5, 10, 20)),
        (OwnGuards(zone_records=5000), Guards(1000, 10, 20)),
        (OwnGuards(deleted_percent=0), Guards(1000, 0, 20)),
        (OwnGuards(deleted_percent=100, changed_percent=90), Guards(1000, 100, 90)),
    ],
    ids=["none", "fewer records", "more records", "a smaller share", "greater shares"],
)
def test_a_zones_own_shares_take_the_place_of_the_operators_and_its_records_are_at_most_those(own, guards):
    assert Guards(1000, 10, 20).under(own) == guards


def test_a_zones_own_records_serve_where_the_operator_has_no_limit():
    assert Guards().under(OwnGuards(zone_records=5)) == Guards(5)
    assert Guards().under(OwnGuards()) == Guards()


def test_what_guards_may_be_depends_on_the_operators_records():
    assert bounds(0)["zone_records"] == (1, 2**31 - 1)
    assert bounds(1000)["zone_records"] == (1, 1000)
