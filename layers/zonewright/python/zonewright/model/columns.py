"""The fields of record sets, as filters and orders of lists read them: from stored lines, many at a time.

A list of a large zone may read a million lines. To make an RRset of each would take ten times as long as to read the
field that is asked for. So a filter takes lines and returns those that pass. An order returns a value for each line.

The value of a filter is a pattern (`selection.matcher`). It matches a record if it matches the text that its writer
wrote, or its presentation form.
"""

import re
import socket
from binascii import unhexlify
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

from zonewright import clock
from zonewright.model.recordset import order_of, origin, status
from zonewright.model.recordsetid import id_of
from zonewright.model.selection import matcher
from zonewright.model.version import Chunk
from zonewright.model.zone import Zone
from zonewright.protocol import names, rdata, rrset, types
from zonewright.protocol.notes import Notes
from zonewright.protocol.rrset import TAB
from zonewright.protocol.types import AAAA, CNAME, DNAME, MX, NS, PTR, SOA, SRV, TXT, A

Lines = list[str]
Filter = Callable[[Lines], Lines]
"""Returns the lines that pass, in their order."""

Lacks = Callable[[str], bool]
"""Returns whether name servers lack the record set at a place, or have another content of it."""

Order = Callable[[Lines], list[Any]]
"""Returns the value of each line to sort by."""

EVERYTHING: tuple[str, str | None] = ("", None)
"""The span of all sort keys: from the first of them, up to the second (None: no end)."""

_RUN = re.compile(r"[0-9a-z_-]+")
_PLAIN = re.compile(r'[^\s"\\*\d][^\s"\\*]+')
_PLAIN_LABEL = re.compile(r'[^\s"\\*.\d][^\s"\\*.]+')
"""Characters of a text that are in rdata as they are. A digit in front may be of a number, or of `\\DDD`."""


@dataclass(frozen=True, slots=True)
class Query:
    """The choice of up to `limit` record sets whose fields match `patterns`, behind `marker`, as in a `Selection`.

    `order` is a field of `ORDERS`. None is the stored order: by creation of the zone, then canonical.
    """

    limit: int = 20
    marker: str | None = None
    patterns: Mapping[str, str] = field(default_factory=dict)
    order: str | None = None
    descending: bool = False
    counted: bool = True

    @property
    def name(self) -> str | None:
        """Return the exact owner name that is asked for, or None."""
        name = self.patterns.get("name")
        return name if name is not None and "*" not in name else None

    def filters(self, zone: Zone, lacks: Lacks | None = None) -> list[Filter]:
        """Return the filters of a zone's lines. An exact name is none: it is compared as a name, by `span`.

        `lacks` tells which record sets are not on the name servers yet, None for none.
        """
        asked = self.patterns.keys() - ({"name"} if self.name is not None else ())
        makers = FILTERS | {"status": partial(_by_status, lacks=lacks)}
        return [make(self.patterns[field], zone) for field, make in makers.items() if field in asked]

    def span(self, zone: Zone) -> tuple[str, str | None] | None:
        """Return the span of sort keys outside which a zone has no such record set. Return None if it has none at all.

        The keys of all names that end with the same labels follow each other. That of an exact name is `span[0]`. A dot
        of the pattern is one between labels.
        """
        pattern, below = self.patterns.get("name", "*").lower(), _below(zone.name)
        _, star, last = pattern.rpartition("*")
        if star and below.endswith(last):
            return EVERYTHING
        if not f".{last}".endswith(below):
            return None
        labels = last if not star else last.removesuffix(below).partition(".")[2] + below
        if star and (labels == below or "\\" in last):
            return EVERYTHING
        try:
            key = names.key_of(names.absolute(labels), origin(zone.name))
        except ValueError:
            return None
        return key, key + "!"  # the lowest character behind the space and the tab

    def holds(self, zone: Zone) -> Callable[[Chunk, str | None], bool]:
        """Return a test of whether a chunk may hold such a record set. The chunk's names sort before the second key.

        A name that begins with a text has it at the beginning of its leftmost label. That is the beginning of its key,
        if the name has no other label.
        """
        pattern, name = self.patterns.get("name", "*").lower(), _below(zone.name)[1:]
        start = pattern.partition("*")[0].partition(".")[0]
        if not _RUN.fullmatch(start):
            return lambda *_: True

        def test(chunk: Chunk, end: str | None) -> bool:
            if chunk.deep is None or any(label.startswith(start) for label in chunk.deep):
                return True
            near = (end is None or end > start) and (chunk.start <= start or chunk.start.startswith(start))
            return near or (not chunk.start and name.startswith(start))

        return test


