"""The TSIG keys that sign the transfers of a zone: one for each of its primaries, or none."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from zonewright import clock
from zonewright.errors import TransferRefused
from zonewright.model.settings import Settings
from zonewright.model.zone import Primary, Zone
from zonewright.protocol.tsig import Key
from zonewright.store import tsigkeys
from zonewright.store.table import Table
from zonewright.store.tsigkeys import Chosen
from zonewright.store.vault import Purpose, Vault

_UNSIGNED = "the question was not signed, for the zone has no TSIG key, and no key of the pool is meant for it here"


@dataclass(frozen=True, slots=True)
class Signing:
    """The keys of one zone. A secret is decrypted when its key is used."""

    vault: Vault
    chosen: Chosen

    def key(self, primary: Primary) -> Key | None:
        """Return the key that signs at a primary, in clear; None if there is none."""
        found = self.chosen.keys.get(primary)
        if found is None:
            return None
        return Key(
            found.name, found.algorithm, self.vault.open(found.secret, found.id, Purpose.TSIG), self.signer(primary)
        )

    def signer(self, primary: Primary) -> str:
        """Return which key signs at a primary, as the source of a zone remembers it (`Source.signer`)."""
        found = self.chosen.keys.get(primary)
        return f"{found.id}#{found.edition}#{clock.to_text(found.created)}" if found else ""

    def for_zone(self, zone: Zone) -> Zone:
        """Return the zone as it is for these keys (`Zone.signed_by`)."""
        return zone.signed_by({str(primary): self.signer(primary) for primary in zone.primaries})

    @contextmanager
    def explaining(self, primary: Primary) -> Iterator[None]:
        """Add to the message of a TransferRefused that no key signed, if the pool has keys.

        The message is shown to the owner of the zone. It tells nothing of where the keys of the pool sign.
        """
        try:
            yield
        except TransferRefused as error:
            if primary in self.chosen.keys or not self.chosen.pooled:
                raise
            raise TransferRefused(f"{error.message}; {_UNSIGNED}") from error


def signing(table: Table, vault: Vault, settings: Settings, zone: Zone) -> Signing:
    """Return the keys that sign the transfers of a zone."""
    return Signing(vault, tsigkeys.for_zone(table, zone, settings.pool_id))
