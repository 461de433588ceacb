"""TSIG keys: create, get, list, change and delete them.

Super users may write every key. The owners of a zone may write the keys of that zone. A secret is shown once, when the
key is made. It is stored encrypted, and only a transfer decrypts it. A key of the pool signs where it lists primaries
and zones. A key of a zone ends when its zone is deleted or changes hands. A key whose zone an earlier release deleted
may remain, and only super and support users see it.
"""

import uuid
from dataclasses import dataclass
from itertools import islice

from zonewright.actions import zones
from zonewright.errors import Invalid, NoResource, NotAuthorized, Reason, TsigKeyNotFound, ZoneNotFound
from zonewright.model import selection
from zonewright.model.selection import Selection
from zonewright.model.tsigkey import Places, Scope, TsigKey
from zonewright.model.users import Caller
from zonewright.model.zone import Primary
from zonewright.protocol import names
from zonewright.service import Service
from zonewright.store import tsigkeys as store
from zonewright.store import zones as zone_store
from zonewright.store.table import Check
from zonewright.store.tsigkeys import Limits
from zonewright.store.vault import Purpose


@dataclass(frozen=True, slots=True)
class NewKey:
    """A TSIG key to create. The reader of the request has checked it. `secret` is base64 text.

    `primaries` and `zones` say where a key of the pool signs (`model/tsigkey.py`). None is for a key of a zone.
    """

    name: str
    algorithm: str
    secret: str
    scope: Scope
    resource_id: str
    primaries: tuple[Primary, ...] | None = None
    zones: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Changes of a TSIG key. None leaves a field as it is."""

    name: str | None = None
    algorithm: str | None = None
    secret: str | None = None
    scope: Scope | None = None
    resource_id: str | None = None
    primaries: tuple[Primary, ...] | None = None
    zones: tuple[str, ...] | None = None


_NOWHERE = "-"
"""The id of no zone."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A TSIG key, and whether the caller may write it. `secret` is only there when the key is made."""

    key: TsigKey
    writes: bool
    secret: str | None = None


def create(service: Service, new: NewKey, *, caller: Caller) -> Shown:
    """Create a TSIG key for the pool or a zone, and return it with its secret.

    Raise NotAuthorized, TsigKeyExists, OverQuota, or Invalid if there is no such zone or pool, or for lists in a key of
    a zone.
    """
    places = _places(new, new.scope, Places())
    group_id, checks = _check_resource(service, new.scope, new.resource_id, caller=caller)
    key_id = str(uuid.uuid4())
    key = TsigKey(
        id=key_id,
        name=names.fold(new.name),
        algorithm=new.algorithm,
        secret=service.vault.seal(new.secret, key_id, Purpose.TSIG),
        scope=new.scope,
        resource_id=new.resource_id,
        created=service.now(),
        group_id=group_id,
        places=places,
        counted=group_id is not None,
    )
    store.create(service.table, key, *checks, limits=_limits(service))
    return Shown(key, writes=True, secret=new.secret)


def get(service: Service, key_id: str, *, caller: Caller) -> Shown:
    """Return a TSIG key that the caller may see. Raise TsigKeyNotFound."""
    key = store.get(service.table, key_id)
    rights = _rights(service, key, caller)
    if key is None or (rights is None and not caller.is_support):
        raise TsigKeyNotFound(key=key_id)
    return Shown(key, writes=rights is not None)


def listing(service: Service, wanted: Selection[TsigKey], *, caller: Caller) -> list[Shown]:
    """Return a page of the TSIG keys that the caller may see. Raise MarkerNotFound.

    A page of all keys in the order of creation reads only about its keys. Other lists read every key that the caller
    may see, and those that count for no group.
    """
    everywhere = caller.is_super or caller.is_support
    if everywhere and not (wanted.filters or wanted.order or wanted.name is not None):
        after = wanted.after(lambda marker: store.get(service.table, marker))
        descending, limit = wanted.descending, wanted.limit
        found = store.every(service.table, None, after, newest_first=descending, limit=limit)
        return [Shown(key, writes=caller.is_super) for key in islice(found, limit)]
    keys = list(store.every(service.table)) if everywhere else _of_group(service, caller)
    after = wanted.after(lambda marker: next((key for key in keys if key.id == marker), None))
    if wanted.name is not None:
        name = names.fold(wanted.name)
        keys = [key for key in keys if key.name == name]
    chosen, _ = selection.page_after(keys, wanted, after)
    writes = caller.is_super or not caller.is_support
    return [Shown(key, writes=writes) for key in chosen]


