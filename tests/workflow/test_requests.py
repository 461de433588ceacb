"""Requests for a sync: who may ask, and when."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.service import CALLER, STRANGER, primary
from support.texts import ZONE
from zonewright.actions import recordset_lists, zones, zonesettings
from zonewright.errors import (
    NoPrimary,
    NotAuthorized,
    RecentlySynced,
    SyncInProgress,
    ZoneInactive,
    ZoneNotFound,
    ZoneSyncing,
)
from zonewright.model.columns import Query
from zonewright.model.states import State


def test_a_sync_of_a_zone_already_syncing_is_refused(service, server):
    zone = service.create(ZONE, primary(server))

    with pytest.raises(SyncInProgress, match=r"zone example.org. is already syncing since \d\d:\d\d:\d\dZ"):
        service.request(zone.id)

    assert len(service.orders) == 1


def test_a_sync_too_soon_after_the_last_is_refused(service, server):
    service.settings = replace(service.settings, sync_delay=600)
    zone = service.create(ZONE, primary(server))
    service.work()

    with pytest.raises(RecentlySynced, match=r"zone example\.org\."):
        service.request(zone.id)
    service.ahead = timedelta(seconds=601)
    service.request(zone.id)

    assert service.zone(zone.id).state is State.SYNCING


def test_who_may_not_and_what_cannot_be_synced(service, server):
    zone = service.create(ZONE, primary(server))
    service.work()
    ours = zones.create(service, zones.NewZone("ours.example.", email="joe@example.org"), caller=CALLER)

    with pytest.raises(NotAuthorized, match=r"user eve, zone example\.org\."):
        service.request(zone.id, STRANGER)
    with pytest.raises(NoPrimary, match=r"zone ours.example. has no server to transfer from"):
        service.request(ours.id)
    with pytest.raises(ZoneNotFound, match="zone nowhere"):
        service.request("nowhere")
    zones.delete(service, service.zone(zone.id), caller=CALLER)
    with pytest.raises(ZoneInactive, match=r"zone example.org. is inactive"):
        service.request(zone.id)


def test_while_a_zone_syncs_it_is_read_only_and_readable(service, server):
    zone = service.create(ZONE, primary(server))
    service.work()
    service.request(zone.id)
    held = service.zone(zone.id)

    with pytest.raises(ZoneSyncing, match=r"zone example.org. is read-only: it is syncing"):
        zones.delete(service, held, caller=CALLER)
    edit = zonesettings.Edit(description="other")
    with pytest.raises(ZoneSyncing):
        zones.update(service, held, edit, caller=CALLER)

    assert len(recordset_lists.listing(service, held, Query(limit=100)).items) == 7
