"""GET /v2/zones/{zone_id}: show a zone of the caller's project, as JSON or as a master file."""

from zonewright.actions import exports, zones
from zonewright.http import conditional
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.tasks import view as text_view
from zonewright.http.designate.zones import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Find the zone and return it."""
    everywhere = dialect.all_projects(request)
    zone = zones.visible(service, requests.zone_id(request), caller=request.caller, everywhere=everywhere)
    if dialect.wants_text(request):
        version = exports.version(service, zone, requests.version_number(request))

        def text() -> Response:
            return text_view.master_file(exports.export(service, zone, version, until=request.caller.until))

        return conditional.answer(request, text_view.tag(zone, version), text)
    tag = view.tag(request, service.settings, zone)
    return conditional.answer(request, tag, lambda: view.shown(request, service.settings, zone))
