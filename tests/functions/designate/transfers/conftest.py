import pytest
from support.calls import GROUP, NOW, call, event
from zonewright.auth import tokens
from zonewright.store import users
from zonewright.users import Group, Token, User

from functions.designate import (
    create_zone,
)


@pytest.fixture
def zone(service):
    return call(create_zone.handler, event("designate_create_zone")).json["zone"]


@pytest.fixture
def third(service):
    """A third project, with a token."""
    users.create_group(service.table, Group("third", "third", "third@example.org", NOW))
    users.create(service.table, User("t", "t", "T", service.vault.seal("s", "t"), NOW, group_ids=("third",)))
    users.create_token(service.table, Token(tokens.digest("zw_third"), "t", "third", NOW))
    return "third"


@pytest.fixture
def operator(service):
    """The token of a super user of the first project."""
    users.create(
        service.table, User("op", "op", "OP", service.vault.seal("s", "op"), NOW, group_ids=(GROUP,), is_super=True)
    )
    users.create_token(service.table, Token(tokens.digest("zw_op"), "op", GROUP, NOW))
    return {"x-auth-token": "zw_op"}
