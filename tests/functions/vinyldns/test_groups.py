"""Groups in the VinylDNS API: texts, order of checks, members, and what a deletion takes along."""

import json

import pytest
from support import people
from support.calls import GROUP, NOBODYS, STRANGER, call, event
from support.signing import signed
from support.zones import put
from zonewright.model.choices import Choices
from zonewright.model.zone import Zone, ZoneType
from zonewright.store import groupkeys, keys, settings, users, zones
from zonewright.store import groups as group_store
from zonewright.store.table import Update

from functions.vinyldns.groups import (
    create_group,
    delete_group,
    get_group,
    list_email_domains,
    list_group_activity,
    list_group_admins,
    list_group_members,
    list_groups,
    routes,
    update_group,
)
from functions.vinyldns.users import get_user

TAKEN = (
    "Group with name {} already exists. Please try a different name or contact ok@example.org to be added to the group."
)
HOLDS_A_ZONE = (
    "dns-team is the admin of a zone. Cannot delete. Please transfer the ownership to another group before deleting."
)
ANYBODY = ("ada", "bob", "eve", "zoe")


@pytest.fixture
def crowd(service):
    """Users in no group, and the headers of a super user and of a support user."""
    people.group(service, "elsewhere")
    for name in ANYBODY:
        people.user(service, name, "elsewhere")
    root = people.user(service, "root", "elsewhere", is_super=True)
    return root, people.user(service, "helper", "elsewhere", is_support=True)


def ids(*names):
    return [{"id": name} for name in names]


def wanted(**changes):
    sent = {"name": "dns-team", "email": "dns@example.org", "members": ids("ada"), "admins": ids("ada")} | changes
    return {name: value for name, value in sent.items() if value is not ...}


def create(headers=None, **changes):
    return call(create_group.handler, event("vinyldns_create_group", json=wanted(**changes), headers=headers or {}))


def update(group, headers=None, **changes):
    sent = {**{name: group[name] for name in ("id", "name", "email", "members", "admins")}, **changes}
    sent = {name: value for name, value in sent.items() if value is not ...}
    return call(update_group.handler, event("vinyldns_update_group", json=sent, headers=headers or {}))


def get(group_id, module=get_group, headers=None):
    name = module.__name__.rpartition(".")[2]
    return call(module.handler, event(f"vinyldns_{name}", zone=group_id, headers=headers or {}))


def delete(group_id, headers=None):
    return get(group_id, delete_group, headers)


def listed(query="", headers=None):
    return call(list_groups.handler, event("vinyldns_list_groups", rawQueryString=query, headers=headers or {}))


def acting(service, group_id, name="ok"):
    """Return the headers of a token of a user in a group."""
    return people.token(service, name, group_id)


def populate(service, names, *group_ids):
    """Store users who are like bob, in some groups."""
    like = service.table.get(keys.user("bob"))
    items = [like | keys.user(name) | {"id": name, "name": name, "group_ids": list(group_ids)} for name in names]
    put(service, items)


# --- Create


def test_a_new_group_has_its_creator_last(service, crowd):
    answer = create(members=ids("eve", "bob"), admins=ids("ada", "bob"), description="those of names", status="Deleted")

    group_id = answer.json["id"]
    assert (answer.status, answer.json) == (
        200,
        {
            "id": group_id,
            "name": "dns-team",
            "email": "dns@example.org",
            "description": "those of names",
            "created": "2026-01-15T12:34:56Z",
            "status": "Active",
            "members": ids("eve", "bob", "ada", "ok"),
            "admins": ids("ada", "bob", "ok"),
        },
    )
    assert get(group_id).json == answer.json
    assert listed(headers=acting(service, group_id)).json["groups"] == [answer.json]
    for name in ("eve", "bob", "ada", "ok"):
        assert group_id in users.get(service.table, name).group_ids


