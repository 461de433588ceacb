"""How a zone gets a new owner: its owner offers it under a key, and a group with the key accepts it.

Designate calls the offer a zone transfer request. In this project a transfer is the reading of a zone from a primary.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zonewright.model.users import Caller


class OfferStatus(StrEnum):
    """The state of an offer: it may be accepted, or was."""

    ACTIVE = "ACTIVE"
    COMPLETE = "COMPLETE"


@dataclass(frozen=True, slots=True)
class Offer:
    """The offer of a zone by `group_id` to the group `target_id`.

    With a `target_id` of None any group with the `key` may accept it. `revision` counts the stored changes.
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
        """Return whether the caller may change the offer and see its key."""
        return caller.is_super or caller.group_id == self.group_id

    def is_open_to(self, caller: Caller) -> bool:
        """Return whether the caller may see the offer.

        The owner, the target, and any group for an offer without a target may see it.
        """
        return self.is_owners(caller) or self.target_id in (None, caller.group_id)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The acceptance of an offer by `group_id`. `key` is the key that it gave."""

    id: str
    offer_id: str
    zone_id: str
    group_id: str
    key: str
    created: datetime
