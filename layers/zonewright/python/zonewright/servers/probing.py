"""A look at a zone before it is connected: whether it is served and may be copied there, and which its servers are.

Three questions over TCP, each signed as syncs and updates will be. The transfer is only begun. Contract `vinyldns.md`,
section 4.1, reads the zone as a whole, which a zone of millions of records does not survive in the time of a request.
"""

from contextlib import closing
from dataclasses import dataclass

import dns.name

from zonewright.errors import TransferCut
from zonewright.model.connection import Connections
from zonewright.model.connection import Exchange as Way
from zonewright.protocol import names, rrset, types
from zonewright.protocol.transfer import Exchange, Transfer
from zonewright.protocol.tsig import Key
from zonewright.protocol.wire import Parser
from zonewright.servers import connection
from zonewright.servers.connection import Reach
from zonewright.servers.signing import opened
from zonewright.store.vault import Vault

SECONDS = 4
"""Seconds of the answer to each of the three questions. A request has 29 s for all it does."""

_APEX_NS = f"\t{types.NS}\t"
"""Start of the line of an apex NS."""


@dataclass(frozen=True, slots=True)
class Probe:
    """The questions about one zone, by its absolute `name`."""

    vault: Vault
    name: str
    connections: Connections
    reach: Reach

    def check_served(self) -> None:
        """Ask for the SOA where updates go. Raise a TransferError."""
        way = self.connections.updates
        connection.soa(self._zone, way.primary, self._key(way), self.reach)

    def check_transfer(self) -> None:
        """Begin a transfer. Raise a TransferError if the primary does not allow it."""
        way = self.connections.transfers
        machine = Transfer(self._zone, self._key(way))
        with closing(connection.transfer(machine, way.primary, self.reach)) as messages:
            while machine.soa is None:
                if next(messages, None) is None:
                    raise TransferCut("the transfer ended before its SOA")

    def name_servers(self) -> list[str]:
        """Return the targets of the apex NS, absolute, in the order of the answer. Raise a TransferError."""
        way = self.connections.transfers
        message, _ = connection.answer(Exchange(self._zone, types.NS, self._key(way)), way.primary, self.reach)
        lines = [line for line in Parser(self._zone).message(message) if line.startswith(_APEX_NS)]
        return [text for line in lines for text in rrset.from_line(line).texts()]

    @property
    def _zone(self) -> dns.name.Name:
        return names.absolute(self.name)

    def _key(self, way: Way) -> Key | None:
        return opened(self.vault, way.signer) if way.signer else None
