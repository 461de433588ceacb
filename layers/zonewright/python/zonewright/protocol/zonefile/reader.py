r"""Reads master files (RFC 1035 section 5) into RR lines (`rrset.py`).

Reading goes entry by entry. `_entries` splits lines into tokens. A line without quotes, parentheses, comments and
escapes is split at its blanks. Any other line goes through one regular expression that never backtracks. An entry in
parentheses is refused if it has too many lines or bytes. A token has one character for each byte, and keeps its
escapes. So `"a b"`, `a\.b` and `"\010"` still mean different things to the code that reads them.

`_Reader` holds the state that a master file keeps between entries (origin, owner, TTL), and makes a line of each
record. It reads the common types with plain string operations, and every other type through dnspython, which is also
the oracle of the tests.

The zone is the owner of the SOA, wherever that stands (`_Scout`). A first `$ORIGIN` has to be this name, or the root.
Records outside the zone are refused. Everything that a file can make grow has a limit: records, bytes of the result,
records of `$GENERATE`, the length of an entry. Reading goes on after a wrong record. Up to ten problems are reported at
once, each with its line.
"""

import io
import re
import socket
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from zonewright.errors import MalformedZoneFile, NoOrigin, NoSoa, Reason
from zonewright.protocol import names, placement, rrset, served
from zonewright.protocol.forms import complaint
from zonewright.protocol.labels import Malformed
from zonewright.protocol.placement import BESIDE_CNAME, SINGLE
from zonewright.protocol.rdata import FRAMED, GENERIC, dislikes
from zonewright.protocol.rrset import TAB
from zonewright.protocol.types import (
    AAAA,
    AFSDB,
    CAA,
    CNAME,
    DNAME,
    HIGHEST_TTL,
    KX,
    L64,
    MX,
    NID,
    NO_DATA,
    NS,
    PTR,
    SIGNATURES,
    SOA,
    SPF,
    SRV,
    TXT,
    A,
    type_text,
)
from zonewright.protocol.wire import carried
from zonewright.protocol.zonefile.writer import name_text, soa_fields

_ENTRY_MAX = 1 << 19
r"""Bytes of one entry. 64 KiB of rdata, with each byte written as `\DDD`, are half of it."""
_ENTRY_LINES = 1 << 16
"""Lines of one entry: more than rdata has bytes."""
_PROBLEMS = 10
_CACHE = 10_000

_MANAGED = (f"\t{NS}\t", f"\t{SOA}\t")
"""The beginnings of the apex lines that the name servers of the zone write themselves."""
_CLASSES = {"IN": True, "CLASS1": True, "CH": False, "HS": False, "CS": False, "CHAOS": False, "HESIOD": False}

_ODD = re.compile(r"[^\t !#-'*-:<-\[\]-~]")
"""A character that a line must not have to be split at its blanks."""
_WORD = r'(?:[^\t "();\\]++|\\.)++'
_QUOTED = r'"(?:[^"\\]++|\\.)*+"'
_TOKEN = re.compile(rf"[\t ]*+(?:({_WORD}(?:(?<==){_QUOTED})?+|{_QUOTED})|([()])|(;|\Z))")
"""A token, a parenthesis, or the end of the line. `key="value"` is one token (RFC 9460 section 2.1)."""
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_TO_QUOTE = re.compile(r'(?:[^"\\]++|\\.)*+"')
_ESCAPE = re.compile(r"\\([0-9]{3}|.)")
_NOT_ASCII = re.compile(r"\\.|[\x80-\xff]")
_NAME_ODD = re.compile(r"[^#-'*-:<-\[\]-}]")
"""A character of an escape, or one that `names.py` escapes. An owner name with none of them is its own sort key."""
_TTL_UNITS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
_TTL_PART = re.compile(r"([0-9]{1,10})([wdhms])")
_RANGE = re.compile(r"([0-9]{1,10})-([0-9]{1,10})(?:/([0-9]{1,10}))?")
_ITERATOR = re.compile(r"\\.|\$\$|\$(?:\{([+-]?[0-9]{1,10})(?:,([0-9]{1,3})(?:,([doxXnN]))?)?\})?")
_GROUPS = re.compile(r"[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){3}")
_NUMBER_MAX = 2**31 - 1
"""The highest number in a range of `$GENERATE`: a signed 32-bit integer in BIND."""
_WIDTH_MAX = 127
_TEMPLATE_MAX = 2048
"""Bytes that BIND allows for the right-hand side of `$GENERATE`. Its width, with all digits, has 128 bytes."""

_LENGTH = [bytes([length]) for length in range(256)]
_OCTET = {str(octet): f"{octet:02x}" for octet in range(256)}
_TYPES = {dns.rdatatype.to_text(rdtype): int(rdtype) for rdtype in dns.rdatatype.RdataType}


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one file: its records, the bytes of its lines, and the records that `$GENERATE` makes."""

    records: int = 1_000_000
    octets: int = 256 << 20
    generated: int = 65_536


LIMITS = Limits()
AT_ONCE = Limits(records=250_000, octets=64 << 20)
"""The limits of a file in a request body: half of what a function's time and memory allow."""


