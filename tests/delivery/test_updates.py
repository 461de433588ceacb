"""Record changes of copied zones: the primary takes them first, in order, and then they are shown here."""

from dataclasses import replace
from datetime import timedelta

import pytest
from primaries import UPDATED, Bind
from primaries.proxy import Proxy
from support.delivering import KEY, NAME, addresses, held, serving, wanted
from support.queueing import changed, created, deleted
from support.service import CALLER
from zonewright.actions import history, moves
from zonewright.actions.judging import Asked
from zonewright.errors import (
    MovesRefused,
    NotAuthorized,
    RecordSetsDiffer,
    TooLarge,
    TooManyRequests,
    UpdatePending,
    ZoneSyncing,
)
from zonewright.model.moves import Wanted
from zonewright.model.order import SyncOptions
from zonewright.model.recordchange import OUT_OF_SYNC
from zonewright.model.states import State
from zonewright.protocol.types import CNAME, TXT
from zonewright.store import changes, keys
from zonewright.store.table import Update
from zonewright.sync import dispatch

pytestmark = pytest.mark.primary

MORE = "".join(f"more{n} 60 A 192.0.2.{n}\n" for n in range(100))
"""Records that make increments smaller than the zone, so that BIND sends them."""


@pytest.fixture
def server():
    """A BIND that has the zone, with an A record set at `www`. It lets nobody write at `bad`."""
    policy = f"update-policy {{ deny {KEY.name} name bad.{NAME} ANY; grant {KEY.name} zonesub ANY; }};"
    with serving(Bind, f"www 60 A 192.0.2.1\n{MORE}", updates=False, zone_options=policy) as server:
        yield server


@pytest.fixture
def zone(service, server):
    """A copy of that zone, whose primary takes updates."""
    return service.copy(server)


def as_served(service, zone, server):
    """The primary serves what is shown here, SOA included."""
    assert held(server, NAME) == wanted(service, zone)


@pytest.mark.parametrize("kind", UPDATED, ids=lambda kind: kind.__name__)
def test_a_record_change_is_on_the_primary_and_then_shown(service, kind):
    with serving(kind, "www 60 A 192.0.2.1\n") as server:
        zone = service.copy(server)
        change = service.ask(zone, changed("www", "192.0.2.1", "192.0.2.7"), comment="Ticket 4711")

        held_by = service.zone(zone.id)
        assert (held_by.state, held_by.pending) == (State.PENDING_UPDATE, 1)
        assert service.ends(change) == ["Pending"]
        assert service.shown(zone, "www") == ["192.0.2.1"]

        assert service.deliver(zone.id) == "delivered"

        found = service.zone(zone.id)
        assert (found.state, found.pending, found.holder) == (State.ACTIVE, 0, None)
        assert found.version == zone.version + 1
        ended = service.change(change)
        assert service.ends(change) == ["Complete"]
        assert (ended.comment, ended.version, ended.counts.updated) == ("Ticket 4711", found.version, 1)
        assert service.shown(zone, "www") == addresses(server, "www") == ["192.0.2.7"]
        as_served(service, zone, server)


def test_changes_of_one_record_set_are_made_in_order_without_waiting(service, zone, server):
    some = [
        service.ask(zone, changed("www", "192.0.2.1", "192.0.2.2")),
        service.ask(zone, changed("www", "192.0.2.2", "192.0.2.3")),
        service.ask(zone, deleted("www", "192.0.2.3")),
        service.ask(zone, created("www", "192.0.2.4")),
    ]
    assert service.deliver(zone.id) == "delivered"

    assert service.ends(*some) == ["Complete"] * 4
    assert [service.change(each).version for each in some] == [zone.version + n for n in (1, 2, 3, 4)]
    assert service.shown(zone, "www") == addresses(server, "www") == ["192.0.2.4"]
    as_served(service, zone, server)


def test_a_change_is_judged_by_what_those_before_it_lead_to(service, zone):
    service.ask(zone, deleted("www", "192.0.2.1"))

    with pytest.raises(RecordSetsDiffer):
        service.ask(zone, changed("www", "192.0.2.1", "192.0.2.2"))
    assert service.ask(zone, created("www", "web.example.net.", rdtype=CNAME))
    with pytest.raises(MovesRefused):
        service.ask(zone, created("www", "text", rdtype=TXT))


def test_forty_changes_of_different_names_are_one_message_and_one_version(service, zone, server):
    some = [service.ask(zone, created(f"h{n}", "192.0.2.1")) for n in range(45)]
    assert service.deliver(zone.id) == "delivered"

    assert service.ends(*some) == ["Complete"] * 45
    assert [service.change(each).version - zone.version for each in some] == [1] * 40 + [2] * 5
    as_served(service, zone, server)


