"""Every hour: delete due versions and zones, and continue the search for unnamed objects."""

from dataclasses import asdict
from datetime import datetime, timedelta

from zonewright import sweep
from zonewright.background import Event, job
from zonewright.service import Service

_UNIT = timedelta(minutes=5)
"""Time reserved for the last step, which sweeps a version or a zone."""


@job
def handler(service: Service, until: datetime) -> Event:
    """Sweep until shortly before the function's timeout. Return the numbers of deleted things."""
    return asdict(sweep.run(service, until - _UNIT))
