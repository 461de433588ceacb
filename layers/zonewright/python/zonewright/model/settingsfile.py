"""Settings files: what an operator chose and the lists of zone names, as YAML or JSON has it.

A field that the file leaves out stays as it is. A field of null gets its default; a list of names has none, and becomes
empty. `read(shown(settled), settled, now)` is `settled` again.
"""

import ipaddress
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from zonewright.errors import Invalid
from zonewright.model import choices, namelists, patterns
from zonewright.model.choices import DEFAULTS, TYPES, Choices, DottedHosts, GlobalAccess
from zonewright.model.filereading import Path, Read, Reading, among, flag, number, short, text
from zonewright.model.ids import is_id
from zonewright.model.namelists import TEXT, Entry, NameList
from zonewright.protocol import names

MOST = 20_000
"""Entries of a list. What the table can keep is less, if the entries are long."""

_MOST_STARS = 3
"""Stars of a zone in `dotted_hosts`. Many would take long to match."""


@dataclass(frozen=True, slots=True)
class Settled:
    """All settings that the table keeps."""

    choices: Choices
    lists: Mapping[NameList, tuple[Entry, ...]]


def read(document: Any, present: Settled, now: datetime) -> Settled:
    """Return the settings of a file, where it says nothing the present ones. Raise Invalid with every reason.

    An entry of a list of names that is there keeps its id and the time of its creation.
    """
    reading = _Reading()
    if not isinstance(document, dict):
        raise Invalid(f"{short(document)} is no mapping of settings")
    for name in sorted(map(str, document.keys() - _KNOWN)):
        reading.wrong((name,), f"is no setting: {', '.join(sorted(_KNOWN))} are")
    settled = Settled(
        reading.choices(document, present.choices),
        {which: reading.names(document, which, entries, now) for which, entries in present.lists.items()},
    )
    if reading.reasons:
        raise Invalid(reasons=reading.reasons)
    return settled


def shown(settled: Settled) -> dict[str, Any]:
    """Return settings as a file has them."""
    lists = {_FIELD[which]: [_shown(which, each) for each in entries] for which, entries in settled.lists.items()}
    return choices.document(settled.choices) | lists


def differences(before: Settled, after: Settled) -> dict[str, dict[str, Any]]:
    """Return the settings that differ, each with its value before and after."""
    old, new = shown(before), shown(after)
    return {name: {"before": old[name], "after": new[name]} for name in new if old[name] != new[name]}


class _Reading(Reading):
    """The reading of one settings file."""

    def choices(self, document: Mapping[str, Any], present: Choices) -> Choices:
        """Return the choices of the file."""
        found: dict[str, Any] = {}
        for name in document.keys() & (_VALUES.keys() | _LISTS.keys() | _ENTRIES.keys()):
            if document[name] is None:
                found[name] = getattr(DEFAULTS, name)
            elif name in _VALUES:
                found[name] = self.value(_VALUES[name], document[name], (name,))
            elif name in _LISTS:
                found[name] = tuple(self._values(_LISTS[name], document, (), name))
            else:
                reader = partial(self._entry, _ENTRIES[name])
                found[name] = tuple(self.read_all(reader, document, (), name, most=MOST))
        chosen = replace(present, **{name: value for name, value in found.items() if value is not None})
        self.repeated(("dotted_hosts",), "zone", [each.zone.lower() for each in chosen.dotted_hosts])
        if chosen.least_nibbles > chosen.most_nibbles:
            self.wrong(("least_nibbles",), f"{chosen.least_nibbles} is above most_nibbles, {chosen.most_nibbles}")
        return chosen

    def names(
        self, document: Mapping[str, Any], which: NameList, present: Sequence[Entry], now: datetime
    ) -> tuple[Entry, ...]:
        """Return the entries of a list of names in the file."""
        field = _FIELD[which]
        if field not in document:
            return tuple(present)
        known = {namelists.same(which, each.text): each for each in present}
        sent = list(self.read_all(partial(self._listed, which), document, (), field, most=MOST))
        self.repeated((field,), "entry", [namelists.same(which, name) for name, _ in sent])
        return tuple(_entry(known.get(namelists.same(which, name)), name, words, now) for name, words in sent)

    def _listed(self, which: NameList, entry: Any, path: Path) -> tuple[str, str | None] | None:
        """Return the text and the description of an entry: a mapping, or the text alone."""
        key = TEXT[which]
        sent = entry if isinstance(entry, dict) else {key: entry}
        found = self.fields(sent, path, {key: partial(_name, which), "description": _DESCRIPTION}, (key,))
        return (found[key], found.get("description")) if found else None

    def _values(self, reader: Read, document: Mapping[str, Any], path: Path, name: str) -> Iterator[Any]:
        """Yield the values of a list, read, each once."""
        yield from dict.fromkeys(self.read_all(partial(self.value, reader), document, path, name, most=MOST))

    def _entry(self, form: "_Form", entry: Any, path: Path) -> Any:
        """Return an entry that is a mapping, or None if one of its fields is wrong."""
        fields = {**form.values, **dict.fromkeys(form.lists, lambda each: each)}
        found = self.fields(entry, path, fields, form.required)
        if found is None:
            return None
        lists = {name: tuple(self._values(reader, entry, path, name)) for name, reader in form.lists.items()}
        return form.kind(**found | lists)


