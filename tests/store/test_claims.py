"""Zones above and below others: one owner, whoever creates them and whenever."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from support.serial import Serial
from zonewright.errors import IllegalChild, IllegalParent, RequestError, ZoneExists, ZoneHasSubZone
from zonewright.model.states import Event, State
from zonewright.model.zone import Zone, ZoneType
from zonewright.store import claims, keys, zones
from zonewright.store.conditions import allows
from zonewright.store.table import ConditionFailed, Table, Update

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
NUMBERS = itertools.count(1)


def zone(name, group="ours"):
    return Zone(f"zone-{next(NUMBERS)}", name, group, ZoneType.PRIMARY, NOW, serial=7)


def make(table, name, group="ours"):
    """Make a zone as the verb does."""
    made = zone(name, group)
    with claims.claimed(table, made) as claim:
        table.write(*zones.create(made, claim))
    return made


def unmake(table, made):
    """Delete a zone as the verb does."""
    with claims.announced(table, made) as deletion:
        table.write(*zones.delete(made.freed(State.DELETED, NOW), allows(Event.DELETE, NOW), deletion))


def children(table, name):
    key = keys.zone_name(name)
    return [item["name"] for item in table.query(key["pk"], prefix=key["sk"] + " ") if "zone_id" in item]


FAMILIES = [
    pytest.param("example.org.", "www.example.org.", id="one label"),
    pytest.param("example.org.", "a.b.c.d.e.f.example.org.", id="any depth"),
    pytest.param("co.uk.", "example.co.uk.", id="a suffix of two"),
    pytest.param("example.co.uk.", "www.example.co.uk.", id="below a suffix of two"),
    pytest.param("Example.ORG.", "WWW.eXAMPLE.org.", id="any case"),
    pytest.param("2.0.192.in-addr.arpa.", "1.2.0.192.in-addr.arpa.", id="IPv4"),
    pytest.param("in-addr.arpa.", "1.2.0.192.in-addr.arpa.", id="all of IPv4"),
    pytest.param("8.b.d.0.1.0.0.2.ip6.arpa.", f"{'0.' * 24}8.b.d.0.1.0.0.2.ip6.arpa.", id="IPv6"),
    pytest.param("a-b.org.", "_sip.a-b.org.", id="escaped"),
]
STRANGERS = [
    pytest.param("example.org.", "example.net.", id="others"),
    pytest.param("example.org.", "anexample.org.", id="the end of a label"),
    pytest.param("example.org.", "example.org.uk.", id="the beginning of a name"),
    pytest.param("a.example.org.", "ab.example.org.", id="the beginning of a label"),
    pytest.param("a.example.org.", "b.example.org.", id="siblings"),
    pytest.param("www.example.org.", "www-2.example.org.", id="what sorts between"),
]


@pytest.mark.parametrize(("above", "below"), FAMILIES)
def test_a_zone_below_another_groups_is_refused(table, above, below):
    make(table, above, "theirs")

    with pytest.raises(IllegalChild, match="zone"):
        make(table, below)

    assert zones.named(table, below) is None
    assert zones.count(table, "ours") == 0


@pytest.mark.parametrize(("above", "below"), FAMILIES)
def test_a_zone_above_another_groups_is_refused(table, above, below):
    make(table, below, "theirs")

    with pytest.raises(IllegalParent, match="zone"):
        make(table, above)

    assert zones.named(table, above) is None
    assert zones.count(table, "ours") == 0


@pytest.mark.parametrize(("above", "below"), FAMILIES)
@pytest.mark.parametrize("first", ["above", "below"])
def test_zones_of_one_group_may_be_above_and_below_each_other(table, above, below, first):
    for name in (above, below) if first == "above" else (below, above):
        make(table, name)

    assert children(table, above) == [below]
    assert list(claims.covering(table, [below])[0]) == [below, above]
    assert children(table, below) == []
    assert list(claims.covering(table, [above])[0]) == [above]


@pytest.mark.parametrize(("one", "other"), STRANGERS)
@pytest.mark.parametrize("turned", [False, True])
def test_names_that_only_look_alike_are_no_relatives(table, one, other, turned):
    make(table, other if turned else one, "theirs")

    made = make(table, one if turned else other)

    assert zones.named(table, made.name) == made


def test_one_foreign_zone_among_many_below_is_enough(table):
    for name in ("a.example.org.", "b.example.org.", "z.z.example.org."):
        make(table, name)
    make(table, "c.b.example.org.", "ours")
    made = zone("d.b.example.org.", "theirs")
    table.write(*zones.create(made))

    with pytest.raises(IllegalParent):
        make(table, "example.org.")


@pytest.mark.parametrize(("gone", "name"), [("example.org.", "a.example.org."), ("a.example.org.", "example.org.")])
def test_a_deleted_zone_is_nobodys_relative(table, gone, name):
    unmake(table, make(table, gone, "theirs"))

    made = make(table, name)

    assert zones.named(table, name) == made
    assert children(table, "example.org.") == ([name] if name != "example.org." else [])
    assert list(claims.covering(table, [name])[0]) == [name]


def test_a_name_goes_on_from_the_serial_it_had(table):
    unmake(table, make(table, "example.org.", "theirs"))

    with claims.claimed(table, zone("EXAMPLE.org.")) as claim:
        serial = claim.serial

    assert serial == 7


def serial_after(table, *zones_before):
    """The serial that a name has after zones with these types and serials."""
    for kind, serial in zones_before:
        made = replace(zone("example.org."), type=kind, serial=serial)
        with claims.claimed(table, made) as claim:
            table.write(*zones.create(made, claim))
        unmake(table, zones.get(table, made.id))
    with claims.claimed(table, zone("example.org.")) as claim:
        return claim.serial


P, S = ZoneType.PRIMARY, ZoneType.SECONDARY


@pytest.mark.parametrize(
    ("zones_before", "serial"),
    [
        pytest.param([], None, id="a new name"),
        pytest.param([(S, None)], None, id="never loaded"),
        pytest.param([(P, 7), (S, None)], 7, id="a copy that was never loaded"),
        pytest.param([(P, 7), (S, 5)], 7, id="a copy that was older"),
        pytest.param([(P, 7), (S, 9)], 9, id="a copy that was newer"),
        pytest.param([(P, 7), (S, None), (S, 3), (S, 6)], 7, id="copies"),
        pytest.param([(P, 2**32 - 1), (S, 3)], 3, id="wrapped"),
        pytest.param([(P, 5), (P, 2**31 + 6)], 2**31 + 6, id="farther on than RFC 1982 compares"),
    ],
)
def test_a_name_keeps_the_newest_serial_it_had(table, zones_before, serial):
    assert serial_after(table, *zones_before) == serial


@pytest.mark.parametrize(
    ("gone_back", "serial"),
    [
        pytest.param({"serial": 3, "newest": 9}, 9, id="behind its own"),
        pytest.param({"serial": 3, "newest": 5}, 7, id="behind its own and a former zone's"),
        pytest.param({"serial": 2**32 - 1, "newest": 9}, 9, id="behind a serial that wrapped"),
        pytest.param({"serial": 9}, 9, id="stored by an older deployment"),
    ],
)
def test_a_name_keeps_the_serial_that_its_zone_went_back_from(table, gone_back, serial):
    copy = replace(zone("example.org."), type=S, **gone_back)
    table.write(*zones.create(copy))
    table.write(Update(keys.zone_name(copy.name), set={"serial": 7}))  # as older deployments did for a former zone
    unmake(table, zones.get(table, copy.id))

    with claims.claimed(table, zone("example.org.")) as claim:
        assert claim.serial == serial


def test_a_taken_name_is_not_claimed(table):
    make(table, "example.org.")

    with pytest.raises(ZoneExists, match=r"zone Example\.org\."):
        make(table, "Example.org.")

    assert not [name for name in table.get(keys.zone_name("example.org.")) if name.startswith("claim")]


@pytest.mark.parametrize("former", [False, True], ids=["a new name", "a name that was used"])
def test_of_a_refused_claim_nothing_is_left(table, former):
    was = make(table, "a.example.org.") if former else None
    if was:
        unmake(table, was)
    make(table, "example.org.", "theirs") if not former else table.write(*zones.create(zone("example.org.", "theirs")))

    with pytest.raises(IllegalChild):
        make(table, "a.example.org.")

    key = keys.zone_name("a.example.org.")
    assert table.get(key) == (key | {"serial": 7, "deleted": was.id} if was else None)


@pytest.mark.parametrize(("above", "below"), FAMILIES)
@pytest.mark.parametrize("slower", ["above", "below"])
def test_of_two_relatives_made_at_once_the_slower_is_refused(table, above, below, slower):
    """The faster zone is created between the slower one's look and commit."""
    first, second = (above, below) if slower == "below" else (below, above)
    late = zone(second)

    def race():
        with claims.claimed(table, late) as claim:
            make(table, first, "theirs")
            table.write(*zones.create(late, claim))

    with pytest.raises(ConditionFailed) as failed:
        race()

    assert zones.refusal(late, failed.value) is None
    assert zones.named(table, second) is None
    with pytest.raises(IllegalChild if slower == "below" else IllegalParent):
        make(table, second)


