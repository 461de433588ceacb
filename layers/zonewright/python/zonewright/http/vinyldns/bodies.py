"""Read JSON bodies as VinylDNS does (contract `vinyldns.md`, section 2).

A body that is no JSON is refused at once. All that is wrong with the fields of other bodies is refused together:

    fields = Fields.of(request)
    name = fields.text("name", "Missing Group.name")
    fields.done()

Null counts as absent, and unknown fields are ignored. A value of a wrong type is shown in the words of VinylDNS's JSON
library. `text` takes numbers too, as that library does.
"""

import json
from typing import TYPE_CHECKING, Any

from zonewright.errors import MalformedBody, Reason, Unsupported, WrongFields
from zonewright.http.message import Request

if TYPE_CHECKING:
    from collections.abc import Sequence

_STRING = "class java.lang.String"
_UNREADABLE = "The request content was malformed:\n"


class Fields:
    """The fields of a JSON object, and what was found wrong with them. A field that is wrong reads as absent."""

    def __init__(self, value: object, wrong: list[Reason] | None = None) -> None:
        self.value = value if isinstance(value, dict) else {}
        self.wrong = [] if wrong is None else wrong

    @classmethod
    def of(cls, request: Request) -> "Fields":
        """Return the fields of a body. One that is JSON and no object has none.

        Raise Unsupported for another media type, or MalformedBody.
        """
        if request.media_type != "application/json":
            raise Unsupported("The request's Content-Type is not supported. Expected:\napplication/json")
        try:
            value = json.loads(request.body, parse_constant=_no_constant)
            json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise MalformedBody(f"{_UNREADABLE}{error}") from error
        return cls(value)

    def done(self) -> None:
        """Raise WrongFields if anything was wrong."""
        if self.wrong:
            raise WrongFields(reasons=self.wrong)

    def text(self, name: str, missing: str) -> str:
        """Return a text that must be there. `missing` is what to say without it."""
        found = self.optional_text(name)
        if found is None and self.value.get(name) is None:
            self.wrong.append(Reason(missing, (name,)))
        return found or ""

    def optional_text(self, name: str) -> str | None:
        """Return a text, or None without it."""
        value = self.value.get(name)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return json.dumps(value)
        self._unreadable(name, f"Do not know how to convert {shown(value)} into {_STRING}")
        return None

    def objects(self, name: str, missing: str) -> "Sequence[Fields]":
        """Return the objects of a list that must be there. Others than objects read as empty ones."""
        value = self.value.get(name)
        if isinstance(value, list):
            return [Fields(each, self.wrong) for each in value]
        self._unreadable(name, missing if value is None else f"Expected collection but got {shown(value)}")
        return ()

    def _unreadable(self, name: str, problem: str) -> None:
        self.wrong.append(Reason(problem, (name,)))


def shown(value: Any) -> str:
    """Return a JSON value as VinylDNS's JSON library shows it."""
    match value:
        case None:
            return "JNull"
        case bool():
            return f"JBool({json.dumps(value)})"
        case str():
            return f"JString({value})"
        case int():
            return f"JInt({value})"
        case float():
            return f"JDouble({value})"
        case list():
            return f"JArray(List({', '.join(map(shown, value))}))"
    return f"JObject(List({', '.join(f'({name},{shown(each)})' for name, each in value.items())}))"


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
