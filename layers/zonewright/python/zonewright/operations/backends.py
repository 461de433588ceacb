"""The operator's commands for backends: the name servers that take updates of copied zones."""

import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

from zonewright import clock
from zonewright.actions import connections
from zonewright.actions.edit import NOBODY
from zonewright.errors import BackendNotFound, Invalid, InvalidConnection
from zonewright.model.connection import Asked, Backend, Connection, Connections, Usage, owner_of
from zonewright.operations.naming import zone_of
from zonewright.protocol.tsig import check_secret
from zonewright.service import Service
from zonewright.store import backends as store

Document = dict[str, Any]

ALGORITHM = "hmac-sha256"
"""The algorithm of a key, if the command does not say."""


def put(service: Service, options: Namespace) -> Document:
    """Create a backend, or change the one of this id. Without a key file its connections keep their keys.

    Raise Invalid for options that do not fit together, and what `_connection` and `store.put` raise.
    """
    old = next((each for each in store.listing(service.table) if each.id == options.id), None)
    if [options.key_file, options.transfer_key_file].count("-") > 1:
        raise Invalid("standard input has one key: name a file for the other one")
    former = old.connections if old else None
    connection = _connection(service, options, "", former.connection if former else None)
    transfers = None
    if options.transfer_server:
        before = former.transfer_connection if former else None
        transfers = _connection(service, options, "transfer_", before)
    elif options.transfer_key_name or options.transfer_key_file or options.transfer_algorithm:
        raise Invalid("--transfer-key-name, --transfer-key-file and --transfer-algorithm need --transfer-server")
    found = Connections(connection, transfers, Usage(options.usage))
    default = options.default or bool(old and old.default)
    new = replace(old, connections=found, default=default) if old else Backend(options.id, found, default)
    return _document(service, store.put(service.table, new, old, service.now()))


def listing(service: Service) -> list[Document]:
    """Return all backends, without keys, with the number of their zones."""
    return [_document(service, each) for each in store.listing(service.table)]


def delete(service: Service, backend_id: str) -> Document:
    """Delete a backend that no zone has. Raise BackendNotFound, BackendInUse or BackendChanged."""
    found = next((each for each in store.listing(service.table) if each.id == backend_id), None)
    if found is None:
        raise BackendNotFound(backend=backend_id)
    store.delete(service.table, found)
    return {"id": backend_id}


def assign(service: Service, name: str, backend_id: str | None) -> Document:
    """Give a zone that is a copy already another backend, or none. Raise ZoneNotFound, and as `connections.assign`."""
    zone = connections.assign(service, zone_of(service, name), backend_id, caller=NOBODY)
    return {"id": zone.id, "name": zone.name, "backend": backend_id, "primaries": list(map(str, zone.primaries))}


def _connection(service: Service, options: Namespace, prefix: str, former: Connection | None) -> Connection:
    """Return the connection that the options of a prefix give, with the key of the former one if they give none.

    Raise Invalid, or InvalidConnection for a server, a name or a key that cannot be used.
    """
    found = {name: getattr(options, prefix + name) for name in ("server", "key_name", "key_file", "algorithm")}
    if not found["key_name"] and not former:
        raise Invalid(f"--{prefix.replace('_', '-')}key-name is missing")
    asked = Asked(
        name=options.id,
        key_name=found["key_name"] or (former.key_name if former else ""),
        algorithm=found["algorithm"] or (former.algorithm if former else ALGORITHM),
        key=_key(found["key_file"]) if found["key_file"] else former.stand_in if former else "",
        server=found["server"],
    )
    if not asked.key:
        raise Invalid(f"--{prefix.replace('_', '-')}key-file is missing: a file with the key in base64, or - for stdin")
    return connections.sealed(service, asked, owner_of(options.id), [former])


def _key(file: str) -> str:
    """Return the key in a file, or from standard input for `-`. Raise InvalidConnection."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="ascii")
        return check_secret(text.strip())
    except (OSError, ValueError) as error:
        raise InvalidConnection(f"{file} has no key: {error}") from error


def _document(service: Service, backend: Backend) -> Document:
    found = backend.connections
    transfers = {"transferConnection": _shown(found.transfer_connection)} if found.transfer_connection else {}
    return {
        "id": backend.id,
        "default": backend.default,
        "usage": str(found.usage),
        "connection": _shown(found.connection),
        **transfers,
        "zones": store.count(service.table, backend),
        "created": clock.to_text(backend.created) if backend.created else None,
        "updated": clock.to_text(backend.updated) if backend.updated else None,
    }


def _shown(connection: Connection) -> Document:
    return {"server": connection.server, "keyName": connection.key_name, "algorithm": connection.algorithm}
