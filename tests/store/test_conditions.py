"""The conditions of `states.py` as the table evaluates them: the same answers as `next_state` gives in memory."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from zonewright import clock
from zonewright.model import states
from zonewright.model.states import Event, State
from zonewright.model.zone import Zone, ZoneType
from zonewright.store import keys, zones
from zonewright.store.conditions import Condition, allows, equal, waiting
from zonewright.store.table import ConditionFailed, Put, Update

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
ZONE = Zone("zone-id", "example.org.", "group-id", ZoneType.SECONDARY, NOW)

HOLDERS = ("me", "another", None)
LEASES = (clock.epoch(NOW) - 1, clock.epoch(NOW), clock.epoch(NOW) + 1, None)


def happens(table, event, holder):
    """Whether a write under the condition of `event` is done."""
    try:
        table.write(Update(keys.zone(ZONE.id), set={"happened": True}, condition=allows(event, NOW, holder)))
    except ConditionFailed:
        return False
    return True


@pytest.mark.parametrize("event", Event, ids=str)
@pytest.mark.parametrize("claimed", ["me", None])
def test_the_table_decides_as_next_state_does(table, event, claimed):
    decided, expected = {}, {}
    for state, holder, lease, version in itertools.product(State, HOLDERS, LEASES, (0, 1)):
        zone = replace(ZONE, state=state, holder=holder, lease=lease, version=version)
        table.write(Put(zones.to_item(zone)))

        decided[state, holder, lease, version] = happens(table, event, claimed)
        expected[state, holder, lease, version] = states.next_state(event, zone.hold, NOW, claimed) is not None

    assert decided == expected


@pytest.mark.parametrize("event", [Event.PUBLISH_UPDATE, Event.FAIL_UPDATE], ids=str)
@pytest.mark.parametrize("pending", [1, 2, 3])
def test_the_table_knows_whether_others_wait_as_next_state_does(table, event, pending):
    zone = replace(ZONE, state=State.PENDING_UPDATE, holder="me", pending=pending, version=1)
    table.write(Put(zones.to_item(zone)))
    after = states.next_state(event, zone.hold, NOW, "me", ended=2)

    for more, expected in ((True, State.PENDING_UPDATE), (False, State.ACTIVE)):
        condition = allows(event, NOW, "me").also(waiting(event, 2, more=more))
        happened = True
        try:
            table.write(Update(keys.zone(ZONE.id), set={"happened": True}, condition=condition))
        except ConditionFailed:
            happened = False
        assert happened is (after is expected and pending >= 2)


@pytest.mark.parametrize("event", Event, ids=str)
def test_nothing_happens_to_a_zone_that_is_not_there(table, event):
    assert not happens(table, event, "me")
    assert table.get(keys.zone(ZONE.id)) is None


@pytest.mark.parametrize(("revision", "done"), [(7, True), (8, False)])
def test_a_rule_and_another_condition_hold_both(table, revision, done):
    table.write(Put(zones.to_item(replace(ZONE, state=State.ERROR, revision=7))))
    seen = Condition("#revision = :revision", {"#revision": "revision"}, {":revision": revision})
    condition = allows(Event.DELETE, NOW).also(seen)

    if done:
        table.write(Update(keys.zone(ZONE.id), set={"happened": True}, condition=condition))
    else:
        with pytest.raises(ConditionFailed):
            table.write(Update(keys.zone(ZONE.id), set={"happened": True}, condition=condition))

    assert ("happened" in table.get(keys.zone(ZONE.id))) is done


@pytest.mark.parametrize(
    ("attributes", "done"),
    [
        ({"revision": 7}, True),
        ({"revision": 7, "name": "example.org."}, True),
        ({"revision": 8, "name": "example.org."}, False),
        ({"revision": 7, "name": "example.net."}, False),
        ({"schedule": "refresh"}, False),
    ],
    ids=["one", "all", "not the first", "not the last", "one that is missing"],
)
def test_a_write_is_done_where_every_attribute_is_equal(table, attributes, done):
    table.write(Put(zones.to_item(replace(ZONE, revision=7))))
    write = Update(keys.zone(ZONE.id), set={"happened": True}, condition=equal(**attributes))

    if done:
        table.write(write)
    else:
        with pytest.raises(ConditionFailed):
            table.write(write)

    assert ("happened" in table.get(keys.zone(ZONE.id))) is done
