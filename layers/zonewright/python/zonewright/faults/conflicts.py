"""Errors about the state of things: they exist already, or are held, changed or used by others."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from zonewright.faults.meaning import Refusal, RequestError


class Exists(RequestError):
    """The thing to create exists already."""


class ZoneExists(Exists):
    """The zone name is taken."""

    zone: str


class RecordSetExists(Exists):
    """The zone has an RRset of this owner and type."""

    name: str
    type: str
    zone: str


class ShareExists(Exists):
    """The zone is shared with this group."""

    zone: str
    group: str


class OfferExists(Exists):
    """The zone is offered."""

    zone: str


class TsigKeyExists(Exists):
    """The TSIG key's id is taken, or its name among the keys of its zone or of the pool."""

    key: str


class SyncRefused(RequestError):
    """The zone cannot be synced now."""


class SyncInProgress(SyncRefused):
    """A sync holds the zone."""


class DryRunInProgress(SyncRefused):
    """A dry run of the zone is running."""


class RecentlySynced(SyncRefused):
    """The last successful sync is younger than `delay`, the seconds between two syncs."""

    zone: str
    ended: datetime
    delay: int


class ZoneInactive(SyncRefused):
    """The zone is deleted."""


class NoPrimary(SyncRefused):
    """The zone has no server to transfer from."""


class NotSecondary(NoPrimary):
    """The contents of the zone are no copy."""


class ZoneBusy(RequestError):
    """Another writer holds the zone. A retry may succeed."""


class ZoneSyncing(ZoneBusy):
    """The zone is read-only while it syncs."""


class UpdatePending(ZoneBusy):
    """An update holds the zone."""


class ZoneChanged(ZoneBusy):
    """The zone changed since it was read."""


class RecordSetChanged(ZoneBusy):
    """Another writer changed the RRset since it was read."""


class RecordSetsDiffer(RecordSetChanged):
    """Record sets are not as the caller saw them. `conflicts` has a `model.moves.Conflict` for each."""

    conflicts: Sequence[Any] = ()


class MovesRefused(RequestError):
    """Some of the moves that belong together may not be made, so none was."""

    refusals: Sequence[Refusal] = ()


class TsigKeyChanged(RequestError):
    """The TSIG key, or the zone it signs for, changed since it was read."""


class PoolChanged(RequestError):
    """The pool, or a TSIG key that it names, changed since it was read."""

    pool: str


class PoolInUse(RequestError):
    """The pool has zones."""

    pool: str
    zones: int


class SettingsChanged(RequestError):
    """The settings in the table changed since they were read."""
