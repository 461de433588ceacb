"""A task of Designate's: an import, which makes a zone of a master file, or an export of a version of a zone.

A task says how it went. Its project may delete it at any time. A PENDING task and an export expire at `expires`. An
import is PENDING while its file is awaited or being read. Any other task is over when the request is answered.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class TaskKind(StrEnum):
    """The kind of a task."""

    IMPORT = "IMPORT"
    EXPORT = "EXPORT"


class TaskStatus(StrEnum):
    """How far a task is, in the words of the contract `designate.md`, section 6."""

    PENDING = "PENDING"
    COMPLETE = "COMPLETE"
    ERROR = "ERROR"


@dataclass(frozen=True, slots=True)
class ZoneTask:
    """One task of a project.

    `zone_id` is the zone that an import made, or that an export shows; `contents` is the number of the exported
    version. `user_id` is the user who asked for it. `attributes` are those of the zone to create. `revision` counts the
    stored changes. `expires` is when a PENDING task or an export is forgotten. Exports of older deployments have none.
    `slot` is that of an import which waits for its upload (`store/slots.py`). `token` is the digest of the token that
    asked for it, which ends at `token_ends`.
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
    slot: int | None = None
    token: str | None = None
    token_ends: datetime | None = None

    @property
    def upload_key(self) -> str:
        """Return the object key under which the file of an import is uploaded."""
        return f"{UPLOADS}{self.id}"

    @property
    def text_key(self) -> str:
        """Return the object key of the text of an export."""
        return f"{TEXTS}{self.id}"

    @property
    def new_zone_id(self) -> str:
        """Return the id of the zone that an import makes. It is the same for every try."""
        return str(uuid.uuid5(uuid.UUID(self.id), "zone"))


UPLOADS = "imports/"
"""The prefix of the object keys of uploaded files. The id of the task follows."""

TEXTS = "exported/"
"""The prefix of the object keys of the texts of export tasks. The id of the task follows."""
