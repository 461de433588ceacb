from dataclasses import replace
from datetime import timedelta

import pytest
from support.calls import GROUP, NOW, STRANGER, STRANGERS_GROUP, call, event
from support.tsigkeys import (
    BASE,
    MINE,
    NEW,
    OTHER,
    POOL,
    POOLS,
    ROOT,
    SUPPORT,
    THEIRS,
    create,
    delete,
    get,
    key_fields,
    kind,
    listed,
    names_of,
    signing_key,
    update,
)
from zonewright import clock
from zonewright.model.states import Event, State
from zonewright.protocol.tsig import Key
from zonewright.store import tsigkeys, zones
from zonewright.store.claims import Deletion
from zonewright.store.conditions import allows, equal
from zonewright.store.table import Table
from zonewright.store.vault import Purpose

from functions.designate.tsigkeys import create_tsig_key


@pytest.mark.parametrize("headers", [{}, ROOT], ids=["its owner", "super"])
def test_a_key_of_a_zone_is_made_by_its_owner_or_a_super_user(service, headers):
    answer = create(headers=headers)

    key = key_fields(answer.json["id"])
    assert (answer.status, answer.json) == (201, key | {"secret": "c2VjcmV0"})
    assert (answer.headers["location"], answer.headers["cache-control"]) == (key["links"]["self"], "no-store")
    assert (get(key["id"]).status, get(key["id"]).json) == (200, key)
    stored = tsigkeys.get(service.table, key["id"])
    assert b"c2VjcmV0" not in stored.secret
    assert service.vault.open(stored.secret, key["id"], Purpose.TSIG) == "c2VjcmV0"


def test_a_key_of_the_pool_is_made_by_a_super_user_alone():
    made, refused = create({"tsigkey": POOLS}, ROOT), create(POOLS)

    assert made.status == 201
    assert (made.json["scope"], made.json["resource_id"]) == ("POOL", POOL)
    assert kind(refused) == (403, "forbidden")
    assert kind(create(POOLS, SUPPORT)) == (403, "forbidden")


@pytest.mark.parametrize(
    ("changes", "headers"),
    [
        pytest.param({"resource_id": THEIRS.id}, {}, id="another's zone"),
        pytest.param({"resource_id": "5d0e4a0e-93f0-4b0f-8ad5-6c3f3d8c2a11"}, {}, id="no zone"),
        pytest.param({"resource_id": "5d0e4a0e-93f0-4b0f-8ad5-6c3f3d8c2a11"}, ROOT, id="no zone, super"),
        pytest.param({"resource_id": POOL}, {}, id="the pool as a zone"),
        pytest.param({"scope": "POOL"}, ROOT, id="a zone as the pool"),
        pytest.param({}, SUPPORT, id="support is no owner"),
    ],
)
def test_a_key_is_for_what_is_there_and_the_callers(service, changes, headers):
    answer = create(headers=headers, **changes)

    assert kind(answer) == (400, "invalid_object")
    assert [each["path"] for each in answer.json["errors"]["errors"]] == [["resource_id"]]
    assert list(tsigkeys.every(service.table)) == []


def test_names_are_unique_among_the_keys_of_a_zone_or_the_pool():
    create()
    create(POOLS, ROOT)

    assert kind(create(name="TRANSFER.example.org.")) == (409, "duplicate_tsigkey")
    assert kind(create(POOLS, ROOT)) == (409, "duplicate_tsigkey")
    assert create(name="other.").status == 201
    assert create(resource_id=OTHER.id).status == 201


def test_everything_wrong_with_a_key_is_said_but_not_its_secret(caplog):
    wrong = {"name": "a..b", "algorithm": "md5", "secret": "not base64!", "scope": "ALL", "resource_id": "x", "id": 1}

    answer = create(wrong)

    assert kind(answer) == (400, "invalid_object")
    assert [(each["path"], each["validator"]) for each in answer.json["errors"]["errors"]] == [
        ([], "additionalProperties"),
        (["name"], "format"),
        (["algorithm"], "enum"),
        (["secret"], "format"),
        (["scope"], "enum"),
        (["resource_id"], "format"),
    ]
    assert "not base64!" not in answer.body
    assert "secret: it is not base64 text" in answer.json["message"]
    assert "not base64!" not in caplog.text


