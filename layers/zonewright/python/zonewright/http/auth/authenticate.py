"""Find the caller of a request by its API token or else by its signature. Each takes two reads of the table."""

from collections.abc import Mapping
from dataclasses import replace

from zonewright.errors import AccountLocked, NotAuthenticated
from zonewright.http.auth import sigv4
from zonewright.http.message import Request
from zonewright.model import tokens
from zonewright.model.users import Caller, User
from zonewright.service import Service
from zonewright.store import keys, users
from zonewright.store.table import Table
from zonewright.store.vault import Purpose


def authenticate(service: Service, request: Request) -> Request:
    """Return `request` with its caller, and without the blank parameters that its signature does not cover.

    Raise NotAuthenticated if the credentials are missing or wrong. Raise AccountLocked if the user is locked; a locked
    user's signature is not checked.
    """
    if "x-auth-token" in request.headers:
        return replace(request, identity=_by_token(service.table, request.headers))
    signature = sigv4.parse(request.headers.get("authorization"))
    user = users.by_access_key(service.table, signature.access_key)
    if user is None:
        shown = signature.access_key[: keys.LONGEST_ACCESS_KEY]
        raise NotAuthenticated(f"Account with accessKey {shown} specified was not found")
    _refuse_locked(user)
    secret = service.vault.open(user.secret, user.id, Purpose.USER)
    signed = sigv4.verify(signature, secret, request, now=service.now(), skew=service.settings.signature_skew)
    return replace(signed, identity=user.caller())


def _by_token(table: Table, headers: Mapping[str, str]) -> Caller:
    token = users.token(table, tokens.digest(headers["x-auth-token"]))
    user = users.get(table, token.user_id) if token else None
    if token is None or user is None or token.group_id not in user.group_ids:
        raise NotAuthenticated("X-Auth-Token is not a valid token")
    _refuse_locked(user)
    return user.caller_for(token.group_id)


def _refuse_locked(user: User) -> None:
    if user.locked:
        raise AccountLocked(f"Account with username {user.name} is locked")
