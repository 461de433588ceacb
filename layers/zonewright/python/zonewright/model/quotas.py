"""How much a project may have (contract `designate.md`, section 5): pure numbers, and the one question about them."""

from dataclasses import dataclass

from zonewright.errors import OverQuota

NO_LIMIT = -1

LARGEST = 2**31 - 1
"""The highest quota that can be set: the column of Designate's database."""


@dataclass(frozen=True, slots=True)
class Quotas:
    """The quotas of one project; -1 is as much as it likes.

    `zones` of the project; record sets and RRs of one zone, and RRs of one record set, managed ones (SOA and apex NS of
    a PRIMARY zone) not counted; `api_export_size` record sets of a zone that may be exported.
    """

    zones: int = 1000
    zone_recordsets: int = NO_LIMIT
    zone_records: int = NO_LIMIT
    recordset_records: int = NO_LIMIT
    api_export_size: int = NO_LIMIT

    def check(self, quota: str, count: int) -> None:
        """Raise OverQuota where `count` is more than the quota of that name lets through."""
        limit: int = getattr(self, quota)
        if limit != NO_LIMIT and count > limit:
            raise exceeded(quota)


DEFAULTS = Quotas()


def exceeded(quota: str) -> OverQuota:
    """The refusal, in Designate's words."""
    return OverQuota(f"Quota exceeded for {quota}.")
