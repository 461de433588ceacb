"""How much a project may have (contract `designate.md`, section 5)."""

from collections.abc import Sequence
from dataclasses import dataclass

from zonewright.errors import OverQuota

NO_LIMIT = -1

LARGEST = 2**31 - 1
"""The highest quota that can be set: the limit of Designate's database column."""


@dataclass(frozen=True, slots=True)
class Quotas:
    """The quotas of one project. -1 means unlimited.

    `zones` limits the zones of the project. `zone_recordsets` and `zone_records` limit one zone, `recordset_records`
    one record set. They do not count managed record sets (SOA and apex NS of a PRIMARY zone). `api_export_size` limits
    the record sets of a zone that may be exported.
    """

    zones: int = 1000
    zone_recordsets: int = NO_LIMIT
    zone_records: int = NO_LIMIT
    recordset_records: int = NO_LIMIT
    api_export_size: int = NO_LIMIT

    def check(self, quota: str, count: int) -> None:
        """Raise OverQuota if `count` is above the quota of this name."""
        limit: int = getattr(self, quota)
        if limit != NO_LIMIT and count > limit:
            raise OverQuota(quota=quota)

    def check_contents(self, sizes: Sequence[int]) -> None:
        """Raise OverQuota if a zone may not have record sets of these numbers of records."""
        self.check("zone_recordsets", len(sizes))
        self.check("zone_records", sum(sizes))
        self.check("recordset_records", max(sizes, default=0))


DEFAULTS = Quotas()
