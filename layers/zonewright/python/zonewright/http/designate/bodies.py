"""Read request bodies with pydantic models. A refusal lists all reasons, and begins in Designate's words.

Designate names one reason. It refuses a wrong value first, then keys that are unknown or that a caller cannot change,
then what is missing (`objects/adapters/base.py`, `objects/fields.py`). So does the text here, and the others follow.

A model checks each field. Rules between fields are checked on the body as sent, because pydantic checks those only if
every field is valid. So a caller gets all reasons at once.

Pydantic takes longer to import than all else that a route imports. Only routes that read a body import this module.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from zonewright.errors import Invalid, Reason
from zonewright.http.designate.refusals import InvalidKeys, InvalidObject, InvalidValue
from zonewright.http.designate.requests import cut, short, uuid_of
from zonewright.http.schema import SENT_UUID, Schema
from zonewright.model.ids import LONGEST_ID, is_id
from zonewright.model.zone import Primary
from zonewright.protocol import names
from zonewright.protocol.types import HIGHEST_TTL

DEFAULT_TTL = 3600
LONGEST_LABEL = 63

LABELS = r"(?:(?!-)[A-Za-z0-9_-]{1,63}(?<!-)\.)+"
"""Pattern of one or more labels, each with its dot, as zone names and mail addresses in requests have them.

