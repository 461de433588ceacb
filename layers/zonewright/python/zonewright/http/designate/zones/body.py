"""Read the bodies of new and changed zones (contract `designate.md`, section 3)."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, StringConstraints

from zonewright.actions import zones, zonesettings
from zonewright.actions.imported import Contents
from zonewright.errors import MalformedZoneFile, Reason
from zonewright.http.designate.bodies import (
    DEFAULT_TTL,
    MISSING,
    Body,
    Description,
    Email,
    Id,
    Server,
    Ttl,
    ZoneName,
    read,
    read_only,
    rname_problem,
)
from zonewright.http.designate.requests import cut, json_object, short, zone_file
from zonewright.http.message import Request
from zonewright.http.schema import Schema
from zonewright.model import guards, schedule
from zonewright.model.settings import Settings
from zonewright.model.zone import Zone, ZoneType

if TYPE_CHECKING:
    from zonewright.protocol.zonefile.reader import ZoneFile


Primaries = list[Server]
AttributeText = Annotated[str, StringConstraints(max_length=50)]
Attributes = Annotated[dict[AttributeText, AttributeText], Schema("Attributes")]


class _Fields(Body):
    """What callers write of a zone. Every field is optional."""

    name: ZoneName = MISSING
    type: Literal["PRIMARY", "SECONDARY"] = MISSING
    email: Email = MISSING
    ttl: Ttl = MISSING
    description: Description | None = None
    primaries: Primaries = Field(default=MISSING, alias="masters")
    attributes: Attributes = MISSING
    project_id: Id = MISSING
    pool_id: Id = MISSING  # ignored: attributes choose the pool
    schedule: Any = None  # `_schedule` checks it, with the deployment's shortest interval
    guards: Any = None  # `_guards` checks them, with the deployment's limit of records


class ZoneChange(_Fields):
    """The body of a PATCH. It may have the read-only fields as they are, because clients send what they read."""

    id: Any = None
    serial: Any = None
    status: Any = None
    status_message: Any = None
    action: Any = None
    version: Any = None
    shared: Any = None
    created_at: Any = None
    updated_at: Any = None
    transferred_at: Any = None
    next_sync_at: Any = None
    schedule_error: Any = None
    links: Any = None
    zone: Any = None


class _NewZone(_Fields):
    """The common part of all POST bodies."""

    name: ZoneName
    primaries: Primaries = Field(default=[], alias="masters")
    attributes: Attributes = Field(default={})


class PrimaryZone(_NewZone):
    """The body of a POST of a PRIMARY zone."""

    email: Email


class SecondaryZone(_NewZone):
    """The body of a POST of a SECONDARY zone."""

    primaries: Primaries = Field(alias="masters")


_FIXED = ("name", "type", "project_id")
_READ_ONLY = tuple(ZoneChange.model_fields.keys() - _Fields.model_fields.keys())


def new_zone(request: Request, settings: Settings) -> zones.NewZone:
    """Return the zone in a POST: its settings in JSON, or a master file.

    Raise Invalid with all reasons, MalformedZoneFile, and what `zone_file` and `json_object` raise.
    """
    if request.media_type == "text/dns":
        from zonewright.protocol.zonefile import reader

        return imported(reader.read(zone_file(request), limits=reader.AT_ONCE), {})
    sent = json_object(request, "zone")
    kind = ZoneType.SECONDARY if sent.get("type") == ZoneType.SECONDARY else ZoneType.PRIMARY
    model = SecondaryZone if kind is ZoneType.SECONDARY else PrimaryZone
    project = {"project_id": request.caller.group_id}
    body = read(model, sent, "zone", [*_related(sent, kind, settings), *read_only(sent, project)])
    return zones.NewZone(
        name=body.name,
        type=kind,
        email=settings.managed_email if kind is ZoneType.SECONDARY else body.email,
        ttl=body.ttl if "ttl" in body.model_fields_set else max(DEFAULT_TTL, settings.min_ttl),
        description=body.description,
        primaries=tuple(body.primaries),
        attributes=body.attributes,
        schedule=body.schedule if "schedule" in sent else _default_schedule(kind, settings),
        guards=_own_guards(body),
    )


def imported(file: "ZoneFile", attributes: Mapping[str, str]) -> zones.NewZone:
    """Return the zone in a master file. The rules of a zone in JSON apply. Raise Invalid with all reasons.

    Raise MalformedZoneFile, with the line of the SOA, if its RNAME is not an e-mail address.
    """
    sent = {"name": file.name, "email": file.soa.email, "ttl": file.soa.ttl, "attributes": dict(attributes)}
    problem = rname_problem(file.soa.rname, file.soa.written)
    body = read(PrimaryZone, sent if problem is None else sent | {"email": "hostmaster@zonewright.invalid"}, "zone")
    if problem:
        told = f"line {file.soa.line}: {problem}"
        raise MalformedZoneFile(told, reasons=[Reason(told, ("email",), "format", "email")], line=file.soa.line)
    return zones.NewZone(
        name=body.name,
        email=body.email,
        ttl=body.ttl,
        attributes=body.attributes,
        contents=Contents(file.contents(), file.soa.serial, file.numbers),
    )


def zone_edit(request: Request, zone: Zone, settings: Settings, shown: Mapping[str, Any]) -> zonesettings.Edit:
    """Return the change in a PATCH of `zone`, which is `shown` so. Raise Invalid with all reasons.

    Fields that a caller cannot change may be sent as they are: those that are read-only, and `email` and `ttl` of a
    copy. So may `zone`, which repeats the others in what is shown.
    """
    of_copies = ("email", "ttl") if zone.type is ZoneType.SECONDARY else ()
    sent = {
        name: value
        for name, value in json_object(request, "zone").items()
        if name not in of_copies or value != shown[name]
    }
    present = {name: shown[name] for name in (*_FIXED, *_READ_ONLY) if name in shown}
    body = read(ZoneChange, sent, "zone", [*_related(sent, zone.type, settings), *read_only(sent, present)])
    return zonesettings.Edit(
        email=body.email,
        ttl=body.ttl,
        description=body.description if "description" in body.model_fields_set else zonesettings.UNSET,
        primaries=None if body.primaries is None else tuple(body.primaries),
        attributes=body.attributes,
        schedule=body.schedule if "schedule" in sent else zonesettings.UNSET,
        guards=_own_guards(body) if "guards" in sent else zonesettings.UNSET,
    )


def _related(sent: Mapping[str, Any], kind: ZoneType, settings: Settings) -> Iterator[Reason]:
    """Yield what is wrong with fields because of other fields or of the deployment's settings."""
    yield from _misplaced(sent, kind)
    yield from _schedule(sent, kind, settings)
    yield from _guards(sent, kind, settings)


