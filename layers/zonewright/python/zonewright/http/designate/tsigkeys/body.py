"""Read the bodies of new and changed TSIG keys (contract `designate.md`, section 10)."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from zonewright.actions import tsigkeys
from zonewright.http.designate.bodies import MISSING, Body, Server, Uuid, ZoneName, read
from zonewright.http.designate.requests import json_object
from zonewright.http.message import Request
from zonewright.http.schema import Schema
from zonewright.model.tsigkey import HIDDEN, MOST_PLACES, Scope
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


def _changed_secret(text: str) -> str:
    return text if text == HIDDEN else _secret(text)


_OCTET = r"([^.\\]|\\[^0-9]|\\([01][0-9]{2}|2[0-4][0-9]|25[0-5]))"
_BASE64 = "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)"

# The maximum lengths are those of Designate.
KeyName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=160),
    AfterValidator(_key_name),
    Schema(
        pattern=rf"^(\.|({_OCTET}{{1,63}}\.)*{_OCTET}{{1,63}}\.?)$",
        maxLength=160,
        description="A domain name: the name of the key at the primary",
    ),
]
Algorithm = Annotated[str, AfterValidator(_algorithm), Schema(enum=list(tsig.ALGORITHMS))]
Secret = Annotated[
    str,
    StringConstraints(max_length=255),
    AfterValidator(_secret),
    Schema(pattern=f"^{_BASE64}$", description="Base64"),
]
ChangedSecret = Annotated[
    str,
    StringConstraints(max_length=255),
    AfterValidator(_changed_secret),
    Schema(pattern=rf"^(\*{{8}}|{_BASE64})$", description="Base64, or `********`, as keys are shown, for no change"),
]
Servers = Annotated[list[Server], Field(max_length=MOST_PLACES)]
ZoneNames = Annotated[list[ZoneName], Field(max_length=MOST_PLACES)]


class KeyChange(Body):
    """The body of a PATCH. Every field is optional."""

    name: KeyName = MISSING
    algorithm: Algorithm = MISSING
    secret: ChangedSecret = MISSING
    scope: Literal["POOL", "ZONE"] = MISSING
    resource_id: Uuid = MISSING
    primaries: Servers = MISSING
    zones: ZoneNames = MISSING


class NewKey(KeyChange):
    """The body of a POST. Every field is required, but the lists of a key of the pool."""

    name: KeyName
    algorithm: Algorithm
    secret: Secret
    scope: Literal["POOL", "ZONE"]
    resource_id: Uuid


def new_key(request: Request) -> tsigkeys.NewKey:
    """Return the key in a POST. Raise Invalid with all reasons."""
    body = read(NewKey, json_object(request, "tsigkey"), "tsigkey")
    return tsigkeys.NewKey(body.name, body.algorithm, body.secret, Scope(body.scope), body.resource_id, **_listed(body))


def key_edit(request: Request) -> tsigkeys.Edit:
    """Return the change in a PATCH. Raise Invalid with all reasons."""
    body = read(KeyChange, json_object(request, "tsigkey"), "tsigkey")
    scope = None if body.scope is None else Scope(body.scope)
    secret = None if body.secret == HIDDEN else body.secret
    return tsigkeys.Edit(body.name, body.algorithm, secret, scope, body.resource_id, **_listed(body))


def _listed(body: KeyChange) -> dict[str, Any]:
    """Return the lists of a body that are there, by name."""
    lists: dict[str, list[Any] | None] = {"primaries": body.primaries, "zones": body.zones}
    return {name: tuple(each) for name, each in lists.items() if each is not None}
