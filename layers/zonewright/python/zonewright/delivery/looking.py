"""Look at a zone before it is connected, for a function of the API, which opens no connection and reads no TSIG key.

found        the targets of the apex NS (`name_servers`)
unfound      the name server answers, and does not have the zone
unconnected  nothing answers as it should; `reason` says what
"""

from typing import Any

from zonewright.delivery import reaching
from zonewright.errors import TransferError, TransferRefused, TransferTimedOut, WrongZone
from zonewright.model.connection import Connections
from zonewright.servers.probing import SECONDS, Probe
from zonewright.service import Service

_NOT_SERVED = (TransferRefused, WrongZone)
"""Errors that say that a name server was reached, and does not have the zone."""

TIMED_OUT = "Transfer connection invalid"
"""VinylDNS's words for a primary that is too slow."""


def look(service: Service, name: str, connections: Connections) -> dict[str, Any]:
    """Return what the name servers of a zone say."""
    tls = connections.updates.primary.tls or connections.transfers.primary.tls
    probe = Probe(service.vault, name, connections, reaching.reach(service, tls=tls, seconds=SECONDS))
    try:
        try:
            probe.check_served()
        except _NOT_SERVED:
            return {"end": "unfound"}
        probe.check_transfer()
        return {"end": "found", "name_servers": probe.name_servers()}
    except TransferTimedOut:
        return {"end": "unconnected", "reason": TIMED_OUT}
    except TransferError as error:
        return {"end": "unconnected", "reason": error.message}
