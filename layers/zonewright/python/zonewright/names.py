r"""Zone and owner names, and the key that sorts them.

Canonical order (RFC 4034 section 6.1) compares names label by label from the right,
lower-cased, as unsigned octets, where a name comes before the names below it. Instead of
comparing names we store each owner name as a **key** whose plain byte order is that order:

    zone example.org., owner  WWW.eu.example.org.   key  b"eu www"
                       owner      eu.example.org.   key  b"eu"
                       owner         example.org.   key  b""        (the apex)

The zone's own labels are left off, the rest reversed, lower-cased and joined with a space.
An octet up to 0x21 is written `!hh`, one from 0x7e on `~hh` (`hh` lower-case hex), so a key is
printable ASCII, a space sorts before every octet of a label, and the order of octets is kept.
A tab after the key sorts before a space, so `key + TAB` puts a name before its descendants.
"""

import re

import dns.exception
import dns.name

_ESCAPE = re.compile(rb"[^\x22-\x7d]")
_ESCAPED = re.compile(rb"[!~]([0-9a-f]{2})")


def _escape(match: re.Match[bytes]) -> bytes:
    octet = match.group()[0]
    return b"%c%02x" % (b"!"[0] if octet < 0x22 else b"~"[0], octet)


def escape_label(label: bytes) -> bytes:
    """One wire label as it stands in a key: lower-cased, octets outside 0x22-0x7d escaped."""
    return _ESCAPE.sub(_escape, label.lower())


def unescape_label(text: bytes) -> bytes:
    """The (lower-case) wire label behind `escape_label`."""
    return _ESCAPED.sub(lambda m: bytes((int(m.group(1), 16),)), text)


def key_of(owner: dns.name.Name, zone: dns.name.Name) -> bytes:
    """The key of an absolute owner name in its zone.

    Raises ValueError where the owner is not in the zone.
    """
    if not owner.is_subdomain(zone):
        raise ValueError(f"{owner} is not in {zone}")
    labels = owner.labels[: len(owner.labels) - len(zone.labels)]
    return b" ".join(escape_label(label) for label in reversed(labels))


def owner_of(key: bytes, zone: dns.name.Name) -> dns.name.Name:
    """The absolute (lower-case) owner name of a key."""
    if not key:
        return zone
    labels = [unescape_label(text) for text in reversed(key.split(b" "))]
    return dns.name.Name([*labels, *zone.labels])


def absolute(text: str) -> dns.name.Name:
    """Read an absolute name in presentation form (RFC 1035 section 5.1); ValueError says what is wrong."""
    try:
        return dns.name.from_text(text, origin=dns.name.root, idna_codec=None)
    except dns.exception.DNSException as error:
        raise ValueError(f"{text!r} is not a name: {error or type(error).__name__}") from error


def fold(text: str) -> str:
    """The spelling under which a zone name is unique: lower-case, with its final dot."""
    return text.lower() if text.endswith(".") else text.lower() + "."
