"""The state of the service as a whole (contract `vinyldns.md`, section 12)."""

from dataclasses import dataclass

from zonewright.errors import NotSystemAdmin
from zonewright.model.users import Caller
from zonewright.service import Service
from zonewright.store import backends, status


@dataclass(frozen=True, slots=True)
class Status:
    """Whether the processing of changes is stopped, and the name of the TSIG key of the default backend, or empty."""

    disabled: bool
    key_name: str


def get(service: Service) -> Status:
    """Return the state of the service, as last written."""
    defaults = [backend for backend in backends.listing(service.table) if backend.default]
    key_name = defaults[0].connections.connection.key_name if defaults else ""
    return Status(status.disabled(service.table), key_name)


def set_disabled(service: Service, *, disabled: bool, caller: Caller) -> None:
    """Stop the processing of changes, or let it go on. Raise NotSystemAdmin."""
    if not (caller.is_super or caller.is_support):
        raise NotSystemAdmin(user=caller.user_name)
    status.write(service.table, disabled=disabled)


def backend_ids(service: Service) -> list[str]:
    """Return the ids of all backends, in order."""
    return sorted(backend.id for backend in backends.listing(service.table))