def update(service: Service, key_id: str, edit: Edit, *, caller: Caller) -> Shown:
    """Change a TSIG key, and return it. The next sync uses the changed key.

    Raise TsigKeyNotFound, NotAuthorized, Invalid, TsigKeyExists, OverQuota, or TsigKeyChanged if another changed it
    meanwhile, or its zone changed hands.
    """
    old, checks = _writable(service, key_id, caller)
    scope, resource_id = edit.scope or old.scope, edit.resource_id or old.resource_id
    group_id, counted = old.group_id, old.counted
    places = _places(edit, scope, old.places)
    if (scope, resource_id) != (old.scope, old.resource_id):
        group_id, more = _check_resource(service, scope, resource_id, caller=caller)
        checks += more
        counted = group_id is not None
    new = old.changed(
        service.now(),
        name=old.name if edit.name is None else names.fold(edit.name),
        algorithm=edit.algorithm or old.algorithm,
        secret=old.secret if edit.secret is None else service.vault.seal(edit.secret, old.id, Purpose.TSIG),
        scope=scope,
        resource_id=resource_id,
        group_id=group_id,
        places=places,
        counted=counted,
    )
    store.replace(service.table, old, new, *checks, limits=_limits(service))
    return Shown(new, writes=True)


def delete(service: Service, key_id: str, *, caller: Caller) -> None:
    """Delete a TSIG key. Raise TsigKeyNotFound, or TsigKeyChanged as `update` does."""
    key, checks = _writable(service, key_id, caller)
    store.delete(service.table, key, *checks)


def _writable(service: Service, key_id: str, caller: Caller) -> tuple[TsigKey, list[Check]]:
    """Return a TSIG key that the caller may write, and the checks of a write. Raise TsigKeyNotFound for any other."""
    key = store.get(service.table, key_id)
    rights = _rights(service, key, caller)
    if key is None or rights is None:
        raise TsigKeyNotFound(key=key_id)
    return key, rights


def _rights(service: Service, key: TsigKey | None, caller: Caller) -> list[Check] | None:
    """Return the checks that the caller still may write a TSIG key, for the write. Return None if it may not now.

    An owner's right ends when the zone changes hands, so its writes need the owner as read. Without a key, a zone is
    read too, so that the response time does not reveal the keys of others.
    """
    if caller.is_super:
        return []
    zone = zone_store.get(service.table, key.resource_id if key and key.scope is Scope.ZONE else _NOWHERE)
    if zone is None or zone.deleted or zone.group_id != caller.group_id:
        return None
    if key is None or key.group_id not in (None, zone.group_id):
        return None
    return [zone_store.still_owned(zone)]


def _of_group(service: Service, caller: Caller) -> list[TsigKey]:
    """Return the TSIG keys of the zones of the caller's group, in the order of creation."""
    assert caller.group_id is not None
    found = store.every(service.table, caller.group_id)
    keys = [key for key in found if key.scope is Scope.ZONE and key.group_id in (None, caller.group_id)]
    groups = zone_store.groups_of(service.table, list(dict.fromkeys(key.resource_id for key in keys)))
    return [key for key in keys if groups.get(key.resource_id) == caller.group_id]


def _limits(service: Service) -> Limits:
    return Limits(service.settings.tsig_keys, service.settings.zone_tsig_keys)


def _places(sent: NewKey | Edit, scope: Scope, old: Places) -> Places:
    """Return where a key signs that is created or changed. Raise Invalid for lists in a key of a zone."""
    lists = {"primaries": sent.primaries, "zones": sent.zones}
    given = [name for name, each in lists.items() if each is not None]
    if scope is Scope.POOL:
        return Places(
            old.primaries if sent.primaries is None else tuple(dict.fromkeys(sent.primaries)),
            old.zones if sent.zones is None else tuple(dict.fromkeys(map(names.fold, sent.zones))),
        )
    if given:
        reasons = [Reason(f"'{name}' is not allowed in a key of a zone", (name,), "zone") for name in given]
        raise Invalid(reasons=reasons)
    return Places()


def _check_resource(
    service: Service, scope: Scope, resource_id: str, *, caller: Caller
) -> tuple[str | None, list[Check]]:
    """Return the owner of a key for this zone or pool, and the checks for its write. Raise NotAuthorized, Invalid."""
    if scope is Scope.POOL:
        if not caller.is_super:
            raise NotAuthorized(f"user {caller.user_name} may not write keys of the pool")
        if resource_id != service.settings.pool_id.lower():
            raise _no_resource("pool", resource_id)
        return None, []
    try:
        zone = zones.owned(service, resource_id, caller=caller)
    except ZoneNotFound as error:
        raise _no_resource("zone", resource_id) from error
    return zone.group_id, [zone_store.still_owned(zone)]


def _no_resource(kind: str, resource_id: str) -> NoResource:
    reason = Reason(f"resource_id: there is no {kind} {resource_id}", ("resource_id",), "exists")
    return NoResource(reasons=[reason], kind=kind, resource=resource_id)
