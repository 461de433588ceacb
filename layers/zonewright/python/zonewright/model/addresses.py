"""Hosts of primaries: what is a host name, which addresses no server can have, and which the operator allows."""

import ipaddress
import re
from collections.abc import Iterator, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_SPECIAL = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::1/128",
            "::/96",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",
            "2001:db8::/32",
            "3fff::/20",
            "5f00::/16",
            "fc00::/7",
            "fe80::/9",
            "ff00::/8",
        ),
    )
)
"""Networks that are not part of the public Internet (RFC 6890, and IANA's registries of special addresses)."""

_UNUSABLE = tuple(map(ipaddress.ip_network, ("0.0.0.0/8", "240.0.0.0/4")))
"""Addresses that are no destination: of this network (RFC 1122), reserved ones (RFC 1112), and the broadcast."""

_METADATA = ipaddress.ip_network("fd00:ec2::/32")
"""Services of an instance or a container on AWS, by IPv6."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_LOCAL_NAT64 = ipaddress.ip_network("64:ff9b:1::/48")
_COMPATIBLE = ipaddress.ip_network("::/96")
_TRANSLATED = ipaddress.ip_network("::ffff:0:0:0/96")
"""Forms of IPv6 that contain an IPv4 address (RFC 6052, RFC 8215, RFC 4291 section 2.5.5.1, RFC 7915)."""

_ISATAP = 0x5EFE
"""Second half of the upper 32 bits of an interface id that contains an IPv4 address (RFC 5214)."""


_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")


def is_name(host: str) -> bool:
    """Return whether `host` is a host name: labels as in RFC 1123 section 2.1, or with underscores.

    A label has 1-63 octets, the name at most 253. Names beyond ASCII count in the form that the resolver asks for (RFC
    3490).
    """
    name = _asked(host)
    if name is None:
        return False
    name = name.removesuffix(".")
    return len(name) <= 253 and all(map(_LABEL.fullmatch, name.split(".")))


def literal(host: str) -> Address | None:
    """Return the address that `host` writes out, in any form that the resolver reads. Return None for a name."""
    import socket

    try:
        return ipaddress.IPv6Address(host) if ":" in host else ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def normal(host: str) -> str:
    """Return the one spelling of a host: an address in its usual form, a name in lower case without its last dot.

    A name beyond ASCII has the form that the resolver asks for (RFC 3490).
    """
    address = literal(host)
    if address is not None:
        return str(_plain(address))
    return (_asked(host) or host).lower().removesuffix(".")


def _asked(host: str) -> str | None:
    """Return a host name as the resolver asks for it, or None if it has no such form."""
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return None


def allowed(address: Address, networks: Sequence[Network]) -> bool:
    """Return whether the operator's networks allow an address.

    A network that contains public addresses allows only those. Private and other special addresses, loopback too, need
    a network of their own kind: `0.0.0.0/0` does not contain 10.0.0.1, and `10.0.0.0/8` does. An IPv4 address within an
    IPv6 address must be allowed as well.
    """
    address = _plain(address)
    if never(address):
        return False
    inside = [each for each in networks if each.version == address.version and address in each]
    if _block(address):
        inside = [each for each in inside if _is_special(each)]
    return bool(inside) and all(allowed(inner, networks) for inner in _inner(address))


def port_allowed(port: int, spans: str) -> bool:
    """Return whether the operator's ports, as `53` or `53,5300-5399`, contain a port."""
    bounds = (span.partition("-") for span in spans.replace(" ", "").split(","))
    return any(int(low) <= port <= int(high or low) for low, _, high in bounds)


def never(address: Address) -> bool:
    """Return whether no setting may allow an address.

    Link-local, metadata, multicast, reserved and unspecified addresses are never allowed, nor IPv6 addresses that lead
    to one or to loopback.
    """
    address = _plain(address)
    return _unusable(address) or any(_unusable(inner) or inner.is_loopback for inner in _inner(address))


def _plain(address: Address) -> Address:
    """Return the IPv4 address that is mapped into IPv6, or the address itself."""
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address


def _inner(address: Address) -> Iterator[Address]:
    """Yield the IPv4 addresses that an IPv6 address may lead to: 6to4 (RFC 3056), ISATAP, or a translation."""
    if isinstance(address, ipaddress.IPv4Address):
        return
    number = int(address)
    last = ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if address in _NAT64 or address in _TRANSLATED or (number >> 32) & 0xFDFFFFFF == _ISATAP:
        yield last
    if address in _COMPATIBLE and not address.is_loopback and not address.is_unspecified:
        yield last
    if address in _LOCAL_NAT64:  # behind /96, or behind /48 around the octet that is zero (RFC 6052 section 2.2)
        around = ipaddress.IPv4Address((number >> 64 & 0xFFFF) << 16 | number >> 40 & 0xFFFF)
        yield from (each for each in (last, around) if int(each))
    if address.sixtofour:
        yield address.sixtofour


def _unusable(address: Address) -> bool:
    special = address.is_link_local or address.is_multicast or address.is_unspecified
    return special or any(address in each for each in (*_UNUSABLE, _METADATA))


def _block(address: Address) -> Network | None:
    """Return the special network of an address, or None for a public address."""
    return next((each for each in _SPECIAL if each.version == address.version and address in each), None)


def _is_special(network: Network) -> bool:
    """Return whether a network has no public address."""
    block = _block(network.network_address)
    return block is not None and network.prefixlen >= block.prefixlen
