"""TSIG keys as stored (RFC 8945): a shared secret that signs the transfers of one zone, or of the whole pool."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

HIDDEN = "********"
"""What is shown instead of a secret. In a change it means that the secret stays."""


class Scope(StrEnum):
    """Which transfers a TSIG key signs."""

    POOL = "POOL"
    ZONE = "ZONE"


@dataclass(frozen=True, slots=True)
class TsigKey:
    """One TSIG key. `name` is absolute and lower-case.

    `secret` is its base64 text, encrypted by the vault for its `id`. `resource_id` is the id of the zone or of the
    pool. `group_id` is the owner of the zone when the key was made. The key signs only for that owner. Keys of the pool
    have none, nor have keys that earlier releases stored. `revision` counts the stored changes.
    """

    id: str
    name: str
    algorithm: str
    secret: bytes
    scope: Scope
    resource_id: str
    created: datetime
    group_id: str | None = None
    revision: int = 1
    updated: datetime | None = None