def test_what_the_server_refuses_fails_alone(service, zone, server):
    some = [service.ask(zone, created(owner, "192.0.2.1")) for owner in ("a", "b", "bad", "d", "e")]
    assert service.deliver(zone.id) == "delivered"

    assert service.ends(*some) == ["Complete", "Complete", "Failed", "Complete", "Complete"]
    refused = service.change(some[2])
    assert refused.reason.startswith(
        f"Failed applying update to DNS for change {refused.id}:bad: the name server answered"
    )
    assert "REFUSED" in refused.reason
    assert refused.version is None
    as_served(service, zone, server)


def test_a_change_that_follows_a_failed_one_is_judged_again(service, zone, server):
    some = [
        service.ask(zone, created("bad", "192.0.2.1")),
        service.ask(zone, changed("bad", "192.0.2.1", "192.0.2.2")),
        service.ask(zone, changed("www", "192.0.2.1", "192.0.2.3")),
    ]
    assert service.deliver(zone.id) == "delivered"

    assert service.ends(*some) == ["Failed", "Failed", "Complete"]
    assert "other record sets" in service.change(some[1]).reason
    as_served(service, zone, server)


def test_a_rule_that_a_failed_change_breaks_forbids_the_next_one(service, zone, server):
    service.write_at(server, "www", "192.0.2.66")
    some = [
        service.ask(zone, deleted("www", "192.0.2.1")),
        service.ask(zone, created("www", "x.example.", rdtype=CNAME)),
    ]
    assert service.deliver(zone.id) == "delivered"

    assert service.ends(*some) == ["Failed", "Failed"]
    assert service.change(some[0]).reason == OUT_OF_SYNC
    assert addresses(server, "www") == ["192.0.2.66"]


def test_several_moves_of_one_change_are_made_together_or_not_at_all(service, zone, server):
    service.write_at(server, "taken", "192.0.2.66")
    failed = service.ask(zone, created("free", "192.0.2.1"), created("taken", "192.0.2.1"))
    swapped = service.ask(
        zone, deleted("www", "192.0.2.1"), created("www", "free.example.org.", rdtype=CNAME), created("x", "192.0.2.1")
    )
    assert service.deliver(zone.id) == "delivered"

    assert service.ends(failed, swapped) == ["Failed", "Complete"]
    ended = service.change(failed)
    assert ended.reason == OUT_OF_SYNC
    assert "taken.example.org. A: DNS has 60 192.0.2.66, and we had nothing" in ended.differing
    assert addresses(server, "free") == []
    assert addresses(server, "www") == []
    assert addresses(server, "x") == ["192.0.2.1"]


@pytest.mark.parametrize(
    ("before", "after", "there", "end"),
    [
        ((), ("192.0.2.9",), (), "Complete"),
        ((), ("192.0.2.9",), ("192.0.2.9",), "Complete"),
        ((), ("192.0.2.9",), ("192.0.2.66",), "Failed"),
        (("192.0.2.1",), ("192.0.2.9",), ("192.0.2.1",), "Complete"),
        (("192.0.2.1",), ("192.0.2.9",), (), "Complete"),
        (("192.0.2.1",), ("192.0.2.9",), ("192.0.2.9",), "Complete"),
        (("192.0.2.1",), ("192.0.2.9",), ("192.0.2.66",), "Failed"),
        (("192.0.2.1",), (), ("192.0.2.1",), "Complete"),
        (("192.0.2.1",), (), ("192.0.2.66",), "Complete"),
        (("192.0.2.1",), (), (), "Complete"),
    ],
)
def test_what_vinyldns_callers_want_is_made_by_its_rules(service, zone, server, before, after, there, end):
    owner = "www" if before else "new"
    service.write_at(server, owner, *there)
    others = [service.want(zone, f"other{n}", (), ("192.0.2.1",)) for n in range(2)]
    change = service.want(zone, owner, before, after)
    assert service.deliver(zone.id) == "delivered"

    assert service.ends(*others, change) == ["Complete", "Complete", end]
    assert addresses(server, owner) == list(after if end == "Complete" else there)
    assert service.shown(zone, owner) == list(after if end == "Complete" else before)
    if end == "Failed":
        assert service.change(change).reason == OUT_OF_SYNC


@pytest.mark.parametrize("there", [(), ("192.0.2.66",)])
def test_a_record_set_that_a_caller_saw_must_be_so_at_the_primary_too(service, zone, server, there):
    service.write_at(server, "www", *there)
    change = service.ask(zone, changed("www", "192.0.2.1", "192.0.2.2"))
    assert service.deliver(zone.id) == "delivered"

    assert service.change(change).reason == OUT_OF_SYNC
    assert addresses(server, "www") == list(there)


