"""Read the body of a change of quotas (contract `designate.md`, section 10)."""

from typing import Annotated

from pydantic import Field

from zonewright.http.designate.bodies import MISSING, Body, read
from zonewright.http.designate.requests import json_object
from zonewright.http.message import Request
from zonewright.model.quotas import LARGEST, NO_LIMIT

Quota = Annotated[int, Field(ge=NO_LIMIT, le=LARGEST)]


class QuotaChange(Body):
    """Any of the five quotas. Each is a number, or -1 for unlimited."""

    zones: Quota = MISSING
    zone_recordsets: Quota = MISSING
    zone_records: Quota = MISSING
    recordset_records: Quota = MISSING
    api_export_size: Quota = MISSING


def quota_changes(request: Request) -> dict[str, int]:
    """Return the quotas that a PATCH sets, by name. Raise Invalid with all reasons."""
    return read(QuotaChange, json_object(request, "quota"), "quota").model_dump(exclude_unset=True)
