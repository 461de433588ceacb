"""Why a batch change is not taken (contract `vinyldns-writes.md`, sections 11 and 13)."""

from zonewright.faults.invalid import Invalid


class BatchRefused(Invalid):
    """The whole batch change is refused, for a reason that is not that of one change."""
