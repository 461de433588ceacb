"""Deliveries to real name servers: what is written here is served there, and the zone says so."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError
from primaries import UPDATED, Bind
from support.delivering import KEY, NAME, OTHERS, addresses, held, serving, wanted, write
from support.service import CALLER
from zonewright.actions import recordset_lists, recordsets, restore, zones
from zonewright.actions.imported import Contents
from zonewright.actions.zonesettings import Edit
from zonewright.delivery import turn
from zonewright.model.columns import Query
from zonewright.model.diff import Kind
from zonewright.model.pool import Server
from zonewright.model.recordset import Content
from zonewright.protocol import records, rrset
from zonewright.protocol.types import A
from zonewright.store import deliveries
from zonewright.sync import dispatch

pytestmark = pytest.mark.primary

SERIAL_AHEAD = 2_026_112_801
"""A serial that is newer than ours, a date as many operators write it."""


CHANGED = Content((records.rdata_of(A, "192.0.2.7"),), 60)


@pytest.fixture
def server():
    """A BIND that has the zone, with SOA and NS only."""
    with serving(Bind) as server:
        yield server


@pytest.fixture
def zone(service, server):
    """A zone that was delivered."""
    service.pool(service.target(server))
    made = service.make(NAME)
    assert service.deliver(made.id) == "delivered"
    return made


def refused(_):
    """Begin no delivery, as Lambda does if too many functions run."""
    raise ClientError({"Error": {"Code": "TooManyRequestsException"}}, "Invoke")


def shown(service, zone):
    """What is shown of the delivery of a zone: whether it is there, and the reason if it cannot be."""
    found = service.zone(zone.id)
    return not found.undelivered, found.trouble(service.now())


@pytest.mark.parametrize("kind", UPDATED, ids=lambda kind: kind.__name__)
def test_a_new_zone_and_its_record_sets_are_on_the_name_server(service, kind):
    with serving(kind) as server:
        service.pool(service.target(server, **OTHERS.get(kind.__name__, {})))
        zone = service.make(NAME)
        assert service.begun == [zone.id]
        assert shown(service, zone) == (False, None)
        assert service.deliver(zone.id) == "delivered"
        assert shown(service, zone) == (True, None)
        write(service, zone, "www", "192.0.2.1", "192.0.2.2")
        assert shown(service, zone) == (False, None)
        assert service.deliver(zone.id) == "delivered"

        assert shown(service, zone) == (True, None)
        assert held(server, NAME) == wanted(service, zone)
        assert addresses(server, "www") == ["192.0.2.1", "192.0.2.2"]


def test_settings_restores_and_imports_are_delivered(service, server, zone):
    write(service, zone, "www", "192.0.2.1")
    service.deliver(zone.id)
    zones.update(service, service.zone(zone.id), Edit(ttl=77, email="hostmaster@example.org"), caller=CALLER)
    assert service.deliver(zone.id) == "delivered"
    assert held(server, NAME) == wanted(service, zone)
    restore.restore(service, service.zone(zone.id), 1, caller=CALLER)
    assert service.deliver(zone.id) == "delivered"
    assert held(server, NAME) == wanted(service, zone)
    assert not addresses(server, "www")


def test_an_import_of_many_record_sets_goes_in_several_messages(service):
    with serving(Bind) as server:
        service.pool(service.target(server, octets=4096))
        lines = sorted(rrset.to_line(f"h{n}", A, 60, [records.rdata_of(A, "192.0.2.1")]) for n in range(500))
        zone = service.make(NAME, Contents(lines, 7))

        assert service.deliver(zone.id) == "delivered"
        assert held(server, NAME) == wanted(service, zone)


def test_a_zone_whose_pool_has_no_targets_is_active_at_once(service):
    service.pool()
    zone = service.make(NAME)
    write(service, zone, "www", "192.0.2.1")

    assert shown(service, zone) == (True, None)
    assert service.begun == []
    assert deliveries.get(service.table, zone.id) is None
    assert service.deliver(zone.id) == "nothing"


def test_a_deleted_zone_is_not_delivered_any_more(service, server, zone):
    zones.delete(service, service.zone(zone.id), caller=CALLER)

    assert service.begun[-1] == zone.id
    assert service.deliver(zone.id) == "ended"
    assert deliveries.get(service.table, zone.id) is None


def test_what_is_written_during_a_delivery_is_delivered_by_the_same_turn(service, server, zone, monkeypatch):
    plain, left = deliveries.stand, ["b", "c"]

    def meanwhile(*arguments):
        if left:
            write(service, zone, left.pop(), "192.0.2.9")
        return plain(*arguments)

    write(service, zone, "a", "192.0.2.1")
    monkeypatch.setattr(deliveries, "stand", meanwhile)
    assert service.deliver(zone.id) == "delivered"
    assert held(server, NAME) == wanted(service, zone)
    assert addresses(server, "b") == addresses(server, "c") == ["192.0.2.9"]


def test_only_one_turn_holds_a_delivery_until_its_lease_is_over(service, server, zone):
    write(service, zone, "www", "192.0.2.1")
    now = service.now()
    assert deliveries.take(service.table, service.zone(zone.id), "other", now, now + turn.LEASE)

    assert service.deliver(zone.id) == "held"
    service.ahead = turn.LEASE + timedelta(seconds=2)
    assert service.deliver(zone.id) == "delivered"
    assert addresses(server, "www") == ["192.0.2.1"]


def test_a_zone_that_is_deleted_at_the_end_of_a_turn_is_no_lost_wake_up(service, server, zone, monkeypatch):
    plain, left = deliveries.release, [zone.id]

    def release(*arguments, **named):
        if left:
            zones.delete(service, service.zone(left.pop()), caller=CALLER)
        return plain(*arguments, **named)

    write(service, zone, "www", "192.0.2.1")
    monkeypatch.setattr(deliveries, "release", release)

    assert service.deliver(zone.id) == "ended"
    assert deliveries.get(service.table, zone.id) is None


def test_a_delivery_of_one_record_set_takes_four_writes_and_seven_reads(service, server, zone, monkeypatch):
    counted = Counter()
    for name in ("update_item", "get_item", "put_item", "delete_item", "transact_write_items"):
        _count(service.table.client, name, counted, monkeypatch)
    write(service, zone, "www", "192.0.2.1")
    counted.clear()

    assert service.deliver(zone.id) == "delivered"
    assert counted == {"update_item": 4, "get_item": 7}  # the claim, the way, what is shown, the end


def _count(client, name, counted, monkeypatch):
    plain = getattr(client, name)

    def call(**arguments):
        counted[name] += 1
        return plain(**arguments)

    monkeypatch.setattr(client, name, call)


def test_the_dispatcher_begins_what_nobody_began(service, server, zone, monkeypatch):
    service.begun.clear()
    with monkeypatch.context() as patched:
        patched.setattr(service, "begin", refused)
        write(service, zone, "www", "192.0.2.1")

    outcomes = dispatch.due_zones(service)

    assert [each.end for each in outcomes] == [dispatch.End.DELIVERING]
    assert service.begun == [zone.id]
    service.deliver(zone.id)
    assert dispatch.due_zones(service) == []


def test_a_target_that_is_down_is_tried_again_and_the_others_do_not_wait(service, server, monkeypatch):
    monkeypatch.setattr("zonewright.model.delivery.SOON", (0.1, 0.1))
    with serving(Bind) as other:
        dead = service.target(other)
    service.pool(service.target(server), dead, threshold=50)
    zone = service.make(NAME)
    assert service.deliver(zone.id) == "waiting"
    write(service, zone, "www", "192.0.2.1")
    assert service.deliver(zone.id) == "waiting"

    assert addresses(server, "www") == ["192.0.2.1"]
    assert shown(service, zone) == (True, None)
    (failed,) = [each for each in service.standing(zone.id) if each.reason]
    assert f"port {other.port}): no connection to" in failed.reason
    other.updates = True
    with other:
        service.ahead = timedelta(minutes=20)
        assert service.deliver(zone.id) == "delivered"
        assert held(other, NAME) == wanted(service, zone)


def test_a_delay_is_an_error_after_the_patience_of_the_operator_and_ends_with_success(service, server, monkeypatch):
    monkeypatch.setattr("zonewright.model.delivery.SOON", (0.1,))
    with serving(Bind) as other:
        service.pool(service.target(other))
    zone = service.make(NAME)
    service.deliver(zone.id)
    assert shown(service, zone) == (False, None)
    service.ahead = timedelta(hours=2)
    assert service.deliver(zone.id) == "waiting"
    there, why = shown(service, zone)
    assert not there
    assert f"Bind (rfc2136 127.0.0.1 port {other.port}): no connection to 127.0.0.1:{other.port}" in why
    with other:
        service.ahead = timedelta(hours=3)
        assert service.deliver(zone.id) == "delivered"
    assert shown(service, zone) == (True, None)


def test_a_refusal_is_an_error_at_the_second_try(service, server):
    service.pool(replace(service.target(server), tsigkey_id=None))
    zone = service.make(NAME)
    assert service.deliver(zone.id) == "waiting"
    assert shown(service, zone) == (False, None)
    service.ahead = timedelta(minutes=2)
    assert service.deliver(zone.id) == "waiting"
    assert "the primary answered REFUSED" in shown(service, zone)[1]


def test_a_first_push_overwrites_nothing_unless_it_is_allowed(service):
    with serving(Bind, "www A 192.0.2.99\nmail MX 10 www\n") as server:
        service.pool(service.target(server))
        zone = service.make(NAME)
        before = held(server, NAME)
        assert service.deliver(zone.id) == "waiting"
        service.ahead = timedelta(minutes=2)
        assert service.deliver(zone.id) == "waiting"
        assert held(server, NAME) == before
        why = shown(service, zone)[1]
        assert "2 record sets of what is there would be deleted or changed (mail.example.org. MX, www" in why
        found = deliveries.get(service.table, zone.id).standings
        allowed = {each: replace(standing, allowed=True, next=None) for each, standing in found.items()}
        assert deliveries.stand(service.table, zone.id, None, allowed)

        assert service.deliver(zone.id) == "delivered"
        assert held(server, NAME) == wanted(service, zone)
        assert service.standing(zone.id)[0].repair.first == ("mail.example.org. MX", "www.example.org. A")


@pytest.mark.parametrize("kind", UPDATED, ids=lambda kind: kind.__name__)
def test_what_somebody_else_wrote_is_found_and_repaired(service, kind):
    with serving(kind) as server:
        service.pool(service.target(server, **OTHERS.get(kind.__name__, {})))
        zone = service.make(NAME)
        service.deliver(zone.id)
        _write_elsewhere(service, server, zone)
        write(service, zone, "www", "192.0.2.1")
        service.deliver(zone.id)
        service.ahead = timedelta(days=2)  # where record sets are the prerequisite, the daily comparison finds it
        service.deliver(zone.id)

        assert held(server, NAME) == wanted(service, zone)
        assert shown(service, zone) == (True, None)
        assert service.standing(zone.id)[0].repair.first == ("theirs.example.org. A",)


def test_what_somebody_else_wrote_is_an_error_where_the_operator_says_so(service):
    with serving(Bind) as server:
        service.pool(service.target(server, divergence="stop"))
        zone = service.make(NAME)
        service.deliver(zone.id)
        _write_elsewhere(service, server, zone)
        write(service, zone, "www", "192.0.2.1")
        service.deliver(zone.id)
        service.ahead = timedelta(minutes=2)
        assert service.deliver(zone.id) == "waiting"

        why = shown(service, zone)[1]
        assert "2 record sets not as they should be (theirs.example.org. A, www.example.org. A)" in why
        assert addresses(server, "theirs") == ["192.0.2.66"]


def _write_elsewhere(service, server, zone):
    """Add a record set at the name server, as another writer does."""
    target = service.target(server)
    service.write_there(target, f"theirs.{NAME}", "192.0.2.66")
    assert addresses(server, "theirs") == ["192.0.2.66"]


def test_a_name_server_whose_serial_is_ahead_gets_a_higher_one(service):
    with serving(Bind, serial=SERIAL_AHEAD) as server:
        service.pool(service.target(server))
        zone = service.make(NAME)
        assert service.deliver(zone.id) == "delivered"

        assert service.zone(zone.id).serial == SERIAL_AHEAD + 1
        assert held(server, NAME) == wanted(service, zone)
        write(service, zone, "www", "192.0.2.1")
        assert service.deliver(zone.id) == "delivered"
        assert held(server, NAME) == wanted(service, zone)


def test_a_name_server_that_counts_its_own_serial(service):
    with serving(Bind) as server:
        service.pool(service.target(server, serial="theirs", prerequisites="recordsets"))
        zone = service.make(NAME)
        write(service, zone, "www", "192.0.2.1")

        assert service.deliver(zone.id) == "delivered"
        assert addresses(server, "www") == ["192.0.2.1"]


def test_a_name_server_that_allows_no_transfer_gets_what_it_lacks(service):
    with serving(Bind) as server:
        service.pool(service.target(server, transfer=False))
        zone = service.make(NAME)
        write(service, zone, "www", "192.0.2.1")
        assert service.deliver(zone.id) == "delivered"
        assert addresses(server, "www") == ["192.0.2.1"]


def test_a_new_target_gets_the_zone_and_the_pool_may_lose_all_targets(service, server, zone):
    with serving(Bind) as other:
        service.pool(service.target(server), service.target(other))
        write(service, zone, "www", "192.0.2.1")
        assert service.deliver(zone.id) == "delivered"
        assert held(other, NAME) == held(server, NAME) == wanted(service, zone)
    service.pool()
    write(service, zone, "mail", "192.0.2.2")
    assert service.deliver(zone.id) == "ended"


def test_name_servers_behind_the_target_are_asked_and_told(service, server):
    with serving(Bind) as behind:
        behind_it = Server(behind.host, behind.port, KEY.name)
        service.pool(service.target(server), nameservers=(behind_it,), also_notifies=(behind_it,))
        zone = service.make(NAME)
        assert service.deliver(zone.id) == "waiting"
        assert addresses(server, "www") == []
        assert service.standing(zone.id)[0].base == 1
        assert shown(service, zone) == (False, None)
        service.give_serial(service.target(behind), service.zone(zone.id).serial)
        service.ahead = timedelta(minutes=2)

        assert service.deliver(zone.id) == "delivered"
        assert shown(service, zone) == (True, None)


def test_record_sets_say_whether_they_are_on_the_name_server(service, server, zone):
    old = write(service, zone, "old", "192.0.2.1")
    write(service, zone, "unmoved", "192.0.2.1")
    service.deliver(zone.id)
    new = write(service, zone, "new", "192.0.2.1")
    recordsets.update(service, recordset_lists.get(service, service.zone(zone.id), old.id), CHANGED, caller=CALLER)

    def kinds():
        found = service.zone(zone.id)
        listed = recordset_lists.listing(service, found, Query(limit=10)).items
        assert [recordset_lists.get(service, found, each.id).moved for each in listed] == [e.moved for e in listed]
        return {item.name.partition(".")[0]: item.moved for item in listed if item.rrset.type == A}

    def having(status):
        query = Query(limit=10, patterns={"status": status, "type": "A"})
        found = recordset_lists.listing(service, service.zone(zone.id), query)
        everywhere = recordset_lists.everywhere(service, zone.group_id, None, query)
        assert (found.total, [each.id for each in found.items]) == (everywhere.total, [e.id for e in everywhere.items])
        return [item.name.partition(".")[0] for item in found.items]

    assert (new.moved, kinds()) == (Kind.CREATED, {"new": Kind.CREATED, "old": Kind.UPDATED, "unmoved": None})
    assert (having("ACTIVE"), having("PENDING"), having("ERROR")) == (["unmoved"], ["new", "old"], [])
    service.deliver(zone.id)
    assert kinds() == {"new": None, "old": None, "unmoved": None}
    assert (having("ACTIVE"), having("PENDING")) == (["new", "old", "unmoved"], [])


def test_what_follows_a_refused_version_is_tried_at_once(service):
    with serving(Bind) as server:
        service.pool(replace(service.target(server), tsigkey_id=None))
        zone = service.make(NAME)
        assert service.deliver(zone.id) == "waiting"
        service.pool(replace(service.target(server), id=service.pools()[0].targets[0].id))
        assert service.deliver(zone.id) == "waiting"
        write(service, zone, "www", "192.0.2.1")

        assert service.deliver(zone.id) == "delivered"