@dataclass(frozen=True, slots=True)
class Soa:
    """A zone's SOA (RFC 1035 section 3.3.13). Names are absolute, in presentation form. Times are in seconds.

    `line` is the number of its line in the file, and `written` the text of RNAME there.
    """

    ttl: int
    mname: str
    rname: str
    serial: int
    refresh: int
    retry: int
    expire: int
    minimum: int
    written: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def email(self) -> str:
        """Return the e-mail address of RNAME. It is empty if RNAME is the root."""
        return names.mailbox(self.rname)


@dataclass(frozen=True, slots=True)
class ZoneFile:
    """The contents of a file: the zone's name as spelled, its SOA, and all RRs in the order of the file.

    The lines include the SOA once, even if the file repeats it, as the output of `dig` does. `numbers` has, for each of
    `lines`, the number of its line in the file.
    """

    name: str
    soa: Soa
    lines: list[str]
    numbers: "array[int]" = field(default_factory=lambda: array("I"), compare=False)

    def contents(self) -> list[str]:
        """Return the RRset lines in canonical order, without the SOA and the NS at the apex.

        The servers of a zone have their own SOA and NS. RRs of an RRset take the lowest of their TTLs (RFC 2181 section
        5.2). An RRset with the zone's TTL has an empty TTL. This empties `lines`, so that nothing is in memory twice.
        `numbers` then has the first line of each RRset.

        Raise MalformedZoneFile if the RRsets break the rules for what callers write (`placement.py`).
        """
        order = sorted(range(len(self.lines)), key=self.lines.__getitem__)
        kept = [at for at in order if not self.lines[at].startswith(_MANAGED)]
        lines, _, _ = rrset.gather(self.lines[at] for at in kept)
        firsts = array("I")
        place = ""
        for at in kept:
            number, line = self.numbers[at], self.lines[at]
            if place and line.startswith(place):
                firsts[-1] = min(firsts[-1], number)
            else:
                place = rrset.place(line)
                firsts.append(number)
        self.lines.clear()
        self.numbers[:] = firsts
        zone = names.absolute(self.name)
        wrong = sorted((firsts[at], at, why) for at, why in islice(placement.problems(lines, zone), _PROBLEMS))
        if wrong:
            raise _malformed([(number, told(number, lines[at], zone, why)) for number, at, why in wrong])
        return [rrset.without_ttl(line, self.soa.ttl) for line in lines]


_Entry = tuple[int, bytes, bool, list[str]]
"""The number and the bytes of the first line, whether it begins with a blank, and the tokens."""


def read(source: bytes | str | Iterable[bytes], origin: str | None = None, limits: Limits = LIMITS) -> ZoneFile:
    """Return the contents of a master file, given whole or line by line.

    `origin` is an absolute name, used as if `$ORIGIN` came first. Raise MalformedZoneFile, which names the lines and
    their problems.
    """
    if isinstance(source, str):
        source = source.encode("utf-8", "surrogatepass")
    lines = iter(io.BytesIO(source) if isinstance(source, bytes) else source)
    scout = _Scout(origin, limits)
    seen = scout.look(lines)
    reader = _Reader(origin, limits, scout.found)
    problems: list[tuple[int, str]] = []
    kind = MalformedZoneFile
    for number, raw, blank, tokens in _entries(chain(seen, lines), problems):
        directive = tokens[0][0] == "$"
        try:
            if directive:
                reader.directive(number, raw, tokens)
            else:
                reader.record(number, raw, blank, tokens)
        except Malformed as error:
            problems.append((number, _problem(number, raw, str(error))))
            kind = NoOrigin if isinstance(error, _Nowhere) else kind
            if directive or reader.soa is None or len(problems) == _PROBLEMS or isinstance(error, _Full):
                break
    if problems:
        raise _malformed(problems, kind)
    return reader.result()


class _Full(Malformed):
    """A limit is reached."""


class _Nowhere(Malformed):
    """A name has no origin, or the records have no zone."""


def _malformed(
    problems: Sequence[tuple[int, str]], kind: type[MalformedZoneFile] = MalformedZoneFile
) -> MalformedZoneFile:
    (line, first), *others = problems
    more = f" (and {len(others)} more)" if others else ""
    return kind(first + more, reasons=[Reason(message) for _, message in problems], line=line)


def told(number: int, line: str, zone: dns.name.Name, why: str) -> str:
    """Return what a caller is told of the RRset of a line that is wrong, and begins on line `number` of the file."""
    found = rrset.from_line(line)
    return _problem(number, f"{found.owner(zone)} {found.type_text()}".encode(), why)


def _problem(number: int, raw: bytes, what: str) -> str:
    return f'line {number}: "{_show(raw)}": {what}'