def test_every_field_of_a_new_key_is_needed():
    answer = call(create_tsig_key.handler, event("designate_create_tsig_key", json={}))

    assert [each["path"] for each in answer.json["errors"]["errors"]] == [[name] for name in NEW]


def test_no_secret_is_in_the_log(caplog):
    key_id = create().json["id"]
    update(key_id, {"secret": "bmV3"})
    get(key_id)
    listed()

    assert len(caplog.records) == 4
    assert not [each for each in caplog.records if "c2VjcmV0" in str(vars(each)) or "bmV3" in str(vars(each))]


def test_a_changed_key_is_what_the_next_sync_signs_with(service):
    """The functions of the syncs are warm: their vault remembers the old secret."""
    key_id = create().json["id"]
    before = signing_key(service)
    service.clock.now += timedelta(seconds=1)

    answer = update(key_id, {"name": "new.", "algorithm": "hmac-sha512", "secret": "bmV3IHNlY3JldA=="})

    changed = {"name": "new.", "algorithm": "hmac-sha512"}
    assert answer.status == 200
    assert answer.json == key_fields(key_id, **changed, updated_at="2026-01-15T12:34:57.275934")
    assert get(key_id).json == answer.json
    made = clock.to_text(service.clock.now - timedelta(seconds=1))
    assert before == Key("transfer.example.org.", "hmac-sha256", "c2VjcmV0", f"{key_id}#1#{made}")
    after = signing_key(service)
    assert after == Key("new.", "hmac-sha512", "bmV3IHNlY3JldA==", f"{key_id}#2#{made}")
    assert create().status == 201


def test_what_is_shown_of_a_secret_leaves_it_as_it_is(service):
    key_id = create().json["id"]

    answer = update(key_id, {"secret": get(key_id).json["secret"], "name": "new."})

    assert (answer.status, answer.json["secret"]) == (200, "********")
    after = signing_key(service)
    assert replace(after, id="") == Key("new.", "hmac-sha256", "c2VjcmV0")
    assert kind(create(secret="********", name="another.")) == (400, "invalid_object")


def test_a_key_made_by_a_former_owner_signs_nothing_and_is_nobodys(service):
    """Such as one that was made while the zone changed hands."""
    key_id = create().json["id"]
    given = replace(MINE, group_id=STRANGERS_GROUP, revision=2)
    service.table.write(*zones.hand_over(given, replace(given, group_id=GROUP), allows(Event.CHANGE, NOW)))

    assert signing_key(service, given) is None
    for headers in ({}, STRANGER):
        assert kind(get(key_id, headers)) == (404, "tsigkey_not_found")
        assert names_of(listed(headers=headers)) == []
    assert get(key_id, ROOT).status == 200


def test_a_key_may_move_to_another_zone_or_the_pool(service):
    key_id = create().json["id"]
    create(resource_id=OTHER.id, name="taken.")

    assert kind(update(key_id, {"resource_id": THEIRS.id})) == (400, "invalid_object")
    assert kind(update(key_id, {"scope": "POOL", "resource_id": POOL})) == (403, "forbidden")
    assert kind(update(key_id, {"resource_id": OTHER.id, "name": "taken."})) == (409, "duplicate_tsigkey")
    assert update(key_id, {"resource_id": OTHER.id}).json["resource_id"] == OTHER.id
    assert signing_key(service) is None
    moved = {"scope": "POOL", "resource_id": POOL, "primaries": ["p"]}
    assert update(key_id, moved, ROOT).json["scope"] == "POOL"
    assert signing_key(service).name == "transfer.example.org."
    assert kind(get(key_id)) == (404, "tsigkey_not_found")


def test_an_empty_change_is_a_change_of_nothing():
    key_id = create().json["id"]

    answer = update(key_id, {})

    assert answer.json == key_fields(key_id, updated_at="2026-01-15T12:34:56.275935")


def test_a_key_is_not_left_without_a_name():
    key_id = create().json["id"]

    answer = update(key_id, {"name": ""})

    assert kind(answer) == (400, "invalid_object")
    assert answer.json["errors"]["errors"] == [
        {
            "path": ["name"],
            "message": "name: '' is shorter than 1",
            "validator": "minLength",
            "validator_value": 1,
        }
    ]
    assert get(key_id).json["name"] == "transfer.example.org."


