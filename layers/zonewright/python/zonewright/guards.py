"""What an operator does not let a sync do: make a zone too large, or delete or change too much of it at once.

A primary that lost half of its zone serves the rest with a straight face. A share is of the record sets we hold; a zone
of less than ten is not guarded, for there one more or less is a great share (octoDNS draws the same line).
"""

from dataclasses import dataclass

from zonewright.change import Counts
from zonewright.errors import TooMuchMoved, ZoneTooLarge

SMALL = 10
"""Record sets below which shares mean nothing."""


@dataclass(frozen=True, slots=True)
class Guards:
    """The limits of one sync: `records` of a zone (0: none), percents of record sets `deleted` and `changed` in all."""

    records: int = 0
    deleted: int = 100
    changed: int = 100

    def check_size(self, records: int) -> None:
        """Raise ZoneTooLarge where a zone has too many RRs, as soon as that is known."""
        if self.records and records > self.records:
            raise ZoneTooLarge(f"the zone has more than {self.records:,} records, the most this service takes")

    def check_share(self, counts: Counts) -> None:
        """Raise TooMuchMoved where the share of record sets is too great."""
        held = counts.updated + counts.deleted + counts.unchanged
        if held < SMALL:
            return
        for verb, count, most in (("delete", counts.deleted, self.deleted), ("change", counts.moved, self.changed)):
            if most < 100 and count * 100 > held * most:
                moved = f"{counts.created:,} created, {counts.updated:,} updated, {counts.deleted:,} deleted"
                raise TooMuchMoved(
                    f"it would {verb} {count:,} of {held:,} record sets, more than the {most} % a sync may {verb}"
                    f" ({moved}); force=true goes over it"
                )
