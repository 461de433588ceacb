"""Errors about the caller of a request, and about what one may ask for."""

from collections.abc import Sequence

from zonewright.faults.meaning import RequestError


class NotAuthenticated(RequestError):
    """The credentials are missing or wrong."""


class AccountLocked(NotAuthenticated):
    """The user exists and is locked."""


class NotAuthorized(RequestError):
    """The caller is known and has no right to do this."""


class NotZoneAdmin(NotAuthorized):
    """The caller may read the zone, and is not in the group that owns it."""

    user: str
    zone: str
    group: str


class IllegalChild(NotAuthorized):
    """The zone would be below a zone of another group."""

    zone: str


class IllegalParent(NotAuthorized):
    """The zone would be above a zone of another group."""

    zone: str


class WrongOfferKey(NotAuthorized):
    """The key is not the one that the zone was offered under."""


class MethodNotAllowed(RequestError):
    """The path does not take this method. `allowed` lists the methods that it takes."""

    allowed: Sequence[str]


class PreconditionFailed(RequestError):
    """The request depends on a state that is not the present one."""


class IdempotencyKeyReused(RequestError):
    """The idempotency key was used for another request."""


class IdempotencyKeyInUse(RequestError):
    """The first request with this idempotency key is still running."""


class TooLarge(RequestError):
    """The body is larger than this route takes, or the response larger than a function returns."""


class OverQuota(RequestError):
    """The group would have more than its quota."""

    quota: str


class TooManyRequests(RequestError):
    """The group has as much at work as it may. A retry may succeed after `after` seconds."""

    after: int


class Unsupported(RequestError):
    """The route does not read this media type."""


class NotAcceptable(Unsupported):
    """The route does not write this media type."""


class ZoneShared(RequestError):
    """The zone is shared with other groups, which would lose it."""

    zone: str
    shares: int


class SharedNotOffered(ZoneShared):
    """A shared zone cannot be handed over."""


class OfferEnded(RequestError):
    """The offer was accepted."""


class OwnOffer(OfferEnded):
    """The offer is of a zone that the caller already has."""

    zone: str
    group: str