def test_a_creator_who_is_named_keeps_its_place(crowd):
    answer = create(members=ids("ok", "ada", "ok"), admins=ids("ok"))

    assert (answer.json["members"], answer.json["admins"]) == (ids("ok", "ada"), ids("ok"))


def test_a_group_may_be_the_creators_alone(crowd):
    answer = create(members=[], admins=[], description=None)

    assert (answer.status, answer.json["members"], answer.json["admins"]) == (200, ids("ok"), ids("ok"))
    assert "description" not in answer.json


def test_more_members_than_a_transaction_writes_are_taken(service, crowd, monkeypatch):
    monkeypatch.setattr(group_store, "MOST_WRITES", 12)
    names = [f"user-{number:03d}" for number in range(25)]
    populate(service, names)

    made = create(members=ids(*names), admins=[]).json

    assert made["members"] == ids(*names, "ok")
    assert users.group(service.table, made["id"]).settled
    assert all(made["id"] in user.group_ids for user in users.get_all(service.table, names).values())
    changed = update(made, members=ids("ada"), admins=ids("ok"), headers=acting(service, made["id"]))
    assert changed.json["members"] == ids("ada", "ok")
    assert all(made["id"] not in user.group_ids for user in users.get_all(service.table, names).values())


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"name": ..., "email": None}, ["Missing Group.name", "Missing Group.email"]),
        ({"members": ..., "admins": None}, ["Missing Group.members", "Missing Group.admins"]),
        ({"name": True}, ["Do not know how to convert JBool(true) into class java.lang.String"]),
        ({"description": {}}, ["Do not know how to convert JObject(List()) into class java.lang.String"]),
        ({"members": [{}, 7]}, ["Missing Group.members.id"]),
    ],
)
def test_fields_are_all_checked_first(crowd, changes, errors):
    answer = create(**changes)

    assert (answer.status, answer.json) == (400, {"errors": errors})


@pytest.mark.parametrize(
    ("changes", "status", "text"),
    [
        ({"name": " ", "email": "x"}, 400, "Group name and email cannot be empty."),
        ({"email": " "}, 400, "Group name and email cannot be empty."),
        ({"email": "no address", "name": "OK-group"}, 400, "Please enter a valid Email."),
        ({"email": "a@b.c.d.e"}, 400, "Please enter a valid Email. Number of dots allowed after @ is 2"),
        ({"name": "x" * 256}, 400, "Group name must not exceed 255 characters"),
        ({"description": "x" * 10_001}, 400, "Group description must not exceed 10000 characters"),
        ({"members": ids(*map(str, range(2001)))}, 400, "Group must not have more than 2000 members"),
        (
            {"name": "OK-group", "members": ids("nobody")},
            409,
            TAKEN.format("OK-group"),
        ),
        ({"members": ids("ada", "n2", "", "n1"), "admins": ids("n3")}, 404, "Users [ n2,,n1,n3 ] were not found"),
    ],
)
def test_a_group_that_may_not_be_is_refused_in_vinyldnss_words(service, crowd, changes, status, text):
    before = listed("ignoreAccess=true").json["groups"]

    answer = create(**changes)

    assert (answer.status, answer.json) == (status, text)
    assert listed("ignoreAccess=true").json["groups"] == before


def test_a_body_that_is_no_json_is_refused_in_plain_text(service):
    answer = call(create_group.handler, event("vinyldns_create_group", body="{"))
    other = call(create_group.handler, event("vinyldns_create_group", headers={"content-type": "text/plain"}))

    assert (answer.status, answer.headers["content-type"]) == (400, "text/plain; charset=UTF-8")
    assert answer.body.startswith("The request content was malformed:\n")
    assert other.status == 415


def test_credentials_come_before_the_body_and_after_the_query(service):
    nobody = {"x-auth-token": None}

    assert call(create_group.handler, event("vinyldns_create_group", body="{", headers=nobody)).status == 401
    answer = listed("maxItems=3001", headers=nobody)
    assert (answer.status, answer.json) == (
        400,
        "maxItems was 3001, maxItems must be between 0 exclusive and 3000 inclusive",
    )


