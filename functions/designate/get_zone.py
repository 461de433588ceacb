"""GET /v2/zones/{zone_id}: one zone of the caller's project, as JSON or as a master file."""

from zonewright.actions import exports, zones
from zonewright.http import conditional, designate
from zonewright.http.designate import reading
from zonewright.http.designate.writing import zones as writing
from zonewright.http.designate.writing import zonetasks as writing_text
from zonewright.http.message import Request, Response
from zonewright.service import Runtime


@designate.endpoint
def handler(request: Request, run: Runtime) -> Response:
    """Find it, show it."""
    everywhere = designate.all_projects(request)
    zone = zones.visible(run.table, reading.zone_id(request), request.caller, everywhere=everywhere)
    if designate.wants_text(request):
        version = exports.version(run.table, run.settings, zone, reading.version_number(request))

        def text() -> Response:
            return writing_text.master_file(exports.export(run.bucket, zone, version, run.now()))

        return conditional.answer(request, writing_text.tag(zone, version), text)
    return conditional.answer(request, writing.tag(zone), lambda: writing.shown(request, run.settings, zone))