@dataclass(frozen=True, slots=True)
class _Form:
    """What a mapping becomes, its fields of one value, those that are lists, and those that it must have."""

    kind: Any
    values: Mapping[str, Read]
    lists: Mapping[str, Read]
    required: tuple[str, ...]


def _entry(old: Entry | None, name: str, description: str | None, now: datetime) -> Entry:
    if old is None:
        return Entry(str(uuid.uuid4()), name, description, now)
    if (old.text, old.description) == (name, description):
        return old
    return replace(old, text=name, description=description, updated=now)


def _shown(which: NameList, entry: Entry) -> Any:
    if entry.description is None:
        return entry.text
    return {TEXT[which]: entry.text, "description": entry.description}


def _name(which: NameList, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{short(value)} is no text")  # noqa: TRY004 - a reason, as all here
    problem = namelists.problem(which, value)
    if problem:
        raise ValueError(f"{short(value)} {problem}")
    return value


def _expression(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{short(value)} is no regular expression")
    problem = patterns.invalid(value)
    if problem:
        raise ValueError(f"{short(value)} is no regular expression: {problem}")
    return value


def _address(value: Any) -> str:
    """Return the usual form of an address."""
    try:
        return str(ipaddress.ip_address(value if isinstance(value, str) else ""))
    except ValueError:
        raise ValueError(f"{short(value)} is no IP address") from None


def _zone(value: Any) -> str:
    """Return a zone name with its dot."""
    if not isinstance(value, str) or not value:
        raise ValueError(f"{short(value)} is no zone name")
    return names.absolute(value).to_text()


def _zones(value: Any) -> str:
    """Return a zone name with its dot, in which `*` stands for letters, digits and dots."""
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9_/.*-]{1,255}", value):
        raise ValueError(f"{short(value)} is no zone name, nor one with stars")
    if value.count("*") > _MOST_STARS:
        raise ValueError(f"{value} has more than {_MOST_STARS} stars")
    return value.removesuffix(".") + "."


def _email_domain(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"\*?[A-Za-z0-9.-]{1,253}", value):
        raise ValueError(f"{short(value)} is no domain of e-mail addresses, such as example.org or *example.org")
    return value


def _group_id(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or not is_id(value):
        raise ValueError(f"{short(value)} is no id of a group")
    return value


_FIELD = {NameList.TLDS: "tlds", NameList.BLACKLIST: "blacklist"}
_DESCRIPTION = text(namelists.LONGEST_DESCRIPTION)
_TYPE = among(TYPES)
_WORD = text(255)

_VALUES: dict[str, Read] = {
    "email_dots": number(0, 126),
    "manual_review": flag,
    "scheduled_changes": flag,
    "batch_changes": number(1, 1000),
    "default_ttl": number(30, 2**31 - 1),
    "least_nibbles": number(1, 32),
    "most_nibbles": number(1, 32),
}
"""The settings that have one value."""

_LISTS: dict[str, Read] = {
    "approved_name_servers": _expression,
    "email_domains": _email_domain,
    "high_value_names": _expression,
    "high_value_addresses": _address,
    "review_names": _expression,
    "review_addresses": _address,
    "review_zones": _zone,
    "shared_types": _TYPE,
}
"""The settings that are a list of values."""

_ENTRIES: dict[str, _Form] = {
    "dotted_hosts": _Form(
        DottedHosts,
        {"zone": _zones, "dots": number(0, 126)},
        {"users": _WORD, "groups": _WORD, "types": _TYPE},
        ("zone", "types", "dots"),
    ),
    "global_acl": _Form(GlobalAccess, {}, {"groups": _group_id, "names": _expression}, ("groups", "names")),
}
"""The settings that are a list of mappings."""

_KNOWN = frozenset({*_VALUES, *_LISTS, *_ENTRIES, *_FIELD.values()})
