"""Read the body of a new import (contract `designate.md`, section 6)."""

from dataclasses import dataclass

from pydantic import Field

from zonewright.errors import InvalidJson
from zonewright.http.designate.bodies import MISSING, Body, read
from zonewright.http.designate.refusals import InvalidImport
from zonewright.http.designate.requests import (
    INSTEAD,
    LARGEST_FILE_BODY,
    json_object,
    lossless,
    wrong_content_type,
    zone_file,
)
from zonewright.http.designate.zones.body import Attributes
from zonewright.http.message import Request


@dataclass(frozen=True, slots=True)
class NewImport:
    """The master file of an import, and attributes of its zone. `source` is None if the file is uploaded later."""

    source: bytes | None
    attributes: dict[str, str]


class ImportBody(Body):
    """The JSON body of a POST."""

    zonefile: str = MISSING
    attributes: Attributes = Field(default={})


def new_import(request: Request) -> NewImport:
    """Return the import in a POST. The body is `text/dns`, or JSON with or without the file.

    Raise Unsupported for another media type, and what `zone_file`, `json_object` and `read` raise.
    """
    if request.media_type == "text/dns":
        return NewImport(zone_file(request), {})
    if request.media_type != "application/json":
        raise wrong_content_type(request, "text/dns or application/json")
    try:
        sent = json_object(request, "import", LARGEST_FILE_BODY, INSTEAD)
    except InvalidJson as error:
        raise InvalidImport(error.why) from error
    body = read(ImportBody, sent, "zone_import")
    source = None if body.zonefile is None else lossless(request, body.zonefile.encode())
    return NewImport(source, body.attributes)
