"""NOTIFY (RFC 1996) to name servers that no target tells: all at the same time, each until it answers.

A NOTIFY is a hint. A name server that does not hear it asks its own primary when its refresh is over, so no failure
here is one of the delivery. Contract backends.md, section 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import dns.rcode

from zonewright.errors import DeliveryError
from zonewright.protocol import notify
from zonewright.servers import datagram
from zonewright.servers.updating import Target

WAITS = (1.0, 2.0, 4.0, 2.0)
"""Seconds for an answer after each sending: a NOTIFY is sent again after 1, 2 and 4 s."""


@dataclass(frozen=True, slots=True)
class Told:
    """A name server that was told, and its answer: a code, or the error for none."""

    target: Target
    code: dns.rcode.Rcode | None = None
    error: DeliveryError | None = None

    @property
    def taken(self) -> bool:
        """Return whether the name server will look at its primary."""
        return self.code == dns.rcode.NOERROR

    def said(self) -> str:
        """Return a text for logs."""
        if self.error:
            return f"{self.target.server}: {self.error.message}"
        assert self.code is not None
        return f"{self.target.server} answered {dns.rcode.to_text(self.code)}"


def tell(targets: Sequence[Target], soa: str, waits: Sequence[float] = WAITS) -> list[Told]:
    """Tell name servers of the SOA of a line, whose TTL is not None. Return what each answered, in their order."""

    def attempt(target: Target) -> Told:
        try:
            return Told(target, datagram.ask(target, notify.message(target.origin, soa), waits).code)
        except DeliveryError as error:
            return Told(target, error=error)

    return datagram.at_once(attempt, targets)