class _Known(dict[str, Any]):
    """What a function returns for each text, asked once."""

    def __init__(self, ask: Callable[[str], Any]) -> None:
        self._ask = ask

    def __missing__(self, text: str) -> Any:
        self[text] = self._ask(text)
        return self[text]


def _type_text(field: str) -> str:
    """Return the mnemonic of the type field of a line."""
    return types.type_text(int(field.partition(".")[0]))


# --- Filters


def _by_status(pattern: str, zone: Zone, lacks: Lacks | None = None) -> Filter:
    matches = matcher(pattern)
    there, lacking = (matches(status(zone, lacking=each)) for each in (False, True))
    if lacks is None or there == lacking:
        return lambda lines: lines if there else []
    return lambda lines: [line for line in lines if (lacking if lacks(rrset.place(line)) else there)]


def _by_ttl(pattern: str, _: Zone) -> Filter:
    """A record set with the zone's TTL has none, and never passes."""
    matches = matcher(pattern)
    passes = _Known(lambda field: bool(field) and matches(rrset.lowest(field)))
    return lambda lines: [line for line in lines if passes[line.split(TAB, 3)[2]]]


def _by_description(pattern: str, _: Zone) -> Filter:
    matches = matcher(pattern)

    def passes(line: str) -> bool:
        text = Notes.parse(rrset.notes_of(line)).description
        return text is not None and matches(text)

    return lambda lines: [line for line in lines if '"description":' in line and passes(line)]


def _by_type(pattern: str, _: Zone) -> Filter:
    matches = matcher(pattern)
    passes = _Known(lambda field: matches(_type_text(field)))
    return lambda lines: [line for line in lines if passes[line.split(TAB, 2)[1]]]


def _by_name(pattern: str, zone: Zone) -> Filter:
    matches, below = matcher(pattern), _below(zone.name)
    runs = sorted({run for run in _RUN.findall(pattern.lower()) if run not in below}, key=len, reverse=True)

    def passing(lines: Lines) -> Lines:
        for run in runs[:1]:  # the longest rules out most lines before their keys are cut out
            lines = [line for line in lines if run in line or "!" in line or "~" in line]
        keyed = [(line[: line.index(TAB)], line) for line in lines]
        for run in runs:  # each is in a label of the owner, as it is
            keyed = [pair for pair in keyed if run in pair[0] or "!" in pair[0] or "~" in pair[0]]
        owners = names.texts_of([key for key, _ in keyed], below)
        return [line for (_, line), owner in zip(keyed, owners, strict=True) if matches(owner)]

    return passing


@lru_cache(maxsize=128)
def _below(zone_name: str) -> str:
    """Return what the names in a zone end with: a dot and its name in lower case."""
    text = origin(zone_name).to_text().lower()
    return text if text == "." else f".{text}"


def _by_data(pattern: str, _: Zone) -> Filter:
    matches = matcher(pattern)
    pattern = pattern.lower()
    passes = _Known(lambda field: _rdata_filter(int(field.partition(".")[0]), pattern, matches))

    def passing(lines: Lines) -> Lines:
        found: Lines = []
        _, kinds, _, rdatas, _, notes = rrset.columns(lines)
        for line, kind, hexes, noted in zip(lines, kinds, rdatas, notes, strict=True):
            if '"written"' in noted:
                good = any(map(matches, rrset.from_line(line).every_text()))
            else:
                good = passes[kind](hexes)
            if good:
                found.append(line)
        return found

    return passing


def _rdata_filter(rdtype: int, pattern: str, matches: Callable[[str], bool]) -> Callable[[str], bool]:
    """Return a test of whether a text of some rdatas in hex matches. `pattern` is in lower case."""
    form = _FORMS.get(rdtype)
    if form is not None and not form.allows(pattern):
        return lambda _: False

    if rdtype in _FAMILIES and "*" not in pattern:
        address = _address(rdtype, pattern)
        return lambda hexes: address in hexes.split(" ")

    write = rdata.texter(rdtype)

    def passes(hexes: str) -> bool:
        if " " not in hexes:
            return matches(write(unhexlify(hexes)))
        return any(map(matches, map(write, map(unhexlify, hexes.split(" ")))))

    if rdtype == AAAA and "." in pattern:
        return lambda hexes: _DOTTED in hexes and passes(hexes)
    runs = form.plain.findall(pattern) if form is not None and form.plain else []
    if not runs:
        return passes
    run = max(runs, key=len).encode()
    return lambda hexes: run in bytes.fromhex(hexes).lower() and passes(hexes)


def _address(rdtype: int, text: str) -> str:
    """Return the rdata in hex whose text is `text`, or a text that is none."""
    try:
        octets = socket.inet_pton(_FAMILIES[rdtype], text)
    except (OSError, ValueError):
        return text
    return octets.hex() if rdata.text(rdtype, octets) == text else text


