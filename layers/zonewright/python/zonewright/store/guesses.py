"""Failed logins in the table: how many there were for one user from one address, and from one address at all.

An item counts those of a window, which begins with the first of them. A login that succeeds reads the counts and writes
nothing.
"""

import hashlib
import ipaddress
from collections.abc import Iterable
from datetime import datetime, timedelta

from zonewright import clock
from zonewright.store import loginkeys
from zonewright.store.conditions import Condition, free
from zonewright.store.table import ConditionFailed, Item, Put, Table, Update

WINDOW = timedelta(minutes=15)
"""How long failures are counted together, and how long they are remembered."""

MOST_OF_ONE = 10
"""Failures in a window for one user from one address. By user alone, anybody could lock anybody out."""

MOST_OF_ADDRESS = 100
"""Failures in a window from one address, whoever they are for. Many users may share an address."""


def places(who: str, source: str) -> dict[tuple[str, str], int]:
    """Return the keys that count a login as `who` from the address `source`, each with the most it may count."""
    address = _network(source)
    counted = {f"{who.casefold()}\n{address}": MOST_OF_ONE, f"\n{address}": MOST_OF_ADDRESS}
    return {_place(text): most for text, most in counted.items()}


def wait(item: Item | None, most: int, now: datetime) -> int:
    """Return the seconds until a login may be tried again. 0 is at once."""
    left = (item["expires"] - clock.epoch(now)) if item else 0
    return left if left > 0 and item and item["failures"] >= most else 0


def note(table: Table, places: Iterable[tuple[str, str]], now: datetime) -> None:
    """Count a failed login in each place."""
    running = Condition("#expires > :now", {"#expires": "expires"}, {":now": clock.epoch(now)})
    for pk, sk in places:
        key = {"pk": pk, "sk": sk}
        again = Update(key, add={"failures": 1}, condition=running)
        try:
            table.update(again)
        except ConditionFailed:
            first = key | {"failures": 1, "expires": clock.epoch(now + WINDOW)}
            try:
                table.write(Put(first, free(now)))
            except ConditionFailed:  # another failure was the first
                table.update(again)


def _place(text: str) -> tuple[str, str]:
    key = loginkeys.guess(hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest())
    return key["pk"], key["sk"]


def _network(source: str) -> str:
    """Return the address, or the network of an IPv6 address: one host has 2^64 of them."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return source
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))
