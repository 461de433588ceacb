"""Find the caller of a request by its token or else by its signature. Each takes two reads of the table."""

from dataclasses import replace

from zonewright.actions import bearers
from zonewright.errors import AccountLocked, NotAuthenticated
from zonewright.http.auth import sigv4
from zonewright.http.message import Request
from zonewright.model.users import Caller
from zonewright.service import Service
from zonewright.store import keys, users
from zonewright.store.vault import Purpose


def authenticate(service: Service, request: Request) -> Request:
    """Return `request` with its caller, and without the blank parameters that its signature does not cover.

    Raise NotAuthenticated if the credentials are missing or wrong. Raise AccountLocked if the user is locked; a locked
    user's signature is not checked.
    """
    token = token_of(request)
    if token is not None:
        return replace(request, identity=_by_token(service, *token))
    signature = sigv4.parse(request.headers.get("authorization"))
    user = users.by_access_key(service.table, signature.access_key)
    sealed = user.keys(service.now()).get(signature.access_key) if user else None
    if user is None or sealed is None:
        shown = signature.access_key[: keys.LONGEST_ACCESS_KEY]
        raise NotAuthenticated(f"Account with accessKey {shown} specified was not found")
    bearers.refuse_locked(user)
    secret = service.vault.open(sealed, user.id, Purpose.USER)
    signed = sigv4.verify(signature, secret, request, now=service.now(), skew=service.settings.signature_skew)
    return replace(signed, identity=user.caller())


def token_of(request: Request) -> tuple[str, str] | None:
    """Return the token of a request, and the name of the header that has it: X-Auth-Token, or else `Bearer`.

    Return None if the request has no token.
    """
    sent = request.headers.get("x-auth-token")
    if sent is not None:
        return sent, "X-Auth-Token"
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    return (text.strip(), "Authorization: Bearer") if scheme.lower() == "bearer" else None


def _by_token(service: Service, text: str, header: str) -> Caller:
    try:
        bearer = bearers.find(service, text)
    except AccountLocked:
        raise
    except NotAuthenticated as error:
        raise NotAuthenticated(f"{header} is not a valid token") from error
    return bearer.user.caller_with(bearer.token)
