"""NOTIFY (RFC 1996): a name server is told that the SOA serial of a zone moved."""

from zonewright.protocol import rrset, update

OPCODE = 4
"""NOTIFY (RFC 1996 section 3.1)."""

AUTHORITATIVE = 0x0400
"""The flag AA, which a NOTIFY carries (RFC 1996 section 3.3)."""


def message(zone: bytes, soa: str) -> bytes:
    """Return an unsigned NOTIFY, with the id 0. `zone` is the zone's name in wire form.

    The answer section has the SOA of the line `soa`, whose TTL is not None. So a receiver may see that it has that
    serial, and ask nobody (RFC 1996 section 3.7).
    """
    return update.about(zone, OPCODE << 11 | AUTHORITATIVE, update.added(rrset.from_line(soa)))
