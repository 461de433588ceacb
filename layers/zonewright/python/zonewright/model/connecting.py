"""A copied zone as a caller of the VinylDNS dialect wants it (contract `vinyldns.md`, sections 4.1 and 4.3)."""

from dataclasses import dataclass

from zonewright.model.acl import AclRule
from zonewright.model.connection import Asked


@dataclass(frozen=True, slots=True)
class Wanted:
    """A zone as a caller wants it. `recurrence` is a cron expression. What is None is not there."""

    name: str
    email: str
    group_id: str
    connection: Asked | None = None
    transfer_connection: Asked | None = None
    backend_id: str | None = None
    shared: bool = False
    rules: tuple[AclRule, ...] = ()
    recurrence: str | None = None
