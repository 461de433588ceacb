"""DELETE /v3/auth/tokens: revoke a token."""

from zonewright.actions import logins
from zonewright.http.keystone import dialect, requests
from zonewright.http.keystone.tokens import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Delete the token in X-Subject-Token."""
    bearer = logins.subject(service, requests.subject(request), caller=request.caller)
    logins.revoke(service, bearer.token, request.source)
    return view.revoked()
