"""Create groups, and users with tokens."""

from zonewright.model import tokens
from zonewright.model.users import Group, Token, User
from zonewright.store import users
from zonewright.store.vault import Purpose

from support.calls import NOW


def group(service, name):
    """Create a group. `name` is also its id."""
    users.create_group(service.table, Group(name, name, f"{name}@example.org", NOW))


def user(service, name, *groups, acting=None, **rights):
    """Create a user with a token. Return its headers. The token acts for `acting`, or else for the first group."""
    sealed = service.vault.seal("s", name, Purpose.USER)
    users.create(service.table, User(name, name, name.upper(), sealed, NOW, group_ids=groups, **rights))
    users.create_token(service.table, Token(tokens.digest(f"zw_{name}"), name, acting or groups[0], NOW))
    return {"x-auth-token": f"zw_{name}"}
