"""Types of the answers about zones."""

from typing import Annotated, Literal, TypedDict

from zonewright.http.designate.answers import Attributes, NameServer, Time
from zonewright.http.formats import AbsoluteName, Description, Links, Number, Serial, Ttl, Uuid
from zonewright.http.schema import Schema
from zonewright.model import guards
from zonewright.model.schedule import LONGEST, LONGEST_TEXT
from zonewright.model.zone import ZoneType

Status = Literal["ACTIVE", "PENDING", "ERROR"]
Action = Literal["NONE", "CREATE", "UPDATE", "DELETE"]
Seconds = Annotated[int, Schema(minimum=1, maximum=LONGEST)]
Cron = Annotated[str, Schema(pattern=r"^\s*\S+(\s+\S+){5,6}\s*$", maxLength=LONGEST_TEXT, example="0 30 2 ? * *")]
ZoneSchedule = Literal["refresh"] | Seconds | Cron | None
Percent = Annotated[int, Schema(minimum=0, maximum=100)]


class GuardFields(TypedDict, total=False):
    """The guards of a zone. Null means the deployment's guard."""

    zone_records: Annotated[int, Schema(minimum=1, maximum=guards.HIGHEST_RECORDS)] | None
    deleted_percent: Percent | None
    changed_percent: Percent | None


class CopyingFields(TypedDict, total=False):
    """Fields of SECONDARY zones only: the schedule and the guards of their syncs."""

    schedule: ZoneSchedule
    next_sync_at: Time | None
    schedule_error: str | None
    guards: GuardFields | None


class ZoneFields(CopyingFields):
    """One zone."""

    id: Uuid
    pool_id: str
    project_id: str
    name: AbsoluteName
    email: str
    ttl: Ttl
    serial: Serial
    status: Status
    status_message: str | None
    action: Action
    description: Description | None
    version: Number
    type: ZoneType
    masters: list[str]
    attributes: Attributes
    shared: bool
    created_at: Time
    updated_at: Time | None
    transferred_at: Time | None
    links: Links


class ZoneDocument(ZoneFields):
    """A single zone: flat for today's clients, and under `zone` for clients of the first release."""

    zone: ZoneFields


class NameServers(TypedDict):
    """The name servers of a zone."""

    nameservers: list[NameServer]
