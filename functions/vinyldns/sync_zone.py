"""POST /zones/{zoneId}/sync: begin a sync, or a dry run of one; the body, if any, is not read."""

from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.dryruns.view import asked_for
from zonewright.http.vinyldns.zones import query, view
from zonewright.service import Runtime
from zonewright.sync import dryruns, lifecycle


@dialect.endpoint(query=query.wish)
def handler(request: Request, run: Runtime) -> Response:
    """Ask for it, show the change or the report that will tell how it went."""
    zone_id = dialect.zone_id(request)
    wish = query.wish(request)
    begin = run.table, run.workflow, run.settings, zone_id, wish, request.caller, run.now()
    if wish.dry_run:
        return asked_for(request, dryruns.request(*begin))
    return view.zone_change(*lifecycle.request(*begin))
