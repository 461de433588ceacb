"""The primaries of a zone, and the TSIG keys that sign its transfers: one for each primary, or none.

A zone with a connection or a backend has one primary, and the key of that (`model/connection.py`). Other zones have
their masters, and TSIG keys of their own or of the pool (`model/tsigkey.py`).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from zonewright import clock
from zonewright.errors import TransferRefused
from zonewright.model.connection import Connection, Connections
from zonewright.model.settings import Settings
from zonewright.model.tsigkey import TsigKey
from zonewright.model.zone import Primary, Zone
from zonewright.protocol.tsig import Key
from zonewright.store import backends, tsigkeys
from zonewright.store.table import Table
from zonewright.store.vault import Purpose, Vault

_UNSIGNED = "the question was not signed, for the zone has no TSIG key, and no key of the pool is meant for it here"


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that signs, sealed for `owner`. `id` tells it from every other one, and from itself before a change."""

    name: str
    algorithm: str
    secret: bytes = field(repr=False)
    owner: str
    id: str

    def opened(self, vault: Vault) -> Key:
        """Return the key in clear."""
        return Key(self.name, self.algorithm, vault.open(self.secret, self.owner, Purpose.TSIG), self.id)


def opened(vault: Vault, connection: Connection) -> Key:
    """Return the key of a connection in clear."""
    return _of_connection(connection).opened(vault)


def _of_connection(connection: Connection) -> Signer:
    name, algorithm = connection.key_name, connection.algorithm
    return Signer(name, algorithm, connection.secret, connection.owner, connection.stand_in)


def _of_key(key: TsigKey) -> Signer:
    edition = f"{key.id}#{key.edition}#{clock.to_text(key.created)}"
    return Signer(key.name, key.algorithm, key.secret, key.id, edition)


@dataclass(frozen=True, slots=True)
class Signing:
    """The primaries of one zone, and its keys. A secret is decrypted when its key is used.

    `pooled` says that the pool has keys, which might have signed.
    """

    vault: Vault
    primaries: tuple[Primary, ...]
    signers: Mapping[Primary, Signer]
    pooled: bool = False

    def key(self, primary: Primary) -> Key | None:
        """Return the key that signs at a primary, in clear; None if there is none."""
        found = self.signers.get(primary)
        return found.opened(self.vault) if found else None

    def signer(self, primary: Primary) -> str:
        """Return which key signs at a primary, as the source of a zone remembers it (`Source.signer`)."""
        found = self.signers.get(primary)
        return found.id if found else ""

    def for_zone(self, zone: Zone) -> Zone:
        """Return the zone as it is for these primaries, and these keys (`Zone.signed_by`)."""
        here = replace(zone, primaries=self.primaries)
        return here.signed_by({str(primary): self.signer(primary) for primary in self.primaries})

    @contextmanager
    def explaining(self, primary: Primary) -> Iterator[None]:
        """Add to the message of a TransferRefused that no key signed, if the pool has keys.

        The message is shown to the owner of the zone. It tells nothing of where the keys of the pool sign.
        """
        try:
            yield
        except TransferRefused as error:
            if primary in self.signers or not self.pooled:
                raise
            raise TransferRefused(f"{error.message}; {_UNSIGNED}") from error


def signing(table: Table, vault: Vault, settings: Settings, zone: Zone) -> Signing:
    """Return the primaries of a zone, and the keys that sign its transfers.

    A zone whose backend was deleted keeps the primary that it had, unsigned.
    """
    connections = backends.of_zone(table, zone) if zone.updatable else None
    if connections:
        return of_connections(vault, connections)
    chosen = tsigkeys.for_zone(table, zone, settings.pool_id)
    signers = {primary: _of_key(key) for primary, key in chosen.keys.items()}
    return Signing(vault, zone.primaries, signers, chosen.pooled)


def of_connections(vault: Vault, connections: Connections) -> Signing:
    """Return the primary of transfers by connections, and its key."""
    there = connections.transfers
    return Signing(vault, (there.primary,), {there.primary: _of_connection(there.signer)} if there.signer else {})
