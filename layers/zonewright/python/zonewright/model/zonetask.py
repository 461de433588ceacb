"""A task of Designate's: an import that makes a zone of a master file, or an export of a version of a zone's contents.

It says how that went, and outlives neither the wish of its project nor, while PENDING, its `expires`. An import is
PENDING only while a file is to be uploaded for it or is being read; all else is over when the request is answered.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class TaskKind(StrEnum):
    """What a task does."""

    IMPORT = "IMPORT"
    EXPORT = "EXPORT"


class TaskStatus(StrEnum):
    """How far it is; the words of the contract `designate.md`, section 6."""

    PENDING = "PENDING"
    COMPLETE = "COMPLETE"
    ERROR = "ERROR"


@dataclass(frozen=True, slots=True)
class ZoneTask:
    """One task of a project's. `zone_id` is the zone's that an import made, or that an export shows at `contents`.

    `revision` counts its changes. `user_id` asked for it; `attributes` are those of a zone to be. `expires` is when a
    PENDING one is forgotten.
    """

    id: str
    kind: TaskKind
    group_id: str
    user_id: str
    created: datetime
    status: TaskStatus = TaskStatus.PENDING
    message: str | None = None
    zone_id: str | None = None
    contents: int | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    revision: int = 1
    updated: datetime | None = None
    expires: datetime | None = None

    @property
    def upload_key(self) -> str:
        """Where the file of an import is uploaded to."""
        return f"{UPLOADS}{self.id}"

    @property
    def new_zone_id(self) -> str:
        """The id of the zone an import makes, the same however often it is tried."""
        return str(uuid.uuid5(uuid.UUID(self.id), "zone"))


UPLOADS = "imports/"
"""What the keys of uploaded files begin with; the id of the task follows."""
