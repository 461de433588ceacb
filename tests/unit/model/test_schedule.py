"""When a zone is due: RFC 1035 section 3.3.13 for those that follow their SOA, the clock for the others."""

from datetime import UTC, datetime, timedelta

import pytest
from zonewright.model import schedule
from zonewright.model.schedule import DEFAULT_TIMERS, LONGEST, REFRESH, Timers

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
SHORTEST = 60
DAY = 86400


def seconds(wanted, timers, *, failed=False, shortest=SHORTEST):
    due = schedule.next_due(wanted, timers, shortest, NOW, failed=failed)
    return (due - NOW).total_seconds()


def test_a_zone_without_a_schedule_is_never_due():
    assert schedule.next_due(None, Timers(60, 60), SHORTEST, NOW) is None
    assert schedule.next_due(None, Timers(60, 60), SHORTEST, NOW, failed=True) is None


@pytest.mark.parametrize(
    ("timers", "after_success", "after_failure"),
    [
        pytest.param(Timers(7200, 900), 7200, 900, id="as the SOA says"),
        pytest.param(DEFAULT_TIMERS, 3600, 600, id="no SOA seen"),
        pytest.param(Timers(0, 0), SHORTEST, SHORTEST, id="at once"),
        pytest.param(Timers(59, 61), SHORTEST, 61, id="next to the shortest"),
        pytest.param(Timers(DAY, DAY + 1), DAY, DAY, id="next to a day"),
        pytest.param(Timers(2**32 - 1, 2**32 - 1), DAY, DAY, id="never"),
        pytest.param(Timers(60, 7200), 60, 7200, id="patient after a failure"),
    ],
)
def test_a_zone_that_follows_its_soa_is_due_within_bounds(timers, after_success, after_failure):
    assert seconds(REFRESH, timers) == after_success
    assert seconds(REFRESH, timers, failed=True) == after_failure


@pytest.mark.parametrize(
    ("interval", "retry", "after_failure"),
    [
        pytest.param(3600, 600, 600, id="sooner after a failure"),
        pytest.param(300, 600, 300, id="never later than the interval"),
        pytest.param(3600, 0, SHORTEST, id="not at once"),
        pytest.param(10 * DAY, 3 * DAY, DAY, id="a retry within a day"),
    ],
)
def test_an_interval_counts_from_a_success_and_a_failure_is_repeated_sooner(interval, retry, after_failure):
    assert seconds(interval, Timers(1, retry)) == interval
    assert seconds(interval, Timers(1, retry), failed=True) == after_failure


def test_an_interval_set_when_shorter_ones_were_allowed_is_stretched():
    assert seconds(60, DEFAULT_TIMERS, shortest=300) == 300


def test_the_longest_interval_is_a_moment_that_can_be_stored():
    assert schedule.next_due(LONGEST, DEFAULT_TIMERS, SHORTEST, NOW) == NOW + timedelta(seconds=LONGEST)


NIGHTLY = "0 30 2 ? * *"
NIGHT = datetime(2026, 1, 16, 2, 30, tzinfo=UTC)


def test_a_calendar_is_due_at_its_next_moment_and_sooner_after_a_failure():
    due = [schedule.next_due(NIGHTLY, Timers(7200, 900), SHORTEST, NOW, failed=failed) for failed in (False, True)]

    assert due == [NIGHT, NOW + timedelta(seconds=900)]


def test_a_retry_is_never_later_than_the_next_moment_of_a_calendar():
    assert schedule.next_due("0 35 12 ? * *", Timers(7200, 900), 1, NOW, failed=True) == NOW + timedelta(seconds=4)


def test_a_moment_that_is_too_near_is_put_off():
    assert seconds("*/5 * * ? * *", DEFAULT_TIMERS) == seconds("*/5 * * ? * *", DEFAULT_TIMERS, failed=True) == SHORTEST


def test_a_calendar_without_another_moment_is_over_unless_the_last_one_failed():
    assert schedule.next_due("0 0 0 1 1 ? 2026", DEFAULT_TIMERS, SHORTEST, NOW) is None
    assert seconds("0 0 0 1 1 ? 2026", DEFAULT_TIMERS, failed=True) == DEFAULT_TIMERS.retry


@pytest.mark.parametrize(
    ("wanted", "due"),
    [
        pytest.param(None, None, id="none"),
        pytest.param(7200, NOW - timedelta(days=2) + timedelta(seconds=7200), id="an interval"),
        pytest.param(REFRESH, NOW - timedelta(days=2) + timedelta(seconds=DEFAULT_TIMERS.refresh), id="its SOA's"),
        pytest.param(NIGHTLY, NIGHT, id="a calendar"),
    ],
)
def test_a_new_schedule_counts_from_the_last_sync_unless_it_is_a_calendar(wanted, due):
    assert schedule.first_due(wanted, DEFAULT_TIMERS, SHORTEST, NOW - timedelta(days=2), NOW) == due


@pytest.mark.parametrize(("wanted", "shown"), [(None, None), (REFRESH, None), (60, None), (NIGHTLY, NIGHTLY)])
def test_only_a_calendar_is_a_recurrence(wanted, shown):
    assert schedule.recurrence(wanted) == shown


@pytest.mark.parametrize("value", [REFRESH, 60, 61, LONGEST, NIGHTLY, "0/5 0 0 ? * * *", "0 0 9 ? * mon-fri"])
def test_what_is_a_schedule(value):
    assert schedule.is_schedule(value, SHORTEST)


@pytest.mark.parametrize(
    "value",
    [None, "", "Refresh", "60", "0 0 0 * * *", "0 0 0 ? * *" + 240 * " ", 59, 0, -60, LONGEST + 1, 60.0, True, []],
)
def test_what_is_none(value):
    assert not schedule.is_schedule(value, SHORTEST)


@pytest.mark.parametrize(("text", "value"), [("", None), ("refresh", REFRESH), ("3600", 3600), (NIGHTLY, NIGHTLY)])
def test_a_setting_is_read(text, value):
    assert schedule.parse(text) == value


def test_a_setting_that_is_no_schedule_is_told():
    with pytest.raises(ValueError, match="hourly"):
        schedule.parse("hourly")


@pytest.mark.parametrize(
    ("wanted", "timers", "waits"),
    [
        pytest.param(REFRESH, Timers(7200, 600), [600, 600, 1200, 2400, 3600, 3600], id="up to an hour"),
        pytest.param(REFRESH, Timers(900, 600), [600, 600, 900, 900], id="up to REFRESH"),
        pytest.param(REFRESH, Timers(60, 7200), [7200, 7200, 7200], id="never sooner than RETRY"),
        pytest.param(90, Timers(DAY, 600), [90, 90, 180, 360, 720, 1440, 2880, 3600], id="beyond an interval"),
        pytest.param("0 * * ? * *", Timers(DAY, 600), [60, 60, 120], id="beyond a calendar"),
    ],
)
def test_looks_that_fail_one_after_another_are_further_and_further_apart(wanted, timers, waits):
    due = [
        schedule.next_due(wanted, timers, SHORTEST, NOW, failed=True, looks=looks) - NOW for looks in range(len(waits))
    ]

    assert [round(wait.total_seconds()) for wait in due] == waits


def test_looks_never_stop():
    due = schedule.next_due(REFRESH, Timers(DAY, 1), SHORTEST, NOW, failed=True, looks=10**6)

    assert due == NOW + timedelta(hours=1)