def test_the_operators_domains_are_told_and_held(service, crowd):
    choices = Choices(email_domains=("test.com", "*dummy.com"))
    stored = settings.read(service.table, settings.Section.CHOICES)[0]
    settings.write(
        service.table,
        {settings.Section.CHOICES: {"email_domains": list(choices.email_domains)}},
        {settings.Section.CHOICES: stored},
    )

    told = call(list_email_domains.handler, event("vinyldns_list_email_domains"))
    answer = create()

    assert (told.status, told.json) == (200, ["test.com", "*dummy.com"])
    assert (answer.status, answer.json) == (
        400,
        "Please enter a valid Email. Valid domains should end with test.com,dummy.com",
    )
    assert create(email="joe@ok.dummy.com").status == 200


def test_a_user_has_only_so_many_groups(crowd, monkeypatch):
    monkeypatch.setattr(group_store, "MOST_GROUPS", 1)

    answer = create()

    assert (answer.status, answer.json) == (400, "User ada is in 1 groups, and no user may be in more")


# --- Update


@pytest.fixture
def made(service, crowd):
    """A group of ok, ada and bob, and the headers of ok acting for it."""
    group = create(members=ids("bob"), admins=ids("ada"), description="old").json
    return group, acting(service, group["id"])


def test_an_update_replaces_everything_but_what_is_the_groups_own(service, made):
    group, admin = made

    answer = update(
        group, admin, name="renamed", email="new@example.org", members=ids("zoe", "ada"), admins=ids("ok", "zoe")
    )

    assert (answer.status, answer.json) == (
        200,
        {
            "id": group["id"],
            "name": "renamed",
            "email": "new@example.org",
            "created": group["created"],
            "status": "Active",
            "members": ids("zoe", "ada", "ok"),
            "admins": ids("ok", "zoe"),
        },
    )
    assert get(group["id"]).json == answer.json
    assert group["id"] not in users.get(service.table, "bob").group_ids
    assert group["id"] in users.get(service.table, "zoe").group_ids
    assert create(name="dns-team").status == 200  # the name is free
    assert create(name="Renamed").status == 409


def test_a_name_may_change_its_case(made):
    group, admin = made

    assert update(group, admin, name="DNS-Team").json["name"] == "DNS-Team"
    assert create(name="dns-TEAM").status == 409


def test_who_left_a_group_has_no_right_of_it(service, made):
    group, admin = made

    update(group, admin, admins=ids("ada"), members=ids("ada"))

    assert update(group, admin).status == 401  # the token is of no member
    assert get(group["id"], list_group_activity).status == 403


@pytest.mark.parametrize(
    ("changes", "whose", "status", "text"),
    [
        ({"id": NOBODYS, "name": ""}, "ok", 404, f"Group with ID {NOBODYS} was not found"),
        ({"name": ""}, "bob", 400, "Group name and email cannot be empty."),
        ({"email": "no address"}, "bob", 400, "Please enter a valid Email."),
        ({"admins": []}, "bob", 403, "Not authorized"),
        ({"admins": []}, "zoe", 403, "Not authorized"),
        ({"admins": []}, "helper", 403, "Not authorized"),
        ({"admins": []}, "ok", 400, "Group must have at least one member and one admin"),
        ({"admins": [], "members": []}, "ok", 400, "Group must have at least one member and one admin"),
        ({"members": ids("n1"), "name": "ok-group"}, "ok", 404, "Users [ n1 ] were not found"),
        (
            {"name": "ok-group"},
            "ok",
            409,
            TAKEN.format("ok-group"),
        ),
    ],
)
def test_an_update_is_checked_in_order(service, made, changes, whose, status, text):
    group, _ = made
    inside = group["id"] in users.get(service.table, whose).group_ids
    headers = acting(service, group["id"] if inside else users.get(service.table, whose).group_ids[0], whose)

    answer = update(group, headers, **changes)

    assert (answer.status, answer.json) == (status, text)
    assert get(group["id"]).json == group


