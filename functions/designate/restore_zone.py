"""POST /v2/zones/{zone_id}/tasks/restore: give a zone the contents of an older version again."""

from zonewright.actions import restore, zones
from zonewright.http import designate
from zonewright.http.designate import reading
from zonewright.http.designate.bodies import versions as bodies
from zonewright.http.designate.writing import zones as writing
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find the zone, make the old version its next one."""
    zone = zones.owned(run.table, reading.zone_id(request), request.caller)
    number = bodies.restored(request)
    restored = restore.restore(run.table, run.bucket, run.settings, zone, number, request.caller, run.now)
    return writing.restored(request, run.settings, restored)
