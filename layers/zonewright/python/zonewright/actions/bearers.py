"""Who stands behind the text of a token.

Each request with a token asks again, so a token has no right that its user lost. It takes two reads: the token, then
its user together with what bought the token.
"""

from dataclasses import dataclass
from datetime import datetime

from zonewright import clock
from zonewright.errors import AccountLocked, NotAuthenticated
from zonewright.model import tokens
from zonewright.model.tokens import Token
from zonewright.model.users import User
from zonewright.service import Service
from zonewright.store import keys, loginkeys, users
from zonewright.store import tokens as store
from zonewright.store.table import Item

INVALID = "it is unknown, over or revoked"


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token that is valid, and its user."""

    token: Token
    user: User


def find(service: Service, text: str) -> Bearer:
    """Return the bearer of a token's text.

    Raise NotAuthenticated if the token is unknown, over or revoked, or its user left its group. Raise AccountLocked.
    """
    token = store.get(service.table, tokens.digest(text))
    if token is None or token.ended(service.now()):
        raise NotAuthenticated(INVALID)
    return check(service, token)


def check(service: Service, token: Token) -> Bearer:
    """Return the bearer of a stored token. Raise as `find` does."""
    now = service.now()
    sources = [
        *([loginkeys.credential(token.credential_id)] if token.credential_id else []),
        *([loginkeys.token(token.api_token)] if token.api_token else []),
    ]
    if sources:
        found, *bought = service.table.get_all([keys.user(token.user_id), *sources])
    else:
        found, bought = service.table.get(keys.user(token.user_id)), []
    if found is None or any(item is None or _over(item, now) for item in bought):
        raise NotAuthenticated(INVALID)
    user = users.of_item(found)
    rotated = token.access_key is not None and token.access_key not in user.keys(now)
    left = token.group_id is not None and token.group_id not in user.group_ids
    demoted = token.system and not (user.is_super or user.is_support)
    if rotated or left or demoted:
        raise NotAuthenticated(INVALID)
    refuse_locked(user)
    return Bearer(token, user)


def refuse_locked(user: User) -> None:
    """Raise AccountLocked if a user is locked."""
    if user.locked:
        raise AccountLocked(f"Account with username {user.name} is locked")


def _over(item: Item, now: datetime) -> bool:
    """Return whether what bought a token is over. The table may still hold it for days."""
    return "expires" in item and bool(item["expires"] <= clock.epoch(now))