It is Designate's, of every release (`RE_ZONENAME`, now in `designate/common/constants.py`). So a zone of classless
reverse delegation may be `0-26.2.0.192.in-addr.arpa.`, and not `0/26.2.0.192.in-addr.arpa.` (RFC 2317 section 4).
Nothing below the requests has this limit: owner names, and names in record data, may have any octets.
"""

LABEL = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
"""Pattern of one label without its dot, for the API document. Has no lookaround, which some programs lack."""

_NAME = re.compile(rf"(?!.{{255,}}){LABELS}")
_ODD_IN_RNAME = re.compile(r"\\\.|\\(?P<octet>[0-9]{3})|\\?(?P<character>[^A-Za-z0-9_.-])")
"""An escaped dot, which an email may have, or an octet or character of an RNAME that it may not have."""


def wrong_name(text: str, what: str, expected: str, why: str = "") -> PydanticCustomError:
    """Return the error for a domain name. `what` is Designate's word for it, and `expected` the name of its format.

    `why` is the reason in our words.
    """
    long = next((label for label in text.split(".") if len(label) > LONGEST_LABEL), None)
    if long is not None:
        problem = f"Host {cut(long)} is too long"
    elif not text.endswith("."):
        problem = f"{what} {cut(text)} does not end with a dot"
    else:
        problem = f"{what} {cut(text)} is invalid{why and f': {why}'}"
    return PydanticCustomError("format", f"is not a '{expected}'", {"expected": expected, "problem": problem})


def _zone_name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise wrong_name(text, "Domain", "zonename")
    return text


def _email(text: str) -> str:
    alone = text.count("@") == 1
    if not alone or not _NAME.fullmatch(text.replace("@", ".") + "."):
        problem = f"Email {cut(text)} is invalid" if alone else f"{cut(text)} is not an email"
        raise PydanticCustomError("format", "is not an 'email'", {"expected": "email", "problem": problem})
    return text


def rname_problem(rname: str, written: str) -> str | None:
    """Return why an RNAME is not an e-mail address here (RFC 1035 section 8), or None if it is one.

    `rname` is absolute, and `written` as in the file.
    """
    email = names.mailbox(rname)
    if email.count("@") == 1 and _NAME.fullmatch(email.replace("@", ".") + "."):
        return None
    found = next((each for each in _ODD_IN_RNAME.finditer(rname) if each.lastgroup), None)
    odd = found and (found["character"] or chr(int(found["octet"])))
    if not email.partition("@")[2]:
        why = "is not a mailbox and a domain: joe@example.org is written joe.example.org."
    elif odd is None:
        why = "has a hyphen or a dot at an end of a part, which an email may not have here"
    elif odd == "@":
        why = "has an '@': in an RNAME a dot stands for it"
    else:
        shown = f"character {odd!r}" if odd.isascii() and odd.isprintable() else f"octet {ord(odd)}"
        why = f"has the {shown}, which an email may not have here"
    return f"the RNAME {cut(written)} {why}"


def _project_id(text: str) -> str:
    if not text or not is_id(text):
        raise PydanticCustomError("format", "is not a project id", {"expected": "project id"})
    return text


def _uuid(text: str) -> str:
    try:
        return uuid_of(text, Invalid(""))
    except Invalid as error:
        raise PydanticCustomError("format", "is not a 'uuid'", {"expected": "uuid"}) from error


def _primary(value: Any) -> Primary:
    try:
        primary = Primary.parse(value)
    except (ValueError, AttributeError) as error:
        raise PydanticCustomError("format", "is not host or host:port", {"expected": "host"}) from error
    if primary.never:
        raise PydanticCustomError("format", "is an address that no primary may have", {"expected": "host"})
    return primary


_LETTER = r"[^\s\x00-/:-@\[-^`{-\x7f]"
_HOST_LABEL = rf"{_LETTER}(({_LETTER}|-){{0,61}}{_LETTER})?"
_HOST = rf"{_HOST_LABEL}(\.{_HOST_LABEL})*\.?"
_PORT = "(:[0-9]{1,5})?"
_IPV6 = "[0-9A-Fa-f.]*(:[0-9A-Fa-f.]*){2,7}"

Server = Annotated[
    Primary,
    PlainValidator(_primary),
    Schema(
        "Primary",
        type="string",
        pattern=rf"^([Tt][Ll][Ss]://)?({_HOST}{_PORT}|\[{_IPV6}\]{_PORT}|{_IPV6})$",
        description="A server to copy a zone from: host, host:port or [address]:port. `tls://` selects RFC 9103",
        examples=["192.0.2.1", "[2001:db8::1]:5300", "tls://ns1.example.net"],
    ),
]
ZoneName = Annotated[
    str,
    AfterValidator(_zone_name),
    Schema(
        "ZoneName",
        pattern=rf"^({LABEL}\.){{2,}}$",
        maxLength=254,
        description="An absolute host name with at least two labels",
        examples=["example.org."],
    ),
]
Email = Annotated[
    str,
    AfterValidator(_email),
    Schema(
        "Email",
        pattern=rf"^({LABEL}\.)*{LABEL}@({LABEL}\.)*{LABEL}$",
        maxLength=253,
        description="An address that fits into the RNAME of an SOA record (RFC 1035 section 3.3.13)",
        examples=["joe@example.org"],
    ),
]
Ttl = Annotated[int, Field(ge=0, le=HIGHEST_TTL), Schema(description="Seconds")]
Description = Annotated[str, StringConstraints(max_length=160)]
Id = Annotated[str, StringConstraints(max_length=LONGEST_ID)]
ProjectId = Annotated[str, AfterValidator(_project_id), Schema(minLength=1, maxLength=LONGEST_ID)]
Uuid = Annotated[str, AfterValidator(_uuid), SENT_UUID]

READ_ONLY = "readOnly"
"""The rule of a field that a caller cannot change."""

MISSING: Any = None
"""Default of an omitted field. Null is not accepted."""


class Body(BaseModel):
    """Base of all bodies. Types are strict, and unknown keys are refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


Model = TypeVar("Model", bound=Body)


def read(model: type[Model], sent: Mapping[str, Any], noun: str, related: Sequence[Reason] = ()) -> Model:
    """Return the body `sent` as a `model`.

    Raise Invalid with all reasons, and with the `related` reasons that the caller found. `noun` is Designate's name for
    the object.
    """
    try:
        body = model.model_validate(sent)
    except ValidationError as error:
        found = error.errors(include_url=False)
        unknown = [str(each["loc"][0]) for each in found if each["type"] == _UNKNOWN]
        wrong = [_reason(each) for each in found if each["type"] != _UNKNOWN]
        raise _refusal([*wrong, *related], noun, unknown) from error
    if related:
        raise _refusal(related, noun)
    return body


