"""GET and HEAD /v3/auth/tokens: show a token, or only whether it is valid."""

from zonewright.actions import logins
from zonewright.http.keystone import dialect, requests
from zonewright.http.keystone.tokens import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Return what the token in X-Subject-Token is for."""
    text = requests.subject(request)
    grant = logins.granted(service, logins.subject(service, text, caller=request.caller))
    return view.shown(request, grant, text, service.settings.region_name)