def test_of_two_who_change_a_key_one_wins(service):
    key = tsigkeys.get(service.table, create().json["id"])

    tsigkeys.replace(service.table, key, replace(key, algorithm="hmac-sha1", revision=2))
    with pytest.raises(tsigkeys.TsigKeyChanged):
        tsigkeys.replace(service.table, key, replace(key, algorithm="hmac-md5", revision=2))
    delete(key.id)
    with pytest.raises(tsigkeys.TsigKeyNotFound):
        tsigkeys.replace(service.table, key, replace(key, algorithm="hmac-md5", revision=2))

    assert tsigkeys.get(service.table, key.id) is None


def test_a_zone_that_is_deleted_meanwhile_gets_no_key(service):
    check = zones.still_owned(MINE)
    service.table.write(
        *zones.delete(MINE.freed(State.DELETED, NOW), allows(Event.DELETE, NOW), Deletion(equal(zone_id=MINE.id)))
    )
    key = tsigkeys.get(service.table, create(resource_id=OTHER.id).json["id"])

    with pytest.raises(tsigkeys.TsigKeyChanged):
        tsigkeys.create(service.table, replace(key, id="new", resource_id=MINE.id), check)


@pytest.mark.parametrize("headers", [{}, ROOT], ids=["its owner", "super"])
def test_a_deleted_key_signs_nothing(service, headers):
    key_id = create().json["id"]

    answer = delete(key_id, headers)

    assert (answer.status, answer.body) == (204, "")
    assert kind(get(key_id)) == (404, "tsigkey_not_found")
    assert kind(delete(key_id)) == (404, "tsigkey_not_found")
    assert signing_key(service) is None
    assert create().status == 201


def test_anothers_key_is_as_if_it_were_not_there():
    zones_key, pools_key = create().json["id"], create(POOLS, ROOT).json["id"]

    for headers, key_id in ((STRANGER, zones_key), (STRANGER, pools_key), ({}, pools_key)):
        assert kind(get(key_id, headers)) == (404, "tsigkey_not_found")
        assert kind(update(key_id, {"secret": "bmV3"}, headers)) == (404, "tsigkey_not_found")
        assert kind(delete(key_id, headers)) == (404, "tsigkey_not_found")
    assert names_of(listed(headers=STRANGER)) == []
    assert get(zones_key).json == key_fields(zones_key)


def test_support_users_see_keys_but_no_secrets_and_change_none():
    key_id = create().json["id"]

    assert get(key_id, SUPPORT).json == key_fields(key_id, secret=None)
    assert listed(headers=SUPPORT).json["tsigkeys"] == [key_fields(key_id, secret=None)]
    assert kind(update(key_id, {"secret": "bmV3"}, SUPPORT)) == (404, "tsigkey_not_found")
    assert kind(delete(key_id, SUPPORT)) == (404, "tsigkey_not_found")


@pytest.mark.parametrize("key_id", ["5d0e4a0e-93f0-4b0f-8ad5-6c3f3d8c2a11", "transfer.example.org."])
def test_a_key_that_never_was_is_not_found(key_id):
    expected = (404, "tsigkey_not_found") if key_id[0] == "5" else (400, "invalid_uuid")

    assert kind(get(key_id)) == kind(update(key_id, {})) == kind(delete(key_id)) == expected


@pytest.fixture
def many(service):
    """Keys of both tenants and the pool, a second apart."""
    made = {}
    for name, body, headers in (
        ("b.", NEW, {}),
        ("a.", NEW | {"algorithm": "hmac-sha512"}, {}),
        ("pool.", POOLS, ROOT),
        ("c.", NEW | {"resource_id": OTHER.id}, {}),
        ("theirs.", NEW | {"resource_id": THEIRS.id}, STRANGER),
    ):
        made[name] = create(body, headers, name=name).json["id"]
        service.clock.now += timedelta(seconds=1)
    return made


