"""Quotas on their way in (contract `designate.md`, section 10)."""

from typing import Annotated

from pydantic import Field

from zonewright.http.designate.bodies import UNSAID, Body, read
from zonewright.http.designate.requests import json_object
from zonewright.http.message import Request
from zonewright.model.quotas import LARGEST, NO_LIMIT

Quota = Annotated[int, Field(ge=NO_LIMIT, le=LARGEST)]


class QuotaChange(Body):
    """Any of the five, each a number or -1."""

    zones: Quota = UNSAID
    zone_recordsets: Quota = UNSAID
    zone_records: Quota = UNSAID
    recordset_records: Quota = UNSAID
    api_export_size: Quota = UNSAID


def quota_changes(request: Request) -> dict[str, int]:
    """The quotas a PATCH sets, by name."""
    return read(QuotaChange, json_object(request, "quota"), "Quota").model_dump(exclude_unset=True)