def test_changes_wait_for_a_primary_that_is_away_and_no_sync_begins(service, zone, server):
    with Proxy(server) as way:
        service.connect(zone.id, way, server)
    changes = [service.ask(zone, created(f"h{n}", "192.0.2.1")) for n in range(2)]
    assert service.deliver(zone.id) == "waiting"
    for minutes in (1, 3):
        service.ahead = timedelta(minutes=minutes)
        assert service.deliver(zone.id) == "waiting"
        assert service.ends(*changes) == ["Pending", "Pending"]
        for refused in (service.request, service.ask_for_deletion):
            with pytest.raises(UpdatePending, match=r"zone example.org. has a pending update since \d\d:\d\d:\d\dZ"):
                refused(zone.id)

    service.connect(zone.id, server)
    service.ahead = timedelta(minutes=8)
    assert service.deliver(zone.id) == "delivered"
    assert service.ends(*changes) == ["Complete", "Complete"]
    service.ahead = timedelta(minutes=20)
    status, ended = service.sync(zone.id)
    assert (status, ended.counts.moved) == ("SUCCEEDED", 0)
    as_served(service, zone, server)


def test_a_change_fails_after_ten_minutes_of_tries_and_a_later_one_goes_on(service, zone, server):
    with Proxy(server) as way:
        service.connect(zone.id, way, server)
    first = service.ask(zone, created("first", "192.0.2.1"))
    assert service.deliver(zone.id) == "waiting"
    service.ahead = timedelta(minutes=6)
    later = service.ask(zone, created("later", "192.0.2.1"))
    service.ahead = timedelta(minutes=10, seconds=1)
    assert service.deliver(zone.id) == "waiting"

    assert service.ends(first, later) == ["Failed", "Pending"]
    ended = service.change(first)
    assert ended.reason.startswith(f"Failed applying update to DNS for change {first.id}:first: ")
    assert service.zone(zone.id).state is State.PENDING_UPDATE
    service.connect(zone.id, server)
    service.ahead = timedelta(minutes=15)
    assert service.deliver(zone.id) == "delivered"
    assert service.ends(later) == ["Complete"]
    as_served(service, zone, server)


def test_what_no_change_of_the_zone_can_have_fails_all_at_once(service, zone, server):
    service.settings = replace(service.settings, transfer_ports="53")
    changes = [service.ask(zone, created(f"h{n}", "192.0.2.1")) for n in range(3)]
    assert service.deliver(zone.id) == "delivered"

    assert service.ends(*changes) == ["Failed"] * 3
    assert service.zone(zone.id).state is State.ACTIVE


def test_a_zone_whose_hold_ran_out_is_free_and_its_changes_are_made_afterwards(service, zone, server):
    change = service.ask(zone, created("new", "192.0.2.1"))
    service.ahead = timedelta(minutes=30)
    service.request(zone.id)
    assert service.deliver(zone.id) == "waiting"
    with pytest.raises(ZoneSyncing):
        service.ask(zone, created("other", "192.0.2.1"))
    status, _ = service.work()
    assert status == "SUCCEEDED"
    found = service.zone(zone.id)
    assert (found.state, found.pending) == (State.ACTIVE, 1)

    service.ahead = timedelta(minutes=32)
    assert service.deliver(zone.id) == "delivered"
    assert service.ends(change) == ["Complete"]
    as_served(service, zone, server)


def test_a_due_look_leaves_a_zone_with_waiting_changes_alone_and_comes_back(service, server):
    zone = service.copy(server, schedule="refresh")
    change = service.ask(zone, created("new", "192.0.2.1"))
    due = max(service.zone(zone.id).due, service.now())
    service.ahead = due - service.now() + timedelta(seconds=1)
    while service.zone(zone.id).pending:
        found = [each for each in dispatch.due_zones(service) if each.zone_id == zone.id]
        assert {each.end for each in found} <= {dispatch.End.SKIPPED, dispatch.End.DELIVERING}
        assert service.zone(zone.id).due > service.now()
        service.deliver(zone.id)
    service.ahead += timedelta(minutes=3)
    assert dispatch.End.STARTED in {each.end for each in dispatch.due_zones(service)}
    assert service.work()[0] == "SUCCEEDED"
    assert service.ends(change) == ["Complete"]


