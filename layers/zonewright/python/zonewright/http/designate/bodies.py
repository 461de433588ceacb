"""A zone on its way in (contract `designate.md`, section 3): every field checked, every reason given.

The models say what each field may hold; what pydantic finds wrong becomes our reasons, in Designate's words. What one
field says of another is looked at in the body as sent, for pydantic looks at a whole only when its parts are right, and
a caller shall hear everything at once.

Importing pydantic takes longer than everything else a route imports, so only the two that read a zone import this.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from zonewright import zones
from zonewright.errors import Invalid, Reason
from zonewright.http.designate.reading import json_object, short
from zonewright.http.message import Request
from zonewright.settings import Settings
from zonewright.zone import Primary, Zone, ZoneType

DEFAULT_TTL = 3600
HIGHEST_TTL = 2**31 - 1  # RFC 2181 section 8

_NAME = re.compile(r"(?!.{255,})(?:(?!-)[A-Za-z0-9_-]{1,63}(?<!-)\.)+")


def _zone_name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise PydanticCustomError("format", "is not a 'zonename'", {"expected": "zonename"})
    return text


def _email(text: str) -> str:
    if text.count("@") != 1 or not _NAME.fullmatch(text.replace("@", ".") + "."):
        raise PydanticCustomError("format", "is not an 'email'", {"expected": "email"})
    return text


def _primary(value: Any) -> Primary:
    try:
        return Primary.parse(value)
    except (ValueError, AttributeError) as error:
        raise PydanticCustomError("format", "is not host or host:port", {"expected": "host"}) from error


ZoneName = Annotated[str, AfterValidator(_zone_name)]
Email = Annotated[str, AfterValidator(_email)]
Ttl = Annotated[int, Field(ge=0, le=HIGHEST_TTL)]
Description = Annotated[str, StringConstraints(max_length=160)]
Primaries = list[Annotated[Primary, PlainValidator(_primary)]]
AttributeText = Annotated[str, StringConstraints(max_length=50)]
Attributes = dict[AttributeText, AttributeText]
Id = Annotated[str, StringConstraints(max_length=36)]

UNSAID: Any = None
"""The value of a field that is not there: no null can be sent in its place, so its type has no None."""


class ZoneChange(BaseModel):
    """Every field a caller may write, none of them required: what a PATCH says."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: ZoneName = UNSAID
    type: Literal[ZoneType.PRIMARY, ZoneType.SECONDARY] = UNSAID
    email: Email = UNSAID
    ttl: Ttl = UNSAID
    description: Description | None = None
    primaries: Primaries = Field(default=UNSAID, alias="masters")
    attributes: Attributes = UNSAID
    project_id: Id = UNSAID
    pool_id: Id = UNSAID  # read and ignored: a pool is not the caller's choice


class _NewZone(ZoneChange):
    """What any POST says."""

    name: ZoneName
    ttl: Ttl = DEFAULT_TTL
    primaries: Primaries = Field(default=[], alias="masters")
    attributes: Attributes = {}


class PrimaryZone(_NewZone):
    """What a POST says of a zone whose contents are ours."""

    email: Email


class SecondaryZone(_NewZone):
    """What a POST says of a zone to be copied."""

    primaries: Primaries = Field(alias="masters")


Body = TypeVar("Body", bound=ZoneChange)


def new_zone(request: Request, settings: Settings) -> zones.NewZone:
    """The zone a POST asks for."""
    sent = json_object(request, "zone")
    kind = ZoneType.SECONDARY if sent.get("type") == ZoneType.SECONDARY else ZoneType.PRIMARY
    model = SecondaryZone if kind is ZoneType.SECONDARY else PrimaryZone
    body = _read(model, sent, kind, {"project_id": request.caller.group_id})
    if body.name.count(".") < 2:
        raise Invalid(f"More than one label is required in {body.name}", kind="invalid_zone_name")
    return zones.NewZone(
        name=body.name,
        type=kind,
        email=settings.managed_email if kind is ZoneType.SECONDARY else body.email,
        ttl=body.ttl,
        description=body.description,
        primaries=tuple(body.primaries),
        attributes=body.attributes,
    )


def zone_edit(request: Request, zone: Zone) -> zones.Edit:
    """The change a PATCH asks for."""
    sent = json_object(request, "zone")
    body = _read(ZoneChange, sent, zone.type, {"name": zone.name, "type": zone.type, "project_id": zone.group_id})
    return zones.Edit(
        email=body.email,
        ttl=body.ttl,
        description=body.description if "description" in body.model_fields_set else zones.UNSET,
        primaries=None if body.primaries is None else tuple(body.primaries),
        attributes=body.attributes,
    )


def _read(model: type[Body], sent: Mapping[str, Any], kind: ZoneType, fixed: Mapping[str, str | None]) -> Body:
    """The body as its model, or everything that is wrong with it."""
    related = [*_misplaced(sent, kind), *_fixed(sent, fixed)]
    try:
        body = model.model_validate(sent)
    except ValidationError as error:
        raise _refusal([*_reasons(error.errors(include_url=False)), *related]) from error
    if related:
        raise _refusal(related)
    return body


def _refusal(reasons: list[Reason]) -> Invalid:
    return Invalid("Provided object does not match schema: " + "; ".join(each.message for each in reasons), reasons)


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


def _fixed(sent: Mapping[str, Any], values: Mapping[str, str | None]) -> Iterator[Reason]:
    """What may be sent only as it is."""
    for name, value in values.items():
        if name in sent and sent[name] != value:
            yield Reason(f"'{name}' is read-only: it is {short(value)}", (name,), "readOnly", value)


_RULES: dict[str, tuple[str, str, object]] = {
    "string_type": ("type", "is not of type 'string'", "string"),
    "int_type": ("type", "is not of type 'integer'", "integer"),
    "list_type": ("type", "is not of type 'array'", "array"),
    "dict_type": ("type", "is not of type 'object'", "object"),
    "literal_error": ("enum", f"is not one of {[str(each) for each in ZoneType]}", None),
    "greater_than_equal": ("range", f"is not from 0 to {HIGHEST_TTL}", HIGHEST_TTL),
    "less_than_equal": ("range", f"is not from 0 to {HIGHEST_TTL}", HIGHEST_TTL),
}
"""Of pydantic's kinds of error: Designate's rule, what to say of the value, and what the rule expects."""


def _reasons(errors: list[ErrorDetails]) -> Iterator[Reason]:
    """What pydantic found: the unknown keys first, in one, then field by field."""
    unknown = sorted(str(error["loc"][0]) for error in errors if error["type"] == "extra_forbidden")
    if unknown:
        yield Reason(f"Keys {short(unknown)} are not valid for 'Zone'", (), "additionalProperties", False)
    for error in errors:
        if error["type"] != "extra_forbidden":
            yield _reason(error)


def _reason(error: ErrorDetails) -> Reason:
    kind, context = error["type"], error.get("ctx", {})
    path = tuple(str(each)[:50] for each in error["loc"] if each != "[key]")
    if kind == "missing":
        return Reason(f"'{path[0]}' is a required property", path, "required", path[0])
    if kind == "string_too_long":
        rule, text, expected = "maxLength", f"is longer than {context['max_length']}", context["max_length"]
    else:
        rule, text, expected = _RULES.get(kind) or (kind, error["msg"], context["expected"])
    return Reason(f"{path[0]}: {short(error['input'])} {text}", path, rule, expected)
