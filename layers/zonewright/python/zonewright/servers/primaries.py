"""Primaries of a zone: how far connections reach, and which primary has the newest contents."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from zonewright.errors import (
    PrimaryForbidden,
    PrimaryUnreachable,
    PrimaryUntrusted,
    SerialOlder,
    TransferError,
    TransferRefused,
    ZoneTooLarge,
)
from zonewright.model.settings import Settings
from zonewright.model.zone import Primary, Zone
from zonewright.protocol import names
from zonewright.protocol import serial as serials
from zonewright.protocol.transfer import Soa
from zonewright.servers import connection
from zonewright.servers.connection import Reach
from zonewright.servers.signing import Signing, signing
from zonewright.store import authorities
from zonewright.store.table import Table
from zonewright.store.vault import Vault

T = TypeVar("T")

PATIENCE = 5
"""Most seconds of a look at all primaries of a zone."""

AT_ONCE = 8
"""Primaries of one zone that are asked at the same time."""

_NEVER_REACHED = (PrimaryForbidden, PrimaryUnreachable, PrimaryUntrusted)
"""Errors of a connection. A transfer would end with the same one."""


@dataclass(frozen=True, slots=True)
class Look:
    """A primary and its response to the question for the SOA: the SOA or the error. Neither if it was not asked."""

    primary: Primary
    soa: Soa | None = None
    error: TransferError | None = None

    def said(self) -> str:
        """Return a text for the history."""
        if self.soa:
            return f"{self.primary}: its serial is {self.soa.serial}"
        return self.error.message if self.error else f"{self.primary}: not asked"


def ask(table: Table, vault: Vault, settings: Settings, zone: Zone) -> tuple[Zone, list[Look]]:
    """Ask all primaries of a zone for the SOA at the same time, as `look` does. They share the time of a transfer.

    Return the zone as well, as it is for these primaries and the keys that signed (`Signing.for_zone`).
    """
    keys = signing(table, vault, settings, zone)
    zone = keys.for_zone(zone)
    return zone, look(zone, keys, reach(table, settings, zone))


def look(zone: Zone, keys: Signing, where: Reach) -> list[Look]:
    """Ask all primaries for the SOA at the same time, each under its TSIG key. Return what each said, in their order.

    If there are more than can be asked at once, each gets an equal part of the time.
    """
    rounds = -(-len(zone.primaries) // AT_ONCE)
    part = where if rounds == 1 else replace(where, total=round(where.total / rounds, 1))

    signed = {primary: keys.key(primary) for primary in zone.primaries}  # here, so a secret is decrypted once

    def attempt(primary: Primary) -> Look:
        try:
            with naming_primary(str(primary)), keys.explaining(primary):
                return Look(primary, connection.soa(names.absolute(zone.name), primary, signed[primary], part))
        except TransferError as error:
            return Look(primary, error=error)

    if len(zone.primaries) == 1:
        return [attempt(zone.primaries[0])]
    with ThreadPoolExecutor(min(len(zone.primaries), AT_ONCE)) as pool:
        return list(pool.map(attempt, zone.primaries))


def newest(looks: Sequence[Look]) -> Soa | None:
    """Return the newest SOA (RFC 1982). Return None if only a transfer can tell.

    That is so if one of the primaries refused the question, for it may still allow a transfer. Otherwise raise a
    TransferError with what each primary said.
    """
    found = best(looks)
    if found:
        return found.soa
    if _refused(looks):
        return None
    raise _together([each.error for each in looks if each.error])


def best(looks: Sequence[Look]) -> Look | None:
    """Return the primary that has the newest SOA, or None if none has one."""
    return next(iter(_newest_first(looks)), None)


def _refused(looks: Sequence[Look]) -> bool:
    return any(isinstance(each.error, TransferRefused) for each in looks)


def known(zone: Zone, looks: Sequence[Look]) -> Soa | None:
    """Return the newest SOA, as `newest` does, if it is not older than the zone. Otherwise raise SerialOlder."""
    found = newest(looks)
    if found is None or not zone.ahead_of(found.serial):
        return found
    if _refused(looks):
        return None
    told = [_told(zone, each) for each in looks]
    raise _together(told, next((each for each in told if isinstance(each, SerialOlder)), None))


def _told(zone: Zone, look: Look) -> TransferError:
    """Return the error of a look, or that its serial is older than the zone's."""
    if look.error:
        return look.error
    assert look.soa is not None
    return SerialOlder(f"{look.primary}: {older(zone, look.soa.serial).message}")


