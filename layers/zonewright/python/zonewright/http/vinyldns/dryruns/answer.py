"""Types of the answers about dry runs."""

from typing import Literal, NotRequired, TypedDict

from zonewright.http.formats import Count, Links, Present, Serial
from zonewright.http.vinyldns.answers import Second
from zonewright.http.vinyldns.recordsets.answer import PageFields
from zonewright.http.vinyldns.zones.answer import SyncCounts

Status = Literal["Pending", "Complete", "Failed"]


class DryRunFields(TypedDict):
    """A dry run. `sync` has the same counts as in a zone change."""

    id: str
    zoneId: str
    userId: str
    status: Status
    created: Second
    version: Count
    heldSerial: NotRequired[Present[Serial]]
    inSync: NotRequired[Present[bool]]
    refusal: NotRequired[Present[str]]
    systemMessage: NotRequired[Present[str]]
    sync: NotRequired[Present[SyncCounts]]
    links: Links


class ReportFields(DryRunFields, PageFields):
    """A dry run, and a page of the record sets that a sync would create, update or delete."""
