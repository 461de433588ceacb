"""Connections and backends: the primary of a copied zone that takes updates, and the keys of both exchanges with it.

A zone has a connection of its own, or the operator's backend that `backend_id` names, or the default backend
(VinylDNS's law, contract backends.md, section 2). Updates go to the connection. Transfers come from the transfer
connection, or else from the connection too.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from zonewright.errors import InvalidConnection
from zonewright.model.zone import Primary
from zonewright.protocol import names
from zonewright.protocol.tsig import check_secret

DEFAULT = ""
"""The `backend_id` of a zone that has the default backend, whichever that is."""

STAND_IN = "ENC:"
"""The prefix of the text that is shown instead of a key, as VinylDNS has it."""


class Usage(StrEnum):
    """Which exchanges with a backend are signed by TSIG: updates, transfers, both, or none."""

    ALWAYS = "always"
    UPDATE = "update"
    TRANSFER = "transfer"
    NEVER = "never"

    @property
    def signs_updates(self) -> bool:
        """Return whether updates are signed."""
        return self in (Usage.ALWAYS, Usage.UPDATE)

    @property
    def signs_transfers(self) -> bool:
        """Return whether transfers are signed."""
        return self in (Usage.ALWAYS, Usage.TRANSFER)


@dataclass(frozen=True, slots=True)
class Connection:
    """A primary, and the TSIG key for it. `server` is `host` or `host:port`, as the caller wrote it.

    `algorithm` is one of `tsig.ALGORITHMS`. `secret` is the base64 text of the key, sealed by the vault for `owner`
    with the purpose TSIG.
    """

    name: str
    key_name: str
    algorithm: str
    secret: bytes = field(repr=False)
    owner: str
    server: str

    @property
    def primary(self) -> Primary:
        """Return the primary."""
        return Primary.stored(self.server)

    @property
    def stand_in(self) -> str:
        """Return the text that is shown instead of the key. It tells the key from every other, and nothing of it."""
        return STAND_IN + base64.b64encode(hashlib.sha256(self.secret).digest()).decode()


@dataclass(frozen=True, slots=True)
class Asked:
    """A connection as a caller sends it. `key` is base64 text in clear, or the stand-in of a stored key."""

    name: str
    key_name: str
    algorithm: str
    key: str = field(repr=False)
    server: str

    def check(self) -> None:
        """Raise InvalidConnection for a server or a key that cannot be used."""
        try:
            primary = Primary.parse(self.server)
            names.absolute(names.fold(self.key_name))
            if not self.key.startswith(STAND_IN):
                check_secret(self.key)
        except ValueError as error:
            raise InvalidConnection(f"Invalid connection {self.name}: {error}") from error
        if primary.never:
            raise InvalidConnection(f"Invalid connection {self.name}: no primary may have the address {primary.host}")

    def with_secret(self, secret: bytes, owner: str) -> Connection:
        """Return the connection with its key as it is sealed for `owner`."""
        return Connection(self.name, self.key_name, self.algorithm, secret, owner, self.server)


@dataclass(frozen=True, slots=True)
class Exchange:
    """The primary of one exchange, and the connection whose key signs it, or None if it goes unsigned."""

    primary: Primary
    signer: Connection | None


@dataclass(frozen=True, slots=True)
class Connections:
    """The connection of a zone, and the one for its transfers, with the exchanges that are signed."""

    connection: Connection
    transfer_connection: Connection | None = None
    usage: Usage = Usage.ALWAYS

    @property
    def updates(self) -> Exchange:
        """Return where updates go."""
        return Exchange(self.connection.primary, self.connection if self.usage.signs_updates else None)

    @property
    def transfers(self) -> Exchange:
        """Return where transfers come from."""
        found = self.transfer_connection or self.connection
        return Exchange(found.primary, found if self.usage.signs_transfers else None)


@dataclass(frozen=True, slots=True)
class Backend:
    """The operator's connections for the zones that name it. `default` is for those that name none.

    `revision` counts the stored changes.
    """

    id: str
    connections: Connections
    default: bool = False
    created: datetime | None = None
    updated: datetime | None = None
    revision: int = 0


def owner_of(backend_id: str) -> str:
    """Return whom the keys of a backend are sealed for. Those of a zone are sealed for the zone's id."""
    return f"backend#{backend_id}"
