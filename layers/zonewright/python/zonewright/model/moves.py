"""Moves of record sets that a caller wants: what it saw, and what is to be."""

from collections.abc import Collection
from dataclasses import dataclass, field

from zonewright.model.recordset import Content, RecordSet
from zonewright.protocol import rdata
from zonewright.protocol.notes import Written
from zonewright.protocol.rrset import RRset
from zonewright.protocol.types import type_text

LONGEST_COMMENT = 1024
"""Characters of a comment, as of a review in VinylDNS (contract `vinyldns-writes.md`)."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a move. The reader of the request has checked it. No rdata is there twice.

    `given` names those of the fields `ttl` and `description` that the caller gave. The others are left open.
    """

    name: str
    type: int
    rdatas: tuple[bytes, ...]
    ttl: int | None = None
    description: str | None = None
    written: Written = field(default_factory=Written)
    given: Collection[str] = frozenset()

    def shows(self, found: RRset) -> bool:
        """Return whether an RRset of this name and type is as this side says.

        Records are compared as data, without the case of names (RFC 4343). Fields that are left open are not compared.
        """
        if "ttl" in self.given and self.ttl != found.ttl:
            return False
        if "description" in self.given and self.description != found.notes.description:
            return False
        return self._folded(self.rdatas) == self._folded(found.rdatas)

    def content(self, found: RRset | None) -> Content:
        """Return the content of this side. Fields that are left open stay as in `found`."""
        ttl, description = self.ttl, self.description
        if found is not None:
            ttl = ttl if "ttl" in self.given else found.ttl
            description = description if "description" in self.given else found.notes.description
        return Content(self.rdatas, ttl, description, self.written)

    def _folded(self, rdatas: Collection[bytes]) -> set[bytes]:
        return {rdata.folded(self.type, octets) for octets in rdatas}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A move that a caller wants: create (no `before`), delete (no `after`), or change. Both have one name and type."""

    before: Side | None
    after: Side | None

    @property
    def side(self) -> Side:
        """Return a side that is there."""
        found = self.after or self.before
        assert found is not None, "a move has a side"
        return found


@dataclass(frozen=True, slots=True)
class Conflict:
    """A record set that is not as the move at a position says. `found` is the record set as it is, or None."""

    number: int
    wanted: Wanted
    found: RecordSet | None

    @property
    def message(self) -> str:
        """Return what is different."""
        side = self.wanted.side
        which = f"{side.name} {type_text(side.type)}"
        if self.wanted.before is None:
            return f"Record set {which} exists already"
        return f"Record set {which} does not exist" if self.found is None else f"Record set {which} is another one now"
