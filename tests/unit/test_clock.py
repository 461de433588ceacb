from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from zonewright import clock

moments = st.datetimes(
    clock.EPOCH.replace(tzinfo=None),
    datetime(9999, 12, 30),  # noqa: DTZ001 - the bound of moments in any zone
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7))]),
)


@given(moments)
def test_a_moment_reads_back_in_utc(moment):
    found = clock.from_text(clock.to_text(moment))

    assert (found, found.tzinfo) == (moment, UTC)


@given(moments, moments)
def test_texts_sort_as_moments_do(one, other):
    assert (clock.to_text(one) < clock.to_text(other)) == (one < other)


@given(moments)
@example(datetime(3059, 1, 1, microsecond=999997, tzinfo=UTC))
def test_the_epoch_of_a_moment_is_its_whole_seconds(moment):
    seconds = timedelta(seconds=clock.epoch(moment))

    assert timedelta(0) <= moment - clock.EPOCH - seconds < timedelta(seconds=1)


@given(moments)
def test_an_epoch_reads_back_as_the_moment_without_its_fraction(moment):
    assert clock.from_epoch(clock.epoch(moment)) == moment.replace(microsecond=0)


def test_microseconds_are_always_written():
    assert clock.to_text(datetime(2026, 11, 21, 10, 4, 11, tzinfo=UTC)) == "2026-11-21T10:04:11.000000Z"


@pytest.mark.parametrize("text", ["", "2026-11-21", "2026-11-21T10:04:11Z", "2026-11-21T10:04:11.000000+00:00", "now"])
def test_another_form_is_refused(text):
    with pytest.raises(ValueError, match="does not match format"):
        clock.from_text(text)
