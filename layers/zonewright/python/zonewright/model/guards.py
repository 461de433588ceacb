"""The guards of a sync: limits on the size of a zone, and on the share of it that one sync deletes or changes.

The guards on shares also hold for the repair of a target that zones are written to (`delivery/repairs.py`).

A primary that lost half of its zone still serves the rest without an error. A share is counted in record sets. A zone
of less than ten record sets is not guarded, because one of them is already a large share (octoDNS has the same limit).

The operator sets guards for every zone. An owner may set guards of one zone. Its shares replace the operator's, higher
or lower, because they guard the zone against its primary. Its number of records may only be lower, because that guard
protects the service.
"""

from dataclasses import dataclass

from zonewright.errors import TooMuchMoved, ZoneTooLarge
from zonewright.model.change import Counts

SMALLEST_GUARDED = 10
"""The smallest number of record sets to which the guards on shares apply."""

HIGHEST_RECORDS = 2**31 - 1
"""The highest number of records that a guard may allow if the operator sets no limit."""


@dataclass(frozen=True, slots=True)
class OwnGuards:
    """The guards that a zone has in place of the operator's. None leaves the operator's."""

    zone_records: int | None = None
    deleted_percent: int | None = None
    changed_percent: int | None = None


def bounds(records: int) -> dict[str, tuple[int, int]]:
    """Return the lowest and the highest value of each of a zone's own guards, by name.

    `records` is the operator's limit, and 0 is no limit.
    """
    return {"zone_records": (1, records or HIGHEST_RECORDS), "deleted_percent": (0, 100), "changed_percent": (0, 100)}


@dataclass(frozen=True, slots=True)
class Guards:
    """The limits of one sync.

    `records` limits the records of a zone, and 0 is no limit. `deleted` and `changed` are percents of its record sets,
    and `changed` includes created and deleted ones.
    """

    records: int = 0
    deleted: int = 100
    changed: int = 100

    def under(self, own: OwnGuards) -> "Guards":
        """Return these guards, the operator's, with the guards that the zone itself has."""
        return Guards(
            min(filter(None, (self.records, own.zone_records)), default=0),
            self.deleted if own.deleted_percent is None else own.deleted_percent,
            self.changed if own.changed_percent is None else own.changed_percent,
        )

    def check_size(self, records: int) -> None:
        """Raise ZoneTooLarge if a zone has too many records. Call it as soon as the number is known."""
        if self.records and records > self.records:
            raise ZoneTooLarge(f"the zone has more than {self.records:,} records, the most it may have")

    def check_share(self, counts: Counts) -> None:
        """Raise TooMuchMoved if too great a share of the record sets would be deleted or changed."""
        excess = self.excess(counts, "a sync")
        if excess:
            raise TooMuchMoved(f"{excess}; force=true goes over it")

    def excess(self, counts: Counts, who: str) -> str | None:
        """Return the words for too great a share of the record sets that `who` would delete or change, or None."""
        held = counts.updated + counts.deleted + counts.unchanged
        if held < SMALLEST_GUARDED:
            return None
        for verb, count, most in (("delete", counts.deleted, self.deleted), ("change", counts.moved, self.changed)):
            if most < 100 and count * 100 > held * most:
                moved = f"{counts.created:,} created, {counts.updated:,} updated, {counts.deleted:,} deleted"
                would = f"it would {verb} {count:,} of {held:,} record sets"
                return f"{would}, more than the {most} % {who} may {verb} ({moved})"
        return None


UNGUARDED = Guards()
