"""Record set: an RRset of a zone as clients know it, with an id."""

import functools
import hashlib
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zonewright.model.zone import Zone
from zonewright.protocol import names
from zonewright.protocol.notes import Written
from zonewright.protocol.rrset import RRset

if TYPE_CHECKING:
    import dns.name


@dataclass(frozen=True, slots=True)
class RecordSet:
    """An RRset of a zone. Its id is made of zone, owner name and type, so it never changes."""

    zone: Zone
    rrset: RRset

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

    @property
    def order(self) -> str:
        """Return a key that sorts by owner name in canonical order, over all zones."""
        zone, key = _origin_key(self.zone.name), self.rrset.key
        return f"{zone} {key}" if zone and key else zone or key


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
        return same and self.description == notes.description and self.written.texts == notes.written.texts


def id_of(zone_id: str, place: str) -> str:
    """Return the id of the RRset at a place: a name-based UUID (RFC 9562 section 5.5) below the zone's own."""
    digest = hashlib.sha1(uuid.UUID(zone_id).bytes + place.encode("ascii"), usedforsecurity=False).digest()
    return str(uuid.UUID(bytes=digest[:16], version=5))


@functools.lru_cache(maxsize=1024)
def origin(zone_name: str) -> "dns.name.Name":
    """Return a zone name as dnspython has it."""
    return names.absolute(zone_name)


@functools.lru_cache(maxsize=1024)
def _origin_key(zone_name: str) -> str:
    return names.key_of(names.absolute(zone_name), names.absolute("."))