@pytest.mark.parametrize(("above", "below"), FAMILIES)
@pytest.mark.parametrize("slower", ["above", "below"])
def test_a_claim_that_its_maker_died_with_is_in_nobodys_way(table, above, below, slower):
    first, second = (above, below) if slower == "below" else (below, above)
    table.write(Update(keys.zone_name(first), set={"claim#of-the-dead": "theirs"}))

    made = make(table, second)

    assert zones.named(table, second) == made
    assert "claim#of-the-dead" not in table.get(keys.zone_name(first))


def test_claims_of_many_who_died_are_broken_too(table):
    for number in range(120):
        table.write(Update(keys.zone_name(f"{number}.example.org."), set={"claim#of-the-dead": "theirs"}))

    made = make(table, "example.org.")

    assert zones.named(table, "example.org.") == made


def test_makers_of_one_group_do_not_break_each_others_claims(table):
    late = zone("example.org.")

    with claims.claimed(table, late) as claim:
        make(table, "a.example.org.")
        table.write(*zones.create(late, claim))

    assert children(table, "example.org.") == ["a.example.org."]


def announcements(table, name):
    return [each for each in table.get(keys.zone_name(name)) or {} if each.startswith("deletion")]


@pytest.mark.parametrize(("above", "child"), FAMILIES)
def test_a_zone_with_a_zone_below_it_is_not_deleted(table, above, child):
    parent = make(table, above)
    make(table, child)

    with pytest.raises(ZoneHasSubZone, match="child"):
        unmake(table, parent)

    assert zones.named(table, above) == parent
    assert announcements(table, above) == []


