"""Where a key of the pool signs."""

from dataclasses import replace

import pytest
from support.calls import call, event
from support.tsigkeys import MINE, NEW, OTHER, POOLS, ROOT, SUPPORT, create, delete, get, kind, signing_key, update
from zonewright.model.zone import Primary
from zonewright.servers.signing import signing
from zonewright.store import tsigkeys

from functions.designate.tsigkeys import get_tsig_key

LISTS = {"primaries": ["p:53", "tls://NS1.example.org", "[2001:db8::1]:5300"], "zones": ["A.org.", "www.b.org."]}
SHOWN = {"primaries": ["p", "tls://NS1.example.org", "[2001:db8::1]:5300"], "zones": ["a.org.", "www.b.org."]}


def lists(answer):
    assert answer.status in (200, 201)
    return {name: answer.json[name] for name in ("primaries", "zones")}


def test_a_key_of_the_pool_shows_its_lists_and_a_change_replaces_them():
    made = create(POOLS | LISTS, ROOT)
    key_id = made.json["id"]

    assert lists(made) == lists(get(key_id, ROOT)) == lists(get(key_id, SUPPORT)) == SHOWN
    assert lists(update(key_id, {"zones": []}, ROOT)) == SHOWN | {"zones": []}
    assert lists(update(key_id, {"name": "n."}, ROOT)) == SHOWN | {"zones": []}
    assert lists(update(key_id, {"primaries": ["q", "q:53"]}, ROOT)) == {"primaries": ["q"], "zones": []}


def test_a_key_of_the_pool_without_lists_signs_nothing(service):
    made = create(POOLS, ROOT)

    assert lists(made) == {"primaries": [], "zones": []}
    assert signing_key(service) is None
    update(made.json["id"], {"primaries": ["P:53"]}, ROOT)
    assert signing_key(service).name == "transfer.example.org."


@pytest.mark.parametrize(
    ("given", "signs"),
    [
        pytest.param({"primaries": ["p"]}, "mine other", id="a primary"),
        pytest.param({"zones": ["B.ORG."]}, "other", id="a zone"),
        pytest.param({"primaries": ["p"], "zones": ["b.org."]}, "other", id="both"),
        pytest.param({"primaries": ["q"], "zones": ["b.org."]}, "", id="another primary"),
    ],
)
def test_a_key_of_the_pool_signs_where_both_lists_allow_it(service, given, signs):
    create(POOLS | given, ROOT)

    signed = [name for name, zone in (("mine", MINE), ("other", OTHER)) if signing_key(service, zone)]

    assert " ".join(signed) == signs


def test_only_keys_that_are_used_are_decrypted(service, monkeypatch):
    create(POOLS | {"primaries": ["p"]}, ROOT)
    create(POOLS | {"name": "q.", "primaries": ["q"]}, ROOT)
    opened, plain = [], type(service.vault).open
    monkeypatch.setattr(type(service.vault), "open", lambda *each: opened.append(each[2]) or plain(*each))
    zone = replace(MINE, primaries=(Primary("p"), Primary("q"), Primary("r")))

    keys = signing(service.table, service.vault, service.settings, zone)
    signers = [keys.signer(primary) for primary in zone.primaries]

    assert (opened, [bool(each) for each in signers]) == ([], [True, True, False])
    assert keys.key(zone.primaries[1]).name == "q."
    assert opened == [signers[1].partition("#")[0]]


@pytest.mark.parametrize("field", ["primaries", "zones"])
def test_a_key_of_a_zone_takes_no_lists(service, field):
    given = {field: LISTS[field]}
    made = create()

    answers = create(NEW | given, name="n."), update(made.json["id"], given), update(made.json["id"], {field: []})

    for answer in answers:
        assert kind(answer) == (400, "invalid_object")
        assert answer.json["message"] == f"'{field}' is not allowed in a key of a zone"
        assert [each["path"] for each in answer.json["errors"]["errors"]] == [[field]]
    assert field not in made.json
    assert field not in get(made.json["id"]).json


def test_a_key_that_moves_from_the_pool_to_a_zone_loses_its_lists():
    key_id = create(POOLS | LISTS, ROOT).json["id"]
    zones = {"scope": "ZONE", "resource_id": MINE.id}

    assert kind(update(key_id, zones | {"zones": ["a.org."]}, ROOT)) == (400, "invalid_object")
    assert "zones" not in update(key_id, zones, ROOT).json
    back = update(key_id, {"scope": "POOL", "resource_id": POOLS["resource_id"]}, ROOT)
    assert lists(back) == {"primaries": [], "zones": []}


@pytest.mark.parametrize(
    ("given", "path", "rule"),
    [
        pytest.param({"primaries": ["p"] * 101}, ["primaries"], "maxItems", id="many primaries"),
        pytest.param({"zones": ["a.org."] * 101}, ["zones"], "maxItems", id="many zones"),
        pytest.param({"primaries": ["p", "p:x"]}, ["primaries", 1], "format", id="no primary"),
        pytest.param({"primaries": ["169.254.169.254"]}, ["primaries", 0], "format", id="link-local"),
        pytest.param({"zones": ["a"]}, ["zones", 0], "format", id="no zone name"),
        pytest.param({"zones": "a.org."}, ["zones"], "type", id="no list"),
        pytest.param({"primaries": None}, ["primaries"], "type", id="null"),
    ],
)
def test_a_list_that_means_nothing_is_refused(service, given, path, rule):
    key_id = create(POOLS, ROOT).json["id"]

    for answer in (create(POOLS | {"name": "n."} | given, ROOT), update(key_id, given, ROOT)):
        assert kind(answer) == (400, "invalid_object")
        assert [(each["path"], each["validator"]) for each in answer.json["errors"]["errors"]] == [(path, rule)]
    assert len(list(tsigkeys.every(service.table))) == 1


def test_a_change_of_the_lists_is_no_other_key_for_the_zones_it_signs_for(service):
    """Otherwise each zone of a primary would be compared as a whole when its operator adds another one."""
    key_id = create(POOLS | {"primaries": ["p"]}, ROOT).json["id"]
    before = signing_key(service).id

    update(key_id, {"primaries": ["q", "p"]}, ROOT)
    same = signing_key(service).id
    update(key_id, {"secret": "bmV3"}, ROOT)

    assert (same == before, signing_key(service).id == before) == (True, False)


def test_tenants_learn_nothing_of_the_lists():
    key_id = create(POOLS | LISTS, ROOT).json["id"]

    answer = call(get_tsig_key.handler, event("designate_get_tsig_key", zone=key_id))

    assert kind(answer) == (404, "tsigkey_not_found")
    assert "example" not in answer.body
    assert delete(key_id, ROOT).status == 204
