"""TSIG keys (RFC 8945): the shared secret that signs a transfer, for one zone or for the whole pool."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# Our spelling (Designate's) and the name on the wire (RFC 8945 section 6).
ALGORITHMS = {
    "hmac-md5": "hmac-md5.sig-alg.reg.int.",
    "hmac-sha1": "hmac-sha1.",
    "hmac-sha224": "hmac-sha224.",
    "hmac-sha256": "hmac-sha256.",
    "hmac-sha384": "hmac-sha384.",
    "hmac-sha512": "hmac-sha512.",
}


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


def check_secret(text: str) -> str:
    """The base64 text of a shared secret; ValueError where it is none."""
    try:
        octets = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("a TSIG secret is base64 text") from error
    if not octets:
        raise ValueError("a TSIG secret is not empty")
    return text