@dataclass(frozen=True, slots=True)
class _Form:
    """How the texts of a type look: the characters they may begin and end with, and all that may be in them.

    Empty means any. `plain` finds parts of the text that are in rdata as they are.
    """

    first: Collection[str] = ""
    last: Collection[str] = ""
    within: Collection[str] = ""
    plain: re.Pattern[str] | None = None

    def allows(self, pattern: str) -> bool:
        """Return whether a text of this form may match the pattern."""
        ends = ((pattern[:1], self.first), (pattern[-1:], self.last))
        if any(allowed and char != "*" and char not in set(allowed) for char, allowed in ends):
            return False
        return not self.within or set(pattern) <= {*self.within, "*"}


_FAMILIES = {A: socket.AF_INET, AAAA: socket.AF_INET6}
_DIGITS = "0123456789"
_DOTTED = "0" * 20
"""Ten octets, in hex, that are in every IPv6 address whose text has a dot (RFC 5952 section 5)."""
_NAME = _Form(last=".", plain=_PLAIN_LABEL)
_NUMBERED_NAME = _Form(first=_DIGITS, last=".", plain=_PLAIN_LABEL)
_FORMS = {
    A: _Form(within=_DIGITS + "."),
    AAAA: _Form(within=_DIGITS + "abcdef:."),
    **dict.fromkeys((NS, CNAME, PTR, DNAME), _NAME),
    MX: _NUMBERED_NAME,
    SRV: _NUMBERED_NAME,
    SOA: _Form(last=_DIGITS, plain=_PLAIN_LABEL),
    TXT: _Form(first='"', last='"', plain=_PLAIN),
}
"""The forms of the most frequent types (`texts.py`)."""

FILTERS: dict[str, Callable[[str, Zone], Filter]] = {
    "status": _by_status,
    "ttl": _by_ttl,
    "description": _by_description,
    "type": _by_type,
    "name": _by_name,
    "data": _by_data,
}
"""The filter of each field for a pattern, in one zone. The cheapest comes first, because filters work in this order."""


# --- Orders


def _moment(field: str, default: Callable[[Zone], Any]) -> Callable[[Zone], Order]:
    """Return the order by a time in the notes. Few record sets have notes."""
    noted = f'"{field}":'

    def order(zone: Zone) -> Order:
        without = default(zone)
        return lambda lines: [
            (getattr(Notes.parse(rrset.notes_of(line)), field) or without) if noted in line else without
            for line in lines
        ]

    return order


def _same(value: Callable[[Zone], str]) -> Callable[[Zone], Order]:
    """Return the order by what all record sets of a zone have in common."""
    return lambda zone: lambda lines: [value(zone)] * len(lines)


def _type_order(_: Zone) -> Order:
    text = _Known(_type_text)
    return lambda lines: [text[line.split(TAB, 2)[1]] for line in lines]


def _ttl_order(_: Zone) -> Order:
    number = _Known(lambda field: int(rrset.lowest(field)) if field else -1)
    return lambda lines: [number[line.split(TAB, 3)[2]] for line in lines]


def _records_order(_: Zone) -> Order:
    writers = _Known(lambda field: rdata.texter(int(field.partition(".")[0])))

    def texts(lines: Lines) -> list[list[str]]:
        found = []
        _, kinds, _, rdatas, _, notes = rrset.columns(lines)
        for line, kind, hexes, noted in zip(lines, kinds, rdatas, notes, strict=True):
            if noted:
                found.append(rrset.from_line(line).written())
            elif " " in hexes:
                found.append(list(map(writers[kind], map(unhexlify, hexes.split(" ")))))
            else:
                found.append([writers[kind](unhexlify(hexes))])
        return found

    return texts


ORDERS: dict[str, Callable[[Zone], Order]] = {
    "created_at": _moment("created", lambda zone: zone.created),
    "id": lambda zone: lambda lines: [id_of(zone.id, rrset.place(line)) for line in lines],
    "updated_at": _moment("updated", lambda _: clock.EPOCH),
    "zone_id": _same(lambda zone: zone.id),
    "tenant_id": _same(lambda zone: zone.group_id),
    "name": lambda zone: lambda lines: [order_of(zone, rrset.key(line)) for line in lines],
    "type": _type_order,
    "ttl": _ttl_order,
    "records": _records_order,
}
"""The order by each field, in one zone. Equal values keep the stored order."""

OF_ONE_ZONE = frozenset({"name", "zone_id", "tenant_id"})
"""Fields whose order is the stored order within a zone: canonical order, or one value for all."""
