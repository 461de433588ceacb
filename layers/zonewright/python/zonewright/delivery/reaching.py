"""Name servers as this service reaches them to write, to ask and to tell: address, TSIG key, and limits."""

from zonewright.errors import KeyMissing
from zonewright.model.pool import Rfc2136, Server
from zonewright.model.zone import Primary, Zone
from zonewright.protocol import names
from zonewright.protocol.tsig import Key
from zonewright.servers.connection import Reach
from zonewright.servers.updating import Target
from zonewright.service import Service
from zonewright.store import authorities, tsigkeys
from zonewright.store.vault import Purpose

CONNECT = 5
"""Seconds to wait for a connection."""

ANSWER = 30
"""Seconds to wait for the answer to a message."""


def target(service: Service, zone: Zone, server: Rfc2136 | Server, key_id: str | None) -> Target:
    """Return a name server of a pool, for a zone. Raise KeyMissing: nothing goes unsigned that was to be signed."""
    tls = isinstance(server, Rfc2136) and server.tls
    settings = service.settings
    reach = Reach(
        networks=settings.transfer_networks,
        ports=settings.transfer_ports,
        first=ANSWER,
        idle=ANSWER,
        total=ANSWER + CONNECT,
        rate=settings.least_rate,
        octets=1 << 20,
        certificates=authorities.get(service.table) if tls else "",
        connect=CONNECT,
    )
    key = _key(service, key_id) if key_id else None
    return Target(names.absolute(zone.name), Primary(server.host, server.port, tls), key, reach)


def _key(service: Service, key_id: str) -> Key:
    """Return a TSIG key of the pool in clear. Raise KeyMissing."""
    found = tsigkeys.get(service.table, key_id)
    if found is None:
        raise KeyMissing(f"its TSIG key {key_id} was deleted; name another one in the pool, and apply it")
    return Key(found.name, found.algorithm, service.vault.open(found.secret, found.id, Purpose.TSIG), found.id)
