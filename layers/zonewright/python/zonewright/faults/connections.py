"""Errors about connections and backends: how the primary of a copied zone is reached."""

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


class NotCopied(Invalid):
    """The zone has no primary that it is copied from, so it has no connection either."""

    zone: str