def test_a_super_user_changes_any_group(made, crowd):
    group, _ = made

    assert update(group, crowd[0], email="root@example.org").json["email"] == "root@example.org"


def test_a_token_of_another_group_changes_none(made):
    group, _ = made

    assert update(group).status == 403  # ok is an admin, and acts for another group


def test_the_id_in_the_body_counts(made):
    group, admin = made
    sent = {name: group[name] for name in ("id", "name", "email", "members", "admins")}

    answer = call(update_group.handler, event("vinyldns_update_group", zone=NOBODYS, json=sent, headers=admin))

    assert (answer.status, answer.json["id"]) == (200, group["id"])
    missing = call(update_group.handler, event("vinyldns_update_group", json={}, headers=admin))
    assert missing.json == {
        "errors": [f"Missing Group.{name}" for name in ("id", "name", "email", "members", "admins")]
    }


# --- Delete


def test_a_deleted_group_is_gone_everywhere_and_its_name_is_free(service, made):
    group, admin = made

    answer = delete(group["id"], admin)

    assert (answer.status, answer.json) == (200, group | {"status": "Deleted"})
    for module in (get_group, list_group_members, list_group_admins, list_group_activity, delete_group):
        gone = get(group["id"], module)
        assert (gone.status, gone.json) == (404, f"Group with ID {group['id']} was not found")
    assert update(group).status == 404
    assert group["name"] not in [each["name"] for each in listed("ignoreAccess=true").json["groups"]]
    for name in ("ok", "ada", "bob"):
        shown = call(get_user.handler, event("vinyldns_get_user", zone=name))
        assert group["id"] not in shown.json["groupId"]
    assert create().status == 200


def test_a_group_of_more_than_a_transaction_writes_can_be_deleted(service, crowd, monkeypatch):
    monkeypatch.setattr(group_store, "MOST_WRITES", 12)
    names = [f"user-{number:03d}" for number in range(15)]
    populate(service, names)
    group = create(members=ids(*names)).json

    assert delete(group["id"], crowd[0]).status == 200
    assert not any(group["id"] in user.group_ids for user in users.get_all(service.table, names).values())


def test_only_admins_and_super_users_delete_a_group(service, made, crowd):
    group, _ = made

    for headers in (STRANGER, crowd[1], acting(service, group["id"], "bob")):
        answer = delete(group["id"], headers)
        assert (answer.status, answer.json) == (403, "Not authorized")
    assert delete(group["id"], crowd[0]).status == 200


def test_a_group_with_a_zone_stays(service, made):
    group, admin = made
    zone = Zone(NOBODYS, "held.example.", group["id"], ZoneType.PRIMARY, service.now(), email="a@b.c", version=1)
    service.table.write(*zones.create(zone))

    answer = delete(group["id"], admin)

    assert (answer.status, answer.json) == (400, HOLDS_A_ZONE)
    assert get(group["id"]).json == group


# --- Members and admins


def test_members_are_by_id_with_what_is_known_of_them(service, made):
    group, _ = made
    named = {"email": "bob@example.org", "first_name": "Bob", "last_name": "Bobson", "locked": True}
    service.table.write(Update(keys.user("bob"), set=named))

    answer = get(group["id"], list_group_members, STRANGER)

    plain = {"created": "2026-01-15T12:34:56Z", "lockStatus": "Unlocked", "isAdmin": True}
    assert (answer.status, answer.json) == (
        200,
        {
            "members": [
                {"id": "ada", "userName": "ada"} | plain,
                {
                    "id": "bob",
                    "userName": "bob",
                    "firstName": "Bob",
                    "lastName": "Bobson",
                    "email": "bob@example.org",
                    "created": "2026-01-15T12:34:56Z",
                    "lockStatus": "Locked",
                    "isAdmin": False,
                },
                {"id": "ok", "userName": "ok"} | plain,
            ],
            "maxItems": 100,
        },
    )


