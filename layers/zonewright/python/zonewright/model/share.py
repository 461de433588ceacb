"""A zone shared with another group, which may read the zone and write its record sets."""

import uuid
from dataclasses import dataclass
from datetime import datetime

MOST_SHARES = 40
"""Shares of one zone.

Each share is two writes of the one transaction that deletes the zone, and a transaction takes 100.
"""


def part_of_one_owner(most: int) -> int:
    """Return how many of the `most` shares that a group may be given may come from one owner.

    Half of them, so that no owner can use up the shares of a group and keep others from sharing with it.
    """
    return (most + 1) // 2


_NAMESPACE = uuid.UUID("4d8e7f52-9a0b-5c1e-8f63-0c2f6b7d9e15")


@dataclass(frozen=True, slots=True)
class Share:
    """`group_id` owns the zone. `target_id` is the group that the zone is shared with."""

    zone_id: str
    group_id: str
    target_id: str
    created: datetime

    @property
    def id(self) -> str:
        """Return the share's id."""
        return id_of(self.zone_id, self.target_id)


def id_of(zone_id: str, target_id: str) -> str:
    """Return the id of a zone's share with a group. It follows from both, so no search is needed."""
    return str(uuid.uuid5(_NAMESPACE, f"{zone_id}/{target_id}"))