def test_a_list_has_the_keys_the_caller_may_see_oldest_first(many):
    mine = listed()

    assert names_of(mine) == ["b.", "a.", "c."]
    assert mine.json["tsigkeys"][0] == key_fields(many["b."], name="b.")
    assert mine.json.keys() == {"tsigkeys", "links"}
    assert mine.json["links"] == {"self": f"{BASE}"}
    assert names_of(listed(headers=STRANGER)) == ["theirs."]
    assert names_of(listed(headers=ROOT)) == ["b.", "a.", "pool.", "c.", "theirs."]
    assert names_of(listed(headers=SUPPORT)) == ["b.", "a.", "pool.", "c.", "theirs."]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("name=a.", ["a."]),
        ("name=A", ["a."]),
        ("name=pool.", ["pool."]),
        ("name=*o*", ["pool."]),
        ("algorithm=hmac-sha512", ["a."]),
        ("scope=POOL", ["pool."]),
        ("scope=ZONE&algorithm=*256", ["b.", "c.", "theirs."]),
        ("sort_key=name&sort_dir=desc", ["theirs.", "pool.", "c.", "b.", "a."]),
        ("sort_dir=desc&limit=2", ["theirs.", "c."]),
        ("name=nobodys.", []),
    ],
)
def test_lists_are_filtered_and_sorted(many, query, names):
    assert names_of(listed(query, ROOT)) == names


def test_pages_go_on_behind_the_marker(many):
    first = listed("limit=2")
    second = listed(first.json["links"]["next"].partition("?")[2])

    assert names_of(first) == ["b.", "a."]
    assert first.json["links"]["next"] == f"{BASE}?limit=2&marker={many['a.']}"
    assert (names_of(second), second.json["links"].keys()) == (["c."], {"self"})


def test_operators_go_through_the_keys_of_all_projects_page_by_page(many):
    pages, query = [], "limit=2"
    while query:
        page = listed(query, ROOT)
        pages.append(names_of(page))
        query = page.json["links"].get("next", "").partition("?")[2]

    assert pages == [["b.", "a."], ["pool.", "c."], ["theirs."]]
    assert names_of(listed(f"sort_dir=desc&marker={many['c.']}", SUPPORT)) == ["pool.", "a.", "b."]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("marker=x", "invalid_marker"),
        ("marker=5d0e4a0e-93f0-4b0f-8ad5-6c3f3d8c2a11", "marker_not_found"),
        ("sort_key=secret", "invalid_sort_key"),
        ("secret=c2VjcmV0", "bad_request"),
        ("limit=0", "invalid_limit"),
    ],
)
def test_a_query_that_means_nothing_is_refused(many, query, problem):
    assert kind(listed(query)) == (400, problem)


def test_anothers_key_is_no_marker(many):
    assert kind(listed(f"marker={many['theirs.']}")) == (400, "marker_not_found")


def before_the_next_write(monkeypatch, act):
    """Call `act` between the reads of the next request and its write."""
    plain, left = Table.write, [act]

    def write(table, *writes):
        if left:
            left.pop()()
        plain(table, *writes)

    monkeypatch.setattr(Table, "write", write)


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda key_id: update(key_id, {"secret": "bmV3ZXI="}), id="update"),
        pytest.param(lambda key_id: update(key_id, {"resource_id": OTHER.id}), id="move"),
        pytest.param(delete, id="delete"),
    ],
)
def test_a_former_owner_does_not_write_the_key_of_a_zone_that_changed_hands(service, monkeypatch, act):
    key_id = create().json["id"]
    before = tsigkeys.get(service.table, key_id)
    given = replace(MINE, group_id=STRANGERS_GROUP, revision=2)
    writes = zones.hand_over(given, replace(given, group_id=GROUP), allows(Event.CHANGE, NOW))
    before_the_next_write(monkeypatch, lambda: service.table.write(*writes))

    answer = act(key_id)

    assert kind(answer) == (409, "tsigkey_busy")
    assert tsigkeys.get(service.table, key_id) == before
    assert kind(act(key_id)) == (404, "tsigkey_not_found")


def test_a_key_that_was_moved_to_another_zone_meanwhile_is_not_deleted(service, monkeypatch):
    key_id = create().json["id"]
    before_the_next_write(monkeypatch, lambda: update(key_id, {"resource_id": THEIRS.id}, ROOT))

    assert kind(delete(key_id)) == (409, "tsigkey_busy")
    assert tsigkeys.get(service.table, key_id).resource_id == THEIRS.id


def test_a_super_user_writes_the_key_of_a_zone_whoever_owns_it(service, monkeypatch):
    key_id = create().json["id"]
    given = replace(MINE, group_id=STRANGERS_GROUP, revision=2)
    writes = zones.hand_over(given, replace(given, group_id=GROUP), allows(Event.CHANGE, NOW))
    before_the_next_write(monkeypatch, lambda: service.table.write(*writes))

    assert update(key_id, {"secret": "bmV3ZXI="}, ROOT).status == 200
