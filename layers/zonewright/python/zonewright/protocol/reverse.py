"""The address that a name in a reverse zone stands for (RFC 1035 section 3.5, RFC 3596 section 2.5, RFC 2317)."""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_V4 = "in-addr.arpa."
_V6 = "ip6.arpa."
_OCTETS, _NIBBLES = 4, 32


def is_reverse(zone: str) -> bool:
    """Return whether an absolute zone name is that of a reverse zone, in any case of letters.

    VinylDNS looks at the end of the text (contract `vinyldns-writes.md`, section 4.1).
    """
    return zone.lower().endswith((_V4, _V6))


def address(name: str, zone: str) -> Address | None:
    """Return the address of the owner name `name`, relative to the absolute name `zone`, or None if it has none.

    A zone for a part of a /24 has the first octet and the prefix length as its first label, such as
    `64/26.2.0.192.in-addr.arpa.`. Then the octet must lie in that part.
    """
    folded = zone.lower()
    labels = name.lower().split(".")
    if folded.endswith(_V6):
        return _v6([*labels, *folded.removesuffix(_V6).strip(".").split(".")])
    if not folded.endswith(_V4):
        return None
    above = folded.removesuffix(_V4).strip(".").split(".")
    first, slash, bits = above[0].partition("/")
    if slash:
        if len(labels) != 1 or not _in_block(labels[0], first, bits):
            return None
        above = above[1:]
    return _v4([*labels, *above])


def _v4(labels: list[str]) -> ipaddress.IPv4Address | None:
    labels = list(filter(None, labels))
    octets = [_number(label, 255) for label in labels]
    if len(labels) != _OCTETS or None in octets:
        return None
    return ipaddress.IPv4Address(".".join(str(octet) for octet in reversed(octets)))


def _v6(labels: list[str]) -> ipaddress.IPv6Address | None:
    labels = list(filter(None, labels))
    if len(labels) != _NIBBLES or any(len(label) != 1 or label not in "0123456789abcdef" for label in labels):
        return None
    return ipaddress.IPv6Address(int("".join(reversed(labels)), 16))


def _in_block(octet: str, first: str, bits: str) -> bool:
    """Return whether an octet lies in the block that begins at `first` and has a prefix of `bits` bits."""
    last, begin, prefix = _number(octet, 255), _number(first, 255), _number(bits, 32)
    if last is None or begin is None or prefix is None or prefix < 24:
        return False
    return begin <= last < begin + (1 << (32 - prefix))


def _number(text: str, most: int) -> int | None:
    """Return a decimal number of at most three digits and up to `most`, or None for other text."""
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        return None
    return int(text) if int(text) <= most else None
