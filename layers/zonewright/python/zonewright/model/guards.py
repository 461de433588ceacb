"""What a sync is not let do: make a zone too large, or delete or change too much of it at once.

A primary that lost half of its zone serves the rest with a straight face. A share is of the record sets we hold; a zone
of less than ten is not guarded, for there one more or less is a great share (octoDNS draws the same line).

The operator sets guards for every zone, an owner for one: shares in the place of the operator's, smaller or greater,
for they guard the zone from its primary; a number of records only below the operator's, which guards the service.
"""

from dataclasses import dataclass

from zonewright.errors import TooMuchMoved, ZoneTooLarge
from zonewright.model.change import Counts

SMALLEST_GUARDED = 10
"""Record sets below which shares mean nothing."""

HIGHEST_RECORDS = 2**31 - 1
"""Records that a guard may speak of where the operator has no limit."""


@dataclass(frozen=True, slots=True)
class OwnGuards:
    """What a zone has in the place of the operator's guards; None is the operator's."""

    zone_records: int | None = None
    deleted_percent: int | None = None
    changed_percent: int | None = None


def bounds(records: int) -> dict[str, tuple[int, int]]:
    """The least and the most that each of a zone's own guards may be, under the operator's `records` (0: none)."""
    return {"zone_records": (1, records or HIGHEST_RECORDS), "deleted_percent": (0, 100), "changed_percent": (0, 100)}


@dataclass(frozen=True, slots=True)
class Guards:
    """The limits of one sync: `records` of a zone (0: none), percents of record sets `deleted` and `changed` in all."""

    records: int = 0
    deleted: int = 100
    changed: int = 100

    def under(self, own: OwnGuards) -> "Guards":
        """The operator's guards as they are for a zone that has some of its own."""
        return Guards(
            min(filter(None, (self.records, own.zone_records)), default=0),
            self.deleted if own.deleted_percent is None else own.deleted_percent,
            self.changed if own.changed_percent is None else own.changed_percent,
        )

    def check_size(self, records: int) -> None:
        """Raise ZoneTooLarge where a zone has too many RRs, as soon as that is known."""
        if self.records and records > self.records:
            raise ZoneTooLarge(f"the zone has more than {self.records:,} records, the most it may have")

    def check_share(self, counts: Counts) -> None:
        """Raise TooMuchMoved where the share of record sets is too great."""
        held = counts.updated + counts.deleted + counts.unchanged
        if held < SMALLEST_GUARDED:
            return
        for verb, count, most in (("delete", counts.deleted, self.deleted), ("change", counts.moved, self.changed)):
            if most < 100 and count * 100 > held * most:
                moved = f"{counts.created:,} created, {counts.updated:,} updated, {counts.deleted:,} deleted"
                raise TooMuchMoved(
                    f"it would {verb} {count:,} of {held:,} record sets, more than the {most} % a sync may {verb}"
                    f" ({moved}); force=true goes over it"
                )


UNGUARDED = Guards()
