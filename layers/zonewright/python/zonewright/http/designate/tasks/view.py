"""Render imports and exports below /v2 (contract `designate.md`, sections 6 and 7)."""

from typing import TYPE_CHECKING

from zonewright.http import conditional
from zonewright.http.designate.views import page, time, url, zone_url
from zonewright.http.message import Request, Response
from zonewright.model.zonetask import TaskKind, TaskStatus, ZoneTask

if TYPE_CHECKING:
    from zonewright.actions.exports import Export
    from zonewright.actions.uploads import Upload
    from zonewright.http.designate.tasks.answer import AwaitedImportFields, ExportFields, ImportFields, ImportLinks
    from zonewright.model.selection import Selection
    from zonewright.model.version import Version
    from zonewright.model.zone import Zone

TEXT = {"content-type": "text/dns; charset=UTF-8"}


def tag(zone: "Zone", version: "Version") -> str:
    """Return the entity tag of a version of a zone as a master file."""
    return conditional.tag(f"{version.number}-{zone.ttl}", "text")


def begun(request: Request, task: ZoneTask) -> Response:
    """Return a new task, finished or not, with its URL in `Location`."""
    document = task_fields(request, task)
    return Response.json(202, document, {"location": document["links"]["self"]})


def awaited(request: Request, upload: "Upload", status: int = 202) -> Response:
    """Return an import that waits for its file, with the form to send it by. A repeated request gets it without."""
    task = _import_fields(request, upload.task)
    fields: AwaitedImportFields = {
        **task,
        "status": TaskStatus.PENDING,
        "links": {"self": task["links"]["self"], "upload": upload.form.url},
        "upload_fields": upload.form.fields,
        "upload_expires_at": time(upload.until),
    }
    headers = {"location": fields["links"]["self"]} if status == 202 else {}
    return Response.json(status, fields, headers).keeping(task)


def shown(request: Request, task: ZoneTask) -> Response:
    """Return a task."""
    return Response.json(200, task_fields(request, task))


def removed() -> Response:
    """Return the answer to the deletion of a task."""
    return Response(204)


def task_list(
    request: Request, kind: TaskKind, wanted: "Selection[ZoneTask]", found: list[ZoneTask], total: int | None
) -> Response:
    """Return a page of imports or exports. `total` counts all that match."""
    documents = (task_fields(request, task) for task in found)
    return page(request, f"{_noun(kind)}s", documents, wanted, total)


def master_file(export: "Export") -> Response:
    """Return a zone as a master file, or a redirect to it. The redirect's URL needs no credentials."""
    if export.link is not None:
        return Response(303, headers={"location": export.link})
    return Response.text(200, export.text, TEXT)


def task_fields(request: Request, task: ZoneTask) -> "ImportFields | ExportFields":
    """Return the fields of an import or an export."""
    return _export_fields(request, task) if task.kind is TaskKind.EXPORT else _import_fields(request, task)


def _import_fields(request: Request, task: ZoneTask) -> "ImportFields":
    links: ImportLinks = {"self": _url(request, task)}
    if task.status is TaskStatus.COMPLETE and task.zone_id is not None:
        links["zone"] = zone_url(request, task.zone_id)
    return {
        "id": task.id,
        "status": task.status,
        "message": task.message,
        "zone_id": task.zone_id,
        "project_id": task.group_id,
        "created_at": time(task.created),
        "updated_at": time(task.updated),
        "version": task.revision,
        "links": links,
    }


def _export_fields(request: Request, task: ZoneTask) -> "ExportFields":
    assert task.zone_id is not None, "an export is of a zone"
    here = _url(request, task)
    return {
        **_import_fields(request, task),  # the common ones, in the same order
        "status": TaskStatus.COMPLETE,
        "zone_id": task.zone_id,
        "links": {"self": here, "export": f"{here}/export"},
        "location": f"designate://v2/zones/tasks/exports/{task.id}/export",
    }


def _url(request: Request, task: ZoneTask) -> str:
    return url(request, f"/v2/zones/tasks/{_noun(task.kind)}s/{task.id}")


def _noun(kind: TaskKind) -> str:
    return kind.lower()
