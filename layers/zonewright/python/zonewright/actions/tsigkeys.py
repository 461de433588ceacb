"""What a caller does with TSIG keys: those of the pool are the super users', those of a zone its owners' too.

A secret is shown to those who may write the key, and to nobody else; it is opened for each answer and kept nowhere in
clear. A key stays when its zone is deleted, for super users to see.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

from zonewright.actions import zones
from zonewright.errors import Invalid, NotAuthorized, Reason, TsigKeyNotFound, ZoneNotFound
from zonewright.model import selection
from zonewright.model.selection import Selection
from zonewright.model.tsigkey import Scope, TsigKey
from zonewright.model.users import Caller
from zonewright.protocol import names
from zonewright.service import Service
from zonewright.store import tsigkeys as store
from zonewright.store import zones as zone_store
from zonewright.store.table import Check


@dataclass(frozen=True, slots=True)
class NewKey:
    """What a caller says of a key to be; checked by whoever read the request. `secret` is base64 text."""

    name: str
    algorithm: str
    secret: str
    scope: Scope
    resource_id: str


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to change of a key; None leaves a field as it is."""

    name: str | None = None
    algorithm: str | None = None
    secret: str | None = None
    scope: Scope | None = None
    resource_id: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A key, and its secret in clear where the caller may write it."""

    key: TsigKey
    secret: str | None


def create(service: Service, new: NewKey, *, caller: Caller) -> Shown:
    """Make a key for the pool or a zone.

    Raises NotAuthorized, Invalid where there is no such zone or pool, TsigKeyExists.
    """
    checks = _resource(service, new.scope, new.resource_id, caller=caller)
    key_id = str(uuid.uuid4())
    key = TsigKey(
        id=key_id,
        name=names.fold(new.name),
        algorithm=new.algorithm,
        secret=service.vault.seal(new.secret, key_id),
        scope=new.scope,
        resource_id=new.resource_id,
        created=service.now(),
    )
    store.create(service.table, key, *checks)
    return Shown(key, new.secret)


def get(service: Service, key_id: str, *, caller: Caller) -> Shown:
    """A key the caller may see; raises TsigKeyNotFound."""
    key = store.get(service.table, key_id)
    writes = key is not None and _writes(service, key, caller)
    if key is None or not (caller.is_support or writes):
        raise TsigKeyNotFound(f"TSIG key {key_id} is not there")
    return _shown(service, key, writes=writes)


def listing(service: Service, wanted: Selection[TsigKey], *, caller: Caller) -> list[Shown]:
    """A page of the keys the caller may see; a look at every key, for there are few.

    Raises InvalidPaging where the marker is none of them.
    """
    keys = list(_visible(service, caller))
    after = wanted.after(lambda marker: next((key for key in keys if key.id == marker), None))

    if wanted.name is not None:
        name = names.fold(wanted.name)
        keys = [key for key in keys if key.name == name]
    chosen, _ = selection.page_after(keys, wanted, after)
    writes = caller.is_super or not caller.is_support
    return [_shown(service, key, writes=writes) for key in chosen]


def update(service: Service, key_id: str, edit: Edit, *, caller: Caller) -> Shown:
    """Change a key; the next sync signs with it as it is then.

    Raises TsigKeyNotFound, NotAuthorized, Invalid, TsigKeyExists, TsigKeyChanged.
    """
    old = _owned(service, key_id, caller)
    scope, resource_id = edit.scope or old.scope, edit.resource_id or old.resource_id
    checks = []
    if (scope, resource_id) != (old.scope, old.resource_id):
        checks = _resource(service, scope, resource_id, caller=caller)
    new = replace(
        old,
        name=old.name if edit.name is None else names.fold(edit.name),
        algorithm=edit.algorithm or old.algorithm,
        secret=old.secret if edit.secret is None else service.vault.seal(edit.secret, old.id),
        scope=scope,
        resource_id=resource_id,
        revision=old.revision + 1,
        updated=service.now(),
    )
    store.replace(service.table, old, new, *checks)
    return _shown(service, new, writes=True)


def delete(service: Service, key_id: str, *, caller: Caller) -> None:
    """Forget a key; raises TsigKeyNotFound, TsigKeyChanged."""
    store.delete(service.table, _owned(service, key_id, caller).id)


def _owned(service: Service, key_id: str, caller: Caller) -> TsigKey:
    """A key the caller may write; another's is as if it were not there."""
    key = store.get(service.table, key_id)
    if key is None or not _writes(service, key, caller):
        raise TsigKeyNotFound(f"TSIG key {key_id} is not there")
    return key


def _writes(service: Service, key: TsigKey, caller: Caller) -> bool:
    if caller.is_super:
        return True
    if key.scope is not Scope.ZONE:
        return False
    return zone_store.groups_of(service.table, [key.resource_id]).get(key.resource_id) == caller.group_id is not None


def _visible(service: Service, caller: Caller) -> Iterator[TsigKey]:
    """The keys the caller may see, in the order of their making."""
    keys = list(store.every(service.table))
    if caller.is_super or caller.is_support:
        yield from keys
        return
    keys = [key for key in keys if key.scope is Scope.ZONE]
    groups = zone_store.groups_of(service.table, list(dict.fromkeys(key.resource_id for key in keys)))
    yield from (key for key in keys if groups.get(key.resource_id) == caller.group_id)


def _shown(service: Service, key: TsigKey, *, writes: bool) -> Shown:
    return Shown(key, service.vault.open(key.secret, key.id) if writes else None)


def _resource(service: Service, scope: Scope, resource_id: str, *, caller: Caller) -> list[Check]:
    """That a key may be made for this zone or pool, as the checks of its write."""
    if scope is Scope.POOL:
        if not caller.is_super:
            raise NotAuthorized(f"user {caller.user_name} may not write keys of the pool")
        if resource_id != service.settings.pool_id.lower():
            raise _no_resource("pool", resource_id)
        return []
    try:
        zone = zones.owned(service, resource_id, caller=caller)
    except ZoneNotFound as error:
        raise _no_resource("zone", resource_id) from error
    return [zone_store.still_owned(zone)]


def _no_resource(kind: str, resource_id: str) -> Invalid:
    message = f"resource_id: there is no {kind} {resource_id}"
    return Invalid(message, [Reason(message, ("resource_id",), "exists")])
