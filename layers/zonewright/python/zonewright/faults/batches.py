"""Errors about batch changes (contract `vinyldns-writes.md`, sections 11 to 15)."""

from zonewright.faults.callers import NotAuthorized
from zonewright.faults.invalid import Invalid
from zonewright.faults.missing import NotFound


class BatchRefused(Invalid):
    """The whole batch change is refused, for a reason that is not that of one change."""


class BatchNotPending(Invalid):
    """The batch change does not wait for a review."""

    batch: str


class BatchNotFound(NotFound):
    """There is no such batch change."""

    batch: str


class BatchForbidden(NotAuthorized):
    """The batch change is somebody else's."""

    batch: str
