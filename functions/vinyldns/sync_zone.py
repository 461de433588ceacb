"""POST /zones/{zoneId}/sync: begin a sync, or a dry run of one; the body, if any, is not read."""

from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.dryruns import asked_for
from zonewright.service import Service
from zonewright.sync import dryruns, lifecycle


@dialect.endpoint(query=dialect.wish)
def handler(service: Service, request: Request) -> Response:
    """Ask for it, show the change or the report that will tell how it went."""
    zone_id = dialect.zone_id(request)
    wish = dialect.wish(request)
    begin = service.table, service.workflow, service.settings, zone_id, wish, request.caller, service.now()
    if wish.dry_run:
        return asked_for(request, dryruns.request(*begin))
    return dialect.zone_change(*lifecycle.request(*begin))
