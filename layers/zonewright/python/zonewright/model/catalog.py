"""Catalog zones (RFC 9432): a zone that lists zones, so that secondaries which read it serve them.

    @                    SOA, and NS invalid.     nobody delegates it (section 4)
    version              TXT "2"                  (section 4.2.1)
    <zone id>.zones      PTR <zone name>          one for each member (section 4.1)

The label of a member is the id of our zone. So a zone that is deleted and made again under its name is a new member,
whose old contents a secondary drops (section 5). The catalog says nothing of where a member is copied from: the
secondary is configured with the primary. Contract backends.md, section 7.
"""

from collections.abc import Mapping

from zonewright.model import diff
from zonewright.model.diff import Move
from zonewright.protocol import names, rrset
from zonewright.protocol.types import NS, PTR, SOA, TXT

_NOBODY = b"\x07invalid\x00"
"""The name `invalid.` (RFC 2606 section 2)."""

_TIMERS = (3600, 600, 2147483646, 0)
"""Refresh, retry, expire and minimum in seconds, as in the example of RFC 9432: a catalog should not expire.

A secondary whose catalog expired keeps the members, but learns of no others.
"""


def soa(serial: int) -> str:
    """Return the line of the SOA of a catalog."""
    numbers = b"".join(number.to_bytes(4, "big") for number in (serial, *_TIMERS))
    return rrset.to_line("", SOA, 0, [_NOBODY + _NOBODY + numbers])


def lines(members: Mapping[str, str]) -> list[str]:
    """Return the lines of a catalog without its SOA, in canonical order. `members` are zone names by zone id."""
    return sorted(
        [
            rrset.to_line("", NS, 0, [_NOBODY]),
            rrset.to_line("version", TXT, 0, [b"\x012"]),
            *(member(zone_id, name) for zone_id, name in members.items()),
        ]
    )


def moves(old: Mapping[str, str], new: Mapping[str, str]) -> list[Move]:
    """Return the moves from a catalog of some members to one of others."""
    return diff.exact_moves(lines(old), lines(new))


def member(zone_id: str, name: str) -> str:
    """Return the line of a member. Its TTL is 0, which nobody reads (section 4.1)."""
    target = names.absolute(name).canonicalize().to_wire() or b""
    return rrset.to_line(f"zones {zone_id.lower()}", PTR, 0, [target])
