"""Types become schemas: what a value may be to Python is what the API document says of it."""

from enum import StrEnum
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pytest
from pydantic import BaseModel, ConfigDict, Field
from zonewright.http.designate import doc, lists
from zonewright.http.formats import Present
from zonewright.http.openapi.schemas import Schemas, Shape
from zonewright.http.schema import Schema

Size = Annotated[int, Schema(minimum=1)]
Colour = Annotated[str, Schema("Colour", pattern="^[a-z]+$")]


class State(StrEnum):
    ON = "ON"
    OFF = "OFF"


class Wheel(TypedDict):
    size: Size


class Car(TypedDict):
    colour: Colour | None
    wheels: list[Wheel]
    owner: NotRequired[str | None]
    sold: NotRequired[Present[Size]]


class NewCar(BaseModel):
    """A docstring that is no prose of the API."""

    model_config = ConfigDict(extra="forbid")

    colour: Colour
    title: str = "none"
    doors: Annotated[int, Field(ge=2, le=5)] | None = None
    state: Literal[State.ON] = State.ON


def schema_of(kind):
    return Schemas({}).render({"schema": kind})["schema"]


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        (str, {"type": "string"}),
        (bool, {"type": "boolean"}),
        (float, {"type": "number"}),
        (Any, {}),
        (object, {}),
        (Size, {"type": "integer", "minimum": 1}),
        (Size | None, {"type": ["integer", "null"], "minimum": 1}),
        (str | int, {"type": ["string", "integer"]}),
        (Size | str, {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string"}]}),
        (Literal["a", "b"], {"type": "string", "enum": ["a", "b"]}),
        (Literal["a", "b"] | None, {"anyOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "null"}]}),
        (Literal[State.ON], {"const": "ON"}),
        (State, {"type": "string", "enum": ["ON", "OFF"]}),
        (list[Size], {"type": "array", "items": {"type": "integer", "minimum": 1}}),
        (dict[str, bool], {"type": "object", "additionalProperties": {"type": "boolean"}}),
        (Annotated[Size, Schema(maximum=2)], {"type": "integer", "minimum": 1, "maximum": 2}),
    ],
)
def test_a_type_has_a_schema(kind, schema):
    assert schema_of(kind) == schema


def test_a_value_that_is_no_type_stays_as_it_is():
    value = {"a": [1, "b", None, True, {"schema": {"const": 5}}]}

    assert Schemas({}).render(value) == value


def test_an_answer_has_the_fields_of_its_type_and_no_others():
    schemas = Schemas({"Car": Shape(of=Car)})

    assert schemas.named["Car"] == {
        "type": "object",
        "properties": {
            "colour": {"anyOf": [{"$ref": "#/components/schemas/Colour"}, {"type": "null"}]},
            "wheels": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"size": {"type": "integer", "minimum": 1}},
                    "required": ["size"],
                    "additionalProperties": False,
                },
            },
            "owner": {"type": ["string", "null"]},
            "sold": {"type": "integer", "minimum": 1},
        },
        "required": ["colour", "wheels"],
        "additionalProperties": False,
    }
    assert schemas.named["Colour"] == {"type": "string", "pattern": "^[a-z]+$"}


def test_a_type_with_a_name_is_referred_to():
    schemas = Schemas({"Car": Shape(of=Car), "Wheel": Shape(of=Wheel)})

    assert schemas.named["Car"]["properties"]["wheels"]["items"] == {"$ref": "#/components/schemas/Wheel"}
    assert schemas.render([Car]) == [{"$ref": "#/components/schemas/Car"}]


def test_a_body_has_the_fields_and_rules_of_its_model():
    schemas = Schemas({"NewCar": Shape(of=NewCar)})

    assert schemas.named["NewCar"] == {
        "type": "object",
        "properties": {
            "colour": {"$ref": "#/components/schemas/Colour"},
            "title": {"type": "string"},
            "doors": {"type": ["integer", "null"], "minimum": 2, "maximum": 5},
            "state": {"type": "string", "const": "ON"},
        },
        "required": ["colour"],
        "additionalProperties": False,
    }
    assert schemas.named["Colour"] == {"type": "string", "pattern": "^[a-z]+$"}


def test_what_a_type_does_not_say_is_said_by_hand():
    shape = Shape(
        of=NewCar,
        description="A car to be",
        prose={"doors": "With the one at the back"},
        fields={"colour": Literal["red"]},
        without=("state",),
        required=("doors",),
        example={"colour": "red", "doors": 3},
    )

    assert Schemas({"NewCar": shape}).named["NewCar"] == {
        "type": "object",
        "properties": {
            "colour": {"const": "red"},
            "title": {"type": "string"},
            "doors": {
                "type": ["integer", "null"],
                "minimum": 2,
                "maximum": 5,
                "description": "With the one at the back",
            },
        },
        "required": ["colour", "doors"],
        "additionalProperties": False,
        "description": "A car to be",
        "examples": [{"colour": "red", "doors": 3}],
    }


@pytest.mark.parametrize(
    "said", [{"prose": {"seats": "Five"}}, {"fields": {"seats": int}}, {"without": ["seats"]}, {"required": ["seats"]}]
)
def test_nothing_is_said_of_a_field_that_is_not_there(said):
    with pytest.raises((AssertionError, KeyError)):
        Schemas({"Car": Shape(of=Car, **said)})


def test_a_name_has_one_schema():
    class Bike(TypedDict):
        colour: Annotated[str, Schema("Colour", pattern="^[A-Z]+$")]

    with pytest.raises(AssertionError, match="Colour"):
        Schemas({"Car": Shape(of=Car), "Bike": Shape(of=Bike)})


FILTERS = {"name": lambda car: [car], "ttl": lambda _: []}


def parameters(orders, **more):
    prose = {"name": "its name is this", "ttl": "its TTL is this"}
    found = doc.paging(FILTERS, orders, str, **{"prose": prose, **more})
    return {each["name"]: each["schema"] for each in found}


def test_a_list_takes_its_filters_and_sort_keys():
    found = parameters({"id": len, "created_at": None, "updated_at": None})

    assert found.keys() >= FILTERS.keys()
    assert found["sort_key"] == {"type": "string", "enum": ["id", "created_at", "updated_at"], "default": "created_at"}
    assert found["limit"]["default"] == lists.DEFAULT_LIMIT
    assert "OpenStack-DNS-Hide-Counts" in found


def test_a_list_without_an_order_of_its_own_has_no_usual_sort_key():
    assert "default" not in parameters({"id": len})["sort_key"]


@pytest.mark.parametrize("default", ["id", "colour"])
def test_the_usual_sort_key_gives_the_order_of_the_list(default):
    with pytest.raises((AssertionError, KeyError)):
        parameters({"id": len, "name": None}, default=default)


@pytest.mark.parametrize("prose", [{"name": "x"}, {"name": "x", "ttl": "x", "colour": "x"}])
def test_every_filter_is_described_and_nothing_else(prose):
    with pytest.raises(AssertionError):
        parameters({"id": len}, prose=prose)
