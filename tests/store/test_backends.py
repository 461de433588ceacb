from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from zonewright.errors import BackendChanged, BackendInUse, BackendNotFound
from zonewright.model.connection import DEFAULT, Backend, Connection, Connections, Usage, owner_of
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.store import backends, zones
from zonewright.store.table import ConditionFailed

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
UPDATES = Connection("updates", "update.", "hmac-sha256", b"sealed", owner_of("lab"), "192.0.2.1:5300")
TRANSFERS = Connection("transfers", "transfer.", "hmac-md5", b"other", owner_of("lab"), "192.0.2.2")
LAB = Backend("lab", Connections(UPDATES, TRANSFERS, Usage.UPDATE))
OWN = replace(UPDATES, owner="z1", server="192.0.2.9")
ZONE = Zone("z1", "example.org.", "dns-id", ZoneType.SECONDARY, NOW, primaries=(Primary("192.0.2.2"),))
"""A zone as its creation stores it, without a backend."""


def create(table, zone):
    table.write(*zones.create(zone))
    return zone


def delete(table, zone):
    table.write(*backends.left(zone.backend_id, zone.id))


def test_a_backend_is_stored_with_its_time_and_found(table):
    made = backends.put(table, LAB, None, NOW)

    assert made == replace(LAB, created=NOW, revision=1)
    assert backends.get(table, "lab") == made
    assert backends.get(table, "another") is None
    assert backends.get(table, DEFAULT) is None


def test_the_default_is_the_last_one_made_so(table):
    first = backends.put(table, replace(LAB, default=True), None, NOW)
    assert backends.get(table, DEFAULT) == first

    second = backends.put(table, replace(LAB, id="second", default=True), None, NOW)

    assert backends.get(table, DEFAULT) == second
    assert [(each.id, each.default) for each in backends.listing(table)] == [("lab", False), ("second", True)]


def test_a_changed_backend_takes_the_place_of_the_one_that_was_read(table):
    old = backends.put(table, LAB, None, NOW)

    new = backends.put(table, replace(old, connections=Connections(UPDATES)), old, LATER)

    assert (new.connections.transfer_connection, new.revision, new.created, new.updated) == (None, 2, NOW, LATER)
    with pytest.raises(BackendChanged):
        backends.put(table, LAB, old, LATER)
    with pytest.raises(BackendChanged):
        backends.delete(table, old)
    assert backends.get(table, "lab") == new


def test_a_zone_keeps_its_backend_from_deletion(table):
    made = backends.put(table, LAB, None, NOW)
    zone = create(table, replace(ZONE, backend_id="lab"))

    with pytest.raises(BackendInUse) as refused:
        backends.delete(table, made)
    delete(table, zone)
    backends.delete(table, made)

    assert refused.value.zones == 1
    assert backends.listing(table) == []


def test_a_zone_that_names_none_keeps_the_default_from_deletion_until_another_is_the_default(table):
    made = backends.put(table, replace(LAB, default=True), None, NOW)
    create(table, replace(ZONE, backend_id=DEFAULT))

    with pytest.raises(BackendInUse):
        backends.delete(table, made)
    backends.put(table, replace(LAB, id="second", default=True), None, NOW)
    backends.delete(table, replace(made, default=False))

    assert [each.id for each in backends.listing(table)] == ["second"]


def test_a_backend_that_became_the_default_is_not_deleted_as_another(table):
    made = backends.put(table, LAB, None, NOW)
    backends.put(table, replace(made, default=True), made, LATER)

    with pytest.raises(BackendChanged):
        backends.delete(table, replace(backends.get(table, "lab"), default=False))


@pytest.mark.parametrize("backend_id", ["gone", DEFAULT])
def test_no_zone_joins_a_backend_that_is_not_there(table, backend_id):
    zone = replace(ZONE, backend_id=backend_id)

    with pytest.raises(ConditionFailed) as failed:
        create(table, zone)

    assert isinstance(zones.refusal(zone, failed.value), BackendNotFound)
    assert zones.get(table, zone.id) is None


def test_a_moved_zone_counts_for_its_new_backend(table):
    old, new = (backends.put(table, replace(LAB, id=name), None, NOW) for name in ("old", "new"))
    zone = create(table, replace(ZONE, backend_id="old"))

    table.write(*backends.moved("old", "new", zone.id))

    assert (backends.count(table, old), backends.count(table, new)) == (0, 1)
    assert backends.moved("new", "new", zone.id) == []


@pytest.mark.parametrize(
    ("zone", "wanted"),
    [
        pytest.param(ZONE, None, id="masters only"),
        pytest.param(replace(ZONE, backend_id="lab"), LAB.connections, id="its backend"),
        pytest.param(replace(ZONE, backend_id=DEFAULT), Connections(OWN), id="the default"),
        pytest.param(
            replace(ZONE, connection=OWN, transfer_connection=TRANSFERS, backend_id="lab"),
            Connections(OWN, TRANSFERS),
            id="its own",
        ),
        pytest.param(replace(ZONE, transfer_connection=TRANSFERS, backend_id="lab"), LAB.connections, id="half of it"),
        pytest.param(replace(ZONE, backend_id="gone"), None, id="a deleted one"),
    ],
)
def test_the_zones_own_connection_is_first_then_its_backend_then_the_default(table, zone, wanted):
    backends.put(table, LAB, None, NOW)
    backends.put(table, Backend("main", Connections(OWN), default=True), None, NOW)

    assert backends.of_zone(table, zone) == wanted


def test_a_connected_zone_reads_back_as_it_was_written(table):
    backends.put(table, LAB, None, NOW)
    zone = replace(ZONE, connection=OWN, transfer_connection=TRANSFERS, backend_id="lab")

    create(table, zone)

    assert zones.get(table, zone.id) == zone
