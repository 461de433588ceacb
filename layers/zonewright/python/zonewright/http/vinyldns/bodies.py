"""Read JSON bodies of the VinylDNS API: their fields, and everything that is wrong with them (contract, section 2).

`null` is as good as absent, and unknown fields are ignored. A body that is no object has no fields. A value of the
wrong type is refused in the words of VinylDNS's JSON library, which also turns a number into a text.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from zonewright.errors import FieldsRefused, InvalidJson, Reason, Unsupported
from zonewright.http.message import Request

T = TypeVar("T")
Check = tuple[str, Callable[[T], bool]]
"""What is wrong with a value, and whether a value is right."""

_JSON = "application/json"
_ORDINARY = {type(None): "JNull", bool: "JBool", int: "JInt", float: "JDouble", str: "JString"}


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """A type that a value can have. `name` is the one in messages. `read` raises TypeError for other values."""

    name: str
    read: Callable[[Any], T]


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError
    return str(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return int(value)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


TEXT = Kind("class java.lang.String", _text)
FLAG = Kind("boolean", _flag)
NUMBER = Kind("long", _number)
INTEGER = Kind("class java.lang.Integer", _number)
LIST = Kind("class scala.collection.immutable.List", _list)


def sent(request: Request) -> Mapping[str, Any]:
    """Return the object in the body. Raise Unsupported for another media type, and InvalidJson."""
    if request.media_type not in ("", _JSON):
        raise Unsupported(f"The request's Content-Type is not supported. Expected:\n{_JSON}")
    try:
        body = json.loads(request.body.decode(), parse_constant=_refuse, parse_float=_fraction)
        json.dumps(body, ensure_ascii=False).encode()  # raises for half a surrogate pair
    except (ValueError, RecursionError) as error:
        why = "lists and objects are nested too deeply" if isinstance(error, RecursionError) else error
        raise InvalidJson(f"The request content was malformed:\n{why}") from error
    return body if isinstance(body, dict) else {}


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _fraction(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return number


@dataclass(slots=True)
class Fields:
    """The fields of an object, and the errors found in those that were read."""

    sent: Mapping[str, Any]
    errors: list[str] = field(default_factory=list)

    def required(self, name: str, kind: Kind[T], missing: str, *checks: Check[T]) -> T | None:
        """Return the value of a field that passes the checks. Else note the errors and return None."""
        if self.sent.get(name) is None:
            self.errors.append(missing)
            return None
        return self.optional(name, kind, *checks)

    def optional(self, name: str, kind: Kind[T], *checks: Check[T]) -> T | None:
        """Return the value of a field that passes the checks, or None without it. Else note the errors."""
        value = self.sent.get(name)
        if value is None:
            return None
        try:
            read = kind.read(value)
        except TypeError:
            self.errors.append(f"Do not know how to convert {shown(value)} into {kind.name}")
            return None
        wrong = [message for message, right in checks if not right(read)]
        self.errors += wrong
        return None if wrong else read

    def word(self, name: str, words: Sequence[str], unknown: str, missing: str = "") -> str | None:
        """Return the value of a field that is one of some words. `missing` is the error without it, if it is one."""
        value = self.sent.get(name)
        if value is None:
            if missing:
                self.errors.append(missing)
            return None
        if value not in words:
            self.errors.append(unknown)
            return None
        return str(value)

    def check(self) -> None:
        """Raise FieldsRefused with all errors, each once, if there are any."""
        if self.errors:
            raise FieldsRefused(reasons=[Reason(message) for message in dict.fromkeys(self.errors)])


def shown(value: Any) -> str:
    """Return a JSON value as VinylDNS's messages have it, such as `JString(x)`."""
    match value:
        case None:
            return "JNull"
        case dict():
            return f"JObject(List({', '.join(f'({name},{shown(each)})' for name, each in value.items())}))"
        case list():
            return f"JArray(List({', '.join(map(shown, value))}))"
        case bool():
            return f"JBool({str(value).lower()})"
    return f"{_ORDINARY[type(value)]}({value})"
