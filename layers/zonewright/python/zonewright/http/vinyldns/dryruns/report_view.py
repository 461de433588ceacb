"""Reports of dry runs. A module of their own, so that starting one does not import record set changes."""

from typing import TYPE_CHECKING

from zonewright.http.message import Request, Response
from zonewright.http.vinyldns.dryruns.view import DryRunFields, dry_run_fields
from zonewright.http.vinyldns.recordsets.view import PageFields, page_fields
from zonewright.model.dryrun import Report
from zonewright.model.zone import Zone

if TYPE_CHECKING:
    from zonewright.actions import history
    from zonewright.http.vinyldns.recordsets.query import Page


class ReportFields(DryRunFields, PageFields):
    """A dry run, and a page of the record sets that a sync would create, update or delete."""


def report(request: Request, zone: Zone, run: Report, page: "Page", found: "history.Page") -> Response:
    """A dry run, and a page of what a sync would do to the record sets."""
    fields: ReportFields = {**dry_run_fields(request, run), **page_fields(zone, page, found)}
    return Response.json(200, fields)