def _show(raw: bytes) -> str:
    """Return the beginning of a line in a form fit for a message."""
    text = re.sub(r"[\t ]+", " ", raw[:400].decode("utf-8", "backslashreplace").rstrip("\r\n"))
    shown = "".join([char if char.isprintable() else char.encode("unicode_escape").decode() for char in text[:81]])
    return shown if len(shown) <= 80 else shown[:77] + "..."


def _short(text: str) -> str:
    return _show(text.encode("latin-1"))


def _entries(lines: Iterable[bytes], problems: list[tuple[int, str]]) -> Iterator[_Entry]:
    """Yield the entries of a file. A line that cannot be split into tokens is the last problem."""
    depth = number = size = 0
    entry: _Entry = (0, b"", False, [])
    raw = b""
    try:
        for number, raw in enumerate(lines, 1):
            if len(raw) > _ENTRY_MAX:
                raise Malformed(f"a line of {len(raw)} octets; {_ENTRY_MAX} at most")  # noqa: TRY301 - as _scan raises it
            line = raw.rstrip(b"\r\n").decode("latin-1")
            if not depth and not _ODD.search(line):
                if tokens := line.split():
                    yield number, raw, line[0] in " \t", tokens
                continue
            if not line.isascii():
                raw.decode()
                line = line.removeprefix("\xef\xbb\xbf") if number == 1 else line
            if not depth:
                entry, size = (number, raw, line[:1] in (" ", "\t"), []), 0
            depth = _scan(line, entry[3], depth)
            size += len(line)
            if depth and (size > _ENTRY_MAX or number - entry[0] > _ENTRY_LINES):
                break
            if not depth and entry[3]:
                yield entry
    except UnicodeDecodeError as error:
        problems.append((number, _problem(number, raw, f"not UTF-8: octet 0x{raw[error.start]:02x}")))
    except Malformed as error:
        problems.append((number, _problem(number, raw, str(error))))
    else:
        if depth:
            problems.append((entry[0], _problem(entry[0], entry[1], "a parenthesis is never closed")))


def _scan(line: str, tokens: list[str], depth: int) -> int:
    """Append the tokens of a line to `tokens`. Return the depth of parentheses at its end."""
    at = 0
    while found := _TOKEN.match(line, at):
        at = found.end()
        if found[1]:
            tokens.append(found[1])
        elif found[2]:
            depth += 1 if found[2] == "(" else -1
            if depth < 0:
                raise Malformed("a closing parenthesis that was never opened")
        else:
            break
    else:
        rest = line[at:].lstrip()
        raise Malformed("a quote is not closed on its line" if rest[0] == '"' else "a backslash ends the line")
    if "\0" in line:
        raise Malformed("a NUL octet")
    if control := _CONTROL.search(line, 0, at):
        raise Malformed(f"a control character; write \\{ord(control[0]):03}")
    return depth


class _Scout:
    """Looks for the SOA in a file, and `found` is its owner. It reads no records, and keeps the lines that it reads."""

    def __init__(self, origin: str | None, limits: Limits) -> None:
        self.found: dns.name.Name | None = None
        self._reader = _Reader(origin, limits)
        self._first: dns.name.Name | None = None

    def look(self, lines: Iterator[bytes]) -> list[bytes]:
        """Take lines until the SOA, and return them. All lines are taken if there is no SOA.

        An entry that cannot be read ends the look, and is told by the one who reads it for its data. Raise
        MalformedZoneFile if the first `$ORIGIN` is another name than the SOA's owner.
        """
        seen: list[bytes] = []
        owner: tuple[str, dns.name.Name | None] | None = None

        def kept() -> Iterator[bytes]:
            for line in lines:
                seen.append(line)
                yield line

        for number, raw, blank, tokens in _entries(kept(), []):
            try:
                if tokens[0][0] == "$":
                    self._direct(tokens)
                    continue
                owner = owner if blank else (tokens[0], self._reader.origin)
                if owner and self._reader.header(tokens, 0 if blank else 1)[0] == SOA:
                    self._arrive(number, raw, *owner)
                    break
            except Malformed:
                break
        return seen

    def _direct(self, tokens: list[str]) -> None:
        """Follow an `$ORIGIN`. The other directives name no zone."""
        if tokens[0].upper() == "$ORIGIN":
            self._reader.directive(0, b"", tokens)
            self._first = self._first or self._reader.origin

    def _arrive(self, number: int, raw: bytes, text: str, origin: dns.name.Name | None) -> None:
        """Take the name `text`, below `origin`, as the owner of the SOA."""
        if origin is not None:
            self._reader.set_origin(origin)
        self.found = self._reader.absolute(text)
        if self._first not in (None, dns.name.root, self.found):
            what = f"the SOA is of {self.found}, but the first $ORIGIN is {self._first}, which is another zone"
            raise _malformed([(number, _problem(number, raw, what))])


