"""Users, as callers of the VinylDNS dialect see and lock them (contract `vinyldns.md`, section 10)."""

from zonewright.errors import NotEntitled, UserNotFound
from zonewright.model.users import Caller, User
from zonewright.service import Service
from zonewright.store import users as store


def get(service: Service, id_or_name: str) -> User:
    """Return a user by id, or else by name. Raise UserNotFound."""
    found = store.find(service.table, id_or_name)
    if found is None:
        raise UserNotFound(user=id_or_name)
    return found


def lock(service: Service, user_id: str, *, locked: bool, caller: Caller) -> User:
    """Lock a user out of every route, or unlock it. Return the user. Raise NotEntitled, UserIdNotFound."""
    if not caller.is_super:
        raise NotEntitled
    return store.set_locked(service.table, user_id, locked=locked)
