"""Types of the answers that two dialects have in common: the version of the Identity API, which `GET /` lists too."""

from typing import Annotated, Literal, TypedDict

from zonewright.http.formats import Url
from zonewright.http.schema import Schema


class MediaType(TypedDict):
    """The form of the answers of a version."""

    base: Literal["application/json"]
    type: str


class VersionLink(TypedDict):
    """The link to a version."""

    rel: Literal["self"]
    href: Url


IdentityVersion = TypedDict(
    "IdentityVersion",
    {
        "id": Literal["v3.14"],
        "status": Literal["stable"],
        "updated": Annotated[str, Schema(format="date-time")],
        "links": Annotated[list[VersionLink], Schema(minItems=1)],
        "media-types": list[MediaType],
    },
)