class _Reader:
    """Makes lines of entries. Holds the state that one entry leaves for the next."""

    def __init__(self, origin: str | None, limits: Limits, apex: dns.name.Name | None = None) -> None:
        self.zone: dns.name.Name | None = None
        self._apex = apex
        self.soa: Soa | None = None
        self.lines: list[str] = []
        self.numbers = array("I")
        self._limits = limits
        self._octets = self._generated = 0
        self._types = dict(_TYPES)
        self._default_ttl: int | None = None
        self._last_ttl: int | None = None
        self._soa_rdata = ""
        self._single: dict[tuple[str, int], tuple[int, bytes, str]] = {}
        self._names: dict[str, str] = {}
        self._owner, self._key, self._tail = "", "", ""
        self._owned = False
        self._zone_text, self._zone_size = "", 0
        self.origin: dns.name.Name | None = None
        self._origin_wire, self._origin_size = "", 0
        self._origin_key: str | None = None
        self._origin_spelling = ""
        self._readers: dict[int, Callable[[list[str]], str]] = {
            A: _address,
            AAAA: _address6,
            NS: self._one_name,
            CNAME: self._one_name,
            PTR: self._one_name,
            DNAME: self._one_name,
            MX: self._preference,
            AFSDB: self._preference,
            KX: self._preference,
            SRV: self._service,
            TXT: _strings,
            SPF: _strings,
            NID: _locator,
            L64: _locator,
            CAA: _authorization,
        }
        if origin is not None:
            self.set_origin(names.absolute(origin))

    # Entries

    def record(self, number: int, raw: bytes, blank: bool, tokens: list[str]) -> None:  # noqa: FBT001 - a field of an entry
        """Read one record: `[owner] [ttl] [class] type rdata`, with TTL and class in either order."""
        rdtype, ttl, rdata = self.header(tokens, 0 if blank else 1)
        if blank:
            if not self._owned:
                raise Malformed("no owner name, and none before it")
        elif tokens[0] != self._owner:
            self._own(tokens[0], rdtype)
        self._add(number, raw, rdtype, ttl, rdata)

    def directive(self, number: int, raw: bytes, tokens: list[str]) -> None:
        """Read one `$` line: RFC 1035 section 5.1, RFC 2308 section 4, and BIND's `$GENERATE`."""
        name, *words = tokens
        match name.upper():
            case "$ORIGIN" if len(words) == 1 and self.origin is None and not words[0].endswith("."):
                raise Malformed(
                    f"{_short(words[0])} is relative, and no origin comes before it: write {_short(words[0])}."
                )
            case "$ORIGIN" if len(words) == 1:
                self.set_origin(self.absolute(words[0]))
            case "$TTL" if len(words) == 1:
                self._default_ttl = _ttl(words[0])
            case "$ORIGIN" | "$TTL":
                raise Malformed(f"{name} takes one value")
            case "$GENERATE":
                self._generate(number, raw, words)
            case "$INCLUDE":
                raise Malformed("$INCLUDE is not allowed: send one file")
            case _:
                raise Malformed(f"{_short(name)} is not a directive; \\{_short(name)} is a name")

    def result(self) -> ZoneFile:
        """Return the contents. Raise MalformedZoneFile if they are no zone."""
        if self.soa is None or self.zone is None:
            raise NoSoa
        if problems := self._beside_cnames():
            raise _malformed(problems)
        return ZoneFile(self.zone.to_text(), self.soa, self.lines, self.numbers)

    def _beside_cnames(self) -> list[tuple[int, str]]:
        """Return a problem for each CNAME whose owner has other data (RFC 1034 section 3.6.2)."""
        left = {key: place for (key, rdtype), place in self._single.items() if rdtype == CNAME}
        problems: list[tuple[int, str]] = []
        for line in self.lines if left else ():
            place = left.get(line[: line.index(TAB)])
            if place and (other := rrset.type_of(line)) not in BESIDE_CNAME:
                problems.append((place[0], _problem(*place[:2], f"a CNAME beside {type_text(other)}")))
                del left[rrset.key(line)]
                if len(problems) == _PROBLEMS:
                    break
        return sorted(problems)

    # Parts of a record

    def header(self, tokens: list[str], at: int) -> tuple[int, int | None, list[str]]:
        """Return the type, the TTL or None, and the tokens of the rdata."""
        types, ttl, classed = self._types, None, False
        for place in range(at, len(tokens)):
            token = tokens[place]
            rdtype = types.get(token)
            if rdtype is not None:
                if rdtype in NO_DATA:
                    raise Malformed(f"type {token} is no data")
                return rdtype, ttl, tokens[place + 1 :]
            if token[0].isdecimal() and ttl is None:
                ttl = _ttl(token)
            elif not classed and (kind := _CLASSES.get(token) or _class(token)) is not None:
                if not kind:
                    raise Malformed(f"class {token}; every record is of class IN")
                classed = True
            else:
                if len(types) > _CACHE:
                    self._types = types = dict(_TYPES)
                types[token] = rdtype = _type(token)
                if rdtype in NO_DATA:
                    raise Malformed(f"type {token} is no data")
                return rdtype, ttl, tokens[place + 1 :]
        raise Malformed("no type")

    def _add(self, number: int, raw: bytes, rdtype: int, ttl: int | None, rdata: list[str]) -> None:
        """Append the line of a record of the current owner."""
        reads = self._readers.get(rdtype)
        if rdtype == SOA:
            text = self._start(number, ttl, rdata)
            if not text:
                return
            assert self.soa is not None
            ttl = self.soa.ttl
        elif reads and rdata and rdata[0] != "\\#":
            text = reads(rdata)
        else:
            text = self._other(rdtype, rdata)
        if len(text) > 2 * 65535:
            raise Malformed(f"rdata of {len(text) // 2} octets; 65535 at most")
        if ttl is None:
            ttl = self._implied()
        else:
            self._last_ttl = ttl
        if rdtype in SINGLE:
            self._only(number, raw, rdtype, text)
        field = rdtype if rdtype not in SIGNATURES else rrset.type_field(rdtype, text)
        line = f"{self._key}\t{field}\t{ttl}\t{text}{self._tail}"
        self.lines.append(line)
        self.numbers.append(number)
        self._octets += len(line)
        if len(self.lines) > self._limits.records:
            raise _Full(f"more than {self._limits.records} records")
        if self._octets > self._limits.octets:
            raise _Full(f"records of more than {self._limits.octets} octets")

    def _implied(self) -> int:
        """Return the TTL of a record without one: `$TTL`, or the last TTL given (RFC 2308 section 4)."""
        ttl = self._last_ttl if self._default_ttl is None else self._default_ttl
        if ttl is None:
            raise Malformed("no TTL, and no $TTL before it")
        return ttl

    def _start(self, number: int, ttl: int | None, rdata: list[str]) -> str:
        """Return the rdata of the SOA. Return nothing if the file repeats the same SOA."""
        if self._key:
            raise Malformed(f"a SOA that is not at the zone's name {self.zone}")
        text, soa = self._soa(ttl, rdata) if rdata[:1] != ["\\#"] else self._soa(ttl, self._plain_soa(rdata))
        if self.soa is None:
            self._soa_rdata, self.soa = text, replace(soa, line=number)
            return text
        if text != self._soa_rdata:
            raise Malformed("a second SOA")
        return ""

    def _soa(self, ttl: int | None, rdata: list[str]) -> tuple[str, Soa]:
        """Return rdata and values of an SOA.

        An SOA without a TTL, and with no other TTL before it, takes its minimum (RFC 1035, BIND).
        """
        if len(rdata) != 7:
            raise Malformed(f"SOA rdata has 7 fields, not {len(rdata)}")
        mname, rname = self._name(rdata[0]), self._name(rdata[1])
        serial = _number(rdata[2], 0xFFFFFFFF)
        refresh, retry, expire, minimum = timers = [_duration(text, 0xFFFFFFFF) for text in rdata[3:]]
        if ttl is None:
            ttl = self._default_ttl if self._default_ttl is not None else self._last_ttl
        if ttl is None and minimum > HIGHEST_TTL:
            raise Malformed(f"no TTL, and the SOA's minimum is over {HIGHEST_TTL}")
        soa = Soa(
            minimum if ttl is None else ttl,
            name_text(bytes.fromhex(mname)),
            name_text(bytes.fromhex(rname)),
            serial,
            refresh,
            retry,
            expire,
            minimum,
            rdata[1],
        )
        return "".join([mname, rname, *(f"{number:08x}" for number in (serial, *timers))]), soa

    def _plain_soa(self, rdata: list[str]) -> list[str]:
        """Return the fields of an SOA that is given as bytes (RFC 3597 section 5)."""
        return soa_fields(bytes.fromhex(self._other(SOA, rdata)))

    def _only(self, number: int, raw: bytes, rdtype: int, text: str) -> None:
        """Note a record that must be the only one of its type. Refuse a CNAME at the apex."""
        if rdtype == CNAME and not self._key:
            raise Malformed("a CNAME at the apex of the zone")
        first = self._single.setdefault((self._key, rdtype), (number, raw[:400], text))
        if first[2] != text and bytes.fromhex(first[2]).lower() != bytes.fromhex(text).lower():
            raise Malformed(f"a second {SINGLE[rdtype]} of one name; the first is on line {first[0]}")

    # Names

    def _begin(self, text: str, rdtype: int) -> None:
        """Set the zone: the owner of the SOA, or the origin of a file without one."""
        if rdtype == SOA:
            zone = self.absolute(text)
        elif self._apex is not None:
            zone = self._apex
        elif self.origin is not None:
            zone = self.origin
        else:
            raise _Nowhere("which zone? Begin with $ORIGIN, or with the SOA and its owner name in full")
        self.zone = zone
        self._zone_text = zone.to_text().lower()
        self._zone_size = len(zone.to_wire() or b"")
        self.set_origin(self.origin or zone)

    def set_origin(self, origin: dns.name.Name) -> None:
        wire = origin.to_wire() or b""
        self.origin = origin
        self._origin_wire, self._origin_size = wire.hex(), len(wire)
        self._origin_key = None
        self._owner = ""
        self._names.clear()
        if self.zone is not None and origin.is_subdomain(self.zone):
            self._origin_key = names.key_of(origin, self.zone)
            own = origin.labels[: len(origin.labels) - len(self.zone.labels)]
            self._origin_spelling = " ".join([names.escape_label(label) for label in own])

    def _own(self, text: str, rdtype: int) -> None:
        """Make `text` the current owner name."""
        if self.zone is None:
            self._begin(text, rdtype)
        key, spelling = self._plain_owner(text) or self._odd_owner(text)
        self._owner, self._key, self._owned = text, key, True
        self._tail = "" if spelling is None else f"\t{spelling}"

    def _plain_owner(self, text: str) -> tuple[str, str | None] | None:
        """Return sort key and spelling of an owner name without escapes. Return None for any other name."""
        if _NAME_ODD.search(text) or text == "@":
            return None
        low = text.lower()
        above: str | None = ""
        spelled = ""
        size = self._zone_size
        if low[-1] != ".":
            above, spelled, size = self._origin_key, self._origin_spelling, self._origin_size
        elif low == self._zone_text:
            return "", None
        elif low.endswith("." + self._zone_text):
            text, low = text[: -len(self._zone_text) - 1], low[: -len(self._zone_text) - 1]
        else:
            return None
        labels = low.split(".")
        if above is None or "" in labels or size + len(low) + 1 > 255 or (len(low) > 63 and max(map(len, labels)) > 63):
            return None
        labels.reverse()
        key = f"{above} {' '.join(labels)}" if above else " ".join(labels)
        if text == low and spelled == spelled.lower():
            return key, None
        spelling = text.replace(".", " ")
        return key, f"{spelling} {spelled}" if spelled else spelling

    def _odd_owner(self, text: str) -> tuple[str, str | None]:
        """Return sort key and spelling of any owner name. Refuse names outside the zone."""
        assert self.zone is not None
        name = self.absolute(text)
        if not name.is_subdomain(self.zone):
            raise Malformed(f"{_short(name.to_text())} is not in the zone {self.zone}")
        own = name.labels[: len(name.labels) - len(self.zone.labels)]
        lowered = all(label == label.lower() for label in own)
        spelling = None if lowered else " ".join([names.escape_label(label) for label in own])
        return names.key_of(name, self.zone), spelling

    def _name(self, text: str) -> str:
        """Return the wire form of a name in rdata as hex."""
        found = self._names.get(text)
        if found is None:
            if len(self._names) > _CACHE:
                self._names.clear()
            found = self._names[text] = self._plain_name(text) or (self.absolute(text).to_wire() or b"").hex()
        return found

    def _plain_name(self, text: str) -> str:
        """Return the wire form of a name without escapes as hex. Return nothing for any other name."""
        if _NAME_ODD.search(text) or text == "@":
            return ""
        labels = text.encode().split(b".")
        if labels[-1]:
            end, size = self._origin_wire, self._origin_size + len(text) + 1
        else:
            del labels[-1]
            end, size = "00", len(text) + 1
        if not end or b"" in labels or size > 255 or max(map(len, labels)) > 63:
            return ""
        return b"".join([_LENGTH[len(label)] + label for label in labels]).hex() + end

    def absolute(self, text: str) -> dns.name.Name:
        """Return any name, made absolute with the origin."""
        if len(text) > names.LONGEST_TEXT:
            raise Malformed(f"a name of {len(text)} characters; 255 octets at most")
        if not text.isascii():
            raise Malformed("a name that is not ASCII; write it in punycode (xn--)")
        if _TO_QUOTE.match(text):
            raise Malformed("a name in quotes")
        try:
            name = dns.name.from_text(text, self.origin, dns.name.IDNA_2003)
        except dns.exception.DNSException as error:
            raise Malformed(f"{_short(text)} is not a name: {error}") from error
        if not name.is_absolute():
            raise _Nowhere(f"which {_short(text)}? It does not end with a dot, and there is no $ORIGIN")
        return name

    # Rdata

    def _one_name(self, rdata: list[str]) -> str:
        if len(rdata) != 1:
            raise Malformed(f"one name expected, not {len(rdata)} fields")
        return self._name(rdata[0])

    def _preference(self, rdata: list[str]) -> str:
        if len(rdata) != 2:
            raise Malformed(f"a number and a name expected, not {len(rdata)} fields")
        return f"{_number(rdata[0], 0xFFFF):04x}{self._name(rdata[1])}"

    def _service(self, rdata: list[str]) -> str:
        if len(rdata) != 4:
            raise Malformed(f"priority, weight, port and name expected, not {len(rdata)} fields")
        priority, weight, port = [_number(text, 0xFFFF) for text in rdata[:3]]
        return f"{priority:04x}{weight:04x}{port:04x}{self._name(rdata[3])}"

    def _other(self, rdtype: int, rdata: list[str]) -> str:
        """Return rdata of any type as hex, read by dnspython. The generic form may say rdata that it dislikes."""
        if rdata[:1] == [GENERIC] and rdtype not in FRAMED:
            return self._unread(rdtype, rdata)
        text = " ".join([_ascii(token) for token in rdata])
        known = dns.rdatatype.RdataType.make(rdtype)
        try:
            octets = dns.rdata.from_text(dns.rdataclass.IN, known, text, self.origin, relativize=False).to_wire() or b""
        except dislikes() as error:
            raise _not_rdata(rdtype, complaint(rdtype, error)) from error
        try:
            served.check(rdtype, octets)
        except ValueError as error:
            raise _not_rdata(rdtype, str(error)) from error
        return octets.hex()

    @staticmethod
    def _unread(rdtype: int, rdata: list[str]) -> str:
        """Return rdata in the form of RFC 3597 section 5 as hex."""
        try:
            octets = carried(rdtype, rdata)
            served.check(rdtype, octets)
            return octets.hex()
        except ValueError as error:
            raise _not_rdata(rdtype, str(error)) from error

    # $GENERATE

    def _generate(self, number: int, raw: bytes, words: list[str]) -> None:
        """Read `range lhs [ttl] [class] type rhs`: one record for each number of the range.

        `rhs` may be quoted as a whole. A later record without an owner takes the last owner written in the file, not
        the last one generated.
        """
        if len(words) < 4:
            raise Malformed("$GENERATE takes a range, an owner name, a type and rdata")
        numbers = self._range(words[0])
        rdtype, ttl, rdata = self.header(words, 2)
        right = rdata[0][1:-1] if len(rdata) == 1 and rdata[0][0] == '"' else " ".join(rdata)
        if len(rdata) == 1 and rdata[0][0] == '"':
            right = _ESCAPE.sub(lambda match: '"' if match[1] == '"' else match[0], right)
        if len(words[1]) + len(right) > _TEMPLATE_MAX:
            raise Malformed(f"a $GENERATE of more than {_TEMPLATE_MAX} octets")
        owners, rdatas = _template(words[1]), _template(right)
        before = self._owner, self._key, self._tail, self._owned
        for each in numbers:
            self._own(_filled(owners, each), rdtype)
            tokens: list[str] = []
            if _scan(_filled(rdatas, each), tokens, 0):
                raise Malformed("a parenthesis is never closed")
            self._add(number, raw, rdtype, ttl, tokens)
        self._owner, self._key, self._tail, self._owned = before

    def _range(self, text: str) -> range:
        """Return the numbers of `start-stop[/step]`. A range that is too long is refused before it is used."""
        found = _RANGE.fullmatch(text)
        if not found:
            raise Malformed(f"{_short(text)} is not a range: start-stop or start-stop/step")
        start, stop, step = int(found[1]), int(found[2]), int(found[3] or 1)
        if start > stop or stop > _NUMBER_MAX or not 0 < step <= _NUMBER_MAX:
            raise Malformed(f"{text} is not a range")
        numbers = range(start, stop + 1, step)
        self._generated += len(numbers)
        if self._generated > self._limits.generated:
            raise Malformed(f"$GENERATE makes more than {self._limits.generated} records")
        return numbers


