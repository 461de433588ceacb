"""The time that a primary may take for an answer, from the beginning of the attempt to the last message.

    resolve ─ connect ─ TLS ─ question ─ first message ── message ──── message ── ... ── last message
    └─────────── FirstMessageTimeout ────────────────┘    └──────┘ IdleTimeout at most
                                                     └── window ──┴── window ──┴── ...   each at LeastRate
    └──────────────────────────── TransferTimeout ───────────────────────────────────────────────────┘

A window ends with the first octets that come after `WINDOW` times IdleTimeout of waiting. It must have brought
LeastRate octets for each second of that time. Only the time spent waiting for the primary counts, so our own work
between two reads is not held against it. A primary may pause for IdleTimeout in each window. A zone that ends within
its first window may come as slowly as it likes.
"""

import time
from typing import TYPE_CHECKING

from zonewright.errors import TransferTimedOut

if TYPE_CHECKING:
    from zonewright.servers.connection import Reach

WINDOW = 2
"""Length of a window, as a multiple of IdleTimeout."""


class Pace:
    """The clock of one attempt at a primary. It starts when it is made."""

    def __init__(self, reach: "Reach") -> None:
        self._reach = reach
        self._began = time.monotonic()
        self._answered = False
        self._octets = 0
        self._waited = 0.0

    def answered(self) -> None:
        """Note that a message is complete."""
        self._answered = True

    def left(self) -> float:
        """Return the seconds until the first message must be complete, or later the transfer. They are never 0."""
        return max(self._began + self._limit - time.monotonic(), 0.001)

    def check(self, so_far: str) -> None:
        """Raise TransferTimedOut if the time is over. `so_far` tells what came."""
        if time.monotonic() < self._began + self._limit:
            return
        if self._limit < self._reach.total:
            raise TransferTimedOut(f"the first message was not complete within {self._limit:g} s")
        raise TransferTimedOut(f"the transfer was not over within {self._limit:g} s{so_far}")

    def came(self, octets: int, waited: float, so_far: str) -> None:
        """Count octets that came after `waited` seconds. Raise TransferTimedOut if they are too late or too few."""
        self.check(so_far)
        if not self._answered:
            return
        self._octets += octets
        self._waited += waited
        window, rate = WINDOW * self._reach.idle, self._reach.rate
        if self._waited < window:
            return
        if self._octets < window * rate:
            came = f"the primary sent {self._octets:,} octets in {self._waited:.0f} s{so_far}"
            raise TransferTimedOut(f"{came}, and the least rate is {rate:,} a second")
        self._octets, self._waited = 0, 0.0

    @property
    def _limit(self) -> float:
        """Return the seconds of the limit that is nearest: for the first message, or for all of them."""
        return self._reach.total if self._answered else min(self._reach.first, self._reach.total)
