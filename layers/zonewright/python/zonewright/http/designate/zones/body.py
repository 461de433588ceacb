"""A zone on its way in (contract `designate.md`, section 3)."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, PlainValidator, StringConstraints
from pydantic_core import PydanticCustomError

from zonewright.actions import zones
from zonewright.errors import Reason
from zonewright.http.designate.bodies import (
    DEFAULT_TTL,
    UNSAID,
    Body,
    Description,
    Email,
    Id,
    Ttl,
    ZoneName,
    fixed,
    read,
)
from zonewright.http.designate.requests import json_object, short, zone_file
from zonewright.http.message import Request
from zonewright.http.schema import Schema
from zonewright.model import guards, schedule
from zonewright.model.settings import Settings
from zonewright.model.zone import Primary, Zone, ZoneType

if TYPE_CHECKING:
    from zonewright.protocol.zonefile.reader import ZoneFile


def _primary(value: Any) -> Primary:
    try:
        return Primary.parse(value)
    except (ValueError, AttributeError) as error:
        raise PydanticCustomError("format", "is not host or host:port", {"expected": "host"}) from error


_HOST = r"[^\s/@\[\]:]{1,255}"
_PORT = "(:[0-9]{1,5})?"
_IPV6 = "[0-9A-Fa-f.]*(:[0-9A-Fa-f.]*){2,7}"

Server = Annotated[
    Primary,
    PlainValidator(_primary),
    Schema(
        "Primary",
        type="string",
        pattern=rf"^([Tt][Ll][Ss]://)?({_HOST}{_PORT}|\[{_IPV6}\]{_PORT}|{_IPV6})$",
        description="A server to copy a zone from: host, host:port or [address]:port; `tls://` before it is RFC 9103",
        examples=["192.0.2.1", "[2001:db8::1]:5300", "tls://ns1.example.net"],
    ),
]
Primaries = list[Server]
AttributeText = Annotated[str, StringConstraints(max_length=50)]
Attributes = Annotated[dict[AttributeText, AttributeText], Schema("Attributes")]


class ZoneChange(Body):
    """Every field a caller may write, none of them required: what a PATCH says."""

    name: ZoneName = UNSAID
    type: Literal[ZoneType.PRIMARY, ZoneType.SECONDARY] = UNSAID
    email: Email = UNSAID
    ttl: Ttl = UNSAID
    description: Description | None = None
    primaries: Primaries = Field(default=UNSAID, alias="masters")
    attributes: Attributes = UNSAID
    project_id: Id = UNSAID
    pool_id: Id = UNSAID  # read and ignored: a pool is not the caller's choice
    schedule: Any = None  # looked at by `_schedule`, which knows the shortest interval
    guards: Any = None  # looked at by `_guards`, which knows the most records


class _NewZone(ZoneChange):
    """What any POST says."""

    name: ZoneName
    primaries: Primaries = Field(default=[], alias="masters")
    attributes: Attributes = Field(default={})


class PrimaryZone(_NewZone):
    """What a POST says of a zone whose contents are ours."""

    email: Email


class SecondaryZone(_NewZone):
    """What a POST says of a zone to be copied."""

    primaries: Primaries = Field(alias="masters")


def new_zone(request: Request, settings: Settings) -> zones.NewZone:
    """The zone a POST asks for, by its settings as JSON or as a master file."""
    if request.media_type == "text/dns":
        from zonewright.protocol.zonefile import reader

        return imported(reader.read(zone_file(request), limits=reader.AT_ONCE), {})
    sent = json_object(request, "zone")
    kind = ZoneType.SECONDARY if sent.get("type") == ZoneType.SECONDARY else ZoneType.PRIMARY
    model = SecondaryZone if kind is ZoneType.SECONDARY else PrimaryZone
    project = {"project_id": request.caller.group_id}
    body = read(model, sent, "Zone", [*_related(sent, kind, settings), *fixed(sent, project)])
    return zones.NewZone(
        name=body.name,
        type=kind,
        email=settings.managed_email if kind is ZoneType.SECONDARY else body.email,
        ttl=body.ttl if "ttl" in body.model_fields_set else max(DEFAULT_TTL, settings.min_ttl),
        description=body.description,
        primaries=tuple(body.primaries),
        attributes=body.attributes,
        schedule=body.schedule if "schedule" in sent else _usual_schedule(kind, settings),
        guards=_own_guards(body),
    )


def imported(file: "ZoneFile", attributes: Mapping[str, str]) -> zones.NewZone:
    """The zone a master file describes, held to what holds for one by JSON."""
    sent = {"name": file.name, "email": file.soa.email, "ttl": file.soa.ttl, "attributes": dict(attributes)}
    body = read(PrimaryZone, sent, "Zone")
    return zones.NewZone(
        name=body.name,
        email=body.email,
        ttl=body.ttl,
        attributes=body.attributes,
        contents=zones.Contents(file.contents(), file.soa.serial),
    )


def zone_edit(request: Request, zone: Zone, settings: Settings) -> zones.Edit:
    """The change a PATCH asks for."""
    sent = json_object(request, "zone")
    as_it_is = {"name": zone.name, "type": zone.type, "project_id": zone.group_id}
    body = read(ZoneChange, sent, "Zone", [*_related(sent, zone.type, settings), *fixed(sent, as_it_is)])
    return zones.Edit(
        email=body.email,
        ttl=body.ttl,
        description=body.description if "description" in body.model_fields_set else zones.UNSET,
        primaries=None if body.primaries is None else tuple(body.primaries),
        attributes=body.attributes,
        schedule=body.schedule if "schedule" in sent else zones.UNSET,
        guards=_own_guards(body) if "guards" in sent else zones.UNSET,
    )


def _related(sent: Mapping[str, Any], kind: ZoneType, settings: Settings) -> Iterator[Reason]:
    """What is wrong with fields by what others, or the deployment, say."""
    yield from _misplaced(sent, kind)
    yield from _schedule(sent, kind, settings)
    yield from _guards(sent, kind, settings)


def _schedule(sent: Mapping[str, Any], kind: ZoneType, settings: Settings) -> Iterator[Reason]:
    """What is wrong with a schedule: none always fits, and only a SECONDARY zone may have one."""
    value, shortest = sent.get("schedule"), settings.shortest_schedule
    if value is None:
        return
    if kind is not ZoneType.SECONDARY:
        yield Reason("'schedule' is not allowed in a PRIMARY zone: nothing is copied into it", ("schedule",), "primary")
    elif not schedule.is_schedule(value, shortest):
        seconds = f"a number of seconds from {shortest} to {schedule.LONGEST}"
        text = f"is not null, '{schedule.REFRESH}', {seconds}, or a cron expression such as '0 30 2 ? * *'"
        yield Reason(f"schedule: {short(value)} {text}", ("schedule",), "schedule", shortest)


def _guards(sent: Mapping[str, Any], kind: ZoneType, settings: Settings) -> Iterator[Reason]:
    """What is wrong with guards: none always fit, and only a SECONDARY zone may have some."""
    value, limits = sent.get("guards"), guards.bounds(settings.zone_records)
    if value is None:
        return
    if kind is not ZoneType.SECONDARY:
        yield Reason("'guards' are not allowed in a PRIMARY zone: nothing is copied into it", ("guards",), "primary")
        return
    if not isinstance(value, dict):
        yield Reason(f"guards: {short(value)} is not of type 'object'", ("guards",), "type", "object")
        return
    if unknown := sorted(value.keys() - limits.keys()):
        yield Reason(f"Keys {short(unknown)} are not valid for 'guards'", ("guards",), "additionalProperties", False)
    for name, (least, most) in limits.items():
        number = value.get(name)
        if number is not None and not (type(number) is int and least <= number <= most):
            text = f"is not null or a number from {least} to {most}"
            if name == "zone_records" and settings.zone_records:
                text += ", the most this service takes"
            yield Reason(f"{name}: {short(number)} {text}", ("guards", name), "guards", most)


def _own_guards(body: ZoneChange) -> guards.OwnGuards | None:
    """The guards a body gives a zone; none where all of them are the deployment's."""
    own = guards.OwnGuards(**(body.guards or {}))
    return None if own == guards.OwnGuards() else own


def _usual_schedule(kind: ZoneType, settings: Settings) -> schedule.Schedule | None:
    """What a zone has whose POST says nothing of a schedule."""
    return schedule.parse(settings.default_schedule) if kind is ZoneType.SECONDARY else None


def _misplaced(sent: Mapping[str, Any], kind: ZoneType) -> Iterator[Reason]:
    """What belongs to the other type of zone: a SECONDARY zone copies its contents, a PRIMARY one has its own."""
    if kind is ZoneType.SECONDARY:
        for name in ("email", "ttl"):
            if name in sent:
                yield Reason(f"'{name}' is not allowed in a SECONDARY zone", (name,), "secondary")
        if sent.get("masters") == []:
            yield Reason("a SECONDARY zone needs masters", ("masters",), "minItems", 1)
    elif sent.get("masters"):
        yield Reason("'masters' are not allowed in a PRIMARY zone", ("masters",), "primary")
