from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from zonewright import clock
from zonewright.model.acl import AccessLevel, AclRule
from zonewright.model.failure import Failure
from zonewright.model.guards import OwnGuards
from zonewright.model.schedule import Timers
from zonewright.model.source import Source
from zonewright.model.states import Event, State
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.store import dueplaces, duezones, keys, zones
from zonewright.store.claims import Deletion
from zonewright.store.conditions import allows, equal
from zonewright.store.duezones import Confirmed, Due
from zonewright.store.table import ConditionFailed, Put, Update

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
ZONE = Zone("zone-id", "Example.org.", "group-id", ZoneType.PRIMARY, NOW, "ada@example.org")
FULL = Zone(
    id="full-id",
    name="full.example.org.",
    group_id="group-id",
    type=ZoneType.SECONDARY,
    created=NOW,
    email="joe@example.org",
    ttl=60,
    description="all of it",
    primaries=(Primary("192.0.2.1"), Primary("2001:db8::1", 5353)),
    attributes={"tier": "gold"},
    shared=True,
    state=State.SYNCING,
    holder="sync-id",
    lease=1_800_000_000,
    held_since=NOW + timedelta(microseconds=1),
    slot=7,
    version=3,
    serial=2**32 - 1,
    newest=4,
    records=100_000,
    revision=7,
    updated=NOW + timedelta(days=1),
    synced=NOW + timedelta(days=2),
    schedule="refresh",
    requestor="joe",
    timers=Timers(7200, 900, 3600),
    due=NOW + timedelta(days=3),
    confirmed=NOW + timedelta(days=2, seconds=1),
    failure=Failure("192.0.2.1: no connection", NOW + timedelta(days=3), NOW + timedelta(days=2), True, 2, 7),
    guards=OwnGuards(zone_records=5, deleted_percent=0),
    source=Source("192.0.2.1", 2**32 - 1, "was seen with an older serial, 7", "192.0.2.1", "key-id#1"),
    acl=(
        AclRule(AccessLevel.DELETE, user_id="joe"),
        AclRule(AccessLevel.READ, None, "group-id", "all but one", "www.*", ("A", "AAAA")),
    ),
)


def numbered(count, group="group-id"):
    """Zones created a second apart, the oldest first."""
    return [
        Zone(f"{group}-{number}", f"{number}.{group}.org.", group, ZoneType.PRIMARY, NOW + timedelta(seconds=number))
        for number in range(count)
    ]


def listed(table, group, limit, after=None):
    """A page of a group's zones, oldest first, and how many it has."""
    return list(zones.in_order(table, group, limit, after)), zones.count(table, group)


def deletion(table, zone):
    gone = replace(zone, state=State.DELETED, holder=None, lease=None, held_since=None, updated=NOW)
    table.write(*zones.delete(gone, allows(Event.DELETE, NOW), Deletion(equal(zone_id=zone.id))))


@pytest.mark.parametrize("zone", [ZONE, FULL], ids=["new", "with everything"])
def test_a_zone_reads_back_as_it_was_written(table, zone):
    table.write(*zones.create(zone))

    assert zones.get(table, zone.id) == zone


def test_a_zone_that_never_was_is_none(table):
    assert zones.get(table, "zone-id") is None


def test_what_is_none_is_no_attribute():
    item = zones.to_item(ZONE)

    assert (
        not {"holder", "lease", "held_since", "slot", "serial", "newest", "updated", "synced", "description"}
        & item.keys()
    )
    assert (
        not {"schedule", "requestor", "timers", "confirmed", "failure", "guards", "source", "gsi2pk", "gsi2sk"}
        & item.keys()
    )


@pytest.mark.parametrize(
    ("second", "failed"),
    [
        pytest.param(replace(ZONE, id="other-id"), [True, False, False], id="same name"),
        pytest.param(replace(ZONE, id="other-id", name="EXAMPLE.ORG."), [True, False, False], id="name in other case"),
        pytest.param(replace(ZONE, id="other-id", group_id="other"), [True, False, False], id="in another group"),
        pytest.param(replace(ZONE, name="example.net."), [False, True, False], id="same id"),
    ],
)
def test_of_two_that_create_a_zone_one_wins(table, second, failed):
    racers = [zones.create(ZONE), zones.create(second)]

    table.write(*racers[0])
    with pytest.raises(ConditionFailed) as lost:
        table.write(*racers[1])

    assert lost.value.failed[: len(failed)] == failed
    assert zones.get(table, "zone-id") == ZONE
    assert zones.get(table, "other-id") is None
    assert listed(table, "group-id", 10) == ([ZONE], 1)
    assert listed(table, "other", 10) == ([], 0)


