"""Two lists about zone names: top-level domains, of which a name must have one, and the blacklist (expressions).

They are Designate's (contract `designate.md`, sections 3 and 10). As long as nobody wrote a list to the table, it has
the entries of the parameter `Tlds` or `Blacklist`.
"""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from zonewright import clock
from zonewright.model import expressions
from zonewright.model.settings import Settings

LONGEST_TEXT = 255
LONGEST_DESCRIPTION = 160
"""Characters, as in Designate."""

TLD = r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*"
"""The form of a top-level domain, which has no dot at its end. Designate takes several labels, such as `co.uk`."""

_OF_PARAMETER = uuid.UUID("6f0a4f6e-7d0b-4b39-9b58-0d5b2f1c9a77")
"""The name space of the ids of entries that a parameter gives (RFC 9562 section 5.5)."""


class NameList(StrEnum):
    """One of both lists."""

    TLDS = "TLDS"
    BLACKLIST = "BLACKLIST"


TEXT = {NameList.TLDS: "name", NameList.BLACKLIST: "pattern"}
"""What the text of an entry is called in files and requests."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list. `text` is a top-level domain or an expression. One of a parameter has no times."""

    id: str
    text: str
    description: str | None = None
    created: datetime | None = None
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class NameRules:
    """What both lists say: top-level domains, of which none is no rule, and expressions that no name may contain."""

    tlds: tuple[str, ...] = ()
    blacklist: tuple[str, ...] = ()


def problem(which: NameList, text: str) -> str | None:
    """Return why a text cannot be an entry of a list, or None."""
    if not 0 < len(text) <= LONGEST_TEXT:
        return f"has {len(text)} characters, and may have 1 to {LONGEST_TEXT}"
    if which is NameList.TLDS:
        return None if re.fullmatch(TLD, text) else "is no top-level domain, such as org or co.uk"
    try:
        expressions.compiled(text)
    except ValueError as error:
        return str(error)
    return None


def same(which: NameList, text: str) -> str:
    """Return what equal entries of a list have in common. The case of a top-level domain makes no difference."""
    return text.lower().strip(".") if which is NameList.TLDS else text


def of_parameter(which: NameList, settings: Settings) -> tuple[Entry, ...]:
    """Return the entries that the parameter gives."""
    texts = settings.tlds if which is NameList.TLDS else settings.blacklist
    names = dict.fromkeys(same(which, each) for each in texts)
    return tuple(Entry(str(uuid.uuid5(_OF_PARAMETER, f"{which} {name}")), name) for name in names)


def documents(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return entries as they are stored."""
    return [
        {
            "id": each.id,
            "text": each.text,
            "description": each.description,
            "created": clock.to_text(each.created) if each.created else None,
            "updated": clock.to_text(each.updated) if each.updated else None,
        }
        for each in entries
    ]


def from_documents(stored: Sequence[Mapping[str, Any]]) -> tuple[Entry, ...]:
    """Return the entries that `documents` rendered."""

    def moment(text: str | None) -> datetime | None:
        return clock.from_text(text) if text else None

    return tuple(
        Entry(each["id"], each["text"], each["description"], moment(each["created"]), moment(each["updated"]))
        for each in stored
    )