def read_only(sent: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[Reason]:
    """Yield a reason for each field in `sent` that differs from its read-only value."""
    for name, value in values.items():
        if name in sent and sent[name] != value:
            yield Reason(f"'{name}' is read-only: it is {short(value)}", (name,), READ_ONLY, value)


@dataclass(frozen=True, slots=True)
class _WrongValue(Reason):
    """A field has a value that it cannot have."""


def _refusal(reasons: Sequence[Reason], noun: str, unknown: Sequence[str] = ()) -> InvalidObject:
    """Return the error for the `reasons` against the object `noun`, in which the keys `unknown` are unknown."""
    told = list(reasons)
    if unknown:
        text = _unfit(sorted(unknown), noun)
        told.insert(0, Reason(text, (), "additionalProperties", False))
    wrong = next((each for each in reasons if isinstance(each, _WrongValue)), None)
    if wrong:
        others = [each for each in told if each is not wrong]
        return InvalidValue(reasons=told, problem=_listed([wrong, *others]))
    keys = sorted({*unknown, *(str(each.path[0]) for each in reasons if each.rule == READ_ONLY)})
    if keys:
        return InvalidKeys(_listed(reasons), reasons=told, problem=_unfit(keys, noun))
    return InvalidObject(_listed(reasons), reasons=told)


def _unfit(keys: Sequence[str], noun: str) -> str:
    return f"Keys {cut(repr(keys))} are not valid for {noun}"


def _listed(reasons: Iterable[Reason]) -> str:
    return "; ".join(each.message for each in reasons)


_UNKNOWN = "extra_forbidden"
"""Pydantic's kind of error for an unknown key."""

_TYPES = {"string_type": "string", "int_type": "integer", "list_type": "array", "dict_type": "object"}
"""JSON's name of the expected type, by pydantic's kind of error."""


def _reason(error: ErrorDetails) -> Reason:
    kind, context = error["type"], error.get("ctx", {})
    path = tuple(each if isinstance(each, int) else each[:50] for each in error["loc"] if each != "[key]")
    expected: object
    match kind:
        case "missing":
            return Reason(f"'{path[0]}' is a required property", path, "required", path[0])
        case "string_too_long":
            rule, expected = "maxLength", context["max_length"]
            text = f"is longer than {expected}"
        case "string_too_short":
            rule, expected = "minLength", context["min_length"]
            text = f"is shorter than {expected}"
        case "too_long":
            rule, expected = "maxItems", context["max_length"]
            text = f"has more than {expected} entries"
        case "too_short":
            rule, expected = "minItems", context["min_length"]
            text = f"has fewer than {expected} entries"
        case "greater_than_equal":
            rule, expected = "minimum", context["ge"]
            text = f"is less than {expected}"
        case "less_than_equal":
            rule, expected = "maximum", context["le"]
            text = f"is more than {expected}"
        case "literal_error":
            rule, text, expected = "enum", f"is not one of {context['expected']}", None
        case _ if kind in _TYPES:
            rule, expected = "type", _TYPES[kind]
            text = f"is not of type '{expected}'"
        case _:
            rule, text, expected = kind, error["msg"], context["expected"]
    field = str(path[0])
    if "message" in context:
        return Reason(context["message"], path, rule, expected)
    value = "it" if field == "secret" else short(error["input"])
    if "problem" in context:
        return _WrongValue(context["problem"], path, rule, expected)
    if field == "attributes" and len(path) > 1:
        field = "key" if error["loc"][-1] == "[key]" else "value"  # Designate has a list of these
    problem = _problem(field, rule, error["input"], expected)
    if problem is None:
        return Reason(f"{path[0]}: {value} {text}", path, rule, expected)
    return _WrongValue(f"{problem}: {value} {text}", path, rule, expected)


def _problem(field: str, rule: str, value: object, expected: object) -> str | None:
    """Return Designate's words for a value that breaks a rule, or None if it has none (`objects/fields.py`)."""
    match rule:
        case "type" if value is None:
            return f"Field `{field}' cannot be None"
        case "type" if expected == "string" and isinstance(value, (list, dict)):
            return f"A string is required in field {field}, not a {type(value).__name__}"
        case "type" if expected == "integer" and isinstance(value, str) and not value.isdecimal():
            return f"invalid literal for int() with base 10: {short(value)}"
        case "maxLength":
            return f"Value too long for {field}"
        case "minimum":
            return f"Value must be >= {expected} for field {field}"
        case "maximum":
            return f"Value too high for {field}"
        case "enum":
            return f"Field value {cut(value) if isinstance(value, str) else short(value)} is invalid"
    return None
