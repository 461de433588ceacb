"""Derive JSON schemas (2020-12) from the types that the code uses.

    filters.py ── tables of filters and sort keys ─────────▶ designate.doc.paging
    body.py ───── pydantic models, which read requests ────▶ Shape ─┐
    answer.py ─── TypedDicts, which the views return ──────▶ Shape ─┴▶ Schemas.named

A doc module may use a type where the document needs a schema. `Schemas.render` replaces it. A `Shape` adds the parts
that are written by hand: prose, examples, and rules between fields.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from zonewright.http.formats import LEFT_OUT
from zonewright.http.schema import Schema

Json = dict[str, Any]

_NAMES: dict[Any, str] = {str: "string", bool: "boolean", int: "integer", float: "number", NoneType: "null"}
"""The JSON name of each Python type."""


def ref(name: str) -> Json:
    """Return a reference to the schema of this name."""
    return {"$ref": f"#/components/schemas/{name}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A TypedDict or a pydantic model, and additions by hand to its schema.

    `prose` describes fields by name. Nest it to describe the fields of a field. `fields` replaces the types of fields,
    `without` removes fields, and `required` requires more of them.
    """

    of: Any
    description: str = ""
    prose: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    without: Iterable[str] = ()
    required: Iterable[str] = ()
    example: Any = None


class Schemas:
    """The schemas of types. `named` contains those that stand under a name in the document."""

    def __init__(self, given: Mapping[str, Shape | Json]) -> None:
        self.named: dict[str, Json] = {}
        self._names = {shape.of: name for name, shape in given.items() if isinstance(shape, Shape)}
        self._by_hand = {name for name, schema in given.items() if not isinstance(schema, Shape)}
        for name, schema in given.items():
            self.named[name] = self.render(schema)

    def render(self, value: Any) -> Any:
        """Return `value` with each Shape and each type in it replaced by its schema."""
        if isinstance(value, Mapping):
            return {name: self.render(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.render(each) for each in value]
        if isinstance(value, Shape):
            return self._shaped(value)
        if value is None or isinstance(value, str | int | float):
            return value
        return self._of(value)

    def _shaped(self, shape: Shape) -> Json:
        schema = self._object(shape.of)
        properties = schema["properties"]
        for name in shape.without:
            del properties[name]
        for name, kind in shape.fields.items():
            assert name in properties, f"{shape.of.__name__} has no field {name}"
            properties[name] = self._of(kind)
        _describe(properties, shape.prose)
        required = {*schema["required"], *shape.required}
        assert required <= properties.keys(), f"{shape.of.__name__} has no field {required - properties.keys()}"
        schema["required"] = [name for name in properties if name in required]
        described = {"description": shape.description} if shape.description else {}
        return schema | described | ({"examples": [shape.example]} if shape.example else {})

    def _of(self, kind: Any) -> Json:
        """Return the schema of a type."""
        if kind in self._names:
            return ref(self._names[kind])
        if is_typeddict(kind) or hasattr(kind, "model_json_schema"):
            return self._object(kind)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return _one_of(kind)
        if parts := get_args(kind):
            return self._of_parts(get_origin(kind), parts)
        name = "null" if kind is None else _NAMES.get(kind)
        return {"type": name} if name else {}

    def _of_parts(self, origin: Any, parts: tuple[Any, ...]) -> Json:
        if origin is Annotated:
            return self._annotated(parts[0], [note for note in parts[1:] if isinstance(note, Schema)])
        if origin is Literal:
            return _one_of(parts)
        if origin in (Union, UnionType):
            return _either([self._of(part) for part in parts])
        if origin is list:
            return {"type": "array", "items": self._of(parts[0])}
        assert origin is dict, f"{origin} has no form in JSON"
        return {"type": "object", "additionalProperties": self._of(parts[1])}

    def _annotated(self, kind: Any, notes: list[Schema]) -> Json:
        if LEFT_OUT in notes:
            (kind,) = (part for part in get_args(kind) if part is not NoneType)
        schema = self._of(kind)
        for note in notes:
            schema = self._known(note.name, schema | note.keywords)
        return schema

    def _known(self, name: str, schema: Json) -> Json:
        """Return the schema. If `name` is not empty, store it in `named` and return a reference."""
        if not name:
            return schema
        if name not in self._by_hand:
            known = self.named.setdefault(name, schema)
            assert known == schema, f"two schemas have the name {name}"
        return ref(name)

    def _object(self, kind: Any) -> Json:
        """Return the whole schema of a TypedDict or a pydantic model. It allows no other fields."""
        if not is_typeddict(kind):
            return {"required": [], **self._cleaned(kind.model_json_schema())}
        properties = {}
        for name, hint in get_type_hints(kind, include_extras=True).items():
            wrapped = get_origin(hint) in (NotRequired, Required)
            properties[name] = self._of(get_args(hint)[0] if wrapped else hint)
        required = [name for name in properties if name in kind.__required_keys__]
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}

    def _cleaned(self, schema: Any) -> Any:
        """Return pydantic's schema without titles, defaults and docstrings. Resolve `x-name`."""
        if not isinstance(schema, dict):
            return schema
        made = {word: part for word, part in schema.items() if word not in ("title", "default", "x-name")}
        if "properties" in made:
            made.pop("description", None)
            made["properties"] = {name: self._cleaned(part) for name, part in made["properties"].items()}
        for word in ("items", "additionalProperties", "propertyNames"):
            if word in made:
                made[word] = self._cleaned(made[word])
        if "anyOf" in made:
            made = _either([self._cleaned(part) for part in made.pop("anyOf")]) | made
        return self._known(schema.get("x-name", ""), made)


def _one_of(values: Iterable[Any]) -> Json:
    plain = [value.value if isinstance(value, Enum) else value for value in values]
    if len(plain) == 1:
        return {"const": plain[0]}
    (name,) = {_NAMES[type(value)] for value in plain}
    return {"type": name, "enum": plain}


def _either(schemas: list[Json]) -> Json:
    """Return the schema of a value that matches any of these."""
    *others, last = schemas
    if all(schema.keys() == {"type"} for schema in schemas):
        return {"type": [schema["type"] for schema in schemas]}
    if last == {"type": "null"} and len(others) == 1 and "type" in others[0] and "enum" not in others[0]:
        return others[0] | {"type": [others[0]["type"], "null"]}
    return {"anyOf": schemas}


def _describe(properties: Json, prose: Mapping[str, Any]) -> None:
    for name, text in prose.items():
        if isinstance(text, str):
            properties[name] = properties[name] | {"description": text}
        else:
            _describe(properties[name]["properties"], text)
