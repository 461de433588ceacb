"""What a repair may overwrite at a target: contents that this service left there, within the guards of the zone.

The address of a target may be wrong, or come to be wrong: a host name gets another address, a server is taken over. So
a push that ended well once does not allow everything for ever. Contract backends.md, section 7.
"""

from collections.abc import Sequence

from zonewright.delivery.told import beyond, take_over
from zonewright.errors import TargetForeign
from zonewright.model.change import Counts
from zonewright.model.delivery import Standing
from zonewright.model.diff import Kind, Move
from zonewright.model.guards import Guards, OwnGuards
from zonewright.model.zone import Zone
from zonewright.protocol import rrset
from zonewright.service import Service

_NUMBERS = 20
"""Octets of an SOA behind its two names: serial and timers (RFC 1035 section 3.3.13)."""


def check(
    service: Service, zone: Zone, standing: Standing, foreign: Sequence[Move], *, known: bool, served: int
) -> None:
    """Raise TargetForeign if a repair may not do the moves `foreign`: those that delete or change what is there.

    `known` says whether what is there may be ours. `served` is the number of record sets there.
    """
    if not foreign or standing.allowed:
        return
    if not (standing.taken and known):
        raise TargetForeign(take_over(zone.name, foreign))
    settings = service.settings
    guards = Guards(0, settings.deleted_percent, settings.changed_percent).under(zone.guards or OwnGuards())
    deleted = sum(move.kind is Kind.DELETED for move in foreign)
    counts = Counts(0, len(foreign) - deleted, deleted, max(served - len(foreign), 0))
    excess = guards.excess(counts, "a repair")
    if excess:
        raise TargetForeign(beyond(zone.name, foreign, excess))


def same_owner(there: str, *ours: str | None) -> bool:
    """Return whether the SOA of the line `there` has the names of one of `ours`, the lines of those we left."""
    return _names(there) in {_names(line) for line in ours if line}


def _names(soa: str) -> bytes:
    """Return MNAME and RNAME of an SOA, in lower case. The byte of a label's length is never a letter."""
    return rrset.from_line(soa).rdatas[0][:-_NUMBERS].lower()
