"""Who calls: a user, the owner groups it may act for, and the group it acts for now."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated user; `group_id` is the owner group (Designate: project) it acts for, if that is known."""

    user_id: str
    user_name: str
    group_ids: frozenset[str] = frozenset()
    group_id: str | None = None
    is_super: bool = False
    is_support: bool = False

    def administers(self, group_id: str) -> bool:
        """Whether this caller may change what `group_id` owns."""
        return self.is_super or group_id in self.group_ids

    def sees(self, group_id: str) -> bool:
        """Whether this caller may read what `group_id` owns."""
        return self.is_support or self.administers(group_id)
