"""POST /zones/{zoneId}/sync: begin a sync or a dry run of it."""

from zonewright.actions import syncs
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.zones import query, view
from zonewright.service import Service


@dialect.endpoint(query=query.options)
def handler(service: Service, request: Request) -> Response:
    """Begin it, and return its change or report. The body is not read."""
    zone_id, options = dialect.zone_id(request), query.options(request)
    if options.dry_run:  # a sync loads nothing of dry runs
        from zonewright.actions import dryruns
        from zonewright.http.vinyldns.dryruns.view import requested

        return requested(request, dryruns.request(service, zone_id, options, caller=request.caller))
    return view.sync_begun(*syncs.request(service, zone_id, options, caller=request.caller))