def test_zones_of_other_names_do_not_meet(table):
    for zone in numbered(2):
        table.write(*zones.create(zone))

    assert listed(table, "group-id", 10) == (numbered(2), 2)


@pytest.mark.parametrize("limit", [1, 2, 4, 5, 6])
def test_pages_are_oldest_first_and_hold_every_zone_once(table, limit):
    for zone in reversed(numbered(5)):
        table.write(*zones.create(zone))
    table.write(*zones.create(replace(ZONE, group_id="other")))

    found, after = [], None
    while page := list(zones.in_order(table, "group-id", limit, after)):
        assert len(page) <= limit
        found += page
        after = page[-1]

    assert found == numbered(5)


@pytest.fixture
def everybodys(table):
    """Zones of four groups, one of which has none any more, made by turns."""
    made = [zone for group in ("a", "b", "c", "d") for zone in numbered(7 if group == "a" else 3, group)]
    for zone in made:
        table.write(*zones.create(zone))
    for zone in made:
        if zone.group_id == "d":
            deletion(table, zone)
    return sorted((zone for zone in made if zone.group_id != "d"), key=lambda zone: (zone.created, zone.id))


@pytest.mark.parametrize("limit", [1, 2, 5, 13, 100])
@pytest.mark.parametrize("newest_first", [False, True])
def test_pages_of_all_groups_hold_every_zone_once_in_order(table, everybodys, limit, newest_first):
    found, after = [], None
    while page := list(zones.in_order(table, None, limit, after, newest_first=newest_first)):
        assert len(page) == min(limit, len(everybodys) - len(found))
        found += page
        after = page[-1]

    assert found == (everybodys[::-1] if newest_first else everybodys)


def test_a_page_of_all_groups_reads_a_few_zones_of_each(table, everybodys):
    brought = []
    count = lambda parsed, **_: brought.append(len(parsed["Items"]))  # noqa: E731
    table.client.meta.events.register("after-call.dynamodb.Query", count)

    list(zones.in_order(table, None, 3))
    table.client.meta.events.unregister("after-call.dynamodb.Query", count)

    assert brought == [4, 2, 2, 2]  # the tallies of all groups, then of each that has zones


def test_zones_of_all_groups_are_counted_and_read(table, everybodys):
    assert zones.count(table, None) == 13
    assert sorted(zone.id for zone in zones.every(table, None)) == sorted(zone.id for zone in everybodys)
    assert [zone.id for zone in zones.every(table, "b")] == ["b-0", "b-1", "b-2"]


def test_a_zone_is_found_by_its_name_in_any_case_while_it_lives(table):
    table.write(*zones.create(ZONE))

    assert zones.named(table, "eXample.org.") == ZONE
    assert zones.named(table, "example.org") is None
    assert zones.named(table, "example.net.") is None
    assert zones.named(table, "x" * 5000 + ".") is None
    deletion(table, ZONE)
    assert zones.named(table, "Example.org.") is None


def test_a_page_goes_on_behind_a_zone_that_is_gone(table):
    first, second, third = numbered(3)
    for zone in (first, second, third):
        table.write(*zones.create(zone))
    deletion(table, second)

    assert listed(table, "group-id", 10, second) == ([third], 2)


def test_a_deleted_zone_leaves_a_gravestone_and_frees_its_name(table):
    table.write(*zones.create(ZONE))
    held = replace(ZONE, state=State.SYNCING, holder="sync-id", lease=1, held_since=NOW)

    deletion(table, held)

    assert zones.get(table, "zone-id") == replace(ZONE, state=State.DELETED, updated=NOW)
    assert listed(table, "group-id", 10) == ([], 0)
    again = replace(ZONE, id="other-id")
    table.write(*zones.create(again))
    assert listed(table, "group-id", 10) == ([again], 1)


