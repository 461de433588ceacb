"""A record set as a caller of VinylDNS's API sends it."""

from collections.abc import Sequence
from dataclasses import dataclass

from zonewright.model.ownership import Transfer
from zonewright.protocol.fields import Record


@dataclass(frozen=True, slots=True)
class SentRecordSet:
    """The body of a POST or PUT. Its fields are right, each by itself.

    `name` is as it was sent. `type` is a number, `ttl` in seconds. `id` is that of a PUT. `records` are in their order.
    An `owner_group_id` of None removes the owner.
    """

    zone_id: str
    name: str
    type: int
    ttl: int
    records: Sequence[Record]
    id: str | None = None
    account: str = "system"
    owner_group_id: str | None = None
    transfer: Transfer | None = None
