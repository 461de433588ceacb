"""Read the body of a restore (contract `designate.md`, section 8). Designate has no such route."""

from typing import Annotated

from pydantic import Field

from zonewright.http.designate.bodies import Body, read
from zonewright.http.designate.requests import json_object
from zonewright.http.message import Request
from zonewright.model.version import HIGHEST


class Restore(Body):
    """The body of a POST."""

    version: Annotated[int, Field(ge=1, le=HIGHEST)]


def restored(request: Request) -> int:
    """Return the number of the version to restore. Raise Invalid with all reasons."""
    return read(Restore, json_object(request, "restore"), "restore").version
