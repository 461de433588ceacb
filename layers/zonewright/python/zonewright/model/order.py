"""Order of a sync: the input of its execution. Options: how a caller wants it done."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from zonewright.model import formats

MODES = ("axfr", "ixfr", "auto")
"""Transfer and compare the whole zone; transfer the differences (RFC 1995); the second if possible, else the first."""


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """How to sync. `mode` is one of `MODES`. `force` ignores the guards on percentages.

    `dry_run` only reports what a sync would change. `seen` is the serial of the primary that makes a schedule sync.
    """

    mode: str = "axfr"
    force: bool = False
    dry_run: bool = False
    seen: int | None = None


COMPARE = SyncOptions()
"""Transfer and compare the whole zone."""

INCREMENTAL = SyncOptions("auto")
"""Transfer the differences, if the primary offers them."""


@dataclass(frozen=True, slots=True)
class Order:
    """Input of an execution: the zone, the sync, when it began (ISO 8601), and its trigger (`TRIGGERS`).

    `mode`, `force` and `seen` are as in `SyncOptions`. A dry run has its own id in `sync_id` and holds no zone.
    `correlation` is the correlation id of the request or event that began it, for the log.
    """

    zone_id: str
    sync_id: str
    created: str
    trigger: str = "request"
    mode: str = "axfr"
    force: bool = False
    dry_run: bool = False
    seen: int | None = None
    correlation: str | None = None

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Order":
        """Return the order of its stored fields. Raise ZoneBusy for a field that only a newer release knows."""
        unknown = stored.keys() - {each.name for each in fields(cls)}
        if unknown:
            raise formats.newer(f"an order has the field {min(unknown)}")
        return cls(**stored)
