"""GET /zones/{zoneId}/recordsetchanges: what moved in a zone with its changes, or between two of its versions."""

from zonewright.actions import history, zones
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.recordsets import query, view
from zonewright.service import Runtime


@dialect.endpoint(query=query.page)
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, read a page of what moved."""
    page = query.page(request)
    zone = dialect.readable(zones.get(run.table, dialect.zone_id(request)), request.caller, " changes")
    here = run.table, run.bucket, zone
    if page.since is None:
        found = history.of_zone(*here, page.start, page.limit)
    else:
        found = history.between(*here, page.since, page.until, page.start, page.limit)
    return view.change_list(zone, page, found, history.user_names(run.table, found))
