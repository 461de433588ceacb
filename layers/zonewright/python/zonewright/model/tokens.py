"""API tokens: a secret text that stands for one user in one group. Only its digest is stored."""

import hashlib
import secrets

PREFIX = "zw_"


def make() -> str:
    """Return a new token: 192 random bits behind a prefix by which scanners find leaked tokens."""
    return PREFIX + secrets.token_urlsafe(24)


def digest(token: str) -> str:
    """Return the SHA-256 of a token in hex. The token is random, so no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
