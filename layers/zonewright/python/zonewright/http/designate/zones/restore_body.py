"""What a POST says to restore an older version of a zone's contents; ours, for Designate has none."""

from typing import Annotated

from pydantic import Field

from zonewright.http.designate.bodies import Body, read
from zonewright.http.designate.requests import json_object
from zonewright.http.message import Request
from zonewright.model.version import HIGHEST


class Restore(Body):
    """Which version it is to be."""

    version: Annotated[int, Field(ge=1, le=HIGHEST)]


def restored(request: Request) -> int:
    """The number of the version a POST asks for."""
    return read(Restore, json_object(request, "restore"), "ZoneRestore").version
