"""TSIG keys (RFC 8945): the shared secret that signs a transfer, for one zone or for the whole pool."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """Which transfers a key signs."""

    POOL = "POOL"
    ZONE = "ZONE"


@dataclass(frozen=True, slots=True)
class TsigKey:
    """One key; `name` is absolute and lower-case, `secret` its base64 text, sealed (`secrets.py`) for its `id`.

    `resource_id` is the zone's or the pool's. `revision` counts every stored change.
    """

    id: str
    name: str
    algorithm: str
    secret: bytes
    scope: Scope
    resource_id: str
    created: datetime
    revision: int = 1
    updated: datetime | None = None