_Template = list[str | tuple[int, int, str]]
"""Text, and for each `$` its offset, width and base."""


def _template(text: str) -> _Template:
    parts: _Template = []
    at = 0
    for found in _ITERATOR.finditer(text):
        parts.append(text[at : found.start()])
        at = found.end()
        if found[0][0] == "\\":
            parts.append(found[0])
        elif found[0] == "$$":
            parts.append("$")
        elif found[0] == "$" and text.startswith("{", at):
            raise Malformed(f"{_short(text[at - 1 :])} does not begin with ${{offset,width,base}}")
        elif (width := int(found[2] or 0)) > _WIDTH_MAX:
            raise Malformed(f"a width of {width}; {_WIDTH_MAX} at most")
        else:
            parts.append((int(found[1] or 0), width, found[3] or "d"))
    return [*parts, text[at:]]


def _filled(template: _Template, number: int) -> str:
    return "".join([part if isinstance(part, str) else _digits(number + part[0], *part[1:]) for part in template])


def _digits(value: int, width: int, base: str) -> str:
    """Return the text of one `$` in base `d`, `o`, `x`, `X`, `n` or `N`.

    `n` and `N` are hexadecimal digits from the last to the first, with dots between them. The dots count for the width.
    If the width ends with a dot, so does the text.
    """
    if base == "d":
        return format(value, "d").zfill(width)
    if value < 0:
        raise Malformed(f"{value} in base {base}")
    if base not in "nN":
        return format(value, base).zfill(width)
    digits = format(value, "x" if base == "n" else "X")
    text = ".".join(reversed(digits.zfill((width + 1) // 2)))
    return text if len(text) >= width else text + "."


# Words of any record


def _not_rdata(rdtype: int, why: str) -> Malformed:
    """Return the error for rdata of a type. If no caller may write the type, that is the reason."""
    return Malformed(placement.wrong_type(rdtype) or f"not {type_text(rdtype)} rdata: {why}")


def _type(text: str) -> int:
    try:
        return int(dns.rdatatype.from_text(text))
    except (dns.exception.DNSException, ValueError) as error:
        raise Malformed(f"{_short(text)} is not a type") from error


def _class(text: str) -> bool | None:
    """Return whether a class is IN. Return None for a word that is no class."""
    upper = text[:10].upper()
    known = _CLASSES.get(upper)
    return False if known is None and upper.startswith("CLASS") and upper[5:].isdecimal() else known


def _ttl(text: str) -> int:
    return _duration(text, HIGHEST_TTL)


def _duration(text: str, limit: int) -> int:
    """Return seconds of a number, or of BIND's `1w2d3h4m5s`."""
    if text.isdecimal():
        return _number(text, limit)
    parts = _TTL_PART.findall(text.lower()) if len(text) < 100 else []
    if not parts or sum(len(count) + 1 for count, _ in parts) != len(text):
        raise Malformed(f"{_short(text)} is not a TTL")
    seconds = sum(int(count) * _TTL_UNITS[unit] for count, unit in parts)
    if seconds > limit:
        raise Malformed(f"{text} is over {limit} seconds")
    return seconds


def _number(text: str, limit: int) -> int:
    if not text.isdecimal() or len(text) > 20 or int(text) > limit:
        raise Malformed(f"{_short(text)} is not a number from 0 to {limit}")
    return int(text)


def _octets(token: str) -> bytes:
    """Return the bytes of a character-string, quoted or not (RFC 1035 section 5.1)."""
    if token[0] == '"':
        token = token[1:-1]
    elif token[-1] == '"' and _TO_QUOTE.match(token):
        raise Malformed(f"a quote within {_short(token)}")
    if "\\" in token:
        token = _ESCAPE.sub(_unescaped, token)
    return token.encode("latin-1")


def _unescaped(match: re.Match[str]) -> str:
    text = match[1]
    if not text.isdecimal():
        return text
    if len(text) < 3 or int(text) > 255:
        raise Malformed(f"\\{text} is not an octet; \\000 to \\255 are")
    return chr(int(text))


def _ascii(token: str) -> str:
    """Return a token for dnspython. Bytes over 127 are escaped within quotes, and refused outside."""
    if token.isascii():
        return token
    head = _TO_QUOTE.match(token)
    if not head or not head[0].isascii():
        raise Malformed(f"{_short(token)} is not ASCII; write names in punycode (xn--), and quote text")
    return _NOT_ASCII.sub(lambda match: match[0] if match[0].isascii() else f"\\{ord(match[0][-1]):03}", token)


def _address(rdata: list[str]) -> str:
    try:
        (text,) = rdata
        first, second, third, fourth = text.split(".")
        return _OCTET[first] + _OCTET[second] + _OCTET[third] + _OCTET[fourth]
    except (ValueError, KeyError) as error:
        raise Malformed("not an IPv4 address") from error


def _address6(rdata: list[str]) -> str:
    try:
        (text,) = rdata
        return socket.inet_pton(socket.AF_INET6, text).hex()
    except (ValueError, OSError) as error:
        raise Malformed("not an IPv6 address") from error


def _locator(rdata: list[str]) -> str:
    """Return NID or L64 rdata as hex (RFC 6742 section 2).

    Leading zeros are optional, as in BIND. dnspython wants all 16 digits.
    """
    preference, _, groups = " ".join(rdata).partition(" ")
    if not _GROUPS.fullmatch(groups):
        raise Malformed("not a number and four groups of hexadecimal digits")
    return f"{_number(preference, 0xFFFF):04x}" + "".join([group.zfill(4) for group in groups.lower().split(":")])


def _strings(rdata: list[str]) -> str:
    """Return TXT rdata as hex: one or more character-strings (RFC 1035 section 3.3.14)."""
    parts: list[bytes] = []
    for token in rdata:
        if token[0] != '"' and token[-1] == '"' and (head := _TO_QUOTE.match(token)):
            at = head.end() - 1
            pieces = [_octets(token[:at]), _octets(token[at:])]
        else:
            pieces = [_octets(token)]
        for octets in pieces:
            if len(octets) > 255:
                raise Malformed(f"a character-string of {len(octets)} octets; 255 at most")
            parts += _LENGTH[len(octets)], octets
    return b"".join(parts).hex()


def _authorization(rdata: list[str]) -> str:
    """Return CAA rdata as hex: flags, tag, value (RFC 8659 section 4.1).

    The tag, whose case means nothing, is in lower case, because NSD reads no other.
    """
    if len(rdata) != 3:
        raise Malformed(f"flags, tag and value expected, not {len(rdata)} fields")
    flags, tag = _number(rdata[0], 255), _octets(rdata[1]).lower()
    if not tag.isalnum():
        raise Malformed(f"{_short(rdata[1])} is not a CAA tag")
    if len(tag) > served.LONGEST_TAG:
        raise Malformed(f"a CAA tag of {len(tag)} characters; {served.LONGEST_TAG} at most, because NSD reads no more")
    return f"{flags:02x}{len(tag):02x}{tag.hex()}{_octets(rdata[2]).hex()}"
