"""PATCH /v2/zones/{zone_id}/recordsets: change several record sets of a zone at once."""

from zonewright.actions import moves, zones
from zonewright.http import conditional
from zonewright.http.designate import dialect, requests
from zonewright.http.designate.recordsets import moves_body, view
from zonewright.http.designate.zones import view as zone_view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint(repeatable=True)
def handler(service: Service, request: Request) -> Response:
    """Find the zone, read the moves, make them all or let them wait, and return them, or what would be."""
    managed = dialect.edits_managed(request)
    zone = zones.usable(service, requests.zone_id(request), caller=request.caller)
    exactly = conditional.expected(request, zone_view.tag(request, service.settings, zone))
    asked = moves_body.asked(request, managed=managed, exactly=exactly)
    outcome = moves.apply(service, zone, asked, caller=request.caller)
    if asked.dry_run:
        return view.would_move(request, outcome)
    return view.moved(request, outcome, zone_view.tag(request, service.settings, outcome.zone))
