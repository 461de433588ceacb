"""Groups of a batch: the changes of one record set, and what they make (contract `vinyldns-writes.md`, section 12).

E are the data that are there, D those that deletions name (without a record: all of E), A those that are added. Then
the record set has E - D + A. Names in data are compared without case, IPv6 addresses as texts.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from zonewright.model.batches.discovery import Placed
from zonewright.model.zone import Zone
from zonewright.protocol.fields import FIELDS, NAME, Record

Datum = tuple[object, ...]
"""What equal records have in common."""

Key = tuple[str, str]
"""A zone's id, and a record name in lower case."""

_NAMES = frozenset(name for forms in FIELDS.values() for name, form in forms.items() if form is NAME)
"""The fields that are names."""


@dataclass(frozen=True, slots=True)
class Present:
    """A record set that is there. `name` is relative, or the zone's name at the apex. `ttl` is seconds."""

    id: str
    name: str
    type: str
    ttl: int
    records: tuple[Record, ...]
    owner_group_id: str | None = None


class Act(StrEnum):
    """What a group does as a whole."""

    ADD = "add"
    UPDATE = "update"
    DELETE = "delete"
    NOTHING = "nothing"


@dataclass(frozen=True)  # no slots: what follows from the changes is kept
class Group:
    """Changes of one record set, in their order in the batch, and that record set, if it is there."""

    changes: tuple[Placed, ...]
    present: Present | None

    @property
    def zone(self) -> Zone:
        """Return the zone."""
        return self.changes[0].zone

    @property
    def type(self) -> str:
        """Return the record type."""
        return self.changes[0].asked.record_type

    @functools.cached_property
    def old(self) -> Mapping[Datum, Record]:
        """Return E."""
        return _by_datum(self.present.records if self.present else ())

    @functools.cached_property
    def added(self) -> Mapping[Datum, Record]:
        """Return A."""
        return _by_datum(each.asked.record for each in self.changes if each.asked.adds and each.asked.record)

    @functools.cached_property
    def deleted(self) -> frozenset[Datum]:
        """Return D."""
        deletions = [each.asked for each in self.changes if not each.asked.adds]
        named = {datum(each.record) for each in deletions if each.record}
        return frozenset(named if all(each.record for each in deletions) else named | self.old.keys())

    @property
    def deletes(self) -> bool:
        """Return whether a change of the group is a deletion."""
        return not all(each.asked.adds for each in self.changes)

    @functools.cached_property
    def new(self) -> tuple[Record, ...]:
        """Return E - D + A: what remains in its order, then what is added."""
        kept = {known: record for known, record in self.old.items() if known not in self.deleted}
        return tuple((kept | {known: record for known, record in self.added.items() if known not in kept}).values())

    @functools.cached_property
    def act(self) -> Act:
        """Return what the group does."""
        if self.added:
            return Act.UPDATE if self.deletes and self.old else Act.ADD
        if not self.old:
            return Act.NOTHING
        return Act.UPDATE if self.new else Act.DELETE


def of(changes: Iterable[Placed], present: Mapping[Key, Sequence[Present]]) -> "Groups":
    """Return the groups of some changes. `present` has all record sets of their names."""
    found: dict[Key, dict[str, list[Placed]]] = {}
    for each in changes:
        found.setdefault(each.key, {}).setdefault(each.asked.record_type, []).append(each)
    return {
        key: {kind: Group(tuple(some), _of_type(kind, present.get(key, ()))) for kind, some in by_type.items()}
        for key, by_type in found.items()
    }


Groups = dict[Key, dict[str, Group]]
"""Groups by zone and name, and by type."""


def _of_type(kind: str, present: Iterable[Present]) -> Present | None:
    return next((each for each in present if each.type == kind), None)


def datum(record: Record) -> Datum:
    """Return what a record has in common with equal ones."""
    folded = (str(value).lower() if name in _NAMES else value for name, value in record.values.items())
    return record.type, *folded


def _by_datum(records: Iterable[Record]) -> dict[Datum, Record]:
    """Return records by their data, of equal ones the first."""
    found: dict[Datum, Record] = {}
    for record in records:
        found.setdefault(datum(record), record)
    return found
