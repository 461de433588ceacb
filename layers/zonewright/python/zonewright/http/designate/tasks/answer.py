"""Types of the answers about imports and exports."""

from typing import Annotated, Literal, NotRequired, TypedDict

from zonewright.http.designate.answers import Time
from zonewright.http.formats import Number, Url, Uuid
from zonewright.http.schema import Schema
from zonewright.model.zonetask import TaskStatus


class TaskFields(TypedDict):
    """The common fields of imports and exports."""

    id: Uuid
    message: str | None
    project_id: str
    created_at: Time
    updated_at: Time | None
    version: Number


class ImportLinks(TypedDict):
    """The links to an import and to its zone."""

    self: Url
    zone: NotRequired[Url]


class ImportFields(TaskFields):
    """One import."""

    status: TaskStatus
    zone_id: Uuid | None
    links: ImportLinks


class UploadLinks(TypedDict):
    """The links to an import and to the URL that takes its file in a form."""

    self: Url
    upload: Url


class AwaitedImportFields(TaskFields):
    """An import that waits for its file."""

    status: Literal[TaskStatus.PENDING]
    zone_id: Uuid | None
    links: UploadLinks
    upload_fields: dict[str, str]
    upload_expires_at: Time


class ExportLinks(TypedDict):
    """The links to an export and to its master file."""

    self: Url
    export: Url


class ExportFields(TaskFields):
    """One export. It is complete from the beginning."""

    status: Literal[TaskStatus.COMPLETE]
    zone_id: Uuid
    location: Annotated[str, Schema(pattern="^designate://v2/zones/tasks/exports/[0-9a-f-]{36}/export$")]
    links: ExportLinks