def test_a_zone_is_deleted_once(table):
    table.write(*zones.create(ZONE))
    deletion(table, ZONE)
    table.write(*zones.create(replace(ZONE, id="other-id")))

    with pytest.raises(ConditionFailed):
        deletion(table, ZONE)

    assert zones.count(table, "group-id") == 1
    assert table.get(keys.zone_name("example.org."))["zone_id"] == "other-id"


def test_of_a_sync_and_a_deletion_one_wins(table):
    table.write(*zones.create(ZONE))
    lease = clock.epoch(NOW) + 60
    begun = {"state": "SYNCING", "holder": "sync-id", "lease": lease, "held_since": clock.to_text(NOW)}
    table.write(Update(keys.zone("zone-id"), set=begun, condition=allows(Event.BEGIN_SYNC, NOW)))

    with pytest.raises(ConditionFailed) as lost:
        deletion(table, ZONE)

    syncing = replace(ZONE, state=State.SYNCING, holder="sync-id", lease=lease, held_since=NOW)
    assert zones.found(table, "zone-id", lost.value) == syncing
    assert zones.get(table, "zone-id") == syncing
    assert zones.count(table, "group-id") == 1


@pytest.mark.parametrize(
    ("failed", "zone"),
    [
        pytest.param(ConditionFailed([zones.to_item(FULL), None], [True, False]), FULL, id="as the write found it"),
        pytest.param(ConditionFailed([None, None], [True, False]), None, id="not there"),
        pytest.param(ConditionFailed([None, {}], [False, True]), ZONE, id="read again"),
    ],
)
def test_the_zone_behind_a_failed_write_is_found(table, failed, zone):
    table.write(*zones.create(ZONE))

    assert zones.found(table, "zone-id", failed) == zone


def scheduled(count, table):
    """Zones with a schedule, due a second after another."""
    table.write(*(Put(zones.to_item(replace(zone, schedule=3600, due=zone.created))) for zone in numbered(count)))


def due(table, now, limit=100):
    """What is due in any partition, the longest due first."""
    found = [each for partition in dueplaces.DUE for each in duezones.due(table, partition, now, limit)]
    return sorted(found, key=lambda each: each.place)


def placed(zone):
    """A zone as the index lists it."""
    return Due.at(zones.to_item(zone)["gsi2sk"])


def test_zones_are_found_from_the_moment_they_are_due(table):
    scheduled(40, table)
    table.write(*zones.create(ZONE))

    found = due(table, NOW + timedelta(seconds=9, microseconds=1))

    assert [each.zone_id for each in found] == [f"group-id-{number}" for number in range(10)]
    assert due(table, NOW) == []


def test_zones_that_are_due_are_spread_over_the_partitions(table):
    scheduled(100, table)

    counts = [len([*duezones.due(table, partition, NOW + timedelta(days=1), 100)]) for partition in dueplaces.DUE]

    assert sum(counts) == 100
    assert max(counts) < 20


def test_no_more_zones_of_a_partition_are_found_than_asked_for(table):
    scheduled(100, table)

    found = due(table, NOW + timedelta(days=1), limit=1)

    assert len(found) == len(dueplaces.DUE)


def test_of_two_that_claim_a_zone_one_has_it(table):
    scheduled(1, table)
    later, (seen,) = NOW + timedelta(minutes=2), due(table, NOW + timedelta(seconds=1))

    first = duezones.claim(table, seen, NOW, later)
    second = duezones.claim(table, seen, NOW, later + timedelta(seconds=1))
    third = duezones.claim(table, seen, later + timedelta(seconds=1), later + timedelta(minutes=2))

    assert (replace(first, look=None), second, replace(third, look=None)) == (seen, None, seen)
    assert due(table, NOW + timedelta(seconds=1)) == [seen]


def test_a_look_whose_claim_lapsed_writes_nothing(table):
    scheduled(1, table)
    (seen,) = due(table, NOW + timedelta(seconds=1))
    lapsed = duezones.claim(table, seen, NOW, NOW + timedelta(minutes=2))
    claimed = duezones.claim(table, seen, NOW + timedelta(minutes=3), NOW + timedelta(minutes=5))

    duezones.reschedule(table, lapsed, NOW + timedelta(hours=1))
    between = zones.get(table, seen.zone_id).due
    duezones.reschedule(table, claimed, NOW + timedelta(hours=2))

    assert (between, zones.get(table, seen.zone_id).due) == (NOW, NOW + timedelta(hours=2))
    assert dueplaces.LOOK not in table.get(keys.zone(seen.zone_id))