def older(zone: Zone, serial: int) -> SerialOlder:
    """Return the error for a primary whose serial is older than the zone's."""
    return SerialOlder(
        f"its serial {serial} is older than {zone.serial}, which we hold: it lags behind, or it was rebuilt and its "
        "serial went back; a sync with ?force=true takes it"
    )


def seen(looks: Iterable[Look]) -> list[tuple[Primary, int]]:
    """Return each primary that has an SOA, with its serial."""
    return [(each.primary, each.soa.serial) for each in looks if each.soa]


def in_order(zone: Zone, looks: Sequence[Look]) -> list[Look]:
    """Return the primaries in the order in which a sync tries them.

    The newest is the first; of equal ones, the one whose increments fit the zone, or else the first of the zone. The
    others stand in for it only if they are on the same side of the zone's serial: newer, equal, or older. So if the
    newest cannot be copied, another one neither takes the zone back nor hides that. If all that is left is to compare
    the zone under its own serial, only the primary that the contents came from can do so, if it answered. Primaries
    without an SOA follow, if a transfer might still succeed; they are tried before older ones.
    """
    answered = _newest_first(sorted(looks, key=lambda each: zone.unfit(each.primary) is not None))
    first = [each for each in answered if _side(zone, each) == _side(zone, answered[0])]
    if first and _side(zone, first[0]) == 0:
        first = [each for each in first if zone.unfit(each.primary) is None] or first
    unknown = [each for each in looks if each.soa is None and not isinstance(each.error, _NEVER_REACHED)]
    return [*unknown, *first] if first and _side(zone, first[0]) < 0 else [*first, *unknown]


def _side(zone: Zone, look: Look) -> int:
    """Return 1 for a primary that is newer than the zone, 0 for one with its serial, -1 for an older one."""
    assert look.soa is not None
    if zone.ahead_of(look.soa.serial):
        return -1
    return int(not zone.version or look.soa.serial != zone.serial)


def _newest_first(looks: Sequence[Look]) -> list[Look]:
    """Return the primaries that have an SOA, the newest first. RFC 1982 gives no total order, so nothing is sorted."""
    left = [(each, each.soa.serial) for each in looks if each.soa]
    found: list[Look] = []
    while left:
        best = left[0]
        for each in left[1:]:
            if serials.newer(each[1], best[1]):
                best = each
        left.remove(best)
        found.append(best[0])
    return found


def reach(table: Table, settings: Settings, zone: Zone) -> Reach:
    """Return the networks, ports, time and bytes of a zone's transfers, and the authorities they trust."""
    certificates = authorities.get(table) if any(primary.tls for primary in zone.primaries) else ""
    return Reach(
        networks=settings.transfer_networks,
        ports=settings.transfer_ports,
        first=settings.first_message_timeout,
        idle=settings.idle_timeout,
        total=settings.transfer_timeout,
        rate=settings.least_rate,
        octets=settings.transfer_bytes,
        certificates=certificates,
    )


def first_success(zone: Zone, looks: Sequence[Look], attempt: Callable[[Look, str], T]) -> T:
    """Return the result of `attempt` for the first primary, by `in_order`, for which it succeeds.

    `attempt` also gets what the other primaries said. If none succeeds, raise an error with a message that tells what
    each of them said. The refusal of a zone that is too large is raised at once: the contents of another primary are no
    way around it.
    """
    errors: dict[int, TransferError] = {id(each): each.error for each in looks if each.error}
    said = {id(each): each.said() for each in looks}
    last: TransferError | None = None
    for each in in_order(zone, looks):
        others = "; ".join(said[id(other)] for other in looks if other is not each)
        try:
            with naming_primary(str(each.primary)):
                return attempt(each, others)
        except TransferError as error:
            last = errors[id(each)] = error
            serial = f" (its serial is {each.soa.serial})" if each.soa and not isinstance(error, SerialOlder) else ""
            said[id(each)] = error.message + serial
            if isinstance(error, ZoneTooLarge):
                break
    assert last or errors
    told = "; ".join(errors[id(each)].message if id(each) in errors else said[id(each)] for each in looks)
    raise type(last or [*errors.values()][-1])(told)


def _together(errors: Sequence[TransferError], last: TransferError | None = None) -> TransferError:
    """Return one error with the messages of all. Its type is that of `last`, by default the last of them."""
    return type(last or errors[-1])("; ".join(error.message for error in errors))


@contextmanager
def naming_primary(primary: str) -> Iterator[None]:
    """Put the primary's name before the message of a TransferError."""
    try:
        yield
    except TransferError as error:
        raise type(error)(f"{primary}: {error.message}") from error
