"""The data of records in bodies and answers (contract `vinyldns-writes.md`, section 2).

A record is read in two steps: `read` checks its fields, `Record.octets` makes the rdata. So a name with empty labels is
refused by the rules of its type, which come later.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from zonewright.http.vinyldns.bodies import INTEGER, NUMBER, TEXT, Check, Fields, Kind
from zonewright.protocol.fields import Record, Value
from zonewright.protocol.types import AAAA, CNAME, DS, MX, NAPTR, NS, PTR, SOA, SPF, SRV, SSHFP, TXT, A, type_text

LONGEST_HOST = 255
LONGEST_TEXT = 64764
_SPACE = re.compile(r"\s")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")

DNSSEC_ALGORITHMS = frozenset({3, 5, 6, 7, 8, 10, 12, 13, 14, 15, 16, 253, 254})
DIGEST_TYPES = range(1, 5)


@dataclass(frozen=True, slots=True)
class Rule:
    """How a field of a body is read, checked and kept. `{}` in a message stands for the value."""

    kind: Kind[Any]
    checks: tuple[Check[Any], ...] = ()
    kept: Callable[[Any], Value] = lambda value: value


def _no_space(text: str) -> str:
    return _SPACE.sub("", text)


def _absolute(text: str) -> str:
    """Return a host name without white space, and with its last dot."""
    host = _no_space(text)
    return host if host.endswith(".") else f"{host}."


def _short(text: str) -> bool:
    return len(text) <= LONGEST_HOST


def _address(kind: type[IPv4Address] | type[IPv6Address]) -> Callable[[str], bool]:
    def right(text: str) -> bool:
        try:
            kind(text)
        except ValueError:
            return False
        return text.isascii() and "%" not in text

    return right


def _host(message: str, *more: Check[str]) -> Rule:
    return Rule(TEXT, ((message, _short), *more), _absolute)


def _unsigned(bits: int, message: str, kind: Kind[int] = INTEGER) -> Rule:
    return Rule(kind, ((message, lambda number: 0 <= number < 1 << bits),))


def _with_dot(text: str) -> bool:
    return "." in text


def _delimited(text: str) -> bool:
    return not text or (text.startswith("!") and text.endswith("!"))


def _text(kind: str) -> Rule:
    return Rule(TEXT, ((f"{kind} record must be less than {LONGEST_TEXT} characters", _fits_text),))


def _fits_text(text: str) -> bool:
    return len(text) <= LONGEST_TEXT


_SOA_NUMBERS = ("serial", "refresh", "retry", "expire", "minimum")
_SRV_NUMBERS = ("priority", "weight", "port")
_WORD = "must be less than 255 characters"

RULES: Mapping[int, Mapping[str, Rule]] = {
    A: {"address": Rule(TEXT, (("A must be a valid IPv4 Address", _address(IPv4Address)),))},
    AAAA: {"address": Rule(TEXT, (("AAAA must be a valid IPv6 Address", _address(IPv6Address)),))},
    CNAME: {
        "cname": _host("CNAME domain name must not exceed 255 characters", ("CNAME data must be absolute", _with_dot))
    },
    DS: {
        "keytag": _unsigned(16, "DS.keytag must be an unsigned 16 bit number"),
        "algorithm": Rule(
            INTEGER, (("Algorithm {} is not a supported DNSSEC algorithm", DNSSEC_ALGORITHMS.__contains__),)
        ),
        "digesttype": Rule(
            INTEGER, (("Digest Type {} is not a supported DS record digest type", DIGEST_TYPES.__contains__),)
        ),
        "digest": Rule(
            TEXT,
            (("Could not convert digest to valid hex", lambda text: bool(_HEX.fullmatch(text))),),
            str.upper,
        ),
    },
    MX: {
        "preference": _unsigned(16, "MX.preference must be a 16 bit integer"),
        "exchange": _host(f"MX.exchange {_WORD}"),
    },
    NAPTR: {
        **{name: _unsigned(16, f"NAPTR.{name} must be an unsigned 16 bit number") for name in ("order", "preference")},
        "flags": Rule(
            TEXT,
            (
                (
                    "Invalid NAPTR.flag. Valid NAPTR flag value must be U, S, A or P",
                    frozenset({"U", "S", "A", "P"}).__contains__,
                ),
            ),
        ),
        "service": Rule(TEXT, ((f"NAPTR.service {_WORD}", _short),)),
        "regexp": Rule(
            TEXT,
            (
                (
                    "Invalid NAPTR.regexp. Valid NAPTR regexp value must start and end with '!' or can be empty",
                    _delimited,
                ),
            ),
        ),
        "replacement": _host(f"NAPTR.replacement {_WORD}"),
    },
    NS: {"nsdname": _host("NS must be less than 255 characters", ("NS data must be a positive integer", _with_dot))},
    PTR: {"ptrdname": _host("PTR must be less than 255 characters")},
    SOA: {
        "mname": _host(f"SOA.mname {_WORD}"),
        "rname": Rule(TEXT, ((f"SOA.rname {_WORD}", _short),), _no_space),
        **{name: _unsigned(32, f"SOA.{name} must be an unsigned 32 bit number", NUMBER) for name in _SOA_NUMBERS},
    },
    SPF: {"text": _text("SPF")},
    SRV: {
        **{name: _unsigned(16, f"SRV.{name} must be an unsigned 16 bit number") for name in _SRV_NUMBERS},
        "target": _host(f"SRV.target {_WORD}"),
    },
    SSHFP: {
        **{name: _unsigned(8, f"SSHFP.{name} must be an unsigned 8 bit number") for name in ("algorithm", "type")},
        "fingerprint": Rule(
            TEXT, (("SSHFP.fingerprint must be hexadecimal", lambda text: bool(_HEX.fullmatch(text))),)
        ),
    },
    TXT: {"text": _text("TXT")},
}
"""How the fields of each type are read and checked, in the order of `FIELDS`."""

TYPES: Mapping[str, int] = {
    "A": A,
    "AAAA": AAAA,
    "CNAME": CNAME,
    "DS": DS,
    "PTR": PTR,
    "MX": MX,
    "NS": NS,
    "SOA": SOA,
    "SRV": SRV,
    "NAPTR": NAPTR,
    "TXT": TXT,
    "SSHFP": SSHFP,
    "SPF": SPF,
}
"""The types of record sets that may be written, in VinylDNS's order."""

UNKNOWN = "UNKNOWN"
"""VinylDNS's word for any other type, which a body may not have."""


def read(rdtype: int, record: Any) -> tuple[Record | None, list[str]]:
    """Return the record in a body, or None and everything that is wrong with it. `rdtype` is one of `TYPES`."""
    fields = Fields(record if isinstance(record, dict) else {})
    values: dict[str, Value] = {}
    for name, rule in RULES[rdtype].items():
        checks = _worded(rule, fields.sent.get(name))
        value = fields.required(name, rule.kind, f"Missing {type_text(rdtype)}.{name}", *checks)
        if value is not None:
            values[name] = rule.kept(value)
    return (None, fields.errors) if fields.errors else (Record(rdtype, values), [])


def _worded(rule: Rule, value: Any) -> Sequence[Check[Any]]:
    """Return the checks of a rule, with the value in messages that show it."""
    return [(message.format(value), right) for message, right in rule.checks]


def read_all(rdtype: int, records: Sequence[Any]) -> tuple[list[Record], list[str]]:
    """Return the records of a body up to the first that is wrong, and what is wrong with that."""
    found: list[Record] = []
    for record in records:
        given, errors = read(rdtype, record)
        if given is None:
            return found, errors
        found.append(given)
    return found, []
