"""Every hour: delete due versions and zones, and continue the search for unnamed objects."""

from datetime import datetime, timedelta

from zonewright import sweep
from zonewright.background import Event, job
from zonewright.log import log
from zonewright.service import Service

_UNIT = timedelta(minutes=5)
"""Time reserved for the last step, which sweeps a version or a zone."""


@job
def handler(service: Service, until: datetime) -> Event:
    """Sweep until shortly before the function's timeout, and log faults. Return the numbers of deleted things."""
    swept = sweep.run(service, until - _UNIT)
    for each in swept.faults:
        log().error("not removed", exc_info=each.error, extra={"zone_id": each.zone_id, "what": each.what})
    return dict(swept.numbers())
