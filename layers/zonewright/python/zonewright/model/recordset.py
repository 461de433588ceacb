"""Record set: an RRset of a zone as clients know it, with an id."""

import functools
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from zonewright.model.diff import Kind
from zonewright.model.recordsetid import id_of
from zonewright.model.zone import Zone
from zonewright.protocol import names
from zonewright.protocol.notes import Written
from zonewright.protocol.rrset import RRset

if TYPE_CHECKING:
    import dns.name

Status = Literal["ACTIVE", "PENDING", "ERROR"]


@dataclass(frozen=True, slots=True)
class RecordSet:
    """An RRset of a zone. Its id is made of zone, owner name and type, so it never changes.

    `moved` is how it differs from what name servers have, None if they have it, or if nobody asked (`awaited.py`).
    """

    zone: Zone
    rrset: RRset
    moved: Kind | None = None

    @property
    def id(self) -> str:
        """Return the id, a UUID."""
        return id_of(self.zone.id, self.rrset.place)

    @property
    def fingerprint(self) -> str:
        """Return a text that is another one after each change of the record set."""
        return hashlib.sha256(self.rrset.line().encode("ascii")).hexdigest()[:16]

    @property
    def name(self) -> str:
        """Return the absolute owner name, as spelled."""
        return self.rrset.owner(origin(self.zone.name)).to_text()


def status(zone: Zone, *, lacking: bool) -> Status:
    """Return the status of a record set, which name servers lack or have. If the zone is in error, so is what lacks."""
    if not lacking:
        return "ACTIVE"
    return "ERROR" if zone.delivered and zone.delivered.failure else "PENDING"


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a record set, without zone, name and type. The reader of the request has checked it.

    No rdata is there twice. `written` has the texts and the order to show.
    """

    rdatas: tuple[bytes, ...]
    ttl: int | None = None
    description: str | None = None
    written: Written = field(default_factory=Written)

    def is_of(self, found: RRset) -> bool:
        """Return whether an RRset has this content already. The order of the records alone is no content."""
        notes = found.notes
        same = set(self.rdatas) == set(found.rdatas) and self.ttl == found.ttl
        texts = self.written.texts, self.written.fields
        return same and self.description == notes.description and texts == (notes.written.texts, notes.written.fields)


def order_of(zone: Zone, key: str) -> str:
    """Return a text that sorts by owner name in canonical order over all zones. `key` is the sort key in the zone."""
    above = _origin_key(zone.name)
    return f"{above} {key}" if above and key else above or key


@functools.lru_cache(maxsize=1024)
def origin(zone_name: str) -> "dns.name.Name":
    """Return a zone name as dnspython has it."""
    return names.absolute(zone_name)


@functools.lru_cache(maxsize=1024)
def _origin_key(zone_name: str) -> str:
    return names.key_of(names.absolute(zone_name), names.absolute("."))
