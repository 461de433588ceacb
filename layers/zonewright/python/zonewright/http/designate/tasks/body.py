"""What a POST of an import brings: a master file, or the wish to upload one (contract `designate.md`, section 6)."""

from dataclasses import dataclass

from pydantic import Field

from zonewright.errors import Unsupported
from zonewright.http.designate.bodies import UNSAID, Body, read
from zonewright.http.designate.requests import LARGEST_FILE_BODY, json_object, lossless, zone_file
from zonewright.http.designate.zones.body import Attributes
from zonewright.http.message import Request


@dataclass(frozen=True, slots=True)
class NewImport:
    """What is to be imported; no `source`: it is to be uploaded."""

    source: bytes | None
    attributes: dict[str, str]


class ImportBody(Body):
    """What a POST says in JSON."""

    zonefile: str = UNSAID
    attributes: Attributes = Field(default={})


def new_import(request: Request) -> NewImport:
    """The import a POST asks for: text/dns, or JSON with or without the file."""
    if request.media_type == "text/dns":
        return NewImport(zone_file(request), {})
    if request.media_type != "application/json":
        raise Unsupported(f"the body must be text/dns or application/json, not {request.media_type or 'of no type'}")
    body = read(ImportBody, json_object(request, "import", LARGEST_FILE_BODY), "ZoneImport")
    source = None if body.zonefile is None else lossless(request, body.zonefile.encode())
    return NewImport(source, body.attributes)
