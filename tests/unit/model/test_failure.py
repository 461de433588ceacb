"""Failures that last, and contents that expire."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from zonewright.model import failure
from zonewright.model.failure import Failure
from zonewright.model.schedule import Timers
from zonewright.model.zone import Zone, ZoneType

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
ZONE = Zone(
    "zone-id",
    "example.org.",
    "group-id",
    ZoneType.SECONDARY,
    NOW,
    version=1,
    synced=NOW,
    timers=Timers(60, 60, 300),
    failure=Failure("refused", NOW, NOW),
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(None, Failure("refused", LATER, LATER), id="first"),
        pytest.param(Failure("silent", NOW, NOW), Failure("refused", LATER, NOW), id="again"),
        pytest.param(Failure("silent"), Failure("refused", LATER, LATER), id="after one of an older deployment"),
    ],
)
def test_a_failure_begins_with_the_first_after_a_success(before, after):
    assert failure.following(before, "refused", LATER, of_sync=False) == after


@pytest.mark.parametrize("before", [None, False, True])
@pytest.mark.parametrize("of_sync", [False, True])
def test_a_failure_is_that_of_a_sync_from_the_first_one_on(before, of_sync):
    last = None if before is None else Failure("silent", NOW, NOW, before)

    assert failure.following(last, "refused", LATER, of_sync=of_sync).of_sync == (of_sync or bool(before))


@pytest.mark.parametrize(
    ("zone", "seconds"),
    [
        pytest.param(ZONE, 300, id="since the last sync"),
        pytest.param(replace(ZONE, confirmed=LATER), 600, id="since the last look"),
        pytest.param(
            replace(ZONE, confirmed=LATER, synced=LATER + timedelta(minutes=5)), 900, id="since the later one"
        ),
    ],
)
def test_contents_expire_when_expire_is_over(zone, seconds):
    over = NOW + timedelta(seconds=seconds)

    assert not zone.expired(over - timedelta(microseconds=1))
    assert zone.expired(over)


@pytest.mark.parametrize(
    "fields", [{"failure": None}, {"version": 0}, {"synced": None}], ids=["no failure", "no contents", "never synced"]
)
def test_other_zones_do_not_expire(fields):
    assert not replace(ZONE, **fields).expired(NOW + timedelta(days=999))
