"""Render dry runs of syncs in the style of the VinylDNS API. VinylDNS itself has no dry runs."""

from typing import TYPE_CHECKING

from zonewright.http.message import Request, Response
from zonewright.http.vinyldns.dialect import going_on, present, time
from zonewright.http.vinyldns.zones.view import sync_counts
from zonewright.model.change import ChangeStatus
from zonewright.model.dryrun import Report
from zonewright.model.zone import Zone

if TYPE_CHECKING:
    from zonewright.actions import history
    from zonewright.http.vinyldns.dryruns.answer import DryRunFields, ReportFields, Status
    from zonewright.http.vinyldns.recordsets.query import Page

STATUSES: "dict[ChangeStatus, Status]" = {
    ChangeStatus.PENDING: "Pending",
    ChangeStatus.SYNCED: "Complete",
    ChangeStatus.FAILED: "Failed",
}


def requested(request: Request, run: Report) -> Response:
    """Return a dry run that has just been requested."""
    return Response.json(200, dry_run_fields(request, run))


def report(request: Request, zone: Zone, run: Report, page: "Page", found: "history.Page") -> Response:
    """Return a dry run, and a page of the record sets that a sync would create, update or delete."""
    from zonewright.http.vinyldns.recordsets.view import page_fields

    fields: ReportFields = {**dry_run_fields(request, run), **page_fields(zone, page, found)}
    return going_on(Response.json(200, fields), fields.get("nextId"))


def dry_run_fields(request: Request, run: Report) -> "DryRunFields":
    """Return the fields of a dry run."""
    change = run.change
    fields: DryRunFields = {
        "id": run.id,
        "zoneId": change.zone_id,
        "userId": change.user_id,
        "status": STATUSES[change.status],
        "created": time(change.created),
        "version": change.base,
        "heldSerial": run.held,
        "inSync": run.in_sync,
        "refusal": run.refusal,
        "systemMessage": change.reason,
        "sync": sync_counts(change),
        "links": {"self": f"{request.base_url}/zones/{change.zone_id}/dryruns/{run.id}"},
    }
    return present(fields)
