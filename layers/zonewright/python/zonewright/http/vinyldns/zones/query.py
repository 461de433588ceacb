"""Read queries about zones in the VinylDNS API: pages of the history, and options of a sync."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from zonewright.errors import LimitOutside
from zonewright.http.message import Request
from zonewright.http.vinyldns.dialect import DEFAULT_ITEMS, flag, malformed, most_items, parameter
from zonewright.model.namefilter import NameFilter
from zonewright.model.order import MODES, SyncOptions

if TYPE_CHECKING:
    from zonewright.actions.lost_zones import Wanted as WantedDeleted
    from zonewright.actions.seen_zones import Wanted


@dataclass(frozen=True, slots=True)
class Page:
    """The wanted page of a list."""

    limit: int = DEFAULT_ITEMS
    start_from: str | None = None


def page(request: Request) -> Page:
    """Return the wanted page of a zone's history. Raise InvalidLimit or MalformedQuery."""
    return Page(most_items(request), parameter(request, "startFrom"))


@dataclass(frozen=True, slots=True)
class List:
    """The wanted page of zones, as the caller wrote it."""

    limit: int
    start_from: str | None
    name_filter: str | None
    by_group: bool
    ignore_access: bool
    reverse: bool

    @property
    def wanted(self) -> "Wanted":
        """Return what to look for."""
        from zonewright.actions.seen_zones import Wanted

        kind = NameFilter.of_groups if self.by_group else NameFilter.of_zones
        name = kind(self.name_filter) if self.name_filter else None
        return Wanted(self.limit, self.start_from or "", name, self.by_group, self.ignore_access, self.reverse)


def zone_list(request: Request) -> List:
    """Return the wanted page of zones. Raise LimitOutside or MalformedQuery."""
    return List(
        limit=most_items(request, refusal=LimitOutside),
        start_from=parameter(request, "startFrom"),
        name_filter=parameter(request, "nameFilter"),
        by_group=flag(request, "searchByAdminGroup"),
        ignore_access=flag(request, "ignoreAccess"),
        reverse=flag(request, "includeReverse", default=True),
    )


@dataclass(frozen=True, slots=True)
class DeletedList:
    """The wanted page of deleted zones, as the caller wrote it."""

    limit: int
    start_from: str | None
    name_filter: str | None
    ignore_access: bool

    @property
    def wanted(self) -> "WantedDeleted":
        """Return what to look for."""
        from zonewright.actions.lost_zones import Wanted

        name = NameFilter.of_zones(self.name_filter) if self.name_filter else None
        return Wanted(self.limit, self.start_from, name, self.ignore_access)


def deleted_list(request: Request) -> DeletedList:
    """Return the wanted page of deleted zones. Raise LimitOutside or MalformedQuery."""
    return DeletedList(
        limit=most_items(request, refusal=LimitOutside),
        start_from=parameter(request, "startFrom"),
        name_filter=parameter(request, "nameFilter"),
        ignore_access=flag(request, "ignoreAccess"),
    )


def zone_name(request: Request) -> str:
    """Return the name of the zone in the path. An octet of it may be encoded, such as the slash of `0/26`."""
    return unquote(request.parameters["name"])


def options(request: Request) -> SyncOptions:
    """Return the options of a sync, which VinylDNS itself lacks. Raise MalformedQuery if one cannot be read."""
    mode = parameter(request, "mode")
    if mode is None:
        mode = MODES[0]
    if mode not in MODES:
        raise malformed("mode", f"'{mode}' is not one of {', '.join(MODES)}")
    return SyncOptions(mode, flag(request, "force"), flag(request, "dryRun"))