@pytest.mark.parametrize(("above", "child"), FAMILIES)
def test_a_zone_made_while_its_parent_is_deleted_keeps_the_parent(table, above, child):
    """The child is made between the look and the commit of the deletion."""
    parent = make(table, above)

    def race():
        with claims.announced(table, parent) as deletion:
            make(table, child)
            table.write(*zones.delete(parent.freed(State.DELETED, NOW), allows(Event.DELETE, NOW), deletion))

    with pytest.raises(ConditionFailed):
        race()

    assert zones.named(table, above) == parent
    assert announcements(table, above) == []
    with pytest.raises(ZoneHasSubZone):
        unmake(table, parent)


@pytest.mark.parametrize(("above", "child"), FAMILIES)
@pytest.mark.parametrize("group", ["ours", "theirs"])
def test_a_parent_deleted_while_a_zone_is_made_leaves_the_maker_to_look_again(table, above, child, group):
    """The parent is deleted between the look and the commit of the maker."""
    parent = make(table, above, group)
    zones_group = replace(zone(child), group_id=group)

    def race():
        with claims.claimed(table, zones_group) as claim:
            unmake(table, parent)
            table.write(*zones.create(zones_group, claim))

    with pytest.raises(ConditionFailed):
        race()

    assert zones.named(table, above) is None
    made = make(table, child)
    assert zones.named(table, child) == made


@pytest.mark.parametrize(("above", "child"), FAMILIES)
@pytest.mark.parametrize("faster", ["deleter", "maker"])
def test_of_a_deletion_and_a_child_that_see_each_other_the_faster_wins(table, above, child, faster):
    parent, late = make(table, above), zone(child)
    gone = parent.freed(State.DELETED, NOW)

    def race():
        table.write(Update(keys.zone_name(child), set={"claim#seen": "ours"}))
        with claims.announced(table, parent) as deletion, claims.claimed(table, late) as claim:
            writes = zones.delete(gone, allows(Event.DELETE, NOW), deletion), zones.create(late, claim)
            for each in writes if faster == "deleter" else reversed(writes):
                table.write(*each)

    with pytest.raises(ConditionFailed):
        race()

    found = zones.named(table, above), zones.named(table, child)
    assert found == ((None, None) if faster == "deleter" else (parent, late))


