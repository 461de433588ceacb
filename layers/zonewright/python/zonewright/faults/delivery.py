"""Why a target does not have what is written here: `DeliveryError` and its kinds (the whole tree: `errors.py`).

Contract backends.md, section 7, tells delays from refusals.
"""

from collections.abc import Sequence

from zonewright.faults.meaning import ZonewrightError


class DeliveryError(ZonewrightError):
    """A target that zones are written to did not take an update. What is published here stays."""


class DeliveryDelayed(DeliveryError):
    """It passes by itself, so the same update is sent again."""


class ServerUnreachable(DeliveryDelayed):
    """The target accepts no connection, or its host name does not resolve."""


class ServerSilent(DeliveryDelayed):
    """No answer came that can be believed. The update may have been applied all the same."""


class ServerFailed(DeliveryDelayed):
    """The name server answered SERVFAIL, or AWS that it failed."""


class ClocksApart(DeliveryDelayed):
    """The name server's clock differs too much from ours (BADTIME)."""


class RequestsThrottled(DeliveryDelayed):
    """AWS has more requests of the account than it takes (Throttling)."""


class HostedZoneBusy(DeliveryDelayed):
    """Route 53 still works on another change of the hosted zone (PriorRequestNotComplete)."""


class VersionGone(DeliveryDelayed):
    """The version that is to be delivered is not stored any more. A newer one is, or will be."""


class DeliveryRefused(DeliveryError):
    """It stays so until somebody changes something, here or at the name server."""


class ServerForbidden(DeliveryRefused):
    """The address is outside the networks that this service may reach."""


class ServerUntrusted(DeliveryRefused):
    """No TLS session with the name server: its certificate or its protocol is not accepted."""


class UpdateForbidden(DeliveryRefused):
    """The policy of the name server does not allow the update (REFUSED)."""


class ZoneNotServed(DeliveryRefused):
    """The name server does not have the zone, or its policy does not allow the update (NOTAUTH, NOTZONE)."""


class UpdatesUnsupported(DeliveryRefused):
    """The name server takes no updates (NOTIMP)."""


class UpdateMisread(DeliveryRefused):
    """The name server found the update malformed (FORMERR), or answered with another code that is no delay."""


class KeyRefused(DeliveryRefused):
    """The name server does not know the TSIG key, or has another secret for it (BADKEY, BADSIG)."""


class KeyMissing(DeliveryRefused):
    """The TSIG key that the pool names for the name server was deleted."""


class BackendMissing(DeliveryRefused):
    """The zone has neither a connection nor a backend that takes updates."""


class UpdateTooLarge(DeliveryRefused):
    """What moves of one owner name does not fit in a message."""


class SerialTooNear(DeliveryRefused):
    """The serial is too near to the one that the name server has: each message needs a serial of its own.

    `least` is the lowest serial that is far enough.
    """

    def __init__(self, why: str, least: int) -> None:
        super().__init__(why)
        self.least = least


class DelegationDiffers(DeliveryRefused):
    """The NS of the zone are not the name servers that Route 53 chose for its hosted zone."""

    def __init__(self, why: str, servers: tuple[str, ...]) -> None:
        super().__init__(why)
        self.servers = servers


class TransferForbidden(DeliveryRefused):
    """The name server allows no transfer, so that what it holds cannot be compared."""


class TargetForeign(DeliveryRefused):
    """The name server has contents that this service may not overwrite."""


class UpdateIgnored(DeliveryRefused):
    """The name server answered NOERROR, and did not do what the update says."""


class AccessDenied(DeliveryRefused):
    """AWS does not let this service assume the role, or make the request."""


class HostedZoneNotFound(DeliveryRefused):
    """There is no hosted zone of this id, or of the zone's name."""


class HostedZoneUnfit(DeliveryRefused):
    """The hosted zone has another name than the zone, or several hosted zones have it."""


class RequestRefused(DeliveryRefused):
    """Route 53 refused a request for another reason, such as a quota."""


class RecordSetsRefused(DeliveryRefused):
    """The hosted zone has everything but some record sets. `places` are theirs, as lines begin (`rrset.place`)."""

    def __init__(self, why: str, *, places: Sequence[str]) -> None:
        super().__init__(why)
        self.places = tuple(places)


class TargetDiverged(DeliveryError):
    """A prerequisite failed: the target's contents are not those that this service left there."""
