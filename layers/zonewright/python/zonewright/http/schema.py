"""Keywords of JSON Schema 2020-12 on a type. Only the API document reads them (`openapi/schemas.py`)."""

from collections.abc import Callable
from typing import Any


class Schema:
    """Keywords of a type's schema. The document has a schema with a `name` once, and refers to it."""

    __slots__ = ("keywords", "name")

    def __init__(self, name: str = "", **keywords: Any) -> None:
        self.name = name
        self.keywords = keywords

    def __get_pydantic_json_schema__(self, core: Any, handler: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        """Add the keywords to pydantic's schema of a field. `x-name` carries the name."""
        return handler(core) | self.keywords | ({"x-name": self.name} if self.name else {})


SENT_UUID = Schema(format="uuid", pattern="^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")
"""An id in a request, in either case of letters."""
