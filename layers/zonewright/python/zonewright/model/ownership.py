"""Transfer of a record set to another owner group (contract `vinyldns-writes.md`, section 7).

    None ──request──▶ AutoApproved             a set without owner: at once
      └────request──▶ PendingReview ──▶ ManuallyApproved, ManuallyRejected, Cancelled

A member of the group that asks requests and cancels, a member of the group that owns approves and rejects.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from zonewright.errors import (
    OwnedAlready,
    OwnershipCancelForbidden,
    OwnershipCancelled,
    OwnershipForbidden,
    OwnershipNotPending,
    OwnershipRequestsOnly,
    OwnershipStatusRefused,
    OwnershipUnasked,
    OwnershipUnshared,
)
from zonewright.model.users import Caller
from zonewright.protocol.rrset import RRset


class Status(StrEnum):
    """The state of a transfer, in VinylDNS's words."""

    AUTO_APPROVED = "AutoApproved"
    CANCELLED = "Cancelled"
    MANUALLY_APPROVED = "ManuallyApproved"
    MANUALLY_REJECTED = "ManuallyRejected"
    REQUESTED = "Requested"
    PENDING_REVIEW = "PendingReview"
    NONE = "None"


REQUESTS = frozenset({Status.REQUESTED, Status.PENDING_REVIEW, Status.CANCELLED})
"""The statuses that the group sends that wants the record set."""

APPROVALS = frozenset({Status.MANUALLY_APPROVED, Status.AUTO_APPROVED, Status.MANUALLY_REJECTED})
"""The statuses that the group sends that has the record set."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer of a record set to the group that was asked for. `status` of a body may be any text."""

    status: str = Status.NONE
    group_id: str | None = None


LOADED = Transfer()
"""The transfer of a record set that came from DNS."""


def of(held: RRset) -> Transfer | None:
    """Return the transfer of a stored record set: None if one was never thought of, as by a POST without it."""
    if not held.notes_text:
        return LOADED
    kept = held.notes.transfer
    return Transfer(*kept) if kept else None


@dataclass(frozen=True, slots=True)
class Asked:
    """An update of a record set, as far as its owner is concerned.

    `stored` and `sent` are transfers, `owner` and `wanted` the groups that own it before and after by the body. `only`
    tells whether the body changes nothing else.
    """

    caller: Caller
    shared: bool
    stored: Transfer | None
    sent: Transfer | None
    owner: str | None
    wanted: str | None
    only: bool

    @property
    def ordinary(self) -> bool:
        """Return whether the update asks for no transfer."""
        return self.sent is None or self.sent.status == Status.NONE or self.sent == self.stored

    @property
    def by_stranger(self) -> bool:
        """Return whether it is a request of a caller that is not in the group that owns the record set."""
        return not self.ordinary and self.status in REQUESTS and not _in(self.caller, self.owner)

    @property
    def by_approver(self) -> bool:
        """Return whether it is what a group that owns the record set decides."""
        return not self.ordinary and self.status in APPROVALS

    @property
    def status(self) -> str:
        """Return the status that was sent."""
        return self.sent.status if self.sent else Status.NONE


@dataclass(frozen=True, slots=True)
class Outcome:
    """The owner and the transfer of a record set after an update."""

    owner: str | None
    transfer: Transfer | None


def decide(asked: Asked) -> Outcome:
    """Return the owner and the transfer after an update. Raise the error of the first rule that forbids it."""
    if asked.ordinary:
        return Outcome(asked.wanted, asked.stored)
    if asked.status not in set(Status):
        raise OwnershipStatusRefused(status=f'"{asked.status}"')
    if asked.by_stranger and not asked.only:
        raise OwnershipRequestsOnly
    was = asked.stored.status if asked.stored else None
    if was == Status.CANCELLED and not asked.caller.is_super and asked.status in APPROVALS:
        raise OwnershipCancelled
    if not asked.shared:
        if asked.stored is None:
            return Outcome(asked.wanted, None)
        if asked.status != was:
            raise OwnershipUnshared
        return Outcome(asked.wanted, asked.stored)
    if asked.status in APPROVALS:
        _check_approval(asked, was)
    return _OUTCOMES[asked.status](asked)


def _check_approval(asked: Asked, was: str | None) -> None:
    if was in (None, Status.NONE, Status.CANCELLED):
        raise OwnershipUnasked(status=asked.status)
    if not _in(asked.caller, asked.wanted):
        raise OwnershipForbidden(status=asked.status)


def _approve(asked: Asked) -> Outcome:
    group = _stored_group(asked)
    return Outcome(group, Transfer(Status.MANUALLY_APPROVED, group))


def _reject(asked: Asked) -> Outcome:
    return Outcome(asked.wanted, Transfer(Status.MANUALLY_REJECTED, _stored_group(asked)))


def _take(asked: Asked) -> Outcome:
    assert asked.sent is not None, "it was sent"
    _check_wanted(asked)
    return Outcome(asked.sent.group_id, asked.sent)


def _refuse_review(asked: Asked) -> Outcome:
    raise OwnershipStatusRefused(status=asked.status)


def _request(asked: Asked) -> Outcome:
    assert asked.sent is not None, "it was sent"
    _check_wanted(asked)
    if asked.owner is None:
        return Outcome(asked.sent.group_id, replace(asked.sent, status=Status.AUTO_APPROVED))
    return Outcome(asked.wanted, replace(asked.sent, status=Status.PENDING_REVIEW))


def _cancel(asked: Asked) -> Outcome:
    assert asked.sent is not None, "it was sent"
    if asked.stored is None or asked.stored.status != Status.PENDING_REVIEW:
        raise OwnershipNotPending(status=asked.stored.status if asked.stored else str(Status.NONE))
    if not _in(asked.caller, asked.sent.group_id):
        raise OwnershipCancelForbidden
    return Outcome(asked.wanted, Transfer(Status.CANCELLED, _stored_group(asked)))


def _check_wanted(asked: Asked) -> None:
    """Raise OwnedAlready for a transfer to the group that owns the record set."""
    assert asked.sent is not None, "it was sent"
    if asked.sent.group_id == asked.owner:
        raise OwnedAlready(group=asked.owner or "<none>")


def _stored_group(asked: Asked) -> str | None:
    return asked.stored.group_id if asked.stored else None


def _in(caller: Caller, group_id: str | None) -> bool:
    return caller.is_super or (group_id is not None and group_id in caller.group_ids)


_OUTCOMES: dict[str, Callable[[Asked], Outcome]] = {
    Status.MANUALLY_APPROVED: _approve,
    Status.MANUALLY_REJECTED: _reject,
    Status.AUTO_APPROVED: _take,
    Status.PENDING_REVIEW: _refuse_review,
    Status.REQUESTED: _request,
    Status.CANCELLED: _cancel,
}
