"""Record changes of copied zones: the primary takes them first, in order, and then they are shown here."""


import pytest
from primaries import UPDATED, Bind
from support.delivering import NAME, addresses, held, serving, wanted
from support.queueing import changed, created, deleted
from zonewright.errors import MovesRefused, RecordSetsDiffer
from zonewright.model.recordchange import OUT_OF_SYNC
from zonewright.model.states import State
from zonewright.protocol.types import CNAME, TXT

pytestmark = pytest.mark.primary


@pytest.fixture
def server():
    """A BIND that has the zone, with an A record set at `www`."""
    with serving(Bind, "www 60 A 192.0.2.1\n") as server:
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
    some = [service.ask(zone, created(owner, "192.0.2.1")) for owner in ("a", "b", "_c", "d", "e")]
    assert service.deliver(zone.id) == "delivered"

    assert service.ends(*some) == ["Complete", "Complete", "Failed", "Complete", "Complete"]
    refused = service.change(some[2])
    assert refused.reason.startswith(
        f"Failed applying update to DNS for change {refused.id}:_c: the name server answered"
    )
    assert "REFUSED" in refused.reason
    assert refused.version is None
    as_served(service, zone, server)


def test_a_change_that_follows_a_failed_one_is_judged_again(service, zone, server):
    some = [
        service.ask(zone, created("_c", "192.0.2.1")),
        service.ask(zone, changed("_c", "192.0.2.1", "192.0.2.2")),
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
