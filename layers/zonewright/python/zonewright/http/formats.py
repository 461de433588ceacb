"""Types of the values in requests and answers, for the API document. To Python each is a plain `str` or `int`.

Use only patterns that JavaScript and Python read alike.
"""

from typing import Annotated, TypedDict, TypeVar

from zonewright.http.schema import SENT_UUID, Schema
from zonewright.model.version import HIGHEST
from zonewright.protocol.types import HIGHEST_TTL

T = TypeVar("T")

LEFT_OUT = Schema()

Present = Annotated[T | None, LEFT_OUT]
"""A field that is left out of the answer if it is None, so the document knows no null."""

Count = Annotated[int, Schema(minimum=0)]
Number = Annotated[int, Schema(minimum=1)]
Serial = Annotated[int, Schema(minimum=0, maximum=2**32 - 1, description="SOA serial (RFC 1982)")]
Ttl = Annotated[int, Schema(minimum=0, maximum=HIGHEST_TTL, description="Seconds")]
Version = Annotated[int, Schema(minimum=1, maximum=HIGHEST)]

Uuid = Annotated[str, Schema(format="uuid", pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
SentUuid = Annotated[str, SENT_UUID]

PathId = Annotated[str, Schema(minLength=1, maxLength=36)]
ProjectId = PathId
Url = Annotated[str, Schema(format="uri")]
AbsoluteName = Annotated[str, Schema(pattern=r"\.$", maxLength=1020)]
Description = Annotated[str, Schema(maxLength=160)]


class Links(TypedDict):
    """The link to the shown resource itself."""

    self: Url
