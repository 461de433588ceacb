"""Regular expressions of operators, compiled once, and matched for a bounded time.

A bad expression needs years for some texts. The `re` module lets signals through while it matches, so a timer ends it.
"""

import functools
import re
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

SECONDS = 1.0
"""Seconds that one expression may take for one text."""


class TooSlow(Exception):
    """An expression took too long. `expression` is its text."""

    def __init__(self, expression: str) -> None:
        super().__init__(f"the expression {expression!r} takes too long to match")
        self.expression = expression


@functools.cache
def compiled(expression: str) -> re.Pattern[str]:
    """Return an expression that ignores case. Raise ValueError if the text is none."""
    try:
        return re.compile(expression, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{expression!r} is no regular expression: {error}") from error


def matches(expressions: Iterable[str], text: str) -> bool:
    """Return whether one of the expressions matches the whole text, in any case. Raise TooSlow."""
    return any(_bounded(compiled(each).fullmatch, each, text) for each in expressions)


def found(expressions: Iterable[str], text: str) -> bool:
    """Return whether one of the expressions matches a part of the text, in any case. Raise TooSlow."""
    return any(_bounded(compiled(each).search, each, text) for each in expressions)


def _bounded(match: Callable[[str], re.Match[str] | None], expression: str, text: str) -> bool:
    try:
        with _at_most(SECONDS):
            return match(text) is not None
    except _OutOfTimeError:
        raise TooSlow(expression) from None


class _OutOfTimeError(Exception):
    """The body of `_at_most` took too long."""


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise _OutOfTimeError if the body takes longer.

    Only the main thread gets signals, and Lambda runs handlers there. In another thread the body is not bounded.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _OutOfTimeError

    before = signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
