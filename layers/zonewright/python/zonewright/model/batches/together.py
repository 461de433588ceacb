"""The third stage: the changes of a batch together, with what is there (contract `vinyldns-writes.md`, section 12).

Each change is judged with its group (`groups.py`), and with the groups of the same name and other types.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from zonewright.model.acl import AccessLevel
from zonewright.model.batches.batch import Asked
from zonewright.model.batches.discovery import Placed, no_zone
from zonewright.model.batches.groups import Act, Datum, Group, Groups, Key, Present, datum
from zonewright.model.batches.problems import Kind, Problem, problem
from zonewright.model.choices import Choices
from zonewright.model.zone import Zone
from zonewright.protocol.fields import Record

NOT_THERE = "This record does not exist. No further action is required."
DATUM_NOT_THERE = "Record data entered does not exist. No further action is required."
"""VinylDNS's texts about deletions of nothing."""

_UNDOTTED = frozenset({"A", "AAAA", "CNAME", "MX", "NAPTR", "NS", "SRV"})
"""Types whose new record sets have no dot in their names."""

_WRITES = frozenset({AccessLevel.WRITE, AccessLevel.DELETE})
_DELETES = frozenset({AccessLevel.DELETE})


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody would do: with a record set of this zone, name, type and owner group, and with these records."""

    zone: Zone
    name: str
    type: str
    owner_group_id: str | None
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """A group to turn to."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Judge:
    """What the third stage asks, and for whom.

    `level` says what the user may do, `contact` has a group by its id, or None if it is gone. `present` has all record
    sets of the names of the batch.
    """

    user_name: str
    owner_group_id: str | None
    choices: Choices
    level: Callable[[Question], AccessLevel]
    contact: Callable[[str], Contact | None]
    present: Mapping[Key, Sequence[Present]]
    groups: Groups
    reviewed: bool = False

    def problems(self, change: Placed) -> list[Problem]:
        """Return what is wrong with a change, in VinylDNS's order."""
        group = self.groups[change.key][change.asked.record_type]
        if not change.asked.adds:
            return list(self._of_deletion(change, group))
        return list(self._of_update(change, group) if group.act is Act.UPDATE else self._of_addition(change, group))

    def message(self, change: Placed) -> str | None:
        """Return what there is to say about a change that is right: that it deletes nothing."""
        group = self.groups[change.key][change.asked.record_type]
        if change.asked.adds:
            return None
        if not group.old:
            return NOT_THERE
        record = change.asked.record
        return DATUM_NOT_THERE if record and datum(record) not in group.old else None

    def _of_addition(self, change: Placed, group: Group) -> Iterator[Problem]:
        asked = change.asked
        if asked.record_type == "CNAME" and self._shares_name(change):
            yield _not_unique(asked)
        if not group.old and _is_dotted(change):
            yield no_zone(asked)
        yield from self._of_name_server(asked)
        data = _data(asked)
        if not group.old and data & group.deleted:
            yield problem(Kind.ADDED_AND_DELETED, name=asked.name)
        yield from self._of_conflict(change)
        yield from self._of_right(change, None, _WRITES)
        if group.old and not data & group.old.keys() and not group.deletes:
            yield problem(Kind.EXISTS, name=asked.name)
        if change.zone.shared and self.owner_group_id is None:
            yield _no_owner_group(change)
        yield from self._of_review(change)

    def _of_update(self, change: Placed, group: Group) -> Iterator[Problem]:
        if change.asked.record_type == "CNAME" and len(group.added) > 1:
            yield _not_unique(change.asked)
        yield from self._of_name_server(change.asked)
        owner = group.present.owner_group_id if group.present else None
        yield from self._of_right(change, owner, _WRITES)
        if change.zone.shared and owner is None and self.owner_group_id is None:
            yield _no_owner_group(change)
        yield from self._of_review(change)

    def _of_deletion(self, change: Placed, group: Group) -> Iterator[Problem]:
        if group.present is None:
            return
        right = _DELETES if group.act is Act.DELETE else _WRITES
        yield from self._of_right(change, group.present.owner_group_id, right)
        yield from self._of_review(change)

    def _of_name_server(self, asked: Asked) -> Iterator[Problem]:
        if asked.record_type == "NS" and asked.record:
            for server in self.choices.unapproved([str(asked.record.values["nsdname"])]):
                yield problem(Kind.NAME_SERVER, server=server)

    def _of_conflict(self, change: Placed) -> Iterator[Problem]:
        """Yield the problem of a CNAME beside another record set that is there, and stays (RFC 1034 section 3.6.2)."""
        mine = change.asked.record_type
        for each in self.present.get(change.key, ()):
            if each.type != mine and "CNAME" in (each.type, mine) and self._stays(change.key, each.type):
                yield problem(Kind.CNAME_CONFLICT, name=change.asked.name, type=each.type)
                return

    def _stays(self, key: Key, record_type: str) -> bool:
        """Return whether the batch leaves data in a record set that is there."""
        group = self.groups[key].get(record_type)
        return group is None or bool(group.new)

    def _of_right(self, change: Placed, owner: str | None, right: frozenset[AccessLevel]) -> Iterator[Problem]:
        asked, zone = change.asked, change.zone
        records = (asked.record,) if asked.record else ()
        if self.level(Question(zone, change.record_name, asked.record_type, owner, records)) in right:
            return
        group_id = owner if owner and zone.shared else zone.group_id
        contact = self.contact(group_id) or Contact(group_id, zone.email)
        yield problem(
            Kind.NOT_AUTHORIZED,
            user=self.user_name,
            whose="record" if owner and zone.shared else "zone",
            group=contact.name,
            email=contact.email,
        )

    def _of_review(self, change: Placed) -> Iterator[Problem]:
        if not self.reviewed and self.choices.reviewed_zone(change.zone.name):
            yield problem(Kind.REVIEW, name=change.asked.name)

    def _shares_name(self, change: Placed) -> bool:
        """Return whether the batch adds another datum under the name of a change, of whatever type."""
        added = {known for group in self.groups[change.key].values() for known in group.added}
        return bool(added - _data(change.asked))


def _is_dotted(change: Placed) -> bool:
    below = change.record_name if change.record_name != change.zone.name else ""
    return change.asked.record_type in _UNDOTTED and "." in below


def _data(asked: Asked) -> set[Datum]:
    return {datum(asked.record)} if asked.record else set()


def _not_unique(asked: Asked) -> Problem:
    return problem(Kind.NOT_UNIQUE, name=asked.name, type=asked.record_type)


def _no_owner_group(change: Placed) -> Problem:
    return problem(Kind.NO_OWNER_GROUP, zone=change.zone.name, name=change.record_name)
