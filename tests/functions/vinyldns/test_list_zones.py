from datetime import timedelta
from urllib.parse import urlencode

import pytest
from support import people
from support.calls import GROUP, NOW, STRANGER, STRANGERS_GROUP, call, event
from zonewright import sweep
from zonewright.actions import seen_zones
from zonewright.model.acl import AccessLevel, AclRule
from zonewright.model.users import Caller
from zonewright.model.zone import Zone, ZoneType
from zonewright.store import keys, places, zones
from zonewright.store.table import Update

from functions.vinyldns import list_zones

SUPPORT = {"x-auth-token": "zw_support"}


def made(service, name, group=GROUP, **fields):
    zone = Zone(f"id-{name}", name, group, ZoneType.SECONDARY, NOW, email="ok@example.org", version=1, **fields)
    service.table.write(*zones.create(zone))
    return zone


@pytest.fixture
def zoo(service):
    """Zones of two groups. `ok` sees b. and c.example. of the stranger by access rules, and not shared.example."""
    for name in ("a.example.", "B.example.", "2.0.192.in-addr.arpa.", "z.example.org."):
        made(service, name)
    made(service, "by-user.example.", STRANGERS_GROUP, acl=(AclRule(AccessLevel.NO_ACCESS, user_id="ok"),))
    made(service, "by-group.example.", STRANGERS_GROUP, acl=(AclRule(AccessLevel.READ, group_id=GROUP),))
    made(service, "by-all.example.", STRANGERS_GROUP, acl=(AclRule(AccessLevel.READ),))
    made(service, "shared.example.", STRANGERS_GROUP, shared=True)
    made(service, "hidden.example.", STRANGERS_GROUP)
    people.user(service, "support", STRANGERS_GROUP, is_support=True)
    return service


SEEN = [
    "2.0.192.in-addr.arpa.",
    "a.example.",
    "B.example.",
    "by-all.example.",
    "by-group.example.",
    "by-user.example.",
    "z.example.org.",
]
ALL = sorted([*SEEN, "hidden.example.", "shared.example."], key=str.lower)


def listed(query="", headers=None, *, expected=200, **parameters):
    sent = event("vinyldns_list_zones", rawQueryString=query or urlencode(parameters), headers=headers or {})
    answer = call(list_zones.handler, sent)
    assert answer.status == expected, answer.body
    return answer.json


def names(page):
    return [zone["name"] for zone in page["zones"]]


def test_a_caller_sees_zones_of_its_groups_and_by_rules_by_name(zoo):
    page = listed()

    assert names(page) == SEEN
    assert {key: value for key, value in page.items() if key != "zones"} == {
        "maxItems": 100,
        "ignoreAccess": False,
        "includeReverse": True,
    }


def test_an_entry_is_what_get_shows_but_for_the_names_in_rules(zoo):
    (entry,) = listed(nameFilter="by-user.example.")["zones"]

    assert entry == {
        "name": "by-user.example.",
        "email": "ok@example.org",
        "status": "Active",
        "created": "2026-01-15T12:34:56Z",
        "id": "id-by-user.example.",
        "account": STRANGERS_GROUP,
        "shared": False,
        "acl": {"rules": [{"accessLevel": "NoAccess", "userId": "ok", "recordTypes": []}]},
        "adminGroupId": STRANGERS_GROUP,
        "adminGroupName": "stranger-group",
        "accessLevel": "Read",
    }


@pytest.mark.parametrize(
    ("headers", "query"), [(SUPPORT, {}), ({}, {"ignoreAccess": "True"}), (STRANGER, {"ignoreAccess": "1"})]
)
def test_system_administrators_and_who_ignores_access_see_all(zoo, headers, query):
    page = listed(headers=headers, **query)

    assert names(page) == ALL
    assert page["ignoreAccess"] == bool(query)
    if not headers:
        levels = {zone["name"]: zone["accessLevel"] for zone in page["zones"]}
        assert levels == dict.fromkeys(ALL, "Delete") | {
            "by-user.example.": "Read",
            "by-group.example.": "Read",
            "by-all.example.": "Read",
            "shared.example.": "Read",
            "hidden.example.": "NoAccess",
        }


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8])
def test_pages_hold_every_zone_once(zoo, limit):
    found, start = [], {}
    while True:
        page = listed(maxItems=limit, **start)
        found += names(page)
        assert page.get("startFrom") == start.get("startFrom")
        if "nextId" not in page:
            break
        assert page["nextId"] == found[-1]
        assert len(page["zones"]) == limit
        start = {"startFrom": page["nextId"]}

    assert found == SEEN


