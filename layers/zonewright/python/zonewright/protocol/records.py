"""The texts of records, and the RRsets that the service itself writes.

dnspython reads rdata, strictly: names in it are absolute and ASCII, and no part of a text is ignored. Designate's
clients write the strings of TXT and CAA without quotes; those are quoted first, or refused where their meaning is not
certain. The reader of master files uses the same tables.
"""

import functools
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from zonewright.errors import Reason, RecordSetManaged, SoaCreated, SoaDeleted, SoaUpdated
from zonewright.protocol import placement, rdata, served
from zonewright.protocol.forms import Unfit, complaint
from zonewright.protocol.types import (
    AVC,
    CAA,
    HINFO,
    ISDN,
    NAPTR,
    NINFO,
    NS,
    RESINFO,
    SIGNATURES,
    SOA,
    SPF,
    TXT,
    URI,
    WALLET,
    type_text,
)

if TYPE_CHECKING:
    import dns.name

_LARGEST_RDATA = 65_535
_TOO_LONG = 'a string in it is longer than 255 octets: split it into several, one behind the other: "..." "..."'
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"(?:[ \t]*"(?:[^"\\]|\\.)*")*')
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\\.')
"""What a text has in quotes, or behind a backslash."""
_UNQUOTED = re.compile(r'(?:[^"\\]|\\.)*')
_VALUE = re.compile(r"([ \t]*[^ \t]+[ \t]+[^ \t]+[ \t]+)(.*)")
"""Flags and tag of a CAA text, and its value."""
_LINE_ENDS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")


def rdata_of(rdtype: int, text: str) -> bytes:
    """Return the wire form of one rdata in presentation form, uncompressed.

    A TXT without quotes is one string, as in Designate, and so are the types of its form and the value of a CAA. Raise
    ValueError with the reason, which completes "it is not a record: ...".
    """
    import dns.name
    import dns.rdata
    import dns.rdataclass
    import dns.rdatatype

    if not _LINE_ENDS.isdisjoint(text):
        raise ValueError("it has more than one line")
    if rdtype not in rdata.FRAMED and text.split(maxsplit=1)[:1] == [rdata.GENERIC]:
        from zonewright.protocol.wire import carried

        wire = carried(rdtype, text.split())
        served.check(rdtype, wire)
        return wire
    quote = _QUOTING.get(rdtype)
    if quote:
        text = quote(text)
    try:
        read = dns.rdata.from_text(
            dns.rdataclass.IN, dns.rdatatype.RdataType.make(rdtype), text, idna_codec=_ascii_names()
        )
        wire = read.to_wire() or b""
    except dns.name.NeedAbsoluteNameOrOrigin as error:
        raise ValueError("a name in it is relative: it must end with a dot") from error
    except rdata.dislikes() as error:
        raise ValueError(_TOO_LONG if str(error) == "string too long" else complaint(rdtype, error)) from error
    if read.rdcomment is not None:
        raise ValueError("what is behind ';' would be a comment: put it in quotes")
    if len(wire) > _LARGEST_RDATA:
        raise ValueError(f"it has {len(wire)} octets, more than {_LARGEST_RDATA}")
    served.check(rdtype, wire)
    return wire


def wrong_records(rdtype: int, texts: Iterable[object], covers: int | None = None) -> list[Reason]:
    """Return a reason for each wrong record of an RRset.

    Signatures of a record set cover one type: `covers`, or else that of the first. Values that are not text are
    skipped: the schema of the body reports them.
    """
    reasons: list[Reason] = []
    for number, text in enumerate(texts):
        if not isinstance(text, str):
            continue
        shown = text if len(text) <= 80 else text[:77] + "..."
        path = ("records", number)
        try:
            wire = rdata_of(rdtype, text)
            if rdtype in SIGNATURES:
                covered = int.from_bytes(wire[:2])
                covers = covered if covers is None else covers
                if covered != covers:
                    raise ValueError(  # noqa: TRY301 - as rdata_of raises it
                        f"it covers {type_text(covered)}, and this record set is of signatures that cover "
                        f"{type_text(covers)}"
                    )
        except ValueError as error:
            kind = type_text(rdtype)
            why = placement.wrong_type(rdtype) or error
            reasons.append(Reason(f"{shown!r} is not a '{kind}' Record: {why}", path, "format", kind))
    return reasons


def read(rdtype: int, texts: Iterable[str]) -> dict[bytes, str]:
    """Return each rdata of an RRset in wire form, with its text as written. A value that is repeated counts once.

    Values are the same if they differ only in the case of names (RFC 4343). Raise ValueError as `rdata_of` does.
    """
    found: dict[bytes, tuple[bytes, str]] = {}
    for text in texts:
        wire = rdata_of(rdtype, text)
        found.setdefault(rdata.folded(rdtype, wire), (wire, text))
    return dict(found.values())


def _quoted_strings(text: str) -> str:
    """Return the text of a TXT, or of a type of its form, with quotes.

    Raise ValueError if it is not certain which strings it means.
    """
    if text.startswith('"'):
        if not _STRINGS.fullmatch(text):
            raise ValueError("a quote in it is not closed, or something in it is not in quotes")
        return text
    if text.startswith(rdata.GENERIC):
        raise ValueError(f"it begins with {rdata.GENERIC}: put it in quotes")
    for what, where in (("blanks", str.isspace), ("parentheses", "()".__contains__)):
        if any(map(where, text)):
            raise ValueError(f"it has {what} outside of quotes: put it in quotes")
    return _quoted(text) if text else text


def _quoted_value(text: str) -> str:
    """Return the text of a CAA with its value in quotes, as `0 issue ca.example; policy=ev` means it.

    The tag, whose case means nothing (RFC 8659 section 4.1), is in lower case, because NSD reads no other.
    """
    found = _VALUE.fullmatch(text)
    if not found or text.startswith(rdata.GENERIC):
        return text
    value = found[2] if found[2].startswith('"') else _quoted(found[2].rstrip())
    return found[1].lower() + value


def _without_parentheses(text: str) -> str:
    """Return the text of a type with strings. Raise ValueError for parentheses: a reader of master files drops them."""
    if not frozenset("()").isdisjoint(_QUOTED.sub("", text)):
        raise ValueError("it has parentheses outside of quotes: put it in quotes")
    return text


def _quoted(text: str) -> str:
    if not _UNQUOTED.fullmatch(text):
        raise ValueError('it has a quote or a backslash that stands alone: write \\" or \\\\')
    return f'"{text}"'


_QUOTING: dict[int, Callable[[str], str]] = {
    **dict.fromkeys((TXT, SPF, NINFO, AVC, RESINFO, WALLET), _quoted_strings),
    **dict.fromkeys((HINFO, ISDN, NAPTR, URI), _without_parentheses),
    CAA: _quoted_value,
}


def is_managed(key: str, rdtype: int) -> bool:
    """Return whether the service writes this RRset of a PRIMARY zone: the SOA, or the NS at the apex."""
    return rdtype == SOA or (rdtype == NS and not key)


_OF_SOA = {"created": SoaCreated, "updated": SoaUpdated, "deleted": SoaDeleted}


def check_editable(key: str, rdtype: int, verb: str, *, may_managed: bool) -> None:
    """Raise RecordSetManaged if the service manages the RRset.

    With `may_managed` the apex NS may be updated. `verb` is the participle of what was asked.
    """
    if not is_managed(key, rdtype) or (may_managed and rdtype == NS and verb == "updated"):
        return
    if rdtype == SOA and (verb != "updated" or may_managed):
        raise _OF_SOA[verb](verb=verb, which="SOA")
    raise RecordSetManaged(verb=verb, which="SOA" if rdtype == SOA else "apex NS")


@functools.cache
def _ascii_names() -> "dns.name.IDNACodec":
    """Return a codec that refuses names that are not ASCII, so that callers write punycode themselves."""
    import dns.name

    class Refusing(dns.name.IDNACodec):
        def encode(self, label: str) -> bytes:
            if label and not label.isascii():
                raise Unfit(f"{label!r} is not ASCII: write names in punycode")
            return label.encode("ascii")

    codec: dns.name.IDNACodec = Refusing()  # type: ignore[no-untyped-call]
    return codec
