"""TSIG keys as stored (RFC 8945): a shared secret that signs the transfers of a zone, or those that a pool key lists.

A signature proves to a primary that this service asks. A key of the pool would prove it for every tenant, at every
server that a tenant names. So it signs only where the operator lists it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from zonewright import clock
from zonewright.model.zone import Primary, Zone
from zonewright.protocol import names

HIDDEN = "********"
"""What is shown instead of a secret. In a change it means that the secret stays."""

MOST_PLACES = 100
"""Primaries, and zones, that a key of the pool may list. Every sync reads the lists."""


class Scope(StrEnum):
    """Which transfers a TSIG key signs."""

    POOL = "POOL"
    ZONE = "ZONE"


@dataclass(frozen=True, slots=True)
class Places:
    """Where a key of the pool signs: at these `primaries`, and for these `zones`, whose names are in lower case.

    A primary that is listed with TLS is meant over TLS only.

    An empty list allows every primary, or every zone. If both are empty, the key signs nowhere.
    """

    primaries: tuple[Primary, ...] = ()
    zones: tuple[str, ...] = ()

    def allow(self, zone: Zone, primary: Primary) -> bool:
        """Return whether the key signs for a zone at a primary. Hosts and names are compared in their one spelling."""
        if not self.primaries and not self.zones:
            return False
        there = not self.primaries or any(primary.is_at(each) for each in self.primaries)
        return there and (not self.zones or names.fold(zone.name) in self.zones)


@dataclass(frozen=True, slots=True)
class TsigKey:
    """One TSIG key. `name` is absolute and lower-case.

    `secret` is its base64 text, encrypted by the vault for its `id`. `resource_id` is the id of the zone or of the
    pool. `places` limits a key of the pool. `group_id` is the owner of the zone when the key was made. A key of a zone
    signs only for that owner. Keys of the pool have none, nor have keys that earlier releases stored. `counted` says
    whether the key counts among those of its zone and of its group. Keys that earlier releases stored do not.

    `revision` counts the stored changes. `edition` is the revision that last changed the name, the algorithm or the
    secret.
    """

    id: str
    name: str
    algorithm: str
    secret: bytes
    scope: Scope
    resource_id: str
    created: datetime
    group_id: str | None = None
    places: Places = Places()
    counted: bool = False
    revision: int = 1
    edition: int = 1
    updated: datetime | None = None

    def signs(self, zone: Zone, primary: Primary) -> bool:
        """Return whether the key signs for a zone at one of its primaries."""
        if self.scope is Scope.POOL:
            return self.places.allow(zone, primary)
        return self.resource_id == zone.id and self.group_id in (None, zone.group_id)

    def changed(self, now: datetime, **fields: Any) -> "TsigKey":
        """Return the key after a change of `fields` at `now`."""
        new = replace(
            self, **fields, revision=self.revision + 1, updated=clock.after(self.updated or self.created, now)
        )
        same = (new.name, new.algorithm, new.secret) == (self.name, self.algorithm, self.secret)
        return new if same else replace(new, edition=new.revision)
