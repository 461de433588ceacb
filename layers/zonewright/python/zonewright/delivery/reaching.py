"""Name servers as this service reaches them to write, to ask and to tell: address, TSIG key, and limits."""

from zonewright.errors import BackendMissing, KeyMissing
from zonewright.model.pool import Rfc2136, Server
from zonewright.model.zone import Primary, Zone
from zonewright.protocol import names
from zonewright.protocol.tsig import Key
from zonewright.servers.connection import Reach
from zonewright.servers.signing import opened
from zonewright.servers.updating import Target
from zonewright.service import Service
from zonewright.store import authorities, backends, tsigkeys
from zonewright.store.vault import Purpose

CONNECT = 5
"""Seconds to wait for a connection."""

ANSWER = 30
"""Seconds to wait for the answer to a message."""


def target(service: Service, zone: Zone, server: Rfc2136 | Server, key_id: str | None) -> Target:
    """Return a name server of a pool, for a zone. Raise KeyMissing: nothing goes unsigned that was to be signed."""
    tls = isinstance(server, Rfc2136) and server.tls
    key = _key(service, key_id) if key_id else None
    return _target(service, zone, Primary(server.host, server.port, tls), key)


def primary(service: Service, zone: Zone) -> Target:
    """Return the name server that takes updates of a copied zone, by its connection or its backend (`connection.py`).

    Raise BackendMissing.
    """
    connections = backends.of_zone(service.table, zone)
    if connections is None:
        raise BackendMissing(_no_backend(zone))
    updates = connections.updates
    key = opened(service.vault, updates.signer) if updates.signer else None
    return _target(service, zone, updates.primary, key)


def _no_backend(zone: Zone) -> str:
    if zone.backend_id:
        return f"its backend {zone.backend_id} was deleted; give the zone another one, or a connection"
    what = "there is no default backend" if zone.updatable else "it has no connection, and no backend"
    return f"{what}: no name server is known that takes updates of {zone.name}"


def reach(service: Service, *, tls: bool, seconds: float = ANSWER) -> Reach:
    """Return the limits of connections to name servers that answer a message within `seconds`."""
    settings = service.settings
    return Reach(
        networks=settings.transfer_networks,
        ports=settings.transfer_ports,
        first=seconds,
        idle=seconds,
        total=seconds + CONNECT,
        rate=settings.least_rate,
        octets=1 << 20,
        certificates=authorities.get(service.table) if tls else "",
        connect=CONNECT,
    )


def _target(service: Service, zone: Zone, server: Primary, key: Key | None) -> Target:
    return Target(names.absolute(zone.name), server, key, reach(service, tls=server.tls))


def _key(service: Service, key_id: str) -> Key:
    """Return a TSIG key of the pool in clear. Raise KeyMissing."""
    found = tsigkeys.get(service.table, key_id)
    if found is None:
        raise KeyMissing(f"its TSIG key {key_id} was deleted; name another one in the pool, and apply it")
    return Key(found.name, found.algorithm, service.vault.open(found.secret, found.id, Purpose.TSIG), found.id)
