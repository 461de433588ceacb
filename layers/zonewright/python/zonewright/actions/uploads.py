"""Forms to upload the master file of an import by. Whoever has a form may use it, so it is a secret."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from zonewright.model.zonetask import TaskKind, TaskStatus, ZoneTask
from zonewright.service import Service

if TYPE_CHECKING:
    from zonewright.contents.bucket import Form

UPLOAD_SECONDS = 3600
"""Seconds that an upload form is valid."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A PENDING import: POST the form with the file before `until`."""

    task: ZoneTask
    form: "Form"
    until: datetime


def form_of(service: Service, task: ZoneTask) -> Upload:
    """Return a new form for a PENDING import. The form is bounded, and is void when the import ends."""
    form = service.bucket.upload_form(task.upload_key, service.settings.import_bytes, UPLOAD_SECONDS)
    return Upload(task, form, service.now() + timedelta(seconds=UPLOAD_SECONDS))


def awaits(task: ZoneTask) -> bool:
    """Return whether a task waits for a file."""
    return task.kind is TaskKind.IMPORT and task.status is TaskStatus.PENDING
