"""Words for what differs at a target, and what a repair overwrote."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from zonewright.model import diff
from zonewright.model.delivery import Repair
from zonewright.model.diff import Move
from zonewright.protocol import names, rrset

SHOWN = 10
"""How many record sets a reason names."""

REPORTED = 1000
"""How many record sets a report names."""


def differing(zone: str, moved: Sequence[Move]) -> str:
    """Return why a target of a zone is not as it should be."""
    return f"somebody else wrote there: {counted(moved)} not as they should be ({named(zone, moved)})"


def take_over(zone: str, foreign: Sequence[Move]) -> str:
    """Return why a first push to a target is refused, and what to do."""
    return (
        f"it holds other contents: {counted(foreign)} of what is there would be deleted or changed"
        f" ({named(zone, foreign)}); if the address is right, zonewright zone deliver --repair overwrites them"
    )


def beyond(zone: str, foreign: Sequence[Move], excess: str) -> str:
    """Return why a repair of a target is stopped by the guards, and what to do."""
    return (
        f"a repair is stopped: {excess} ({named(zone, foreign)}); if the address is right,"
        " zonewright zone deliver --repair does it"
    )


def limited(zone: str, left: Sequence[Move]) -> str:
    """Return what a target did not do, though it answered NOERROR."""
    why = "; does it limit TTLs (max-zone-ttl)?" if all(map(_only_ttl, left)) else "; does another program write there?"
    return f"the name server answered NOERROR, and serves other than it was sent: {named(zone, left)}{why}"


def repair_of(zone: str, foreign: Sequence[Move], now: datetime) -> Repair:
    """Return what a repair of a target overwrote."""
    counts = diff.Difference(tuple(foreign)).counts()
    return Repair(now, counts.updated, counts.deleted, tuple(_name(zone, move) for move in foreign[:SHOWN]))


def report_of(zone: str, moved: Sequence[Move]) -> dict[str, Any]:
    """Return what a repair of a target would change, as JSON."""
    counts = diff.Difference(tuple(moved)).counts()
    return {
        "created": counts.created,
        "updated": counts.updated,
        "deleted": counts.deleted,
        "first": [f"{move.kind} {_name(zone, move)}" for move in moved[:REPORTED]],
    }


def counted(moved: Sequence[Move]) -> str:
    """Return the number of moves in words."""
    return "1 record set" if len(moved) == 1 else f"{len(moved):,} record sets"


def named(zone: str, moved: Sequence[Move]) -> str:
    """Return the names and types of the first record sets of moves."""
    shown = ", ".join(_name(zone, move) for move in moved[:SHOWN])
    return f"{shown} and others" if len(moved) > SHOWN else shown


def _only_ttl(move: Move) -> bool:
    """Return whether a record set differs in its TTL alone."""
    if move.before is None or move.after is None:
        return False
    return set(rrset.from_line(move.before).rdatas) == set(rrset.from_line(move.after).rdatas)


def _name(zone: str, move: Move) -> str:
    held = rrset.from_line(move.after or move.before or "")
    name = names.text_of(held.key, f".{zone}") if held.key else zone
    return f"{name} {held.type_text()}"
