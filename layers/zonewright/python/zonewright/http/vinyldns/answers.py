"""Common types of VinylDNS's answers. Only the API document and mypy read the `answers` and `answer` modules."""

from typing import Annotated

from zonewright.http.schema import Schema
from zonewright.http.vinyldns.dialect import MOST_ITEMS

PageSize = Annotated[int, Schema(minimum=1, maximum=MOST_ITEMS)]

Second = Annotated[
    str,
    Schema(
        "Second",
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$",
        description="A time in UTC",
        examples=["2026-01-15T12:34:56Z"],
    ),
]
