"""Every hour: remove old versions and deleted zones that are due, and look on for objects that nothing names."""

from dataclasses import asdict
from datetime import datetime, timedelta

from zonewright import sweep
from zonewright.background import Event, job
from zonewright.service import Service

_UNIT = timedelta(minutes=5)
"""What is begun has so long to end: a zone, or a version."""


@job
def handler(service: Service, until: datetime) -> Event:
    """Sweep for as long as there is time; the next hour goes on."""
    return asdict(sweep.run(service, until - _UNIT))
