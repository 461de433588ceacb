"""Errors about connections and backends: how the primary of a copied zone is reached."""

from zonewright.faults.callers import NotAuthorized
from zonewright.faults.conflicts import Exists
from zonewright.faults.invalid import Invalid
from zonewright.faults.meaning import RequestError
from zonewright.faults.missing import NotFound


class BackendNotFound(NotFound):
    """No such backend."""

    backend: str


class BackendChanged(RequestError):
    """The backend changed since it was read."""

    backend: str


class BackendInUse(RequestError):
    """The backend has zones."""

    backend: str
    zones: int


class InvalidConnection(Invalid):
    """The connection names no server, or no key that can sign."""


class InvalidBackend(Invalid):
    """A zone asks for a backend that there is not. `backend` is its id."""

    backend: str


class MastersConnected(Invalid):
    """The masters of a zone with a connection or a backend are those of that."""


class NotCopied(Invalid):
    """The zone has no primary that it is copied from, so it has no connection either."""

    zone: str


class ZoneNameTaken(Exists):
    """There is a zone of this name. `email` is the address of those who keep it."""

    zone: str
    email: str


class AdminGroupUnknown(Invalid):
    """A zone is to be owned by a group that there is not."""

    group: str


class SharingForbidden(NotAuthorized):
    """Only super and support users share zones with everybody."""


class SchedulingForbidden(NotAuthorized):
    """Only super and support users schedule syncs."""

    user: str


class InvalidRecurrence(Invalid):
    """The text is no Quartz cron expression."""


class ZoneRenamed(Invalid):
    """A zone keeps its name."""

    zone: str


class ZoneUnfound(Invalid):
    """The name server of a backend does not serve the zone."""

    zone: str
    backend: str


class ZoneUnconnected(Invalid):
    """The primary of a zone cannot be asked, or allows no transfer. The error's text is the reason."""


class ZoneUnfit(Invalid):
    """The zone has no apex NS, or name servers that are not approved. `found` is the zone as it would have been."""

    found: object
