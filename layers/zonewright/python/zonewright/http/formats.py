"""Types of the values in requests and answers. To Python each is a plain `str` or `int`.

A `Schema` adds keywords of JSON Schema 2020-12 to a type. Only `openapi/schemas.py` reads them, for the API document.
Use only patterns that JavaScript and Python read alike.
"""

from collections.abc import Callable
from typing import Annotated, Any, TypedDict, TypeVar

T = TypeVar("T")

HIGHEST_TTL = 2**31 - 1  # RFC 2181 section 8
HIGHEST_VERSION = 999_999_999  # of a zone's contents


class Schema:
    """Keywords of a type's schema. The document has a schema with a `name` once, and refers to it."""

    __slots__ = ("keywords", "name")

    def __init__(self, name: str = "", **keywords: Any) -> None:
        self.name = name
        self.keywords = keywords

    def __get_pydantic_json_schema__(self, core: Any, handler: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        """Add the keywords to pydantic's schema of a field. `x-name` carries the name."""
        return handler(core) | self.keywords | ({"x-name": self.name} if self.name else {})


LEFT_OUT = Schema()

Present = Annotated[T | None, LEFT_OUT]
"""A field that is left out of the answer if it is None, so the document knows no null."""

Count = Annotated[int, Schema(minimum=0)]
Number = Annotated[int, Schema(minimum=1)]
Serial = Annotated[int, Schema(minimum=0, maximum=2**32 - 1, description="SOA serial (RFC 1982)")]
Ttl = Annotated[int, Schema(minimum=0, maximum=HIGHEST_TTL, description="Seconds")]
Version = Annotated[int, Schema(minimum=1, maximum=HIGHEST_VERSION)]

Uuid = Annotated[str, Schema(format="uuid", pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
SentUuid = Annotated[str, Schema(format="uuid", pattern="^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")]
"""An id in a request, in either case of letters."""

ShortId = Annotated[str, Schema(maxLength=36)]
PathId = Annotated[str, Schema(minLength=1, maxLength=36)]
ProjectId = PathId
Url = Annotated[str, Schema(format="uri")]
AbsoluteName = Annotated[str, Schema(pattern=r"\.$", maxLength=1020)]
Description = Annotated[str, Schema(maxLength=160)]


class Links(TypedDict):
    """The link to the shown resource itself."""

    self: Url
