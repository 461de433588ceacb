"""Quotas and limits as /v2 shows them (contract `designate.md`, section 10)."""

from typing import TYPE_CHECKING

from zonewright.http.designate.views import HIGHEST_LIMIT, HIGHEST_NAME
from zonewright.http.message import Response
from zonewright.model.quotas import Quotas
from zonewright.model.settings import Settings

if TYPE_CHECKING:
    from zonewright.http.designate.quotas.answer import LimitFields, QuotaFields


def quotas(found: Quotas) -> Response:
    """Return the five quotas of a project."""
    fields: QuotaFields = {
        "zones": found.zones,
        "zone_recordsets": found.zone_recordsets,
        "zone_records": found.zone_records,
        "recordset_records": found.recordset_records,
        "api_export_size": found.api_export_size,
    }
    return Response.json(200, fields)


def reset() -> Response:
    """Return the answer to a reset of a project's quotas."""
    return Response(204)


def limits(settings: Settings, found: Quotas) -> Response:
    """Return the limits of a project and of the service. -1 means unlimited."""
    fields: LimitFields = {
        "max_zones": found.zones,
        "max_zone_recordsets": found.zone_recordsets,
        "max_zone_records": found.zone_records,
        "max_recordset_records": found.recordset_records,
        "min_ttl": settings.min_ttl,
        "max_zone_name_length": HIGHEST_NAME,
        "max_recordset_name_length": HIGHEST_NAME,
        "max_page_limit": HIGHEST_LIMIT,
    }
    return Response.json(200, fields)
