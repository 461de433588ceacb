"""GET /groups/valid/domains: list the domains that e-mail addresses may have."""

from zonewright.actions import groups
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.groups import view
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, _: Request) -> Response:
    """Return the domains."""
    return view.email_domains(groups.email_rules(service))
