"""API tokens: a secret text that stands for one user in one group. Only its digest is kept."""

import hashlib
import secrets

PREFIX = "zw_"


def make() -> str:
    """A new token: the prefix, so that scanners find a leaked one, and 192 random bits."""
    return PREFIX + secrets.token_urlsafe(24)


def digest(token: str) -> str:
    """What the table keeps. The token is random, so one plain hash is enough (no dictionary to try)."""
    return hashlib.sha256(token.encode()).hexdigest()
