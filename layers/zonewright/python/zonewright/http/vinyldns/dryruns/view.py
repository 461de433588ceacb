"""Dry runs of syncs in the manner of the VinylDNS API, which has none."""

from typing import TYPE_CHECKING, Any

from zonewright.http.message import Request, Response
from zonewright.http.vinyldns.dialect import present, time
from zonewright.http.vinyldns.zones.view import sync_counts
from zonewright.model.change import ChangeStatus
from zonewright.model.dryrun import Report
from zonewright.model.zone import Zone

if TYPE_CHECKING:
    from zonewright.actions import history
    from zonewright.http.vinyldns.recordsets.query import Page

STATUSES = {ChangeStatus.PENDING: "Pending", ChangeStatus.SYNCED: "Complete", ChangeStatus.FAILED: "Failed"}


def asked_for(request: Request, run: Report) -> Response:
    """A dry run as it was asked for."""
    return Response.json(200, fields(request, run))


def report(request: Request, zone: Zone, run: Report, page: "Page", found: "history.Page") -> Response:
    """A dry run, and a page of what a sync would do to the record sets."""
    from zonewright.http.vinyldns.recordsets.view import change_fields

    return Response.json(200, fields(request, run) | change_fields(zone, page, found))


def fields(request: Request, run: Report) -> dict[str, Any]:
    """A dry run; `sync` is what a zone change has of the sync it is about."""
    change = run.change
    return present(
        {
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
    )