def test_a_zone_that_was_replaced_behind_a_claim_stays_due(table):
    zone = replace(LOOKED_AT, due=NOW)
    table.write(*zones.create(zone))
    claimed = duezones.claim(table, placed(zone), NOW, NOW + timedelta(minutes=2))

    table.write(Put(zones.to_item(replace(zone, ttl=7)), zones.unseen(zone)))
    duezones.reschedule(table, claimed, NOW + timedelta(hours=1))

    assert zones.get(table, zone.id) == replace(zone, ttl=7)


def test_a_claim_changes_nothing_that_is_shown(table):
    zone = replace(FULL, due=NOW)
    table.write(*zones.create(zone))

    duezones.claim(table, placed(zone), NOW, NOW + timedelta(minutes=2))

    assert zones.get(table, zone.id) == zone


@pytest.mark.parametrize("moment", [NOW + timedelta(hours=1), None], ids=["later", "never"])
@pytest.mark.parametrize(
    ("look", "found"),
    [
        pytest.param(Failure("timed out", NOW, NOW), {"failure": Failure("timed out", NOW, NOW)}, id="failed"),
        pytest.param(
            Confirmed(NOW, Timers(5, 6, 7)),
            {"failure": None, "confirmed": NOW, "timers": Timers(5, 6, 7)},
            id="confirmed",
        ),
        pytest.param(
            Confirmed(NOW, Timers(5, 6, 7), lasting=True),
            {"confirmed": NOW, "timers": Timers(5, 6, 7)},
            id="confirmed, with a failure that lasts",
        ),
        pytest.param(None, {}, id="no look"),
    ],
)
def test_a_claimed_zone_is_settled_once(table, moment, look, found):
    zone = replace(FULL, due=NOW)
    table.write(*zones.create(zone))
    claimed = placed(zone)

    duezones.reschedule(table, claimed, moment, look)
    duezones.reschedule(table, claimed, NOW, Failure("too late"))

    assert zones.get(table, zone.id) == replace(zone, due=moment, **found)


@pytest.mark.parametrize("look", [Failure("again", NOW, NOW), Confirmed(NOW, Timers(5, 6, 7))], ids=["failed", "ok"])
def test_a_failure_that_an_older_deployment_stored_is_read_and_replaced(table, look):
    zone = replace(FULL, due=NOW, failure=None)
    stored = {name: value for name, value in zones.to_item(zone).items() if name != "expire"}
    table.write(Put(stored | {"unanswered": "timed out"}))
    before = zones.get(table, zone.id)

    duezones.reschedule(table, placed(zone), NOW, look)

    assert (before.failure, before.timers) == (Failure("timed out"), Timers(7200, 900, 1209600))
    assert "unanswered" not in table.get(keys.zone(zone.id))
    assert zones.get(table, zone.id).failure == (look if isinstance(look, Failure) else None)


def test_a_failure_that_an_older_deployment_stored_without_its_kind_is_one_of_a_look(table):
    item = zones.to_item(FULL)
    for name in ("of_sync", "looks", "revision"):
        del item["failure"][name]
    table.write(Put(item))

    read = zones.get(table, FULL.id)
    assert read.failure == replace(FULL.failure, of_sync=False, looks=0, revision=None)
    assert read.failed_looks == 0


def test_a_source_that_an_older_deployment_stored_has_no_server(table):
    item = zones.to_item(FULL)
    item["source"] = {"primary": "192.0.2.1", "serial": 7}
    table.write(Put(item))

    source = zones.get(table, FULL.id).source
    assert source == Source("192.0.2.1", 7, None, None, None)
    assert zones.source_item(source) == item["source"]


def test_an_older_deployment_can_read_the_timers():
    assert zones.to_item(FULL)["timers"] == {"refresh": 7200, "retry": 900}


def test_an_older_serial_of_the_source_is_noted_once_and_is_no_revision(table):
    zone = replace(FULL, source=Source("192.0.2.1", 2**32 - 1))
    table.write(*zones.create(zone))

    other = zones.saw(table, zone, [(Primary("2001:db8::1", 5353), 5), (Primary("192.0.2.1"), 3)])
    noted = zones.saw(table, zone, [(Primary("192.0.2.1"), 2**32 - 5)])
    late = zones.saw(table, zone, [(Primary("192.0.2.1"), 2**32 - 6)])

    assert other == zone
    assert noted.source == Source("192.0.2.1", 2**32 - 1, "was seen with an older serial, 4294967291")
    assert late.source.broken
    assert zones.get(table, zone.id) == replace(zone, source=noted.source)


