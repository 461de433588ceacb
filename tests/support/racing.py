"""Callers that begin at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

from zonewright.errors import ZonewrightError


def at_once(count, work):
    """Call `work` with each number below `count` in threads that begin together. Return the results and errors."""
    together = threading.Barrier(count)

    def run(number):
        together.wait()
        try:
            return work(number)
        except ZonewrightError as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
