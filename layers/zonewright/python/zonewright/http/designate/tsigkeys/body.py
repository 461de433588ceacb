"""TSIG keys on their way in (contract `designate.md`, section 10)."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from zonewright.actions import tsigkeys
from zonewright.http.designate.bodies import UNSAID, Body, Uuid, read
from zonewright.http.designate.requests import json_object
from zonewright.http.message import Request
from zonewright.http.schema import Schema
from zonewright.model.tsigkey import Scope
from zonewright.protocol import names, tsig


def _key_name(text: str) -> str:
    try:
        names.absolute(text)
    except ValueError as error:
        raise PydanticCustomError("format", "is not a domain name", {"expected": "hostname"}) from error
    return text


def _algorithm(text: str) -> str:
    if text not in tsig.ALGORITHMS:
        known: list[Any] = list(tsig.ALGORITHMS)
        raise PydanticCustomError("enum", "is not one of {known}", {"known": ", ".join(known), "expected": known})
    return text


def _secret(text: str) -> str:
    try:
        return tsig.check_secret(text)
    except ValueError as error:
        raise PydanticCustomError("format", "is not base64 text", {"expected": "base64"}) from error


_OCTET = r"([^.\\]|\\[^0-9]|\\([01][0-9]{2}|2[0-4][0-9]|25[0-5]))"
_BASE64 = "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)"

# The lengths are Designate's own.
KeyName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=160),
    AfterValidator(_key_name),
    Schema(
        pattern=rf"^(\.|({_OCTET}{{1,63}}\.)*{_OCTET}{{1,63}}\.?)$",
        maxLength=160,
        description="A domain name, as the primary calls the key",
    ),
]
Algorithm = Annotated[str, AfterValidator(_algorithm), Schema(enum=list(tsig.ALGORITHMS))]
Secret = Annotated[
    str,
    StringConstraints(max_length=255),
    AfterValidator(_secret),
    Schema(pattern=f"^{_BASE64}$", description="Base64"),
]


class KeyChange(Body):
    """Every field a caller may write, none of them required: what a PATCH says."""

    name: KeyName = UNSAID
    algorithm: Algorithm = UNSAID
    secret: Secret = UNSAID
    scope: Literal[Scope.POOL, Scope.ZONE] = UNSAID
    resource_id: Uuid = UNSAID


class NewKey(KeyChange):
    """What a POST says: all of it."""

    name: KeyName
    algorithm: Algorithm
    secret: Secret
    scope: Literal[Scope.POOL, Scope.ZONE]
    resource_id: Uuid


def new_key(request: Request) -> tsigkeys.NewKey:
    """The key a POST asks for."""
    body = read(NewKey, json_object(request, "tsigkey"), "TsigKey")
    return tsigkeys.NewKey(body.name, body.algorithm, body.secret, Scope(body.scope), body.resource_id)


def key_edit(request: Request) -> tsigkeys.Edit:
    """The change a PATCH asks for."""
    body = read(KeyChange, json_object(request, "tsigkey"), "TsigKey")
    scope = None if body.scope is None else Scope(body.scope)
    return tsigkeys.Edit(body.name, body.algorithm, body.secret, scope, body.resource_id)
