"""The settings that the table keeps, an item a section: a document as compressed JSON, and how often it was written.

A section is read and written as a whole. Packed, it must fit into an item, which has 400 KB.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zonewright.errors import Invalid, SettingsChanged
from zonewright.model.choices import Choices, from_document
from zonewright.store import keys
from zonewright.store.conditions import equal
from zonewright.store.table import ConditionFailed, Item, Put, Table

MOST_BYTES = 390_000
"""Bytes of a packed section."""


class Section(StrEnum):
    """What is read together."""

    CHOICES = "CHOICES"
    TLDS = "TLDS"
    BLACKLIST = "BLACKLIST"


@dataclass(frozen=True, slots=True)
class Stored:
    """A section as it was read. `document` is None if it was never written."""

    document: Any = None
    revision: int = 0


def read(table: Table, *sections: Section) -> list[Stored]:
    """Return sections as last written, in one request."""
    return [_stored(each) for each in table.get_all([keys.settings(section) for section in sections])]


def choices(table: Table) -> Choices:
    """Return what the operator chose, as last written."""
    return from_document(_stored(table.get(keys.settings(Section.CHOICES))).document or {})


def write(table: Table, new: Mapping[Section, Any], old: Mapping[Section, Stored]) -> None:
    """Write the documents of sections, all or none, in place of the unchanged `old` ones.

    Raise Invalid for a section that is too large, or SettingsChanged if another wrote one meanwhile.
    """
    writes = []
    for section, document in new.items():
        packed = zlib.compress(json.dumps(document, separators=(",", ":")).encode())
        if len(packed) > MOST_BYTES:
            raise Invalid(f"{section.lower()} have {len(packed)} bytes packed, and may have {MOST_BYTES}")
        before = old[section].revision
        item = keys.settings(section) | {"packed": packed, "revision": before + 1}
        writes.append(Put(item, equal(revision=before or None)))
    try:
        if writes:
            table.write(*writes)
    except ConditionFailed as error:
        raise SettingsChanged("another changed the settings meanwhile; try again") from error


def _stored(item: Item | None) -> Stored:
    return Stored(json.loads(zlib.decompress(item["packed"])), item["revision"]) if item else Stored()
