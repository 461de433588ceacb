"""What turns at deliveries have in common: their times, and how they end."""

from datetime import timedelta
from enum import StrEnum

LEASE = timedelta(seconds=360)
"""How long a turn holds a delivery. Longer than its function may run."""

RESERVE = timedelta(seconds=60)
"""Time that a turn leaves of its function's: no step is begun in it. The longest step waits for an answer twice."""

PATIENCE = timedelta(seconds=10)
"""The longest pause after which a turn itself tries again."""


class End(StrEnum):
    """Ends of a turn."""

    NOTHING = "nothing"
    HELD = "held"
    ENDED = "ended"
    DELIVERED = "delivered"
    WAITING = "waiting"


class Lost(Exception):
    """The delivery is not held any more: its lease ran out, or the zone is gone."""
