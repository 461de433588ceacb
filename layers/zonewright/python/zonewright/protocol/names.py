"""Zone and owner names, and the sort key of an owner name.

Canonical order (RFC 4034 section 6.1) compares names label by label from the right, lower-cased, as unsigned bytes. A
name comes before the names below it. Names are stored under a **sort key**: text whose plain order is canonical order.

    zone example.org., owner  WWW.eu.example.org.   key  "eu www"
                       owner      eu.example.org.   key  "eu"
                       owner         example.org.   key  ""        (the apex)

A sort key leaves the zone's own labels out. It has the other labels reversed, lower-cased and joined with a space. A
byte up to 0x21 is written `!hh`, a byte from 0x7e on `~hh`, with `hh` in lower-case hex. So a key is printable ASCII, a
space sorts before every byte of a label, and the order of bytes is kept. A tab sorts before a space: `key + TAB` puts a
name before its descendants.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import dns.name

PLAIN = bytes(octet for octet in range(0x22, 0x7E) if not 0x41 <= octet <= 0x5A)
"""The bytes that stand for themselves in a sort key: printable, and not an upper-case letter."""

_OCTET = r"([!#-'*-\-/-:<-\[\]-~]|\\([01][0-9]{2}|2[0-4][0-9]|25[0-5])|\\[ -/:-~])"
OWNER = rf"^({_OCTET}+\.)+$"
"""Pattern of an absolute name as one word of a master file: with blanks, quotes, `(`, `)`, `;` and `\\` escaped.

It has no lookaround, which some programs lack, so it does not know the longest label and name.
"""
LONGEST_TEXT = 4 * 255
r"""Characters of the longest name in presentation form: each of 255 octets as `\DDD`."""

_TEXT = [f"!{octet:02x}" if octet < 0x22 else f"~{octet:02x}" if octet > 0x7D else chr(octet) for octet in range(256)]
_ESCAPED = re.compile(r"[!~]([0-9a-f]{2})")
_ODD = re.compile(r'[!~"().;\\@$]')
"""Characters of a sort key that its name does not have, or has behind a backslash."""
_LOCAL = re.compile(r"^((?:\\.|[^.\\])*)\.")
_ESCAPE = re.compile(r"\\(\D)")
_OWNER = re.compile(OWNER, re.ASCII)


def escape_label(label: bytes) -> str:
    """Return a wire label as text, with the bytes outside 0x22-0x7d escaped.

    The case is kept. Lower the label first for a sort key.
    """
    return "".join([_TEXT[octet] for octet in label])


def unescape_label(text: str) -> bytes:
    """Return the wire label that `escape_label` made `text` of."""
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text).encode("latin-1")


def key_of(owner: "dns.name.Name", zone: "dns.name.Name") -> str:
    """Return the sort key of an absolute owner name in its zone. Raise ValueError for an owner outside the zone."""
    if not owner.is_subdomain(zone):
        raise ValueError(f"{owner} is not in {zone}")
    labels = owner.labels[: len(owner.labels) - len(zone.labels)]
    return " ".join([escape_label(label.lower()) for label in reversed(labels)])


def owner_of(key: str, zone: "dns.name.Name") -> "dns.name.Name":
    """Return the absolute owner name, in lower case, of a sort key in a zone."""
    import dns.name

    if not key:
        return zone
    labels = [unescape_label(text) for text in reversed(key.split(" "))]
    return dns.name.Name([*labels, *zone.labels])


def text_of(key: str, below: str) -> str:
    """Return the absolute owner name of a sort key as text, in lower case.

    `below` is what the names below the zone end with: a dot and the zone's name, or a dot for the root.
    """
    if not key:
        return below[1:] or below
    if _ODD.search(key):
        import dns.name

        return owner_of(key, dns.name.root).to_text(omit_final_dot=True) + below
    return ".".join(key.split(" ")[::-1]) + below


def texts_of(keys: Sequence[str], below: str) -> list[str]:
    """Return what `text_of` returns for each of many keys, in less time."""
    if _ODD.search("\t".join(keys)):
        return [text_of(key, below) for key in keys]
    return [key + below if key and " " not in key else text_of(key, below) for key in keys]


def absolute(text: str) -> "dns.name.Name":
    """Return the absolute name that `text` is in presentation form (RFC 1035 section 5.1).

    Raise ValueError with the reason.
    """
    import dns.exception
    import dns.name

    try:
        return dns.name.from_text(text, origin=dns.name.root, idna_codec=None)
    except dns.exception.DNSException as error:
        raise ValueError(f"{text!r} is not a name: {error}") from error


def owner(text: str) -> "dns.name.Name":
    """Return the absolute name that `text` is in a request, as it might be in a master file.

    Raise ValueError with the reason.
    """
    if not text.isascii():
        raise ValueError("it is not ASCII: write it in punycode (xn--)")
    if not text.endswith("."):
        raise ValueError("it is relative: it must end with a dot")
    if len(text) > LONGEST_TEXT or not _OWNER.fullmatch(text):
        raise ValueError('it is not a name: escape blanks, quotes, ( ) ; and \\, as in "a\\032b"')
    return absolute(text)


def zone_sort_key(text: str) -> str:
    """Return the sort key of an absolute zone name below the root: `org example` for example.org.

    The zones below a zone are those whose key begins with its key and a space.
    """
    if "\\" in text:
        import dns.name

        return key_of(absolute(text), dns.name.root)
    return " ".join([escape_label(label.encode().lower()) for label in reversed(text.removesuffix(".").split("."))])


def fold(text: str) -> str:
    """Return the spelling under which a zone name is unique: lower-case, with a final dot."""
    return text.lower() if text.endswith(".") else text.lower() + "."


def mailbox(rname: str) -> str:
    r"""Return the e-mail address of an SOA's RNAME (RFC 1035 section 8).

    `joe\.doe.example.org.` is joe.doe@example.org.
    """
    return _LOCAL.sub(lambda match: _ESCAPE.sub(r"\1", match[1]) + "@", rname).removesuffix(".")


def rname(email: str) -> str:
    """Return the absolute SOA RNAME of an e-mail address, with the dots of its local part escaped."""
    local, _, rest = email.rpartition("@")
    return f"{local.replace('.', chr(92) + '.')}.{rest.rstrip('.')}."
