"""How a zone changes hands: its owner offers it under a key, and who has the key accepts it.

Designate calls the offer a zone transfer request; here a transfer is the reading of a zone from its primary.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zonewright.model.users import Caller


class OfferStatus(StrEnum):
    """Whether an offer may still be accepted."""

    ACTIVE = "ACTIVE"
    COMPLETE = "COMPLETE"


@dataclass(frozen=True, slots=True)
class Offer:
    """`group_id` offers a zone to the group `target_id`, to whoever has the key where that is None.

    `revision` counts its stored changes.
    """

    id: str
    zone_id: str
    zone_name: str
    group_id: str
    key: str
    created: datetime
    target_id: str | None = None
    description: str | None = None
    status: OfferStatus = OfferStatus.ACTIVE
    updated: datetime | None = None
    revision: int = 1

    def is_owners(self, caller: Caller) -> bool:
        """Whether the caller may change it, and see its key."""
        return caller.is_super or caller.group_id == self.group_id

    def is_open_to(self, caller: Caller) -> bool:
        """Whether the caller may see it: it is its own, for it, or for anybody who knows of it."""
        return self.is_owners(caller) or self.target_id in (None, caller.group_id)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """That `group_id` took the zone of an offer; `key` is the one it gave."""

    id: str
    offer_id: str
    zone_id: str
    group_id: str
    key: str
    created: datetime
