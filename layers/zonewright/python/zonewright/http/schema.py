"""Keywords of JSON Schema 2020-12 on a type. Only the API document reads them (`openapi/schemas.py`)."""

from collections.abc import Callable
from typing import Any


class Schema:
    """Keywords of a type's schema. A schema with a `name` stands once in the document. Others refer to it."""

    __slots__ = ("keywords", "name")

    def __init__(self, name: str = "", **keywords: Any) -> None:
        self.name = name
        self.keywords = keywords

    def __get_pydantic_json_schema__(self, core: Any, handler: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        """Return pydantic's schema of a field with the keywords added. `x-name` is the schema's name."""
        return handler(core) | self.keywords | ({"x-name": self.name} if self.name else {})


SENT_UUID = Schema(format="uuid", pattern="^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")
"""An id in a request, in upper or lower case."""