def test_the_source_of_newer_contents_is_not_broken_by_an_older_sight(table):
    zone = replace(FULL, source=Source("192.0.2.1", 2**32 - 1))
    newer = replace(zone, source=Source("192.0.2.1", 5), serial=5)
    table.write(*zones.create(newer))

    zones.saw(table, zone, [(Primary("192.0.2.1"), 2**32 - 5)])

    assert zones.get(table, zone.id) == newer


LOOKED_AT = replace(FULL, state=State.ACTIVE, holder=None, lease=None, held_since=None)


@pytest.mark.parametrize(
    ("zone", "held"), [pytest.param(FULL, True, id="held"), pytest.param(LOOKED_AT, False, id="free")]
)
def test_an_index_entry_tells_the_group_and_whether_a_sync_holds_the_zone(table, zone, held):
    table.write(Put(zones.to_item(replace(zone, due=NOW))))

    (entry,) = due(table, NOW + timedelta(seconds=1))

    assert (entry.zone_id, entry.group_id, entry.held) == (zone.id, zone.group_id, held)


def as_stored_before(table, zone):
    """Store a zone in the place that an older deployment gave it."""
    place = f"{clock.to_text(zone.due)}#{zone.id}"
    table.write(Put(zones.to_item(zone) | {"gsi2sk": place}))
    return place


def test_an_entry_that_an_older_deployment_stored_is_due_and_gets_its_group(table):
    zone = replace(LOOKED_AT, due=NOW)
    place = as_stored_before(table, zone)

    (entry,) = due(table, NOW + timedelta(seconds=1))
    claimed = duezones.claim(table, entry, NOW, NOW + timedelta(minutes=2))
    duezones.reschedule(table, replace(claimed, group_id=zone.group_id), NOW + timedelta(hours=1))

    assert (entry.place, entry.zone_id, entry.group_id, entry.held) == (place, zone.id, "", False)
    assert table.get(keys.zone(zone.id))["gsi2sk"] == f"{clock.to_text(NOW + timedelta(hours=1))}#full-id#group-id"


@pytest.mark.parametrize("stored", ["now", "before"])
def test_a_zone_is_as_read_until_its_place_moves(table, stored):
    zone = replace(LOOKED_AT, due=NOW)
    if stored == "before":
        as_stored_before(table, zone)
    else:
        table.write(Put(zones.to_item(zone)))
    (entry,) = due(table, NOW + timedelta(seconds=1))
    unseen = Update(keys.zone(zone.id), set={"ttl": 7}, condition=zones.unseen(zones.get(table, zone.id)))

    table.write(unseen)
    claimed = duezones.claim(table, entry, NOW, NOW + timedelta(minutes=2))
    table.write(unseen)
    duezones.reschedule(table, claimed, NOW + timedelta(hours=1))

    with pytest.raises(ConditionFailed):
        table.write(unseen)


def test_a_zone_without_a_due_time_is_as_read_until_it_has_one(table):
    table.write(*zones.create(ZONE))
    unseen = Update(keys.zone(ZONE.id), set={"ttl": 7}, condition=zones.unseen(zones.get(table, ZONE.id)))

    table.write(unseen)
    table.write(Put(zones.to_item(replace(ZONE, due=NOW))))

    with pytest.raises(ConditionFailed):
        table.write(unseen)


def test_a_zone_that_changes_hands_is_due_in_its_new_group(table):
    zone = replace(LOOKED_AT, due=NOW)
    table.write(*zones.create(zone))

    table.write(*zones.hand_over(replace(zone, group_id="other-id"), zone, zones.unseen(zone)))

    assert [each.group_id for each in due(table, NOW + timedelta(seconds=1))] == ["other-id"]


def test_a_deleted_zone_is_not_due(table):
    zone = replace(ZONE, schedule="refresh", due=NOW)
    table.write(*zones.create(zone))
    assert due(table, NOW + timedelta(seconds=1))

    deletion(table, zone)

    assert due(table, NOW + timedelta(seconds=1)) == []
