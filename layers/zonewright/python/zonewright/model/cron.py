"""Quartz cron expressions: schedules by the calendar, in UTC (contract `vinyldns.md`, section 7).

    seconds minutes hours day-of-month month day-of-week [year]

A field is a list of `*`, `a` or `a-b`, each with an optional step: `*/n`, `a/n`, `a-b/n`. A range may wrap around:
`22-2`. Months and days of the week have names, and 1 is Sunday. One of the two day fields is `?`; the other gives the
days:

    L  L-3 ── the last day of the month, three before it      6L FRIL ── the last Friday of the month
    15W LW ── the working day nearest to it within the month  6#3 ────── its third Friday, if there is one
"""

import bisect
import calendar
import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

FIRST_YEAR, LAST_YEAR = 1970, 2099

_MONTHS = {"JAN": 1, "FEB": 2, "MAR": 3, "APR": 4, "MAY": 5, "JUN": 6}
_MONTHS |= {"JUL": 7, "AUG": 8, "SEP": 9, "OCT": 10, "NOV": 11, "DEC": 12}
_DAYS = {"SUN": 1, "MON": 2, "TUE": 3, "WED": 4, "THU": 5, "FRI": 6, "SAT": 7}
_SATURDAY = 5
"""The number of Saturday in `date.weekday`. Sunday is 6."""

_PART = re.compile(r"(?P<low>\*|\w+)(?:-(?P<high>\w+))?(?:/(?P<step>\d+))?", re.ASCII)
_OF_MONTH = re.compile(r"L(?:-(?P<before>\d{1,2}))?(?P<last_working>W)?|(?P<day>\d{1,2})W", re.ASCII)
_OF_WEEK = re.compile(r"(?P<day>\w+?)(?:(?P<last>L)|#(?P<nth>\d))", re.ASCII)


