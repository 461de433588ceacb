"""A share of a zone on its way in (contract `designate.md`, section 10)."""

from zonewright.http.designate.bodies import Body, ProjectId, read
from zonewright.http.designate.requests import json_object
from zonewright.http.message import Request


class NewShare(Body):
    """What a POST says."""

    target_project_id: ProjectId


def target(request: Request) -> str:
    """The project a zone is to be shared with."""
    return read(NewShare, json_object(request, "shared_zone"), "SharedZone").target_project_id
