"""Read the body of a new share (contract `designate.md`, section 10)."""

from zonewright.http.designate.bodies import Body, ProjectId, read
from zonewright.http.designate.requests import json_object
from zonewright.http.message import Request


class NewShare(Body):
    """The body of a POST."""

    target_project_id: ProjectId


def target(request: Request) -> str:
    """Return the project to share a zone with. Raise Invalid with all reasons."""
    return read(NewShare, json_object(request, "shared_zone"), "shared_zone").target_project_id
