"""A zone shared with another group: it sees the zone and may write its record sets, and no more."""

import uuid
from dataclasses import dataclass
from datetime import datetime

MOST_SHARES = 40
"""Shares of one zone: each is two writes of the one transaction that deletes the zone, which takes 100."""

_NAMESPACE = uuid.UUID("4d8e7f52-9a0b-5c1e-8f63-0c2f6b7d9e15")


@dataclass(frozen=True, slots=True)
class Share:
    """`group_id` owns the zone, `target_id` is the group it is shared with."""

    zone_id: str
    group_id: str
    target_id: str
    created: datetime

    @property
    def id(self) -> str:
        """The share's id."""
        return id_of(self.zone_id, self.target_id)


def id_of(zone_id: str, target_id: str) -> str:
    """The id of a zone's share with a group: there is one, so who asks for it need not look for it."""
    return str(uuid.uuid5(_NAMESPACE, f"{zone_id}/{target_id}"))