@pytest.mark.parametrize("mode", ["ixfr", "auto"])
def test_a_transfer_brings_what_others_wrote_between_two_changes(service, zone, server, mode):
    first = service.ask(zone, changed("www", "192.0.2.1", "192.0.2.2"))
    assert service.deliver(zone.id) == "delivered"
    service.write_at(server, "theirs", "192.0.2.66")
    service.write_at(server, "gone", "192.0.2.67")
    service.write_at(server, "gone")
    second = service.ask(zone, created("ours", "192.0.2.3"), deleted("www", "192.0.2.2"))
    assert service.deliver(zone.id) == "delivered"
    assert service.ends(first, second) == ["Complete", "Complete"]
    assert service.shown(zone, "theirs") == []

    service.ahead = timedelta(minutes=20)
    service.request(zone.id, options=SyncOptions(mode=mode))
    status, ended = service.work()

    assert (status, ended.transfer, ended.counts.created, ended.counts.deleted) == ("SUCCEEDED", "IXFR", 1, 0)
    assert service.shown(zone, "theirs") == ["192.0.2.66"]
    as_served(service, zone, server)
    assert not service.zone(zone.id).unconfirmed


def test_a_transfer_takes_back_what_another_undid_at_the_primary(service, zone, server):
    change = service.ask(zone, created("new", "192.0.2.1"), changed("www", "192.0.2.1", "192.0.2.9"))
    assert service.deliver(zone.id) == "delivered"
    service.write_at(server, "new")
    service.write_at(server, "www", "192.0.2.1")
    service.ahead = timedelta(minutes=20)
    service.request(zone.id, options=SyncOptions(mode="ixfr"))
    status, ended = service.work()

    assert (status, ended.transfer) == ("SUCCEEDED", "IXFR")
    assert service.ends(change) == ["Complete"]
    assert service.shown(zone, "new") == []
    assert service.shown(zone, "www") == ["192.0.2.1"]
    as_served(service, zone, server)


def test_the_history_lists_every_change_with_its_moves_newest_first(service, zone, server):
    some = [service.ask(zone, created(f"h{n}", "192.0.2.1"), comment=f"number {n}") for n in range(3)]
    assert [each.type for each in changes.newest(service.table, zone.id)] == ["Create"]
    service.deliver(zone.id)

    listed = list(changes.newest(service.table, zone.id))
    assert [each.id for each in listed[:3]] == [each.id for each in reversed(some)]
    assert [each.comment for each in listed[:3]] == ["number 2", "number 1", "number 0"]
    page = history.of_zone(service, service.zone(zone.id), start=0, limit=3)
    assert [(each.change.id, each.move.place) for each in page.items] == [
        (each.id, f"h{n}\t1\t") for n, each in reversed(list(enumerate(some)))
    ]
    (only,) = history.of_change(service, service.zone(zone.id), some[1].id, start=0, limit=9).items
    assert only.move.place == "h1\t1\t"


def test_a_change_that_one_message_cannot_hold_is_refused_with_the_way_out(service, zone):
    many = [created(f"h{n}", *[f"192.0.2.{last}" for last in range(1, 120)]) for n in range(40)]

    with pytest.raises(TooLarge, match="one update message to the primary has room for 57,952: send fewer moves"):
        service.ask(zone, *many)
    assert service.zone(zone.id).state is State.ACTIVE


def test_no_more_than_a_thousand_changes_wait(service, zone, monkeypatch):
    monkeypatch.setattr("zonewright.model.recordchange.MOST_WAITING", 2)
    for n in range(2):
        service.ask(zone, created(f"h{n}", "192.0.2.1"))

    with pytest.raises(TooManyRequests, match=r"2 changes of zone example.org. wait for its primary"):
        service.ask(zone, created("h3", "192.0.2.1"))


def test_a_copy_without_a_connection_is_written_at_its_primary_only(service, server, zone):
    service.table.write(Update(keys.zone(zone.id), remove=("connection",)))

    with pytest.raises(NotAuthorized, match="is SECONDARY"):
        service.ask(zone, created("new", "192.0.2.1"))


def test_a_zone_that_syncs_takes_no_changes(service, zone):
    service.ahead = timedelta(minutes=20)
    service.request(zone.id)

    with pytest.raises(ZoneSyncing, match="is read-only: it is syncing"):
        service.ask(zone, created("new", "192.0.2.1"))


def test_a_dry_run_tells_what_would_be_and_nothing_waits(service, zone):
    service.ask(zone, deleted("www", "192.0.2.1"))
    asked = Asked([Wanted(*changed("www", "192.0.2.1", "192.0.2.2"))], dry_run=True)
    found = moves.apply(service, service.zone(zone.id), asked, caller=CALLER)

    assert [each.message for each in found.conflicts] == ["Record set www.example.org. A does not exist"]
    assert len(service.waiting(zone)) == 1


def test_a_deleted_zone_ends_its_deliveries(service, zone):
    service.ask(zone, created("new", "192.0.2.1"))
    service.ahead = timedelta(minutes=30)
    service.ask_for_deletion(zone.id)

    assert service.deliver(zone.id) == "ended"
    assert service.deliver(zone.id) == "nothing"
