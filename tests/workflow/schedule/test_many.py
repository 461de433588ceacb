"""Many zones with a schedule, and the cost of none being due."""

import threading
from dataclasses import replace
from datetime import timedelta

from support.dispatching import ends, fire
from support.service import primary
from support.texts import ZONE
from zonewright.model.zone import Zone, ZoneType
from zonewright.servers import primaries
from zonewright.store import dueplaces
from zonewright.store import zones as store
from zonewright.store.typed import encode_item
from zonewright.sync import dispatch
from zonewright.sync.dispatch import BUDGET, End


def many(service, count, due, server):
    """`count` loaded zones with a schedule, of which `due` are, straight into the table."""
    now = service.now()
    client, name = service.table.client, service.table.name
    made = [
        Zone(
            f"zone-{number}",
            ZONE,
            "group",
            ZoneType.SECONDARY,
            now,
            primaries=(primary(server),),
            version=1,
            serial=1,
            synced=now,
            schedule="refresh",
            due=now - timedelta(seconds=1) if number < due else now + timedelta(hours=1),
        )
        for number in range(count)
    ]
    for first in range(0, count, 25):
        requests = [{"PutRequest": {"Item": encode_item(store.to_item(zone))}} for zone in made[first : first + 25]]
        client.batch_write_item(RequestItems={name: requests})
    client.calls.clear()


def test_of_a_thousand_zones_only_those_that_are_due_are_read(service, server, monkeypatch):
    service.settings = replace(service.settings, idle_timeout=30)
    monkeypatch.setattr(dispatch, "PATIENCE", 30)
    many(service, 1000, 10, server)

    outcomes = fire(service)

    calls = service.table.client.calls
    assert sorted(each.zone_id for each in outcomes) == [f"zone-{number}" for number in range(10)]
    assert set(ends(outcomes)) == {End.UNCHANGED}
    assert calls.count(("query", dueplaces.DUE_INDEX)) == len(dueplaces.DUE)
    assert calls.count(("get_item", "")) == 10
    assert calls.count(("update_item", "")) == 20  # claimed, and settled


def test_nothing_due_costs_sixteen_queries(service, server):
    many(service, 25, 0, server)

    assert fire(service) == []
    assert service.table.client.calls == [("query", dueplaces.DUE_INDEX)] * len(dueplaces.DUE)


def test_what_time_does_not_suffice_for_stays_due(service, server, monkeypatch):
    many(service, 5, 5, server)
    monkeypatch.setattr(dispatch, "AT_ONCE", 1)
    ask = primaries.ask

    def slow(*arguments):
        service.ahead = (service.ahead or timedelta()) + timedelta(seconds=BUDGET / 2 + 1)
        return ask(*arguments)

    monkeypatch.setattr(primaries, "ask", slow)
    first = fire(service)
    second = fire(service)

    assert ends(first) == [End.UNCHANGED] * 2 + [End.LEFT] * 3
    assert [each.zone_id for each in second] == [each.zone_id for each in first[2:]]


def test_many_primaries_are_asked_at_the_same_time(service, server):
    many(service, 8, 8, server)
    service.settings = replace(service.settings, idle_timeout=30)
    together, honest = threading.Barrier(8), server.answer

    def wait_for_the_others(query):
        together.wait(5)
        return honest(query)

    server.answer = wait_for_the_others

    assert ends(fire(service)) == [End.UNCHANGED] * 8
