"""What a sync may not do."""

import pytest
from zonewright.change import Counts
from zonewright.errors import TooMuchMoved, ZoneTooLarge
from zonewright.guards import Guards


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
