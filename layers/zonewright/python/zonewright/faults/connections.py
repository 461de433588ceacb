"""Errors about connections and backends: how the primary of a copied zone is reached."""

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
