"""Order of a sync: the input of its execution. Options: how a caller wants it done."""

from dataclasses import dataclass

MODES = ("axfr", "ixfr", "auto")
"""Compare the whole zone; transfer what moved (RFC 1995); or the second where possible and the first otherwise."""


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """How to sync: by which of `MODES`, whether past the guards, and whether only to report what would change."""

    mode: str = "axfr"
    force: bool = False
    dry_run: bool = False


COMPARE = SyncOptions()
"""Transfer and compare the whole zone."""

INCREMENTAL = SyncOptions("auto")
"""Transfer what moved, if the primary offers it."""


@dataclass(frozen=True, slots=True)
class Order:
    """Input of an execution: the zone, the sync, when it began (ISO 8601), and its trigger (`TRIGGERS`).

    `mode` is one of `MODES`; `force` goes past the guards. A dry run has its own id in `sync_id` and holds no zone.
    """

    zone_id: str
    sync_id: str
    created: str
    trigger: str = "request"
    mode: str = "axfr"
    force: bool = False
    dry_run: bool = False
