"""Batch changes: show, list, reject and cancel them (contract `vinyldns-writes.md`, section 15)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from zonewright.errors import BatchForbidden, BatchNotFound, BatchNotPending
from zonewright.model.batches.batch import Approval, Batch
from zonewright.model.ids import is_id
from zonewright.model.users import Caller
from zonewright.service import Service
from zonewright.store import batches as store
from zonewright.store.batches import Listed

_REST_OF_SECOND = timedelta(microseconds=999_999)


@dataclass(frozen=True, slots=True)
class Page:
    """Which batches to list: `limit` behind the first `start` that pass the filters.

    `since` and `until` are whole seconds, and both are included.
    """

    start: int = 0
    limit: int = 100
    everybody: bool = False
    approval: Approval | None = None
    user_name: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def takes(self, listed: Listed) -> bool:
        """Return whether a batch passes the filters."""
        batch = listed.batch
        approved = self.approval is None or batch.approval is self.approval
        return approved and (self.user_name is None or batch.user_name == self.user_name)


def get(service: Service, batch_id: str, *, caller: Caller) -> Batch:
    """Return a batch, to its creator and to super and support users. Raise BatchNotFound or BatchForbidden."""
    batch = _found(service, batch_id)
    if batch.user_id != caller.user_id and not _is_admin(caller):
        raise BatchForbidden(batch=batch_id)
    return batch


def listing(service: Service, page: Page, *, caller: Caller) -> tuple[list[Listed], int | None]:
    """Return a page of batches, newest first, and the start of the next one if there are more.

    Those of others too only if `everybody` is asked for by a super or support user.
    """
    whose = None if page.everybody and _is_admin(caller) else caller.user_id
    end = page.until + _REST_OF_SECOND if page.until else None
    found = filter(page.takes, store.listing(service.table, whose, start=page.since, end=end))
    some = list(islice(found, page.start, page.start + page.limit + 1))
    more = len(some) > page.limit
    return some[: page.limit], page.start + page.limit if more else None


def reject(service: Service, batch_id: str, comment: str | None, *, caller: Caller) -> Batch:
    """Reject a batch that waits for a review, and return it. Raise BatchNotFound, BatchForbidden or BatchNotPending."""
    batch = _found(service, batch_id)
    if not _is_admin(caller):
        raise BatchForbidden(batch=batch_id)
    return _decided(
        service,
        batch,
        lambda now: replace(
            batch,
            approval=Approval.MANUALLY_REJECTED,
            reviewer_id=caller.user_id,
            review_comment=comment,
            reviewed=now,
        ),
    )


def cancel(service: Service, batch_id: str, *, caller: Caller) -> Batch:
    """Cancel one's own batch that waits for a review, and return it.

    Raise BatchNotFound, BatchNotPending, or BatchForbidden, for super users too.
    """
    batch = _found(service, batch_id)
    _check_pending(batch)
    if batch.user_id != caller.user_id:
        raise BatchForbidden(batch=batch_id)
    return _decided(service, batch, lambda now: replace(batch, approval=Approval.CANCELLED, cancelled=now))


def _decided(service: Service, batch: Batch, decide: Callable[[datetime], Batch]) -> Batch:
    """Store the decision about a batch that waits, and return the batch as it is read then."""
    _check_pending(batch)
    store.decide(service.table, decide(service.now()))
    return _found(service, batch.id)


def _check_pending(batch: Batch) -> None:
    if batch.approval is not Approval.PENDING_REVIEW:
        raise BatchNotPending(batch=batch.id)


def _found(service: Service, batch_id: str) -> Batch:
    batch = store.get(service.table, batch_id) if is_id(batch_id) else None
    if batch is None:
        raise BatchNotFound(batch=batch_id)
    return batch


def _is_admin(caller: Caller) -> bool:
    return caller.is_super or caller.is_support
