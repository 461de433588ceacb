"""Callers: users, and the groups that own zones."""

from dataclasses import dataclass, replace
from datetime import datetime

from zonewright import clock
from zonewright.model.tokens import Token


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated user.

    `group_ids` are the owner groups it may act for. `group_id` is the group (Designate: project) it acts for, None if
    that is not decided. A caller of `is_test` is for tests of VinylDNS's clients, and confined to test zones there.
    `token` is what it came with, None if it signed its request.
    """

    user_id: str
    user_name: str
    group_ids: frozenset[str] = frozenset()
    group_id: str | None = None
    is_super: bool = False
    is_support: bool = False
    is_test: bool = False
    token: Token | None = None

    @property
    def is_system_admin(self) -> bool:
        """Whether the caller is what VinylDNS calls a system administrator: a super user or a support user."""
        return self.is_super or self.is_support

    @property
    def until(self) -> datetime | None:
        """When the token of the caller ends. None without an end."""
        return self.token.expires if self.token else None

    def administers(self, group_id: str) -> bool:
        """Return whether the caller may change the zones of a group."""
        return self.is_super or group_id in self.group_ids

    def sees(self, group_id: str) -> bool:
        """Return whether the caller may read the zones of a group."""
        return self.is_support or self.administers(group_id)


@dataclass(frozen=True, slots=True)
class OldKey:
    """The access key that a user had before, with its sealed secret. It is valid until `ends`."""

    access_key: str
    secret: bytes
    ends: datetime


@dataclass(frozen=True, slots=True)
class User:
    """One user. `secret` signs its requests, and is encrypted by the vault for its `id`."""

    id: str
    name: str
    access_key: str
    secret: bytes
    created: datetime
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    is_super: bool = False
    is_support: bool = False
    is_test: bool = False
    locked: bool = False
    group_ids: tuple[str, ...] = ()
    old_key: OldKey | None = None

    def keys(self, now: datetime) -> dict[str, bytes]:
        """Return the sealed secret of each valid access key, the newest first."""
        old = {self.old_key.access_key: self.old_key.secret} if self.old_key and now < self.old_key.ends else {}
        return {self.access_key: self.secret} | old

    def caller(self) -> Caller:
        """Return the user as a caller with its own access key. It may act for any of its groups."""
        only = self.group_ids[0] if len(self.group_ids) == 1 else None
        return self._caller(frozenset(self.group_ids), only)

    def caller_for(self, group_id: str) -> Caller:
        """Return the user as a caller with a token. It may act for this group only."""
        return self._caller(frozenset({group_id}), group_id)

    def caller_with(self, token: Token) -> Caller:
        """Return the user as a caller with a token, and with no more rights than the token has.

        Without a group, a token has those of its user if it is of the system, and none if it is not.
        """
        if token.group_id is not None:
            return replace(self.caller_for(token.group_id), token=token)
        if token.system:
            return replace(self.caller(), token=token)
        return Caller(self.id, self.name, token=token)

    def _caller(self, group_ids: frozenset[str], group_id: str | None) -> Caller:
        return Caller(self.id, self.name, group_ids, group_id, self.is_super, self.is_support, self.is_test)


@dataclass(frozen=True, slots=True)
class Group:
    """An owner of zones: VinylDNS's admin group, Designate's project. Every admin is also a member.

    `revision` counts its writes, and `changed` is the time of the last change. A group is not `settled` if its members
    changed in several transactions, of which not all were done.
    """

    id: str
    name: str
    email: str
    created: datetime
    description: str | None = None
    member_ids: tuple[str, ...] = ()
    admin_ids: tuple[str, ...] = ()
    revision: int = 0
    changed: datetime | None = None
    settled: bool = True

    def moment(self, now: datetime) -> datetime:
        """Return the time of a change: `now`, or just after the last change if that is later."""
        return clock.after(self.changed or self.created, now)
