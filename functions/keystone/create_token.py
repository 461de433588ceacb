"""POST /v3/auth/tokens: log in."""

from zonewright.actions import logins
from zonewright.http.keystone import dialect
from zonewright.http.keystone.tokens import body, view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint(public=True)
def handler(service: Service, request: Request) -> Response:
    """Exchange a secret for a token, and return it."""
    grant = logins.login(service, body.login(request), request.source)
    return view.made(request, grant, service.settings.region_name)