@pytest.mark.parametrize(
    ("query", "shown", "following"),
    [
        ("maxItems=2", ["ada", "bob"], "bob"),
        ("maxItems=2&startFrom=bob", ["ok"], None),
        ("maxItems=1&startFrom=b", ["bob"], "bob"),
        ("startFrom=zzz", [], None),
        ("maxItems=3", ["ada", "bob", "ok"], None),
    ],
)
def test_members_are_paged_behind_any_id(made, reads, query, shown, following):
    group, _ = made

    reads.clear()
    sent = event("vinyldns_list_group_members", zone=group["id"], rawQueryString=query)
    answer = call(list_group_members.handler, sent).json

    assert ([each["id"] for each in answer["members"]], answer.get("nextId")) == (shown, following)
    assert (reads.queries, reads.batches) == (0, 1 if shown else 0)


def test_admins_are_all_shown_by_id(made):
    group, admin = made
    update(group, admin, admins=ids("zoe", "ok", "ada"))

    answer = get(group["id"], list_group_admins, STRANGER).json

    person = {"created": "2026-01-15T12:34:56Z", "lockStatus": "Unlocked"}
    assert answer == {"admins": [{"id": name, "userName": name} | person for name in ("ada", "ok", "zoe")]}


@pytest.mark.parametrize(
    ("module", "most"), [(list_groups, 3000), (list_group_members, 1000), (list_group_activity, 1000)]
)
@pytest.mark.parametrize("over", [True, False])
def test_a_page_has_bounds(service, module, most, over):
    name = module.__name__.rpartition(".")[2]
    size = most + 1 if over else 0
    ends = f"between 0 and {most}" if module is list_group_activity else f"between 0 exclusive and {most} inclusive"

    answer = call(module.handler, event(f"vinyldns_{name}", rawQueryString=f"maxItems={size}"))

    assert (answer.status, answer.json) == (400, f"maxItems was {size}, maxItems must be {ends}")


# --- Lists


@pytest.fixture
def many(service, crowd):
    """Groups of several spellings, of which ada is in two."""
    for name in ("beta", "Alpha", "gamma_1", "GAMMA_2", "delta"):
        people.group(service, name)
    for name in ("gamma_1", "beta"):
        group_store.join(service.table, name, "ada")
    return crowd


def names(answer):
    assert answer.status == 200, answer.body
    return [each["name"] for each in answer.json["groups"]]


EVERYONES = ["Alpha", "beta", "delta", "elsewhere", "gamma_1", "GAMMA_2", "ok-group", "stranger-group"]


def test_a_caller_sees_its_own_groups_and_an_administrator_all(service, many):
    assert names(listed()) == ["ok-group"]
    for headers in many:
        assert names(listed(headers=headers)) == EVERYONES
    assert names(listed("ignoreAccess=True")) == EVERYONES


def test_what_was_asked_is_echoed(many):
    assert listed("groupNameFilter=OK-&ignoreAccess=yes&maxItems=3").json == {
        "groups": [
            {
                "id": GROUP,
                "name": "ok-group",
                "email": "ok@example.org",
                "created": "2026-01-15T12:34:56Z",
                "status": "Active",
                "members": ids("ok"),
                "admins": [],
            }
        ],
        "groupNameFilter": "OK-",
        "maxItems": 3,
        "ignoreAccess": True,
    }


