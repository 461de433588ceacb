"""Quotas and limits as /v2 shows them (contract `designate.md`, section 10)."""

from dataclasses import asdict

from zonewright.http.designate.views import HIGHEST_LIMIT, HIGHEST_NAME
from zonewright.http.message import Response
from zonewright.model.quotas import Quotas
from zonewright.model.settings import Settings


def quotas(found: Quotas) -> Response:
    """The five quotas of a project, flat."""
    return Response.json(200, asdict(found))


def reset() -> Response:
    """A project has no quotas of its own any more."""
    return Response(204)


def limits(settings: Settings, found: Quotas) -> Response:
    """What a project may have at most; -1 is as much as it likes."""
    return Response.json(
        200,
        {
            "max_zones": found.zones,
            "max_zone_recordsets": found.zone_recordsets,
            "max_zone_records": found.zone_records,
            "max_recordset_records": found.recordset_records,
            "min_ttl": settings.min_ttl,
            "max_zone_name_length": HIGHEST_NAME,
            "max_recordset_name_length": HIGHEST_NAME,
            "max_page_limit": HIGHEST_LIMIT,
        },
    )