class NoCron(ValueError):
    """The text is not a cron expression. The message says why."""


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression, read: the sorted numbers of each field.

    Of `of_month` and `of_week` one is None, and the other holds the field's text.
    """

    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    months: tuple[int, ...]
    years: tuple[int, ...]
    of_month: str | None
    of_week: str | None

    def after(self, moment: datetime) -> datetime | None:
        """Return the first time after `moment`, in its time zone. Return None if the expression has no further time."""
        wanted = moment.replace(microsecond=0) + timedelta(seconds=1)
        for day in self._days(wanted.date()):
            found = self._time(wanted.time() if day == wanted.date() else time())
            if found is not None:
                return datetime.combine(day, found, moment.tzinfo)
        return None

    def _days(self, first: date) -> Iterator[date]:
        for year in self.years:
            for month in self.months:
                if (year, month) >= (first.year, first.month):
                    days = sorted(self._days_of(year, month))
                    yield from (found for day in days if (found := date(year, month, day)) >= first)

    def _days_of(self, year: int, month: int) -> set[int]:
        if self.of_month is not None:
            return {day for part in self.of_month.split(",") for day in _month_days(part, year, month)}
        assert self.of_week is not None
        return {day for part in self.of_week.split(",") for day in _week_days(part, year, month)}

    def _time(self, least: time) -> time | None:
        """Return the first time of a day that is `least` or later."""
        for hour in _from(self.hours, least.hour):
            for minute in _from(self.minutes, least.minute if hour == least.hour else 0):
                begun = (hour, minute) == (least.hour, least.minute)
                for second in _from(self.seconds, least.second if begun else 0):
                    return time(hour, minute, second)
        return None


@functools.lru_cache(256)
def parse(text: str) -> Cron:
    """Return the expression that `text` is. Raise NoCron."""
    fields = text.upper().split()
    if not 6 <= len(fields) <= 7:
        raise NoCron(f"{len(fields)} fields, not 6 or 7")
    seconds, minutes, hours, of_month, month, of_week, year = [*fields, "*"][:7]
    if (of_month == "?") == (of_week == "?"):
        raise NoCron("one of day-of-month and day-of-week has to be ?")
    read = Cron(
        seconds=_numbers("seconds", seconds, 0, 59),
        minutes=_numbers("minutes", minutes, 0, 59),
        hours=_numbers("hours", hours, 0, 23),
        months=_numbers("month", month, 1, 12, _MONTHS),
        years=_numbers("year", year, FIRST_YEAR, LAST_YEAR),
        of_month=None if of_month == "?" else of_month,
        of_week=None if of_week == "?" else of_week,
    )
    read._days_of(2000, 1)  # noqa: SLF001 - it raises NoCron for a wrong day
    return read


def _from(numbers: tuple[int, ...], least: int) -> tuple[int, ...]:
    return numbers[bisect.bisect_left(numbers, least) :]


def _numbers(field: str, text: str, low: int, high: int, names: dict[str, int] | None = None) -> tuple[int, ...]:
    """Return the numbers of a field, sorted."""
    return tuple(sorted({number for part in text.split(",") for number in _part(field, part, low, high, names or {})}))


def _part(field: str, text: str, low: int, high: int, names: dict[str, int]) -> Iterable[int]:
    found = _PART.fullmatch(text)
    if found is None or (found["low"] == "*" and found["high"]):
        raise NoCron(f"{field}: {text} is no value")
    step = int(found["step"] or 1)
    if not 0 < step <= high - low + 1:
        raise NoCron(f"{field}: {step} is no step")
    first = low if found["low"] == "*" else _number(field, found["low"], low, high, names)
    if found["high"]:
        last = _number(field, found["high"], low, high, names)
    else:
        last = high if found["low"] == "*" or found["step"] else first
    around = high - low + 1 if last < first else 0
    return (low + (number - low) % (high - low + 1) for number in range(first, last + around + 1, step))


def _number(field: str, text: str, low: int, high: int, names: dict[str, int]) -> int:
    number = names[text] if text in names else int(text) if text.isdecimal() else -1
    if not low <= number <= high:
        raise NoCron(f"{field}: {text} is not from {low} to {high}")
    return number


def _month_days(text: str, year: int, month: int) -> Iterable[int]:
    """Return the days of a month that one part of day-of-month means."""
    last = calendar.monthrange(year, month)[1]
    found = _OF_MONTH.fullmatch(text)
    if found is None:
        return (day for day in _part("day-of-month", text, 1, 31, {}) if day <= last)
    if found["day"]:
        day = _number("day-of-month", found["day"], 1, 31, {})
        return [_working(date(year, month, day), last)] if day <= last else []
    before = int(found["before"] or 0)
    if before > 30:
        raise NoCron(f"day-of-month: no month has {text}")
    day = last - before
    if day < 1:
        return []
    return [_working(date(year, month, day), last) if found["last_working"] else day]


def _working(day: date, last: int) -> int:
    """Return the day, Monday to Friday, that is nearest to `day` within its month."""
    if day.weekday() == _SATURDAY:
        return day.day - 1 if day.day > 1 else 3
    if day.weekday() > _SATURDAY:
        return day.day + 1 if day.day < last else day.day - 2
    return day.day


def _week_days(text: str, year: int, month: int) -> Iterable[int]:
    """Return the days of a month that one part of day-of-week means."""
    last = calendar.monthrange(year, month)[1]
    found = _OF_WEEK.fullmatch(text)
    if found is None:
        names = _part("day-of-week", "SAT" if text == "L" else text, 1, 7, _DAYS)
        return [day for name in names for day in range(_first(year, month, name), last + 1, 7)]
    name = _number("day-of-week", found["day"], 1, 7, _DAYS)
    days = range(_first(year, month, name), last + 1, 7)
    if found["last"]:
        return days[-1:]
    nth = int(found["nth"])
    if not 1 <= nth <= 5:
        raise NoCron(f"day-of-week: no month has {text}")
    return days[nth - 1 : nth]


def _first(year: int, month: int, name: int) -> int:
    """Return the first day of a month that is this day of the week. 1 is Sunday."""
    return 1 + (name - 2 - date(year, month, 1).weekday()) % 7
