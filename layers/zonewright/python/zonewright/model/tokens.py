"""Tokens: a secret text that stands for one user, mostly in one group. Only its digest is stored.

An operator makes *API tokens* (`zonewright token create`). A login makes *login tokens*, which always end (contract
`keystone.md`, section 5).
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

PREFIX = "zw_"
LOGIN_PREFIX = "zwt_"

AUDIT_BYTES = 16
"""Octets of an audit id, as Keystone has it."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token for one user, stored under the `digest` of its text.

    * `group_id` is the only group it acts for. A login token without one has no rights to zones, unless it is of the
      whole `system`: then it has all rights of its user.
    * A `reader` may only read.
    * A login token has the `methods` that bought it, its own audit id and then the first one of its chain, and what
      bought it: an access key, an application credential, or an API token. It dies with that. If it is for `only` one
      group, it buys no token for another.
    """

    digest: str
    user_id: str
    group_id: str | None
    created: datetime
    expires: datetime | None = None
    reader: bool = False
    methods: tuple[str, ...] = ()
    audit_ids: tuple[str, ...] = ()
    access_key: str | None = None
    credential_id: str | None = None
    api_token: str | None = None
    only: str | None = None
    system: bool = False

    @property
    def is_login(self) -> bool:
        """Whether a login made the token."""
        return bool(self.methods)

    @property
    def is_unscoped(self) -> bool:
        """Whether the token is for no group and not for the system."""
        return self.group_id is None and not self.system

    @property
    def audits(self) -> tuple[str, ...]:
        """The audit ids. That of an API token is a part of its digest, so it never changes."""
        return self.audit_ids or (_audit_text(bytes.fromhex(self.digest)[:AUDIT_BYTES]),)

    def ended(self, now: datetime) -> bool:
        """Return whether the token is over. The table may still hold it for days."""
        return self.expires is not None and self.expires <= now


def make() -> str:
    """Return a new API token: 192 random bits behind a prefix by which scanners find leaked tokens."""
    return PREFIX + secrets.token_urlsafe(24)


def make_login() -> str:
    """Return a new login token: 192 random bits behind a prefix of its own."""
    return LOGIN_PREFIX + secrets.token_urlsafe(24)


def make_audit_id() -> str:
    """Return a new audit id: 22 characters that are safe in URLs. It names a token in logs, and is no secret."""
    return _audit_text(secrets.token_bytes(AUDIT_BYTES))


def digest(token: str) -> str:
    """Return the SHA-256 of a token in hex. The token is random, so no slow hash is needed."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def _audit_text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
