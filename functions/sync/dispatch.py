"""Every minute: begin the due syncs."""

from zonewright.background import Event, signal
from zonewright.log import log
from zonewright.metrics import record
from zonewright.service import Service
from zonewright.sync import dispatch
from zonewright.sync.dispatch import End


@signal
def handler(service: Service, _: Event) -> Event:
    """Process the due zones, and log problems for the operator. Return the number of zones by outcome."""
    outcomes = dispatch.due_zones(service)
    if outcomes:
        record(dispatch.numbers(outcomes))
    for each in outcomes:
        about = {"zone_id": each.zone_id, "reason": each.reason}
        if each.end is End.FAULT:
            log().error("scheduled sync not begun", exc_info=each.error, extra=about)
        elif each.end in (End.UNANSWERED, End.OLDER, End.SKIPPED, End.RESTARTED, End.RELEASED):
            log().warning("scheduled sync %s", each.end, extra=about)
    return {end.value: sum(each.end is end for each in outcomes) for end in End}
