"""Application credentials in the table. Names are unique to a user: an item of its own claims each."""

from typing import Any

from zonewright import clock
from zonewright.errors import CredentialExists, CredentialNotFound, NotMember
from zonewright.model.credentials import Credential
from zonewright.model.ids import is_id
from zonewright.store import keys, loginkeys
from zonewright.store.conditions import ABSENT, PRESENT, Condition
from zonewright.store.table import Check, ConditionFailed, Delete, Item, Put, Table


def get(table: Table, credential_id: str) -> Credential | None:
    """Return the credential of an id, or None. It may be over."""
    item = table.get(loginkeys.credential(credential_id)) if is_id(credential_id) else None
    return of_item(item) if item else None


def listing(table: Table, user_id: str) -> list[Credential]:
    """Return the credentials of a user, the oldest first. Some may be over."""
    return [of_item(item) for item in table.query(loginkeys.credential_list(user_id), index=keys.INDEX)]


def create(table: Table, credential: Credential) -> None:
    """Store a new credential.

    Raise NotMember if its user is not a member of its group, CredentialExists if the user has one of its name.
    """
    member = Condition("contains(#groups, :group)", {"#groups": "group_ids"}, {":group": credential.group_id})
    ends = {} if credential.expires is None else {"expires": clock.epoch(credential.expires)}
    claim = loginkeys.credential_name(credential.user_id, credential.name) | {"credential_id": credential.id} | ends
    try:
        table.write(
            Put(claim, ABSENT),
            Check(keys.user(credential.user_id), member),
            Put(_item(credential) | ends, ABSENT),
        )
    except ConditionFailed as error:
        if error.failed[1]:
            raise NotMember(user=credential.user_id, group=credential.group_id) from error
        raise CredentialExists(name=credential.name) from error


def delete(table: Table, credential: Credential) -> None:
    """Delete a credential. The tokens that it bought are void from the next request on. Raise CredentialNotFound."""
    try:
        table.write(
            Delete(loginkeys.credential(credential.id), PRESENT),
            Delete(loginkeys.credential_name(credential.user_id, credential.name)),
        )
    except ConditionFailed as error:
        raise CredentialNotFound(credential=credential.id) from error


def of_item(item: Item) -> Credential:
    """Return the credential of an item."""
    own: dict[str, Any] = {name: value for name, value in item.items() if not name.endswith(("pk", "sk"))}
    times = {"created": clock.from_text(item["created"])}
    if "expires" in item:
        times["expires"] = clock.from_epoch(item["expires"])
    return Credential(**own | times)


def _item(credential: Credential) -> Item:
    return (
        loginkeys.credential(credential.id)
        | loginkeys.credential_listing(credential.user_id, credential.created, credential.id)
        | {
            "id": credential.id,
            "name": credential.name,
            "user_id": credential.user_id,
            "group_id": credential.group_id,
            "digest": credential.digest,
            "created": clock.to_text(credential.created),
            "description": credential.description,
            "reader": credential.reader,
        }
    )
