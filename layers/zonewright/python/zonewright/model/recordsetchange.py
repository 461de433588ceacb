"""Changes of record sets, as VinylDNS has them: one of a record set, with its state before and after.

Zones have changes of their own, each of some record sets. So the id of a change of a record set is that of the zone's
change if this was asked for by the id, and made of both otherwise.
"""

import uuid
from dataclasses import dataclass

from zonewright.model import diff
from zonewright.model.change import Change
from zonewright.model.diff import Move
from zonewright.model.ids import moment_of
from zonewright.model.zone import Zone
from zonewright.protocol import rrset
from zonewright.protocol.types import SOA

_CHANGES = uuid.UUID("6f1f3a0e-8a57-5c0d-9f0c-0b8f6f3f6a52")
"""Name space of the ids that are made (RFC 9562 section 5.5)."""

_SOA = f"{rrset.TAB}{SOA}{rrset.TAB}"


@dataclass(frozen=True, slots=True)
class RecordSetChange:
    """A change of one record set: the zone's change that it is a part of, and its move."""

    zone: Zone
    change: Change
    move: Move


def id_of(change: Change, move: Move) -> str:
    """Return the id of the change of a record set.

    A change with a timed id (`ids.timed`) was asked for one record set, or for several at once. The SOA of a zone kept
    here moves with each.
    """
    asked = moment_of(change.id) is not None and move.place != _SOA
    if asked and len(diff.read(change.moved)) <= 1:
        return change.id
    return made_id(change, move.place)


def made_id(change: Change, place: str) -> str:
    """Return the id that is made of a zone's change and a place."""
    return str(uuid.uuid5(_CHANGES, f"{change.id} {place}"))
