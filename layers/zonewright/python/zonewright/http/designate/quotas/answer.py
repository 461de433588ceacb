"""Types of the answers about quotas and limits."""

from typing import Annotated, TypedDict

from zonewright.http.formats import Count
from zonewright.http.schema import Schema
from zonewright.model.quotas import LARGEST, NO_LIMIT

Limit = Annotated[int, Schema(minimum=NO_LIMIT)]
Quota = Annotated[int, Schema(minimum=NO_LIMIT, maximum=LARGEST)]


class QuotaFields(TypedDict):
    """The five quotas of a project."""

    zones: Quota
    zone_recordsets: Quota
    zone_records: Quota
    recordset_records: Quota
    api_export_size: Quota


class LimitFields(TypedDict):
    """The limits of a project and of the service."""

    max_zones: Limit
    max_zone_recordsets: Limit
    max_zone_records: Limit
    max_recordset_records: Limit
    min_ttl: Count
    max_zone_name_length: Count
    max_recordset_name_length: Count
    max_page_limit: Count
