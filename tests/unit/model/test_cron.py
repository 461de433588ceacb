"""The moments of Quartz cron expressions, by Quartz's own documentation and by looking at every moment."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zonewright.model import cron
from zonewright.model.cron import NoCron

THURSDAY = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)


def numbers(low, high):
    """A field: what is written, and the numbers it means."""
    number = st.integers(low, high)
    span = high - low + 1

    def ranged(ends):
        first, last = ends
        return f"{first}-{last}", {low + (first - low + n) % span for n in range((last - first) % span + 1)}

    def stepped(pair):
        first, step = pair
        return f"{first}/{step}", set(range(first, high + 1, step))

    part = st.one_of(
        number.map(lambda each: (str(each), {each})),
        st.tuples(number, number).map(ranged),
        st.tuples(number, st.integers(1, span)).map(stepped),
        st.integers(1, span).map(lambda step: (f"*/{step}", set(range(low, high + 1, step)))),
        st.just(("*", set(range(low, high + 1)))),
    )
    return st.lists(part, min_size=1, max_size=3).map(
        lambda parts: (",".join(text for text, _ in parts), set().union(*(found for _, found in parts)))
    )


moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(numbers(0, 59), numbers(0, 59), moments)
def test_no_moment_of_an_hour_is_passed_over(seconds, minutes, moment):
    found = cron.parse(f"{seconds[0]} {minutes[0]} * ? * *").after(moment)

    looked_at = moment.replace(microsecond=0)
    while looked_at <= moment or looked_at.second not in seconds[1] or looked_at.minute not in minutes[1]:
        looked_at += timedelta(seconds=1)
    assert found == looked_at


@given(numbers(0, 23), numbers(1, 31), numbers(1, 12), moments)
def test_no_day_of_a_year_is_passed_over(hours, days, months, moment):
    found = cron.parse(f"0 0 {hours[0]} {days[0]} {months[0]} ?").after(moment)

    assert found == first(moment, hours[1], lambda day: day.day in days[1] and day.month in months[1])


@given(numbers(0, 23), numbers(1, 7), moments)
def test_no_day_of_a_week_is_passed_over(hours, days, moment):
    found = cron.parse(f"0 0 {hours[0]} ? * {days[0]}").after(moment)

    assert found == first(moment, hours[1], lambda day: day.isoweekday() % 7 + 1 in days[1])


def first(moment, hours, suits):
    """The first full hour after a moment, of those hours, on a day that suits; None where nine years have none."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    for number in range(9 * 366):
        day = midnight + timedelta(days=number)
        if suits(day):
            for hour in sorted(hours):
                if day.replace(hour=hour) > moment:
                    return day.replace(hour=hour)
    return None


@pytest.mark.parametrize(
    ("text", "following"),
    [
        ("0/5 0 0 ? * * *", "2026-01-16 00:00:00"),
        ("0 30 2 ? * *", "2026-01-16 02:30:00"),
        ("56 34 12 ? * *", "2026-01-16 12:34:56"),
        ("57 34 12 ? * *", "2026-01-15 12:34:57"),
        ("0 0 22-2 ? * *", "2026-01-15 22:00:00"),
        ("0 15,45 * ? * *", "2026-01-15 12:45:00"),
        ("0 0 0 L * ?", "2026-01-31 00:00:00"),
        ("0 0 0 L-3 * ?", "2026-01-28 00:00:00"),
        ("0 0 0 LW * ?", "2026-01-30 00:00:00"),  # the 31st is a Saturday
        ("0 0 0 L-6W * ?", "2026-01-26 00:00:00"),  # the 25th is a Sunday
        ("0 0 0 15W 2 ?", "2026-02-16 00:00:00"),  # the 15th is a Sunday
        ("0 0 0 1W 8 ?", "2026-08-03 00:00:00"),  # the 1st is a Saturday, and Friday in another month
        ("0 0 0 31W 5 ?", "2026-05-29 00:00:00"),  # the 31st is a Sunday, and Monday in another month
        ("0 0 0 31W 6-7 ?", "2026-07-31 00:00:00"),
        ("0 0 0 1,L 2 ?", "2026-02-01 00:00:00"),
        ("0 0 0 ? * 6L", "2026-01-30 00:00:00"),
        ("0 0 0 ? * fril", "2026-01-30 00:00:00"),
        ("0 0 0 ? * 6#3", "2026-01-16 00:00:00"),
        ("0 0 0 ? 2,5 FRI#5", "2026-05-29 00:00:00"),  # February has but four
        ("0 0 0 ? * L", "2026-01-17 00:00:00"),
        ("0 0 0 ? * MON-WED", "2026-01-19 00:00:00"),
        ("0 0 0 ? * SAT-SUN", "2026-01-17 00:00:00"),
        ("0 0 0 ? NOV-FEB *", "2026-01-16 00:00:00"),
        ("0 0 0 29 2 ?", "2028-02-29 00:00:00"),
        ("0 0 0 1 1 ? 2027", "2027-01-01 00:00:00"),
        ("0 0 0 1 1 ? 2026", None),
        ("0 0 0 30 2 ?", None),
        ("59 59 23 31 12 ? 2099", "2099-12-31 23:59:59"),
    ],
)
def test_an_expression_is_due(text, following):
    found = cron.parse(text).after(THURSDAY)

    assert (found and f"{found:%Y-%m-%d %H:%M:%S}", found and found.tzinfo) == (following, following and UTC)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "0 fields, not 6 or 7"),
        ("hourly", "1 fields, not 6 or 7"),
        ("0 0 * * *", "5 fields, not 6 or 7"),
        ("0 0 0 ? * * * *", "8 fields, not 6 or 7"),
        ("0 0 0 * * *", "one of day-of-month and day-of-week has to be ?"),
        ("0 0 0 ? * ?", "one of day-of-month and day-of-week has to be ?"),
        ("60 0 0 ? * *", "seconds: 60 is not from 0 to 59"),
        ("0 -1 0 ? * *", "minutes: -1 is no value"),
        ("0 0 24 ? * *", "hours: 24 is not from 0 to 23"),
        ("0 0 ٣ ? * *", "hours: ٣ is no value"),
        ("0 0 0 0 * ?", "day-of-month: 0 is not from 1 to 31"),
        ("0 0 0 32W * ?", "day-of-month: 32 is not from 1 to 31"),
        ("0 0 0 L-31 * ?", "day-of-month: no month has L-31"),
        ("0 0 0 1,? * ?", "day-of-month: ? is no value"),
        ("0 0 0 ? 13 *", "month: 13 is not from 1 to 12"),
        ("0 0 0 ? JANUARY *", "month: JANUARY is not from 1 to 12"),
        ("0 0 0 ? * 8", "day-of-week: 8 is not from 1 to 7"),
        ("0 0 0 ? * 6#6", "day-of-week: no month has 6#6"),
        ("0 0 0 ? * 0L", "day-of-week: 0 is not from 1 to 7"),
        ("0 0 0 ? * * 1969", "year: 1969 is not from 1970 to 2099"),
        ("0/0 0 0 ? * *", "seconds: 0 is no step"),
        ("0/61 0 0 ? * *", "seconds: 61 is no step"),
        ("*-5 0 0 ? * *", "seconds: *-5 is no value"),
        ("1- 0 0 ? * *", "seconds: 1- is no value"),
        (", 0 0 ? * *", "seconds:  is no value"),
    ],
)
def test_what_is_no_expression_says_why(text, reason):
    with pytest.raises(NoCron) as caught:
        cron.parse(text)

    assert str(caught.value) == reason
