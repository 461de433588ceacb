"""Changes of a zone: its history, newest first.

What moved with a change is in `history.py`, which reads contents. A list of changes needs none.
"""

from dataclasses import dataclass

from zonewright import clock
from zonewright.errors import ChangeNotFound, InvalidMarker
from zonewright.model.change import Change
from zonewright.model.zone import Zone
from zonewright.service import Service
from zonewright.store import changes, recordchanges


@dataclass(frozen=True, slots=True)
class Page:
    """A page of changes, newest first. `next_id` starts the next page, and is None for the last page."""

    changes: list[Change]
    next_id: str | None

    def first(self, count: int) -> "Page":
        """Return the page of the first `count` changes, behind which the next page begins."""
        return self if count == len(self.changes) else _page(self.changes[:count])


def of_records(service: Service, zone: Zone, change_id: str) -> Change:
    """Return a record change of a copied zone that waits or has ended (`recordchange.py`). Raise ChangeNotFound."""
    found = recordchanges.get(service.table, zone.id, change_id)
    if found is None:
        raise ChangeNotFound(f"Zone {zone.name} has no record change with id {change_id}")
    return found


def listing(service: Service, zone: Zone, *, limit: int, start_from: str | None) -> Page:
    """Return a page of up to `limit` changes of a zone, newest first.

    `start_from` is the `next_id` of the page before. Raise InvalidMarker for any other text.
    """
    before = None
    if start_from is not None:
        created, _, change_id = start_from.partition("#")
        try:
            before = clock.from_text(created), change_id
        except ValueError as error:
            raise InvalidMarker(marker=start_from) from error
    found = changes.listing(service.table, zone.id, limit + 1, before)
    return _page(found[:limit]) if len(found) > limit else Page(found, None)


def _page(shown: list[Change]) -> Page:
    """Return a page behind which others follow."""
    return Page(shown, f"{clock.to_text(shown[-1].created)}#{shown[-1].id}")
