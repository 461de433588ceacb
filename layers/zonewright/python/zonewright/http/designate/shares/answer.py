"""Types of the answers about shares."""

from typing import TypedDict

from zonewright.http.designate.answers import Time, ZoneLinks
from zonewright.http.formats import ProjectId, Uuid


class ShareFields(TypedDict):
    """One share of a zone."""

    id: Uuid
    zone_id: Uuid
    project_id: str
    target_project_id: ProjectId
    created_at: Time
    updated_at: None
    links: ZoneLinks
