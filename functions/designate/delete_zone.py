"""DELETE /v2/zones/{zone_id}: delete a zone; its name is free again at once."""

from zonewright.actions import zones
from zonewright.http import conditional, designate
from zonewright.http.designate import reading
from zonewright.http.designate.writing import zones as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, delete it."""
    zone = zones.owned(run.table, reading.zone_id(request), request.caller)
    exactly = conditional.expected(request, writing.tag(zone))
    shares = designate.deletes_shares(request)
    gone = zones.delete(run.table, zone, request.caller, run.now(), exactly=exactly, with_shares=shares)
    return writing.deleted(request, run.settings, gone)
