"""Why a name server does not have what is written here: `DeliveryError` and its kinds (`errors.py` has the whole tree).

Contract backends.md, section 7, tells delays from refusals.
"""

from zonewright.meaning import ZonewrightError


class DeliveryError(ZonewrightError):
    """A name server that zones are written to did not take an update. What is published here stays."""


class DeliveryDelayed(DeliveryError):
    """It passes by itself, so the same update is sent again."""


class ServerUnreachable(DeliveryDelayed):
    """The name server accepts no connection, or its host name does not resolve."""


class ServerSilent(DeliveryDelayed):
    """No answer came that can be believed. The update may have been applied all the same."""


class ServerFailed(DeliveryDelayed):
    """The name server answered SERVFAIL."""


class ClocksApart(DeliveryDelayed):
    """The name server's clock differs too much from ours (BADTIME)."""


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


class UpdateTooLarge(DeliveryRefused):
    """What moves of one owner name does not fit in a message."""


class SerialTooNear(DeliveryRefused):
    """The serial is too near to the one that the name server has: each message needs a serial of its own."""


class TargetDiverged(DeliveryError):
    """A prerequisite failed: the name server's contents are not those that this service left there."""
