"""A zone on its way in (contract `designate.md`, section 3): every field checked, every reason given."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from zonewright import zones
from zonewright.errors import Invalid, Reason
from zonewright.http.designate.reading import json_object, short
from zonewright.http.message import Request
from zonewright.settings import Settings
from zonewright.zone import Primary, Zone, ZoneType

DEFAULT_TTL = 3600
HIGHEST_TTL = 2**31 - 1  # RFC 2181 section 8

_NAME = re.compile(r"(?!.{255,})(?:(?!-)[A-Za-z0-9_-]{1,63}(?<!-)\.)+")


def new_zone(request: Request, settings: Settings) -> zones.NewZone:
    """The zone a POST asks for."""
    sent = json_object(request, "zone")
    secondary = sent.get("type") == ZoneType.SECONDARY
    required = ("name", "masters") if secondary else ("name", "email")
    _raise_all(
        *_missing(sent, required),
        *_wrong_fields(sent),
        *_misplaced(sent, secondary=secondary),
        *_fixed(sent, {"project_id": request.caller.group_id}),
    )
    if sent["name"].count(".") < 2:
        raise Invalid(f"More than one label is required in {sent['name']}", kind="invalid_zone_name")
    return zones.NewZone(
        name=sent["name"],
        type=ZoneType.SECONDARY if secondary else ZoneType.PRIMARY,
        email=sent.get("email", settings.managed_email),
        ttl=sent.get("ttl", DEFAULT_TTL),
        description=sent.get("description"),
        primaries=_primaries(sent.get("masters", [])),
        attributes=sent.get("attributes", {}),
    )


def zone_edit(request: Request, zone: Zone) -> zones.Edit:
    """The change a PATCH asks for."""
    sent = json_object(request, "zone")
    _raise_all(
        *_wrong_fields(sent),
        *_misplaced(sent, secondary=zone.type is ZoneType.SECONDARY),
        *_fixed(sent, {"name": zone.name, "type": zone.type, "project_id": zone.group_id}),
    )
    return zones.Edit(
        email=sent.get("email"),
        ttl=sent.get("ttl"),
        description=sent.get("description", zones.UNSET),
        primaries=_primaries(sent["masters"]) if "masters" in sent else None,
        attributes=sent.get("attributes"),
    )


def _raise_all(*reasons: Reason) -> None:
    if reasons:
        raise Invalid("Provided object does not match schema: " + "; ".join(each.message for each in reasons), reasons)


def _missing(sent: Mapping[str, Any], required: tuple[str, ...]) -> Iterator[Reason]:
    for name in required:
        if name not in sent:
            yield Reason(f"'{name}' is a required property", (name,), "required", name)


def _wrong_fields(sent: Mapping[str, Any]) -> Iterator[Reason]:
    unknown = sorted(sent.keys() - _CHECKS.keys())
    if unknown:
        yield Reason(f"Keys {short(unknown)} are not valid for 'Zone'", (), "additionalProperties", False)
    for name, check in _CHECKS.items():
        if name in sent:
            for reason in check(sent[name]):
                yield replace(reason, path=(name, *reason.path), message=f"{name}: {reason.message}")


def _misplaced(sent: Mapping[str, Any], *, secondary: bool) -> Iterator[Reason]:
    """What belongs to the other type of zone: a SECONDARY zone copies its contents, a PRIMARY one has its own."""
    if secondary:
        for name in ("email", "ttl"):
            if name in sent:
                yield Reason(f"'{name}' is not allowed in a SECONDARY zone", (name,), "secondary")
        if sent.get("masters") == []:
            yield Reason("a SECONDARY zone needs masters", ("masters",), "minItems", 1)
    elif sent.get("masters"):
        yield Reason("'masters' are not allowed in a PRIMARY zone", ("masters",), "primary")


def _fixed(sent: Mapping[str, Any], values: Mapping[str, str | None]) -> Iterator[Reason]:
    """What may be sent only as it is."""
    for name, value in values.items():
        if name in sent and sent[name] != value:
            yield Reason(f"'{name}' is read-only: it is {short(value)}", (name,), "readOnly", value)


def _name(value: Any) -> Iterator[Reason]:
    if not isinstance(value, str):
        yield _not_a(value, "string")
    elif not _NAME.fullmatch(value):
        yield Reason(f"{short(value)} is not a 'zonename'", rule="format", expected="zonename")


def _email(value: Any) -> Iterator[Reason]:
    if not isinstance(value, str):
        yield _not_a(value, "string")
    elif value.count("@") != 1 or not _NAME.fullmatch(value.replace("@", ".") + "."):
        yield Reason(f"{short(value)} is not an 'email'", rule="format", expected="email")


def _ttl(value: Any) -> Iterator[Reason]:
    if type(value) is not int:  # True is an int too
        yield _not_a(value, "integer")
    elif not 0 <= value <= HIGHEST_TTL:
        yield Reason(f"{short(value)} is not from 0 to {HIGHEST_TTL}", rule="range", expected=HIGHEST_TTL)


def _description(value: Any) -> Iterator[Reason]:
    return iter(()) if value is None else _text(160)(value)


def _text(longest: int) -> Callable[[Any], Iterator[Reason]]:
    def check(value: Any) -> Iterator[Reason]:
        if not isinstance(value, str):
            yield _not_a(value, "string")
        elif len(value) > longest:
            yield Reason(f"{short(value)} is longer than {longest}", rule="maxLength", expected=longest)

    return check


def _type(value: Any) -> Iterator[Reason]:
    if value not in list(ZoneType):
        yield Reason(f"{short(value)} is not one of {[str(each) for each in ZoneType]}", rule="enum")


def _masters(value: Any) -> Iterator[Reason]:
    if not isinstance(value, list):
        yield _not_a(value, "array")
        return
    for index, text in enumerate(value):
        try:
            Primary.parse(text)
        except (ValueError, AttributeError):
            yield Reason(f"{short(text)} is not host or host:port", (str(index),), "format", "host")


def _attributes(value: Any) -> Iterator[Reason]:
    if not isinstance(value, dict):
        yield _not_a(value, "object")
        return
    for name, text in value.items():
        for reason in (*_text(50)(name), *_text(50)(text)):
            yield replace(reason, path=(name[:50],))


def _not_a(value: Any, kind: str) -> Reason:
    return Reason(f"{short(value)} is not of type '{kind}'", rule="type", expected=kind)


# The fields a caller may write. `pool_id` is read and ignored: a pool is not the caller's choice.
_CHECKS: dict[str, Callable[[Any], Iterator[Reason]]] = {
    "name": _name,
    "type": _type,
    "email": _email,
    "ttl": _ttl,
    "description": _description,
    "masters": _masters,
    "attributes": _attributes,
    "project_id": _text(36),
    "pool_id": _text(36),
}


def _primaries(texts: list[str]) -> tuple[Primary, ...]:
    return tuple(Primary.parse(text) for text in texts)