@pytest.mark.parametrize("step", [1, 2, 3, 7, 8])
def test_pages_show_every_group_once_by_name(many, step):
    shown, marker = [], ""
    while marker is not None:
        page = listed(f"ignoreAccess=true&maxItems={step}{marker and f'&startFrom={marker}'}")
        shown += names(page)
        assert page.json.get("startFrom", "") == marker
        marker = page.json.get("nextId")
        assert marker is None or marker == page.json["groups"][-1]["id"]

    assert shown == EVERYONES


@pytest.mark.parametrize(("part", "found"), [("amma", ["gamma_1", "GAMMA_2"]), ("A_2", ["GAMMA_2"]), ("*", [])])
def test_a_filter_is_a_part_of_the_name_in_any_case(many, part, found):
    assert names(listed(f"groupNameFilter={part}&ignoreAccess=true")) == found


def test_a_filter_goes_on_behind_a_page(many):
    first = listed("groupNameFilter=a&ignoreAccess=true&maxItems=2")
    second = listed(f"groupNameFilter=a&ignoreAccess=true&maxItems=9&startFrom={first.json['nextId']}")

    assert names(first) == ["Alpha", "beta"]
    assert names(second) == ["delta", "gamma_1", "GAMMA_2", "stranger-group"]


def test_an_unknown_marker_is_refused(many):
    answer = listed(f"startFrom={NOBODYS}")

    assert (answer.status, answer.json) == (400, f"startFrom {NOBODYS} is no entry of this list")


def test_a_short_list_names_only_the_caller(service, made):
    group, admin = made

    answer = listed("abridged=true", admin)

    assert answer.json["groups"] == [
        {
            "id": group["id"],
            "name": "dns-team",
            "email": "dns@example.org",
            "description": "old",
            "members": ids("ok"),
            "admins": ids("ok"),
        }
    ]


def test_a_list_of_all_reads_what_its_page_shows(service, many, reads):
    listed("ignoreAccess=true")
    for number in range(40):
        people.group(service, f"more-{number:02d}")

    reads.clear()
    answer = listed("ignoreAccess=true&maxItems=5&startFrom=delta")

    assert len(answer.json["groups"]) == 5
    assert (reads.queries, reads.items, reads.batches) == (1, 6, 1)  # one behind the page


def test_the_groups_of_earlier_releases_are_listed(service, many):
    entries = list(service.table.query(groupkeys.GROUP_NAMES))
    service.table.delete([groupkeys.ALL_LISTED, *({"pk": each["pk"], "sk": each["sk"]} for each in entries)])

    assert names(listed("ignoreAccess=true")) == EVERYONES
    people.group(service, "aa")
    assert names(listed("ignoreAccess=true")) == ["aa", *EVERYONES]


def test_one_of_many_groups_is_found_by_name(service, many, monkeypatch):
    monkeypatch.setattr(group_store, "_FEW", 5)
    mine = [f"own-{number:03d}" for number in range(23)]
    for item in (service.table.get(keys.group("beta")), service.table.get(groupkeys.entry("beta", "beta"))):
        text = json.dumps(item)
        put(service, [json.loads(text.replace("beta", name)) for name in mine])

    found = list(group_store.of_ids(service.table, frozenset([*mine, "elsewhere", NOBODYS]), step=10))

    assert [group.name for group in found] == ["elsewhere", *mine]


# --- Credentials and routes


def test_a_signed_caller_acts_for_all_its_groups(service, crowd):
    made = call(create_group.handler, signed(event("vinyldns_create_group"))).json
    sent = {name: made[name] for name in ("id", "name", "members", "admins")} | {"email": "new@example.org"}

    shown = call(list_groups.handler, signed(event("vinyldns_list_groups")))
    changed = call(update_group.handler, signed(event("vinyldns_update_group", zone=made["id"], json=sent)))

    assert names(shown) == ["dns-team", "ok-group"]
    assert (changed.status, changed.json["email"]) == (200, "new@example.org")


def test_every_route_has_a_module():
    for key, module in routes.handler.routes.items():
        assert routes.handler.endpoint(key), module
