"""Quotas and limits as /v2 shows them (contract `designate.md`, section 10)."""

from typing import Annotated, TypedDict

from zonewright.http.designate.views import HIGHEST_LIMIT, HIGHEST_NAME
from zonewright.http.formats import Count, Schema
from zonewright.http.message import Response
from zonewright.model.quotas import NO_LIMIT, Quotas
from zonewright.model.settings import Settings

HIGHEST_QUOTA = 2**31 - 1  # Designate's own column

Limit = Annotated[int, Schema(minimum=NO_LIMIT)]
Quota = Annotated[int, Schema(minimum=NO_LIMIT, maximum=HIGHEST_QUOTA)]


class QuotaFields(TypedDict):
    """The five quotas of a project."""

    zones: Quota
    zone_recordsets: Quota
    zone_records: Quota
    recordset_records: Quota
    api_export_size: Quota


class LimitFields(TypedDict):
    """The limits of a project, and of the service."""

    max_zones: Limit
    max_zone_recordsets: Limit
    max_zone_records: Limit
    max_recordset_records: Limit
    min_ttl: Count
    max_zone_name_length: Count
    max_recordset_name_length: Count
    max_page_limit: Count


def quotas(found: Quotas) -> Response:
    """The five quotas of a project, flat."""
    fields: QuotaFields = {
        "zones": found.zones,
        "zone_recordsets": found.zone_recordsets,
        "zone_records": found.zone_records,
        "recordset_records": found.recordset_records,
        "api_export_size": found.api_export_size,
    }
    return Response.json(200, fields)


def reset() -> Response:
    """A project has no quotas of its own any more."""
    return Response(204)


def limits(settings: Settings, found: Quotas) -> Response:
    """The limits of a project, and of the service. -1 means unlimited."""
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