@pytest.mark.parametrize(
    ("name_filter", "found"),
    [
        ("b", ["B.example.", "by-all.example.", "by-group.example.", "by-user.example."]),
        ("B.example", ["B.example."]),
        ("b.example.", ["B.example."]),
        ("*.example", [name for name in SEEN if name.endswith(".example.")]),
        ("by*.example.", ["by-all.example.", "by-group.example.", "by-user.example."]),
        ("*-*p*", ["2.0.192.in-addr.arpa.", "by-all.example.", "by-group.example.", "by-user.example."]),
        ("by_all", []),
        ("'", []),
        ("nothing", []),
    ],
)
def test_names_are_filtered(zoo, name_filter, found):
    page = listed(nameFilter=name_filter)

    assert names(page) == found
    assert page["nameFilter"] == name_filter


def test_reverse_zones_may_be_left_out(zoo):
    page = listed(includeReverse="false")

    assert names(page) == SEEN[1:]
    assert page["includeReverse"] is False


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"nameFilter": "stranger"}, ["by-all.example.", "by-group.example.", "by-user.example."]),
        ({"nameFilter": "OK"}, ["2.0.192.in-addr.arpa.", "a.example.", "B.example.", "z.example.org."]),
        (
            {"nameFilter": "*r-gr*", "ignoreAccess": "true"},
            [name for name in ALL if name in set(ALL) - set(SEEN) or name.startswith("by")],
        ),
        ({"nameFilter": "nobody"}, []),
        ({}, SEEN),
    ],
)
def test_zones_are_found_by_the_names_of_their_groups(zoo, query, found):
    assert names(listed(searchByAdminGroup="true", **query)) == found


@pytest.mark.parametrize("limit", [0, -1, 101, 700])
def test_a_page_has_a_size(service, limit):
    wanted = f"maxItems was {limit}, maxItems must be between 0 and 100"

    assert listed(maxItems=limit, headers={"x-auth-token": None}, expected=400) == wanted


def test_what_cannot_be_read_is_refused(service):
    sent = event("vinyldns_list_zones", rawQueryString="maxItems=x")

    assert call(list_zones.handler, sent).body.startswith("The query parameter 'maxItems' was malformed:\n")


def test_a_page_of_one_group_reads_what_it_shows(service, reads):
    for n in range(30):
        made(service, f"n{n:02}.example.")
    places.settle(service.table, settled=True)
    reads.clear()

    page = listed(maxItems=5, startFrom="n09.example.")

    assert names(page) == [f"n{n}.example." for n in range(10, 15)]
    assert (reads.queries, reads.batches) == (3, 2)
    assert reads.items <= 14


def test_a_caller_in_many_groups_reads_the_list_of_all_zones_if_that_is_less(service, reads):
    for n in range(40):
        people.group(service, f"g{n:03}")
        made(service, f"zone-{n:03}.example.", f"g{n:03}")
    places.settle(service.table, settled=True)
    caller = Caller("ok", "ok", frozenset(f"g{n:03}" for n in range(0, 40, 2)))
    wanted = seen_zones.Wanted(limit=10)
    reads.clear()

    page = seen_zones.listing(service, wanted, caller=caller)

    assert [zone.name for zone in page.zones] == [f"zone-{n:03}.example." for n in range(0, 20, 2)]
    assert page.next_id == "zone-018.example."
    assert reads.queries <= 4


def test_a_caller_in_many_groups_with_few_zones_reads_their_lists(service, reads):
    for n in range(20):
        people.group(service, f"g{n:03}")
    made(service, "one.example.", "g007")
    made(service, "two.example.")
    places.settle(service.table, settled=True)
    caller = Caller("ok", "ok", frozenset(f"g{n:03}" for n in range(20)))
    reads.clear()

    page = seen_zones.listing(service, seen_zones.Wanted(limit=100_000), caller=caller)

    assert [zone.name for zone in page.zones] == ["one.example."]
    assert reads.queries == 1 + 22


def test_zones_of_earlier_releases_are_listed_before_and_after_the_sweeper_places_them(zoo):
    table = zoo.table
    for reader in (places.ALL, places.of_group(GROUP)):
        table.delete([{"pk": f"READER#{reader}", "sk": name.lower()} for name in ("a.example.", "B.example.")])
    table.write(Update(keys.tally(GROUP), add={"placed": -2}))

    before = [listed(), listed(ignoreAccess="true"), listed(nameFilter="B"), listed(startFrom="a.example.", maxItems=1)]
    sweep.run(zoo, zoo.now() + timedelta(hours=1))

    assert places.settled(table)
    after = [listed(), listed(ignoreAccess="true"), listed(nameFilter="B"), listed(startFrom="a.example.", maxItems=1)]
    assert before == after
    assert names(after[0]) == SEEN
    assert names(after[1]) == ALL
    assert names(after[3]) == ["B.example."]