def test_an_announcement_that_its_deleter_died_with_is_in_nobodys_way(table):
    parent = make(table, "example.org.")
    table.write(Update(keys.zone_name("example.org."), set={"deletion#of-the-dead": "ours"}))

    child = make(table, "a.example.org.")

    assert announcements(table, "example.org.") == []
    unmake(table, child)
    table.write(Update(keys.zone_name("example.org."), set={"deletion#of-the-dead": "ours"}))
    unmake(table, parent)
    assert announcements(table, "example.org.") == []


def test_claims_of_many_who_died_do_not_keep_a_zone(table):
    parent = make(table, "example.org.")
    for number in range(120):
        table.write(Update(keys.zone_name(f"{number}.example.org."), set={"claim#of-the-dead": "ours"}))

    unmake(table, parent)

    assert zones.named(table, "example.org.") is None


def test_a_deletion_of_a_zone_whose_name_has_another_begins_again(table):
    first = make(table, "example.org.")
    unmake(table, first)
    second = make(table, "example.org.")

    with pytest.raises(claims.Overtaken):
        unmake(table, first)

    assert zones.named(table, "example.org.") == second


@pytest.mark.parametrize("attempt", range(5))
def test_among_racers_no_zone_ends_above_or_below_another_groups(table, attempt):
    raced = Table(Serial(table.client), table.name)
    together = threading.Barrier(8)
    line = ["example.org.", "a.example.org.", "b.a.example.org.", "c.b.a.example.org."]

    def racer(number):
        together.wait()
        for _ in range(20):
            try:
                return make(raced, line[number % 4], f"group-{number}")
            except ConditionFailed:
                continue
            except RequestError:
                return None
        return None

    with ThreadPoolExecutor(8) as pool:
        made = [each for each in pool.map(racer, range(8)) if each]

    assert len(made) == 1
    assert list(claims.covering(table, [line[-1]])[0]) == [made[0].name]


def test_a_zone_that_changes_hands_is_its_new_groups_relative(table):
    given = replace(make(table, "example.org."), group_id="theirs")

    table.write(*zones.hand_over(given, replace(given, group_id="ours"), allows(Event.CHANGE, NOW)))

    assert (zones.count(table, "ours"), zones.count(table, "theirs")) == (0, 1)
    assert list(zones.in_order(table, "theirs", 10)) == [given]
    assert list(zones.in_order(table, "ours", 10)) == []
    make(table, "a.example.org.", "theirs")
    with pytest.raises(IllegalChild):
        make(table, "b.example.org.")


def test_a_zone_is_handed_over_only_where_there_is_room_and_it_is_still_there(table):
    made = make(table, "example.org.")
    make(table, "example.net.", "theirs")
    given = replace(made, group_id="theirs")

    with pytest.raises(ConditionFailed) as full:
        table.write(*zones.hand_over(given, replace(given, group_id="ours"), allows(Event.CHANGE, NOW), most=1))
    unmake(table, made)
    with pytest.raises(ConditionFailed) as gone:
        table.write(*zones.hand_over(given, replace(given, group_id="ours"), allows(Event.CHANGE, NOW)))

    assert [number for number, failed in enumerate(reversed(full.value.failed)) if failed] == [0]
    assert [number for number, failed in enumerate(gone.value.failed) if failed] == [0, 1]
    assert (zones.count(table, "ours"), zones.count(table, "theirs")) == (0, 1)


@pytest.mark.parametrize("attempt", range(5))
def test_among_racers_no_zone_is_deleted_over_a_zone_below(table, attempt):
    """Makers of children and deleters of the parent, in threads: the parent is there if a child was made before."""
    raced = Table(Serial(table.client), table.name)
    together = threading.Barrier(6)
    parent = make(raced, "example.org.")
    seen = []

    def racer(number):
        together.wait()
        for _ in range(20):
            try:
                if number % 2:
                    unmake(raced, parent)
                    seen.append(("deleted", children(raced, "example.org.")))
                else:
                    make(raced, f"n{number}.example.org.")
                    seen.append(("made", zones.named(raced, "example.org.")))
            except (ConditionFailed, claims.Overtaken):
                continue
            except RequestError as error:
                seen.append(("refused", type(error).__name__))
            return

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(racer, range(6)))

    kinds = [kind for kind, _ in seen]
    assert kinds.count("made") == 3
    if "deleted" in kinds:
        assert zones.named(raced, "example.org.") is None
    else:
        assert zones.named(raced, "example.org.") == parent
        assert kinds.count("refused") >= 1
    assert announcements(raced, "example.org.") == []
