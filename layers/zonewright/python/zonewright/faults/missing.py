"""Errors about things that do not exist, or are not for the caller to see."""

from zonewright.faults.meaning import RequestError


class NotFound(RequestError):
    """The path names something that does not exist, or that this caller may not see."""


class PathNotFound(NotFound):
    """No route of the service has this path."""

    path: str


class ZoneNotFound(NotFound):
    """No such zone. `zone` is the id or the name that was asked for."""

    zone: str


class ZoneGone(ZoneNotFound):
    """The zone was deleted since it was read. `zone` is its name."""


class RecordSetNotFound(NotFound):
    """No such RRset. `record_set` is its id, or its name and type."""

    record_set: str


class VersionNotFound(NotFound):
    """The zone has no version of this number, or the version was swept."""


class ChangeNotFound(NotFound):
    """No such entry in the zone's history."""


class TaskNotFound(NotFound):
    """No such task of a zone."""

    task: str


class ImportNotFound(TaskNotFound):
    """No such import task."""


class ExportNotFound(TaskNotFound):
    """No such export task, or its text is gone."""


class DryRunNotFound(NotFound):
    """The zone has no such dry run, or it has expired."""


class PoolNotFound(NotFound):
    """No such pool of name servers."""

    pool: str


class NoValidPool(PoolNotFound):
    """A new zone asks for a pool that there is not."""


class ShareNotFound(NotFound):
    """The zone has no such share."""

    share: str
    zone: str


class OfferNotFound(NotFound):
    """No such offer of a zone."""

    offer: str


class AcceptanceNotFound(NotFound):
    """No such acceptance of an offer."""

    acceptance: str


class TsigKeyNotFound(NotFound):
    """No such TSIG key."""

    key: str
