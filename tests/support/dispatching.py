"""Run the dispatcher over the zone service of the workflow's tests."""

import threading
from datetime import timedelta

from zonewright.actions import zones, zonesettings
from zonewright.sync import dispatch
from zonewright.sync.lifecycle import Sync

from support.service import CALLER
from support.service import loaded as just_loaded


class OneAtATime:
    """A moto client that several threads may share. It serializes calls, because moto does not isolate transactions."""

    def __init__(self, client):
        self._client = client
        self._lock = threading.RLock()
        self.calls = []

    def __getattr__(self, name):
        made = getattr(self._client, name)
        if not callable(made):
            return made

        def call(**arguments):
            with self._lock:
                self.calls.append((name, arguments.get("IndexName", "")))
                return made(**arguments)

        return call


def fire(service, **after):
    """Move the clock forward by `after`, run the dispatcher, and return the outcome of each zone."""
    if after:
        service.ahead = (service.ahead or timedelta()) + timedelta(**after)
    return dispatch.due_zones(service)


def loaded(service, server, schedule="refresh"):
    """Return a zone with a schedule and its first contents."""
    return just_loaded(service, server, schedule=schedule)


def edit(service, zone, **fields):
    return zones.update(service, zone, zonesettings.Edit(**fields), caller=CALLER)


def masters(service, zone, *primaries):
    """Change the masters of a zone, whose sync then cannot be started. Return the zone."""
    edit(service, zone, primaries=primaries)
    Sync(service, service.orders.pop()).fail("the sync could not be started")
    return service.zone(zone.id)


def ends(outcomes):
    return [each.end for each in outcomes]
