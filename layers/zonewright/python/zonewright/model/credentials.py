"""Application credentials: a secret by which a program logs in as one user in one group (contract `keystone.md`)."""

import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from zonewright.model.tokens import digest

PREFIX = "zwc_"

LONGEST_NAME = 255
"""Characters of a name, as Keystone has it."""

MOST = 100
"""Credentials of one user that callers may make. An operator may make more."""


@dataclass(frozen=True, slots=True)
class Credential:
    """An application credential. Its secret is stored as `digest` only. A `reader` may only read."""

    id: str
    name: str
    user_id: str
    group_id: str
    digest: str
    created: datetime
    description: str | None = None
    reader: bool = False
    expires: datetime | None = None

    def ended(self, now: datetime) -> bool:
        """Return whether the credential is over. The table may still hold it for days."""
        return self.expires is not None and self.expires <= now

    def opens(self, secret: str) -> bool:
        """Return whether `secret` is the right one. The time it takes tells nothing about it."""
        return hmac.compare_digest(digest(secret), self.digest)


def make_secret() -> str:
    """Return a new secret: 192 random bits behind a prefix by which scanners find leaked secrets."""
    return PREFIX + secrets.token_urlsafe(24)


def make_id() -> str:
    """Return a new id, as long as Keystone's."""
    return uuid.uuid4().hex
