"""The outcome of a batch: all its checks, and what follows (contract `vinyldns-writes.md`, sections 12 to 14)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from zonewright.model.acl import AccessLevel
from zonewright.model.batches import alone, discovery, groups
from zonewright.model.batches.batch import Asked, Change, Status
from zonewright.model.batches.discovery import Placed
from zonewright.model.batches.groups import Act, Group, Groups, Key, Present
from zonewright.model.batches.problems import Problem
from zonewright.model.batches.together import Contact, Judge, Question
from zonewright.model.choices import Choices
from zonewright.model.zone import Zone
from zonewright.protocol.fields import Record


@dataclass(frozen=True, slots=True)
class World:
    """What the checks read. Each is asked once for all changes, but for `level` and `contact`.

    `zones` has those zones that exist, by name in lower case. `present` has all record sets of names in zones.
    """

    zones: Callable[[Collection[str]], Mapping[str, Zone]]
    present: Callable[[Collection[tuple[Zone, str]]], Mapping[Key, Sequence[Present]]]
    level: Callable[[Question], AccessLevel]
    contact: Callable[[str], Contact | None]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who asks for a batch, and the owner group of the record sets that it makes in shared zones."""

    user_name: str
    owner_group_id: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A change after its checks. `placed` is None if it has no zone. `ttl`, in seconds, is there for additions."""

    asked: Asked
    problems: tuple[Problem, ...]
    placed: Placed | None = None
    ttl: int | None = None
    message: str | None = None

    def stored(self, change_id: str) -> Change:
        """Return the change as it is stored with its batch: one with problems needs a review."""
        if self.problems or self.placed is None:
            return Change(change_id, self.asked, Status.NEEDS_REVIEW, self.ttl, problems=self.problems)
        return Change(
            change_id,
            self.asked,
            Status.PENDING,
            self.ttl,
            zone_id=self.placed.zone.id,
            zone_name=self.placed.zone.name,
            record_name=self.placed.record_name,
            message=self.message,
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """All changes of a batch after the checks, in their order, and the groups of those that are right."""

    changes: tuple[Judged, ...]
    groups: Groups


class Outcome(StrEnum):
    """What becomes of a batch."""

    RUNS = "runs"
    WAITS = "waits for a review"
    REFUSED = "refused, with the problems of its changes"
    LACKS_OWNER_GROUP = "refused, because a review needs an owner group"


def check(asked: Sequence[Asked], sender: Sender, world: World, choices: Choices, *, reviewed: bool = False) -> Checked:
    """Return the changes of a batch, checked in three stages. One with problems skips the stages after.

    Without the checks that a review makes unnecessary if it was `reviewed`.
    """
    found: list[Placed | list[Problem]] = [alone.problems(each, choices, reviewed=reviewed) or [] for each in asked]
    right = [each for each, problems in zip(asked, found, strict=True) if not problems]
    zones = world.zones(discovery.candidates(right, choices))
    for at, each in enumerate(asked):
        if not found[at]:
            place = discovery.place(each, zones, choices)
            found[at] = place if isinstance(place, Placed) else [place]
    placed = [each for each in found if isinstance(each, Placed)]
    present = world.present({each.key: (each.zone, each.record_name.lower()) for each in placed}.values())
    grouped = groups.of(placed, present)
    judge = Judge(
        sender.user_name, sender.owner_group_id, choices, world.level, world.contact, present, grouped, reviewed
    )
    changes = tuple(_judged(each, found[at], judge) for at, each in enumerate(asked))
    runs = [each.placed for each in changes if each.placed and not each.problems]
    return Checked(changes, groups.of(runs, present))


def _judged(asked: Asked, found: Placed | list[Problem], judge: Judge) -> Judged:
    """Return a change after the third stage, or as an earlier one left it."""
    default = judge.choices.default_ttl
    if not isinstance(found, Placed):
        return Judged(asked, tuple(found), ttl=_ttl(asked, default))
    there = judge.groups[found.key][asked.record_type].present
    ttl = _ttl(asked, there.ttl if there else default)
    problems = tuple(judge.problems(found))
    return Judged(asked, problems, found, ttl, None if problems else judge.message(found))


def _ttl(asked: Asked, otherwise: int) -> int | None:
    if not asked.adds:
        return None
    return otherwise if asked.ttl is None else asked.ttl


def decide(changes: Sequence[Judged], sender: Sender, choices: Choices, *, scheduled: bool, may_wait: bool) -> Outcome:
    """Return what becomes of a batch. `may_wait` is whether the caller lets it wait for a review."""
    problems = [each for change in changes for each in change.problems]
    if not all(each.soft for each in problems):
        return Outcome.REFUSED
    name_servers = any(each.asked.record_type == "NS" for each in changes)
    if not (problems or scheduled or name_servers):
        return Outcome.RUNS
    if not (choices.manual_review and (may_wait or name_servers)):
        return Outcome.REFUSED
    if sender.owner_group_id is not None or (scheduled and not problems):
        return Outcome.WAITS
    return Outcome.LACKS_OWNER_GROUP


class Work(StrEnum):
    """What is done to a record set. A deletion of what is not there is checked at the name servers."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"
    DELETE_NOTHING = "DeleteNothing"


@dataclass(frozen=True, slots=True)
class Run:
    """One change of a record set: what a group makes of it. `changes` are the places of its changes in the batch.

    `name` is relative, or the zone's name at the apex. `records` and `ttl`, in seconds, are those after it.
    """

    work: Work
    zone: Zone
    name: str
    type: str
    records: tuple[Record, ...]
    ttl: int
    owner_group_id: str | None
    present: Present | None
    changes: tuple[int, ...]


_WORK = {Act.DELETE: Work.DELETE, Act.NOTHING: Work.DELETE_NOTHING}


def runs(checked: Checked, sender: Sender) -> list[Run]:
    """Return what a batch does, a change a record set, in the order of their first changes."""
    places: dict[int, list[int]] = {}
    for at, each in enumerate(checked.changes):
        if each.placed and not each.problems:
            group = checked.groups[each.placed.key][each.asked.record_type]
            places.setdefault(id(group), []).append(at)
    found = [group for by_type in checked.groups.values() for group in by_type.values()]
    made = [_run(group, tuple(places[id(group)]), checked.changes, sender) for group in found]
    return sorted(made, key=lambda run: run.changes)


def _run(group: Group, places: tuple[int, ...], changes: Sequence[Judged], sender: Sender) -> Run:
    there = group.present
    work = _WORK.get(group.act, Work.UPDATE if there else Work.CREATE)
    ttls = [changes[at].ttl for at in places if changes[at].asked.adds]
    owner = there.owner_group_id if there else None
    if owner is None and group.zone.shared:
        owner = sender.owner_group_id
    return Run(
        work=work,
        zone=group.zone,
        name=there.name if there else group.changes[0].record_name,
        type=group.type,
        records=group.new,
        ttl=next((each for each in ttls if each is not None), there.ttl if there else 0),
        owner_group_id=owner,
        present=there,
        changes=places,
    )
