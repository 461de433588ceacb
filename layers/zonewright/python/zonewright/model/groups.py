"""Groups of users, which own zones, and the changes of groups (contract `vinyldns-writes.md`, section 10)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from zonewright.errors import GroupUnnamed, GroupWithoutMembers, Invalid
from zonewright.model.emails import Rules, check
from zonewright.model.users import Group

LONGEST_NAME = 255
"""Characters of a group's name. In a key of the table it may take four bytes each, and a key has 1,024 at most."""

LONGEST_DESCRIPTION = 10_000
"""Characters of a group's description. A change stores two of them."""

MOST_MEMBERS = 2_000
"""Members of a group. A change stores all ids twice, the admins' four times, and an item has 400 KB at most."""

MOST_GROUPS = 5_000
"""Groups of a user. Its item, of 400 KB at most, has the id of each."""

UNKNOWN_USER = "unknown user"
"""What a change calls a user that is not there."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a caller wants a group to be. Ids are in the caller's order, and may repeat."""

    name: str
    email: str
    description: str | None
    member_ids: tuple[str, ...]
    admin_ids: tuple[str, ...]

    def check(self, rules: Rules) -> None:
        """Raise GroupUnnamed, EmailRefused, or Invalid for what has no room in the table, the first that applies."""
        if not self.name.strip() or not self.email.strip():
            raise GroupUnnamed
        check(self.email, rules)
        if len(self.name) > LONGEST_NAME or len(self.name.casefold().encode()) > LONGEST_NAME * 3:
            raise Invalid(f"Group name must not exceed {LONGEST_NAME} characters")
        if len(self.description or "") > LONGEST_DESCRIPTION:
            raise Invalid(f"Group description must not exceed {LONGEST_DESCRIPTION} characters")
        if len({*self.member_ids, *self.admin_ids}) > MOST_MEMBERS:
            raise Invalid(f"Group must not have more than {MOST_MEMBERS} members")

    def create(self, group_id: str, creator: str, now: datetime) -> Group:
        """Return the new group. Its creator is a member and an admin, the last of both unless named before."""
        return _peopled(Group(group_id, self.name, self.email, now, self.description), self, creator)

    def update(self, old: Group, moment: datetime) -> Group:
        """Return the group in place of `old`. What is not wanted is gone. Raise GroupWithoutMembers."""
        if not self.admin_ids:
            raise GroupWithoutMembers
        named = replace(old, name=self.name, email=self.email, description=self.description)
        return replace(_peopled(named, self), changed=moment)


def _peopled(group: Group, wanted: Wanted, *creator: str) -> Group:
    """Return the group with members and admins in the order of the contract."""
    return replace(
        group,
        member_ids=tuple(dict.fromkeys([*wanted.member_ids, *wanted.admin_ids, *creator])),
        admin_ids=tuple(dict.fromkeys([*wanted.admin_ids, *creator])),
    )


class ChangeType(StrEnum):
    """What was done to a group, in VinylDNS's words."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"


@dataclass(frozen=True, slots=True)
class GroupChange:
    """A change of a group. `new` is the group afterwards, of a deletion as it was last. Only an update has `old`."""

    id: str
    type: ChangeType
    user_id: str
    created: datetime
    new: Group
    old: Group | None = None

    def moves(self) -> dict[str, tuple[str, ...]]:
        """Return who was added and removed, by the sentence that tells it. Empty lists are left out."""
        old = self.old
        if old is None:
            return {}
        lists = (("admin", old.admin_ids, self.new.admin_ids), ("member", old.member_ids, self.new.member_ids))
        found = {
            f"Group {what}/s with user name/s {{}} {verb}.": _without(some, others)
            for what, before, after in lists
            for verb, some, others in (("added", after, before), ("removed", before, after))
        }
        return {sentence: ids for sentence, ids in found.items() if ids}

    def concerns(self) -> frozenset[str]:
        """Return the ids of the users whose names the change tells: who made it, and who was added and removed."""
        return frozenset({self.user_id}.union(*self.moves().values()))

    def message(self, user_names: Mapping[str, str]) -> str:
        """Return what the change did, in VinylDNS's sentences. `user_names` are by id."""
        return " ".join(self._sentences(lambda user_id: user_names.get(user_id, UNKNOWN_USER)))

    def _sentences(self, named: Callable[[str], str]) -> Iterable[str]:
        old = self.old
        if old is None:
            yield f"Group {self.type}d."
            return
        for field in ("name", "email", "description"):
            after = getattr(self.new, field)
            if after != getattr(old, field):
                yield f"Group {field} changed to '{after or ''}'."
        for sentence, ids in self.moves().items():
            yield sentence.format(",".join(f"'{named(user_id)}'" for user_id in ids))


def _without(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of `some` that are not among `others`, in their order."""
    known = frozenset(others)
    return tuple(each for each in some if each not in known)
