"""Groups take turns: one with many silent primaries does not keep the others waiting."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from primaries import hostile
from support.dispatching import ends, fire, loaded
from support.service import CALLER, GROUP, STRANGER, primary
from support.texts import FIRST, SECOND, ZONE
from support.zones import store
from zonewright import clock
from zonewright.actions import shares, zones, zonesettings
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.store import dueplaces, keys
from zonewright.store import zones as zone_store
from zonewright.store.table import Put, Update
from zonewright.store.typed import encode_item
from zonewright.sync import dispatch
from zonewright.sync.dispatch import End
from zonewright.sync.lifecycle import RESTART


def due(service, group, count, to, **more):
    """Store loaded zones of a group that are due, each a second after the one before."""
    now = service.now()
    made = [
        Zone(
            f"{group}-{number}",
            ZONE,
            group,
            ZoneType.SECONDARY,
            now,
            primaries=(to,),
            version=1,
            serial=1,
            synced=now,
            schedule="refresh",
            due=now - timedelta(seconds=2 * count - number),
            **more,
        )
        for number in range(count)
    ]
    for first in range(0, count, 25):
        requests = [
            {"PutRequest": {"Item": encode_item(zone_store.to_item(zone))}} for zone in made[first : first + 25]
        ]
        service.table.client.batch_write_item(RequestItems={service.table.name: requests})


@pytest.mark.usefixtures("many_items")
def test_a_thousand_zones_at_silent_primaries_keep_no_other_group_waiting(service, server, monkeypatch):
    service.settings = replace(service.settings, idle_timeout=30)
    began, asked, patience = service.now(), [], dispatch.PATIENCE
    monkeypatch.setattr(dispatch, "PATIENCE", 0.5)

    def silent(connection, over):
        asked.append(connection)
        hostile.silent(connection, over)

    def now():
        """The time as if silent primaries took all of the patience, and all workers."""
        return began + timedelta(seconds=len(asked) * patience / dispatch.AT_ONCE)

    with hostile.talking(silent) as port:
        due(service, "silent", 1000, Primary("127.0.0.1", port))
        due(service, "healthy", 100, primary(server))
        monkeypatch.setattr(service, "now", now)
        outcomes = fire(service)

    found = Counter((each.zone_id.partition("-")[0], each.end) for each in outcomes)
    assert found["healthy", End.UNCHANGED] == 100
    assert found["silent", End.UNANSWERED] > 0
    assert found["silent", End.LEFT] > 500


@pytest.mark.usefixtures("many_items")
def test_a_group_cannot_fill_what_is_read(service, server, monkeypatch):
    monkeypatch.setattr(dispatch, "MOST", 2)
    due(service, "many", 200, Primary("127.0.0.1", 1024))
    due(service, "few", 5, primary(server))

    found = Counter(each.zone_id.partition("-")[0] for each in fire(service))

    assert found["few"] == 5
    assert found["many"] <= 2 * len(dueplaces.DUE)


def test_zones_of_an_older_deployment_are_looked_at_and_get_their_group(service, server):
    zone = loaded(service, server)
    old = {"gsi2sk": f"{clock.to_text(zone.due)}#{zone.id}"}
    service.table.write(Update(keys.zone(zone.id), set=old))

    outcomes = fire(service, seconds=3601)

    place = service.table.get(keys.zone(zone.id))["gsi2sk"]
    assert ends(outcomes) == [End.UNCHANGED]
    assert place == f"{clock.to_text(service.zone(zone.id).due)}#{zone.id}#{GROUP}"


def test_a_zone_of_an_older_deployment_can_be_changed(service, server):
    zone = loaded(service, server)
    service.table.write(Update(keys.zone(zone.id), set={"gsi2sk": f"{clock.to_text(zone.due)}#{zone.id}"}))

    zones.update(service, service.zone(zone.id), zonesettings.Edit(description="x"), caller=CALLER)

    assert service.zone(zone.id).description == "x"


def test_a_zone_whose_sync_nobody_took_up_is_first_in_its_group(service, server, monkeypatch):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    service.request(zone.id)
    service.orders.clear()
    service.ahead = timedelta(seconds=RESTART + 1)
    due(service, GROUP, 20, primary(server))
    monkeypatch.setattr(dispatch, "AT_ONCE", 1)

    first, *others = fire(service)

    assert (first.zone_id, first.end) == (zone.id, End.RESTARTED)
    assert len(others) == 20


# --- Silent primaries


def waits(service, zone, count):
    """The seconds between looks that fail one after another."""
    found = []
    for _ in range(count):
        due_at = service.zone(zone.id).due
        service.ahead = (service.ahead or timedelta()) + (due_at - service.now()) + timedelta(seconds=1)
        assert ends(fire(service)) == [End.UNANSWERED]
        after = service.zone(zone.id)
        found.append(round((after.due - after.failure.at).total_seconds()))
    return found


@pytest.fixture
def silent(service, server):
    """A zone whose primary accepts no connection any more."""
    zone = loaded(service, server)
    store(service, zone, primaries=(Primary("127.0.0.1", 1024),))
    return service.zone(zone.id)


def test_a_primary_that_stays_silent_is_looked_at_less_often(service, silent):
    assert waits(service, silent, 5) == [600, 1200, 2400, 3600, 3600]


def test_a_look_that_succeeds_begins_anew(service, server, silent):
    waits(service, silent, 3)
    store(service, service.zone(silent.id), primaries=(primary(server),))
    assert ends(fire(service, seconds=3601)) == [End.UNCHANGED]
    store(service, service.zone(silent.id), primaries=(Primary("127.0.0.1", 1024),))

    assert waits(service, silent, 2) == [600, 1200]


def test_any_change_of_the_zone_begins_anew(service, silent):
    waits(service, silent, 3)

    zones.update(service, service.zone(silent.id), zonesettings.Edit(description="x"), caller=CALLER)

    assert waits(service, silent, 2) == [600, 1200]


def test_a_share_of_the_zone_begins_anew(service, silent):
    waits(service, silent, 3)

    service.table.write(Put(keys.group(STRANGER.group_id)))
    shares.create(service, service.zone(silent.id), STRANGER.group_id)

    assert waits(service, silent, 1) == [600]


def test_an_older_serial_is_an_answer(service, server, silent):
    waits(service, silent, 2)
    server.reload(ZONE, FIRST.replace("joe\\.doe 1 ", "joe\\.doe 4294967290 "))
    store(service, service.zone(silent.id), primaries=(primary(server),))

    (outcome,) = fire(service, seconds=1201)

    after = service.zone(silent.id)
    assert outcome.end is End.OLDER
    assert round((after.due - after.failure.at).total_seconds()) == 600
    assert after.failed_looks == 0
