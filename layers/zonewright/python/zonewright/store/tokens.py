"""Tokens in the table, under their digests, and in the list of their user."""

from collections.abc import Iterator
from typing import Any

from zonewright import clock
from zonewright.errors import NotMember, TokenNotFound
from zonewright.model.tokens import Token
from zonewright.store import keys, loginkeys
from zonewright.store.conditions import ABSENT, PRESENT, Condition
from zonewright.store.table import Check, ConditionFailed, Delete, Item, Put, Table

_OPTIONAL = ("access_key", "credential_id", "api_token", "only")
_FLAGS = ("reader", "system")
_LISTS = ("methods", "audit_ids")


def get(table: Table, digest: str) -> Token | None:
    """Return the token of a digest, or None. It may be over."""
    item = table.get(loginkeys.token(digest))
    return of_item(item) if item else None


def create(table: Table, token: Token) -> None:
    """Store an API token. Raise NotMember if its user is not a member of its group."""
    member = Condition("contains(#groups, :group)", {"#groups": "group_ids"}, {":group": token.group_id})
    try:
        table.write(Put(_item(token), ABSENT), Check(keys.user(token.user_id), member))
    except ConditionFailed as error:
        raise NotMember(user=token.user_id, group=token.group_id or "") from error


def put(table: Table, token: Token) -> None:
    """Store a login token: one write. Each request with it reads whether its user is a member of its group."""
    table.write(Put(_item(token)))


def listing(table: Table, user_id: str) -> Iterator[Token]:
    """Yield the tokens of a user, the oldest first. Those of earlier releases are in no list."""
    return map(of_item, table.query(loginkeys.token_list(user_id), index=keys.INDEX))


def delete(table: Table, digest: str) -> None:
    """Delete a token. It is void from the next request on. Raise TokenNotFound."""
    try:
        table.write(Delete(loginkeys.token(digest), PRESENT))
    except ConditionFailed as error:
        raise TokenNotFound(f"token {digest} is not there") from error


def of_item(item: Item) -> Token:
    """Return the token of an item. Earlier releases stored user, group and time only."""
    others: dict[str, Any] = {
        **{name: item.get(name) for name in _OPTIONAL},
        **{name: item.get(name, False) for name in _FLAGS},
        **{name: tuple(item.get(name, ())) for name in _LISTS},
    }
    return Token(
        digest=item["pk"].partition("#")[2],
        user_id=item["user_id"],
        group_id=item["group_id"],
        created=clock.from_text(item["created"]),
        expires=clock.from_epoch(item["expires"]) if "expires" in item else None,
        **others,
    )


def _item(token: Token) -> Item:
    """Return the item of a token. DynamoDB deletes it some time after `expires`."""
    ends = {} if token.expires is None else {"expires": clock.epoch(token.expires)}
    texts = {name: getattr(token, name) for name in _OPTIONAL if getattr(token, name) is not None}
    flags = {name: True for name in _FLAGS if getattr(token, name)}
    lists = {name: list(getattr(token, name)) for name in _LISTS if getattr(token, name)}
    return (
        loginkeys.token(token.digest)
        | loginkeys.token_listing(token.user_id, token.created, token.digest)
        | {"user_id": token.user_id, "group_id": token.group_id, "created": clock.to_text(token.created)}
        | ends
        | texts
        | flags
        | lists
    )
