"""Who the caller is, as it may see: its groups, its user, its application credentials (contract `keystone.md`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from zonewright.errors import (
    CredentialNotFound,
    GroupNotFound,
    Invalid,
    NotAuthenticated,
    NotAuthorized,
    OverQuota,
    Reason,
    UserNotFound,
)
from zonewright.log import log
from zonewright.model.credentials import MOST, Credential, make_id, make_secret
from zonewright.model.ids import is_id
from zonewright.model.tokens import digest
from zonewright.model.users import Caller, Group, User
from zonewright.service import Service
from zonewright.store import credentials as store
from zonewright.store import keys, users


@dataclass(frozen=True, slots=True)
class NewCredential:
    """What a caller asks for. `reader` is the role `reader`, else it is `member`."""

    name: str
    description: str | None = None
    reader: bool = False
    expires: datetime | None = None


def myself(service: Service, caller: Caller) -> User:
    """Return the caller's own user."""
    found = users.get(service.table, caller.user_id)
    if found is None:
        raise NotAuthenticated("the user is gone")
    return found


def own_projects(service: Service, caller: Caller) -> list[Group]:
    """Return the groups of the caller's user, by name. A token that is bound to one group shows that."""
    only = caller.token.only or caller.token.group_id if caller.token and _bound(caller) else None
    wanted = (only,) if only else myself(service, caller).group_ids
    found = service.table.get_all([keys.group(each) for each in wanted])
    return sorted((users.group_of_item(item) for item in found if item), key=lambda group: group.name.casefold())


def projects(service: Service, caller: Caller, *, name: str | None, after: str | None, limit: int) -> list[Group]:
    """Return up to `limit` groups that the caller may see, by name, behind the group of the id `after`.

    A super user or a support user sees all. Raise GroupNotFound if there is no group `after`.
    """
    if not (caller.is_super or caller.is_support):
        found = own_projects(service, caller)
        return [each for each in found if name in (None, each.name)] if after is None else []
    if name is not None:
        claim = service.table.get(keys.group_name(name)) if is_id(name, 255) else None
        named = users.group(service.table, claim["group_id"]) if claim else None
        return [named] if named and named.name == name else []
    behind = None
    if after is not None:
        last = users.group(service.table, after) if is_id(after) else None
        if last is None:
            raise GroupNotFound(group=after)
        behind = keys.group_listing(last.name, last.id)["gsi1sk"]
    items = service.table.query(keys.GROUPS, index=keys.INDEX, after=behind, limit=limit)
    return [users.group_of_item(item) for item in islice(items, limit)]


def project(service: Service, group_id: str, *, caller: Caller) -> Group:
    """Return a group that the caller may see. Raise GroupNotFound."""
    if not (caller.is_super or caller.is_support):
        found = [each for each in own_projects(service, caller) if each.id == group_id]
    else:
        one = users.group(service.table, group_id) if is_id(group_id) else None
        found = [one] if one else []
    if not found:
        raise GroupNotFound(group=group_id)
    return found[0]


def user(service: Service, user_id: str, *, caller: Caller) -> User:
    """Return the caller's own user, or any for a super user. Raise NotAuthorized, UserNotFound."""
    if user_id == caller.user_id:
        return myself(service, caller)
    if not caller.is_super:
        raise NotAuthorized(f"user {caller.user_name} may see no other user")
    found = users.get(service.table, user_id) if is_id(user_id) else None
    if found is None:
        raise UserNotFound(user=user_id)
    return found


def own(user_id: str, *, caller: Caller) -> None:
    """Raise NotAuthorized if a route below a user is not about the caller's own."""
    if user_id != caller.user_id:
        raise NotAuthorized(f"user {caller.user_name} may see no other user")


def credentials(service: Service, caller: Caller, name: str | None) -> Sequence[Credential]:
    """Return the application credentials of the caller, the oldest first."""
    now = service.now()
    found = [each for each in store.listing(service.table, caller.user_id) if not each.ended(now)]
    return [each for each in found if name in (None, each.name)]


def credential(service: Service, credential_id: str, *, caller: Caller) -> Credential:
    """Return an application credential of the caller. Raise CredentialNotFound."""
    found = store.get(service.table, credential_id)
    if found is None or found.user_id != caller.user_id or found.ended(service.now()):
        raise CredentialNotFound(credential=credential_id)
    return found


def create_credential(service: Service, new: NewCredential, *, caller: Caller) -> tuple[Credential, str]:
    """Store a new application credential for the caller's project. Return it with its secret, which is told once.

    Raise NotAuthorized for a token that came from a credential, Invalid without a project or with an end in the past,
    OverQuota, CredentialExists.
    """
    _unrestricted(caller)
    if caller.group_id is None:
        raise Invalid("name a project at the login: the credential is for the project of the token")
    now = service.now()
    if new.expires is not None and new.expires <= now:
        raise Invalid(reasons=[Reason("application_credential.expires_at must be in the future")])
    if len(credentials(service, caller, None)) >= MOST:
        raise OverQuota(f"a user may have {MOST}", quota="application credentials")
    secret = make_secret()
    made = Credential(
        id=make_id(),
        name=new.name,
        user_id=caller.user_id,
        group_id=caller.group_id,
        digest=digest(secret),
        created=now,
        description=new.description,
        reader=new.reader,
        expires=new.expires,
    )
    store.create(service.table, made)
    log().info(
        "credential created", extra={"credential_id": made.id, "user_id": made.user_id, "group_id": made.group_id}
    )
    return made, secret


def delete_credential(service: Service, credential_id: str, *, caller: Caller) -> None:
    """Delete an application credential of the caller. Raise NotAuthorized as above, CredentialNotFound."""
    _unrestricted(caller)
    found = credential(service, credential_id, caller=caller)
    store.delete(service.table, found)
    log().info("credential deleted", extra={"credential_id": found.id, "user_id": found.user_id})


def _unrestricted(caller: Caller) -> None:
    """Raise NotAuthorized for a token that came from a credential, as Keystone does."""
    if caller.token and caller.token.only:
        raise NotAuthorized("a token of an application credential makes and deletes none")


def _bound(caller: Caller) -> bool:
    """Return whether the caller's token may not be exchanged for another group."""
    return caller.token is not None and (bool(caller.token.only) or not caller.token.is_login)
