"""GET /v2/zones/{zone_id}/nameservers: who answers for a zone."""

from zonewright.actions import zones
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.writing import zones as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, name them."""
    everywhere = designate.all_projects(request)
    zone = zones.visible(run.table, reading.zone_id(request), request.caller, everywhere=everywhere)
    return writing.name_servers(run.settings, zone)
