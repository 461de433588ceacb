"""Primaries of a zone: which key signs, how far connections reach, and which primary answers."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from zonewright.errors import TooMuchMoved, TransferError, ZoneTooLarge
from zonewright.model.settings import Settings
from zonewright.model.zone import Primary, Zone
from zonewright.protocol import names
from zonewright.protocol.transfer import Soa
from zonewright.protocol.tsig import Key
from zonewright.servers import connection
from zonewright.servers.connection import Reach
from zonewright.store import authorities, tsigkeys
from zonewright.store.table import Table
from zonewright.store.vault import Vault

T = TypeVar("T")

GUARDED = (ZoneTooLarge, TooMuchMoved)
"""Errors of guards, which end a sync."""


def ask(table: Table, vault: Vault, settings: Settings, zone: Zone) -> Soa:
    """Return the SOA of the first primary that answers. Raise the last TransferError if none does.

    All primaries share the time that a transfer may take.
    """
    return soa(zone, signing_key(table, vault, settings, zone), reach(table, settings, zone))


def soa(zone: Zone, key: Key | None, where: Reach) -> Soa:
    """Return the SOA of the first primary that answers, as `ask` does, by a key and a reach that are known."""
    until = time.monotonic() + where.total

    def attempt(primary: Primary) -> Soa:
        left = round(max(until - time.monotonic(), 0), 1)
        return connection.soa(names.absolute(zone.name), primary, key, replace(where, total=left))

    return first_answer(zone, attempt)


def signing_key(table: Table, vault: Vault, settings: Settings, zone: Zone) -> Key | None:
    """Return the TSIG key that signs a zone's transfers, in clear; None if there is none."""
    found = tsigkeys.for_zone(table, zone.id, settings.pool_id)
    return Key(found.name, found.algorithm, vault.open(found.secret, found.id)) if found else None


def reach(table: Table, settings: Settings, zone: Zone) -> Reach:
    """Return the networks, ports, time and bytes of a zone's transfers, and the authorities they trust."""
    certificates = authorities.get(table) if any(primary.tls for primary in zone.primaries) else ""
    return Reach(
        networks=settings.transfer_networks,
        ports=settings.transfer_ports,
        idle=settings.idle_timeout,
        total=settings.transfer_timeout,
        octets=settings.transfer_bytes,
        certificates=certificates,
    )


def first_answer(zone: Zone, attempt: Callable[[Primary], T]) -> T:
    """Return the result of `attempt` for the first primary for which it succeeds.

    If none does, raise the last primary's error, with a message that tells what each of them said. A guard's refusal is
    raised at once: the contents of another primary are no way around it.
    """
    messages: list[str] = []
    last: TransferError | None = None
    for primary in zone.primaries:
        try:
            with naming_primary(str(primary)):
                return attempt(primary)
        except TransferError as error:
            messages.append(error.message)
            last = error
            if isinstance(error, GUARDED):
                break
    assert last is not None
    raise type(last)("; ".join(messages)) from last


@contextmanager
def naming_primary(primary: str) -> Iterator[None]:
    """Put the primary's name before the message of a TransferError."""
    try:
        yield
    except TransferError as error:
        raise type(error)(f"{primary}: {error.message}") from error
