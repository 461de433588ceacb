"""Types of the answers about the service."""

from typing import Annotated, TypedDict

from zonewright.http.formats import Count
from zonewright.http.schema import Schema
from zonewright.http.vinyldns.answers import PageSize
from zonewright.http.vinyldns.dialect import MOST_ITEMS
from zonewright.http.vinyldns.zones.answer import ChangeFields


class StatusFields(TypedDict):
    """The state of the service."""

    processingDisabled: bool
    color: str
    keyName: str
    version: str


class FailuresFields(TypedDict):
    """A page of failed changes of zones, newest first."""

    failedZoneChanges: Annotated[list[ChangeFields], Schema(maxItems=MOST_ITEMS)]
    nextId: Count
    startFrom: Count
    maxItems: PageSize
