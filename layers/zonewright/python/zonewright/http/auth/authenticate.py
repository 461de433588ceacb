"""Find the caller of a request by its API token or else by its signature. Each takes two reads of the table."""

from collections.abc import Mapping

from zonewright.errors import AccountLocked, NotAuthenticated
from zonewright.http.auth import sigv4
from zonewright.http.auth.sigv4 import FAILED
from zonewright.http.message import Request
from zonewright.model import tokens
from zonewright.model.users import Caller, User
from zonewright.service import Service
from zonewright.store import users
from zonewright.store.table import Table


def authenticate(service: Service, request: Request) -> Caller:
    """Return the caller of `request`.

    Raise NotAuthenticated if the credentials are missing or wrong. Raise AccountLocked if the user is locked; a locked
    user's signature is not checked.
    """
    if "x-auth-token" in request.headers:
        return _by_token(service.table, request.headers)
    signature = sigv4.parse(request.headers.get("authorization"))
    user = users.by_access_key(service.table, signature.access_key)
    if user is None:
        raise NotAuthenticated(f"{FAILED}Account with accessKey {signature.access_key} specified was not found")
    _refuse_locked(user)
    secret = service.vault.open(user.secret, user.id)
    sigv4.verify(signature, secret, request, now=service.now(), skew=service.settings.signature_skew)
    return user.caller()


def _by_token(table: Table, headers: Mapping[str, str]) -> Caller:
    token = users.token(table, tokens.digest(headers["x-auth-token"]))
    user = users.get(table, token.user_id) if token else None
    if token is None or user is None or token.group_id not in user.group_ids:
        raise NotAuthenticated(FAILED + "X-Auth-Token is not a valid token")
    _refuse_locked(user)
    return user.caller_for(token.group_id)


def _refuse_locked(user: User) -> None:
    if user.locked:
        raise AccountLocked(f"{FAILED}Account with username {user.name} is locked")
