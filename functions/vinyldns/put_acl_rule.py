"""PUT /zones/{zoneId}/acl/rules: add an access rule to a zone."""

from zonewright.actions import access_rules
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.zones import rule_body, view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Read the rule, add it, and return the change of the zone."""
    rule = rule_body.rule(request)
    return view.accepted(*access_rules.add(service, dialect.zone_id(request), rule, caller=request.caller))
