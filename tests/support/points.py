"""Points of a delivery at which something may happen: before and after every write to the table and every exchange."""

import itertools
import threading
from contextlib import contextmanager

import pytest
from zonewright.servers import connection
from zonewright.store.table import Table

_EXCHANGES = ("exchange", "soa")


class Killed(BaseException):
    """The end of a turn at a point. Nothing of it may catch this."""


@contextmanager
def points(hook):
    """Call `hook` with the number of each point, from 0, but for points within the hook itself."""
    numbers, within = itertools.count(), threading.local()

    def point():
        if getattr(within, "hook", False):
            return
        within.hook = True
        try:
            hook(next(numbers))
        finally:
            within.hook = False

    def between(plain):
        def call(*arguments, **options):
            point()
            done = plain(*arguments, **options)
            point()
            return done

        return call

    def transfer(*arguments, plain=connection.transfer):
        point()
        yield from plain(*arguments)
        point()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Table, "write", between(Table.write))
        patched.setattr(connection, "transfer", transfer)
        for each in _EXCHANGES:
            patched.setattr(connection, each, between(getattr(connection, each)))
        yield


@contextmanager
def killed(at):
    """Kill what runs at point `at`: nothing of it is written or sent afterwards. Yield whether it was."""
    struck = []

    def strike(number):
        if number >= at:
            struck.append(number)
            raise Killed

    with points(strike):
        try:
            yield struck
        except Killed:
            assert struck


@contextmanager
def meanwhile(at, act):
    """Call `act` at point `at`. Yield whether it was called."""
    called = []

    def reached(number):
        if number == at:
            called.append(number)
            act()

    with points(reached):
        yield called
