"""What the values of requests and answers look like, for the API document. To Python each is a plain `str` or `int`.

A `Schema` adds keywords of JSON Schema 2020-12 to a type. Only the document reads it, in `openapi/schemas.py`.
Patterns use nothing that JavaScript and Python read differently.
"""

from collections.abc import Callable
from typing import Annotated, Any, TypedDict, TypeVar

T = TypeVar("T")

HIGHEST_TTL = 2**31 - 1  # RFC 2181 section 8
HIGHEST_VERSION = 999_999_999  # of a zone's contents


class Schema:
    """Keywords of a type's schema. A schema with a `name` stands once in the document, and is referred to."""

    __slots__ = ("keywords", "name")

    def __init__(self, name: str = "", **keywords: Any) -> None:
        self.name = name
        self.keywords = keywords

    def __get_pydantic_json_schema__(self, core: Any, handler: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        """Add the keywords to the schema of a pydantic field. The name goes along as `x-name`."""
        return handler(core) | self.keywords | ({"x-name": self.name} if self.name else {})


LEFT_OUT = Schema()

Present = Annotated[T | None, LEFT_OUT]
"""A value of an answer that leaves out what is None: the document knows no null there."""

Count = Annotated[int, Schema(minimum=0)]
Number = Annotated[int, Schema(minimum=1)]
Serial = Annotated[int, Schema(minimum=0, maximum=2**32 - 1, description="SOA serial (RFC 1982)")]
Ttl = Annotated[int, Schema(minimum=0, maximum=HIGHEST_TTL, description="Seconds")]
Version = Annotated[int, Schema(minimum=1, maximum=HIGHEST_VERSION)]

Uuid = Annotated[str, Schema(format="uuid", pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
SentUuid = Annotated[str, Schema(format="uuid", pattern="^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")]
"""An id as requests may spell it: digits above 9 in either case."""

ShortId = Annotated[str, Schema(maxLength=36)]
PathId = Annotated[str, Schema(minLength=1, maxLength=36)]
ProjectId = PathId
Url = Annotated[str, Schema(format="uri")]
AbsoluteName = Annotated[str, Schema(pattern=r"\.$", maxLength=1020)]
Description = Annotated[str, Schema(maxLength=160)]


class Links(TypedDict):
    """Where to find what an answer shows."""

    self: Url
