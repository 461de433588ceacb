"""Create groups, and users with tokens."""

from zonewright.model import tokens
from zonewright.model.tokens import Token
from zonewright.model.users import Group, User
from zonewright.store import groups, users
from zonewright.store import tokens as token_store
from zonewright.store.vault import Purpose

from support.calls import NOW


def group(service, name):
    """Create a group. `name` is also its id."""
    groups.create(service.table, Group(name, name, f"{name}@example.org", NOW))


def user(service, name, *groups, acting=None, **rights):
    """Create a user with a token. Return its headers. The token acts for `acting`, or else for the first group.

    A user in no group has none.
    """
    named_user(service, name, name, *groups, **rights)
    return token(service, name, acting or groups[0]) if groups else {}


def named_user(service, user_id, name, *groups, **rights):
    """Create a user without a token, whose id is not its name."""
    sealed = service.vault.seal("s", user_id, Purpose.USER)
    users.create(service.table, User(user_id, name, user_id.upper(), sealed, NOW, group_ids=groups, **rights))


def token(service, user_id, group_id):
    """Create a token of a user in one of its groups, the only one of both. Return its headers."""
    text = f"zw_{user_id}" + (
        "" if token_store.get(service.table, tokens.digest(f"zw_{user_id}")) is None else group_id
    )
    if token_store.get(service.table, tokens.digest(text)) is None:
        token_store.create(service.table, Token(tokens.digest(text), user_id, group_id, NOW))
    return {"x-auth-token": text}
