"""Primaries on loopback: real name servers, one of our own, and one that misbehaves.

    Bind, Nsd, Knot   the system's programs, with a configuration of ours in a temporary directory
    PowerDNS          the same over SQLite; not one of REAL, for it is here to be updated (RFC 2136)
    Small             queries, AXFR, IXFR and updates in Python; used where none of the above is installed
    Hostile           Small, with answers that a script alters (`hostile.py`)
    Proxy             a way to any of them on which updates meet with mishaps (`proxy.py`)

All but Proxy are context managers with the same constructor, `host`, `port` and `reload`:

    with Bind({"example.org.": text}, keys=[key], require_key={"example.org.": key.name}) as server:
        ...
        server.reload("example.org.", newer_text)

A zone without a key in `require_key` may be transferred by anybody, unsigned or signed by a known key.
All bind to 127.0.0.1, on a free port. With `six`, BIND also binds to ::1.
"""

from primaries.bind import Bind
from primaries.hostile import Hostile
from primaries.knot import Knot
from primaries.nsd import Nsd
from primaries.powerdns import PowerDNS
from primaries.proxy import Proxy
from primaries.server import (
    ALGORITHMS,
    HOST_6,
    Key,
    NameServer,
    Program,
    missing,
    program,
    require,
    require_dig,
    require_signing,
    require_six,
)
from primaries.small import Query, Small

REAL: tuple[type[Program], ...] = (Bind, Nsd, Knot)
UPDATED: tuple[type[Program], ...] = (Bind, Knot, PowerDNS)
"""Those that take dynamic updates. NSD does not."""

__all__ = [
    "ALGORITHMS",
    "HOST_6",
    "REAL",
    "UPDATED",
    "Bind",
    "Hostile",
    "Key",
    "Knot",
    "NameServer",
    "Nsd",
    "PowerDNS",
    "Program",
    "Proxy",
    "Query",
    "Small",
    "missing",
    "program",
    "require",
    "require_dig",
    "require_signing",
    "require_six",
]
