"""Dry runs of syncs in the manner of the VinylDNS API, which has none."""

from typing import Literal, NotRequired, TypedDict

from zonewright.http.formats import Count, Links, Present, Serial
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns.dialect import Second, present, time
from zonewright.http.vinyldns.zones.view import SyncCounts, sync_counts
from zonewright.model.change import ChangeStatus
from zonewright.model.dryrun import Report

Status = Literal["Pending", "Complete", "Failed"]
STATUSES: dict[ChangeStatus, Status] = {
    ChangeStatus.PENDING: "Pending",
    ChangeStatus.SYNCED: "Complete",
    ChangeStatus.FAILED: "Failed",
}


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


def asked_for(request: Request, run: Report) -> Response:
    """A dry run as it was asked for."""
    return Response.json(200, dry_run_fields(request, run))


def dry_run_fields(request: Request, run: Report) -> DryRunFields:
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
