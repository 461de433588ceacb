"""Every minute: begin the syncs that are due."""

from aws_lambda_powertools import Logger
from zonewright.background import Event, signal
from zonewright.service import Service
from zonewright.sync import dispatch
from zonewright.sync.dispatch import End

_logger = Logger()


@signal
def handler(service: Service, _: Event) -> Event:
    """Look at what is due and log what an operator should know; the answer counts the zones by what came of them."""
    outcomes = dispatch.due_zones(service)
    for each in outcomes:
        about = {"zone_id": each.zone_id, "reason": each.reason}
        if each.end is End.FAULT:
            _logger.error("scheduled sync not begun", exc_info=each.error, extra=about)
        elif each.end in (End.UNANSWERED, End.SKIPPED):
            _logger.warning("scheduled sync %s", each.end, extra=about)
    return {end.value: sum(each.end is end for each in outcomes) for end in End}
