r"""Zone and owner names, and the key that sorts them.

Canonical order (RFC 4034 section 6.1) compares names label by label from the right,
lower-cased, as unsigned octets, where a name comes before the names below it. Instead of
comparing names we store each owner name as a **key**, text whose plain order is that order:

    zone example.org., owner  WWW.eu.example.org.   key  "eu www"
                       owner      eu.example.org.   key  "eu"
                       owner         example.org.   key  ""        (the apex)

The zone's own labels are left off, the rest reversed, lower-cased and joined with a space.
An octet up to 0x21 is written `!hh`, one from 0x7e on `~hh` (`hh` lower-case hex), so a key is
printable ASCII, a space sorts before every octet of a label, and the order of octets is kept.
A tab after the key sorts before a space, so `key + TAB` puts a name before its descendants.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import dns.name

PLAIN = bytes(octet for octet in range(0x22, 0x7E) if not 0x41 <= octet <= 0x5A)
"""The octets that stand for themselves in a key: printable, and not an upper-case letter."""

_TEXT = [f"!{octet:02x}" if octet < 0x22 else f"~{octet:02x}" if octet > 0x7D else chr(octet) for octet in range(256)]
_ESCAPED = re.compile(r"[!~]([0-9a-f]{2})")
_LOCAL = re.compile(r"^((?:\\.|[^.\\])*)\.")
_ESCAPE = re.compile(r"\\(\D)")


def escape_label(label: bytes) -> str:
    """One wire label as text, octets outside 0x22-0x7d escaped; its case is kept, so lower it first for a key."""
    return "".join([_TEXT[octet] for octet in label])


def unescape_label(text: str) -> bytes:
    """The wire label behind `escape_label`."""
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text).encode("latin-1")


def key_of(owner: "dns.name.Name", zone: "dns.name.Name") -> str:
    """The key of an absolute owner name in its zone.

    Raises ValueError where the owner is not in the zone.
    """
    if not owner.is_subdomain(zone):
        raise ValueError(f"{owner} is not in {zone}")
    labels = owner.labels[: len(owner.labels) - len(zone.labels)]
    return " ".join([escape_label(label.lower()) for label in reversed(labels)])


def owner_of(key: str, zone: "dns.name.Name") -> "dns.name.Name":
    """The absolute (lower-case) owner name of a key."""
    import dns.name

    if not key:
        return zone
    labels = [unescape_label(text) for text in reversed(key.split(" "))]
    return dns.name.Name([*labels, *zone.labels])


def absolute(text: str) -> "dns.name.Name":
    """Read an absolute name in presentation form (RFC 1035 section 5.1); ValueError says what is wrong."""
    import dns.exception
    import dns.name

    try:
        return dns.name.from_text(text, origin=dns.name.root, idna_codec=None)
    except dns.exception.DNSException as error:
        raise ValueError(f"{text!r} is not a name: {error or type(error).__name__}") from error


def zone_sort_key(text: str) -> str:
    """The key of an absolute zone name, seen from the root: `org example` for example.org.

    The zones below one are those whose key begins with its key and a space.
    """
    if "\\" in text:
        import dns.name

        return key_of(absolute(text), dns.name.root)
    return " ".join([escape_label(label.encode().lower()) for label in reversed(text.removesuffix(".").split("."))])


def fold(text: str) -> str:
    """The spelling under which a zone name is unique: lower-case, with its final dot."""
    return text.lower() if text.endswith(".") else text.lower() + "."


def mailbox(rname: str) -> str:
    r"""The e-mail address of an SOA's RNAME (RFC 1035 section 8): `joe\.doe.example.org.`, joe.doe@example.org."""
    return _LOCAL.sub(lambda match: _ESCAPE.sub(r"\1", match[1]) + "@", rname).removesuffix(".")


def rname(email: str) -> str:
    """The SOA RNAME of an e-mail address, dots of its local part escaped; absolute."""
    local, _, rest = email.rpartition("@")
    return f"{local.replace('.', chr(92) + '.')}.{rest.rstrip('.')}."
