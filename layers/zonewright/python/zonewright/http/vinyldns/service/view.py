"""Render the state of the service in the VinylDNS API."""

from typing import TYPE_CHECKING

from zonewright.http.message import Response
from zonewright.http.vinyldns.zones.view import change_fields
from zonewright.model.payload import fitting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonewright.actions.status import Status
    from zonewright.http.vinyldns.service.answer import FailuresFields, StatusFields
    from zonewright.http.vinyldns.service.query import Page
    from zonewright.model.change import Change
    from zonewright.model.zone import Zone

COLOR = "green"
"""VinylDNS has two deployments, of which one serves. Here is one."""

VERSION = "0.1.0"
"""The version of the package, as `pyproject.toml` has it."""

_METRICS = """\
# HELP zonewright_info The version of the service.
# TYPE zonewright_info gauge
zonewright_info{{version="{version}"}} 1
# HELP zonewright_processing_disabled Whether the processing of changes is stopped.
# TYPE zonewright_processing_disabled gauge
zonewright_processing_disabled {disabled:d}
"""


def ping() -> Response:
    """Return that the service answers."""
    return Response.text(200, "PONG")


def color() -> Response:
    """Return the color of the deployment."""
    return Response.text(200, COLOR)


def healthy() -> Response:
    """Return that the service works."""
    return Response(200)


def status(found: "Status") -> Response:
    """Return the state of the service."""
    fields: StatusFields = {
        "processingDisabled": found.disabled,
        "color": COLOR,
        "keyName": found.key_name,
        "version": VERSION,
    }
    return Response.json(200, fields)


def prometheus(found: "Status") -> Response:
    """Return the metrics of the service. CloudWatch has all others."""
    content = {"content-type": "text/plain; version=0.0.4; charset=utf-8"}
    return Response.text(200, _METRICS.format(version=VERSION, disabled=found.disabled), content)


def failures(page: "Page", found: "Sequence[tuple[Zone, Change]]", more: bool) -> Response:  # noqa: FBT001
    """Return a page of failed changes, or as much of it as fits into a response."""
    entries, _ = fitting(change_fields(zone, change) for zone, change in found)
    more = more or len(entries) < len(found)
    fields: FailuresFields = {
        "failedZoneChanges": entries,
        "nextId": page.start + len(entries) if more else 0,
        "startFrom": page.start,
        "maxItems": page.limit,
    }
    return Response.json(200, fields)
