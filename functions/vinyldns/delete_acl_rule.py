"""DELETE /zones/{zoneId}/acl/rules: delete an access rule of a zone."""

from zonewright.actions import access_rules
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.zones import rule_body, view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Read the rule, delete it, and return the change of the zone."""
    rule = rule_body.rule(request)
    return view.accepted(*access_rules.remove(service, dialect.zone_id(request), rule, caller=request.caller))
