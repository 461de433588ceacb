"""Addresses of primaries: which of them no name server can have."""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_METADATA = ipaddress.ip_address("fd00:ec2::254")


def literal(host: str) -> Address | None:
    """Return the address that `host` writes out, in any form that the resolver reads. Return None for a name."""
    import socket

    try:
        return ipaddress.IPv6Address(host) if ":" in host else ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def never(address: Address) -> bool:
    """Return whether no setting may allow an address.

    Link-local, metadata, multicast and unspecified addresses are never allowed, nor IPv6 addresses that lead to one or
    to loopback.
    """
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    inner = _inner(address)
    return _unusable(address) or (inner is not None and (_unusable(inner) or inner.is_loopback))


def _inner(address: Address) -> Address | None:
    """Return the IPv4 address that an IPv6 address leads to: 6to4 (RFC 3056), or through a NAT64 (RFC 6052)."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour


def _unusable(address: Address) -> bool:
    return address.is_link_local or address.is_multicast or address.is_unspecified or address == _METADATA