def _schedule(sent: Mapping[str, Any], kind: ZoneType, settings: Settings) -> Iterator[Reason]:
    """Yield what is wrong with the schedule. Only a SECONDARY zone may have one; null is always valid."""
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
    """Yield what is wrong with the guards. Only a SECONDARY zone may have some; null is always valid."""
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
        text = f"Keys {cut(repr(unknown))} are not valid for 'guards'"
        yield Reason(text, ("guards",), "additionalProperties", False)
    for name, (least, most) in limits.items():
        number = value.get(name)
        if number is not None and not (type(number) is int and least <= number <= most):
            text = f"is not null or a number from {least} to {most}"
            if name == "zone_records" and settings.zone_records:
                text += ", the most this service takes"
            yield Reason(f"{name}: {short(number)} {text}", ("guards", name), "guards", most)


def _own_guards(body: _Fields) -> guards.OwnGuards | None:
    """Return the guards in a body. Return None if all of them are the deployment's."""
    own = guards.OwnGuards(**(body.guards or {}))
    return None if own == guards.OwnGuards() else own


def _default_schedule(kind: ZoneType, settings: Settings) -> schedule.Schedule | None:
    """Return the schedule of a new zone whose body has none."""
    return schedule.parse(settings.default_schedule) if kind is ZoneType.SECONDARY else None


def _misplaced(sent: Mapping[str, Any], kind: ZoneType) -> Iterator[Reason]:
    """Yield a reason for each field that only the other type of zone has."""
    if kind is ZoneType.SECONDARY:
        for name in ("email", "ttl"):
            if name in sent:
                yield Reason(f"'{name}' can't be specified when type is SECONDARY", (name,), "not_allowed", name)
        if sent.get("masters") == []:
            yield Reason(
                "'masters' is a required property: a SECONDARY zone has some", ("masters",), "required", "masters"
            )
    elif sent.get("masters"):
        text = "'masters' has more items than allowed: a PRIMARY zone has none"
        yield Reason(text, ("masters",), "maxItems", "masters")
