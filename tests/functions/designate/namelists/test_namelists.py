"""/v2/tlds and /v2/blacklists: who may read and write them, and that zone names obey."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from support import people
from support.calls import GROUP, HOST, NOBODYS, call, event

from functions.designate import create_zone
from functions.designate.namelists import (
    create_blacklist,
    create_tld,
    delete_blacklist,
    delete_tld,
    get_blacklist,
    get_tld,
    list_blacklists,
    list_tlds,
    update_blacklist,
    update_tld,
)

TLD = {"create": create_tld, "list": list_tlds, "get": get_tld, "update": update_tld, "delete": delete_tld}
BLACKLIST = {
    "create": create_blacklist,
    "list": list_blacklists,
    "get": get_blacklist,
    "update": update_blacklist,
    "delete": delete_blacklist,
}


class Resource:
    """One of both resources: its field with a text, two texts, and requests by a caller with these headers."""

    def __init__(self, noun, field, modules, one, other, headers):
        self.noun, self.field, self.modules = noun, field, modules
        self.one, self.other, self.headers = one, other, headers

    def call(self, verb, entry_id=None, **changes):
        name = f"designate_list_{self.noun}s" if verb == "list" else f"designate_{verb}_{self.noun}"
        given = {"zone": entry_id} if entry_id else {}
        sent = event(name, **given, headers={**self.headers, **changes.pop("headers", {})}, **changes)
        return call(self.modules[verb].handler, sent)

    def make(self, text, **fields):
        made = self.call("create", json={self.field: text, **fields})
        assert made.status == 201
        return made.json

    def listed(self, query=""):
        answer = self.call("list", rawQueryString=query)
        assert answer.status == 200
        return [each[self.field] for each in answer.json[f"{self.noun}s"]]


def refused(answer, status, kind, words=""):
    """Assert that an answer is a refusal of this status and `type`, and that its message begins with some words."""
    assert (answer.status, answer.json["type"]) == (status, kind)
    assert answer.json["message"].startswith(words)


@pytest.fixture
def root(service):
    """The headers of a super user."""
    return people.user(service, "root", GROUP, is_super=True)


@pytest.fixture
def support(service):
    """The headers of a support user."""
    return people.user(service, "support", GROUP, is_support=True)


@pytest.fixture(params=["tld", "blacklist"])
def resource(request, root):
    """Each of both resources, called by a super user."""
    if request.param == "tld":
        return Resource("tld", "name", TLD, "org", "co.uk", root)
    return Resource("blacklist", "pattern", BLACKLIST, r"^bank\.", r"(?!x)evil", root)


def zone(name):
    return call(create_zone.handler, event("designate_create_zone", json={"name": name, "email": "joe@example.org"}))


def test_an_entry_is_created_shown_changed_and_deleted(resource, service):
    answer = resource.call("create", json={resource.field: resource.one, "description": "The first"})

    made = answer.json
    url = f"{HOST}/v2/{resource.noun}s/{made['id']}"
    assert answer.status == 201
    assert answer.headers["location"] == url
    assert made == {
        "id": made["id"],
        resource.field: resource.one,
        "description": "The first",
        "created_at": "2026-01-15T12:34:56.275934",
        "updated_at": None,
        "links": {"self": url},
    }
    assert resource.call("get", made["id"]).json == made
    service.clock.now += timedelta(hours=1)
    changed = resource.call("update", made["id"], json={resource.field: resource.other, "description": None})
    assert (changed.status, changed.json) == (
        200,
        made | {resource.field: resource.other, "description": None, "updated_at": "2026-01-15T13:34:56.275934"},
    )
    assert resource.call("update", made["id"], json={"description": "x"}).json[resource.field] == resource.other
    deleted = resource.call("delete", made["id"])
    assert (deleted.status, deleted.body) == (204, "")
    refused(resource.call("get", made["id"]), 404, f"{resource.noun}_not_found")


def test_a_repeated_request_adds_one_entry(resource):
    body, key = {resource.field: resource.one}, {"idempotency-key": "k1"}

    first, second = (resource.call("create", json=body, headers=key) for _ in range(2))

    assert (first.status, first.json) == (second.status, second.json)
    assert resource.listed() == [resource.one]


def test_an_entry_may_be_sent_in_an_envelope(resource):
    answer = resource.call("create", json={resource.noun: {resource.field: resource.one}})

    assert answer.status == 201


def test_entries_are_listed_by_age_filtered_sorted_and_in_pages(resource, service):
    texts = ["org", "net", "co.uk", "com"]
    ids = []
    for text in texts:
        service.clock.now += timedelta(seconds=1)
        ids.append(resource.make(text)["id"])

    assert resource.listed() == texts
    assert resource.listed(f"{resource.field}=NET") == ["net"]
    assert resource.listed(f"{resource.field}=co*") == ["co.uk", "com"]
    assert resource.listed(f"sort_key={resource.field}&sort_dir=desc") == ["org", "net", "com", "co.uk"]
    assert resource.listed("limit=2") == ["org", "net"]
    assert resource.listed(f"limit=2&marker={ids[1]}") == ["co.uk", "com"]
    refused(resource.call("list", rawQueryString=f"marker={NOBODYS}"), 400, "marker_not_found")
    refused(resource.call("list", rawQueryString="colour=red"), 400, "bad_request")


def test_an_entry_is_there_once(resource):
    made = resource.make(resource.one)
    other = resource.make(resource.other)

    again = resource.call("create", json={resource.field: resource.one})
    renamed = resource.call("update", other["id"], json={resource.field: resource.one})

    for answer in (again, renamed):
        refused(answer, 409, f"duplicate_{resource.noun}", f"Duplicate {resource.noun.capitalize()}: {resource.one}")
    assert resource.call("update", made["id"], json={resource.field: resource.one}).status == 200


def test_a_tld_is_the_same_in_any_case(root):
    tlds = Resource("tld", "name", TLD, "org", "net", root)
    tlds.make("org")

    refused(tlds.call("create", json={"name": "ORG"}), 409, "duplicate_tld")


@pytest.mark.parametrize("verb", ["get", "update", "delete"])
def test_an_entry_that_is_not_there_is_not_found(resource, verb):
    words = f"Could not find {resource.noun.capitalize()}: {NOBODYS}"

    refused(resource.call(verb, NOBODYS), 404, f"{resource.noun}_not_found", words)
    refused(resource.call(verb, "x"), 400, "invalid_uuid", f"Invalid UUID {resource.noun}_id: x")


@pytest.mark.parametrize("verb", ["create", "list", "get", "update", "delete"])
def test_others_than_operators_may_do_nothing_and_support_users_only_read(resource, support, verb):
    made = resource.make(resource.one)
    given = () if verb in ("create", "list") else (made["id"],)

    plain = resource.call(
        verb, *given, headers={"x-auth-token": event("designate_list_tlds")["headers"]["x-auth-token"]}
    )
    helping = resource.call(verb, *given, headers=support)

    refused(plain, 403, "forbidden")
    assert helping.status == (200 if verb in ("list", "get") else 403)


@pytest.mark.parametrize("text", ["org.", ".org", "-a", "a b", "", "x" * 64, "a" * 300, 7, None])
def test_what_is_no_tld_is_refused(root, text):
    tlds = Resource("tld", "name", TLD, "org", "net", root)

    refused(tlds.call("create", json={"name": text}), 400, "invalid_object")


@pytest.mark.parametrize("text", ["(", "*", "", "a" * 256, None])
def test_what_is_no_expression_is_refused(root, text):
    blacklist = Resource("blacklist", "pattern", BLACKLIST, "a", "b", root)

    refused(blacklist.call("create", json={"pattern": text}), 400, "invalid_object")


def test_a_body_without_the_text_or_with_a_long_description_is_refused(resource):
    refused(resource.call("create", json={}), 400, "invalid_object")
    refused(
        resource.call("create", json={resource.field: resource.one, "description": "x" * 161}), 400, "invalid_object"
    )


def test_zone_names_obey_the_lists_at_once(service, root):
    tlds = Resource("tld", "name", TLD, "org", "net", root)
    blacklist = Resource("blacklist", "pattern", BLACKLIST, "bank", "evil", root)
    assert zone("a.com.").status == 201

    tlds.make("org")
    entry = blacklist.make("bank")

    refused(zone("b.com."), 400, "invalid_zone_name", "Invalid TLD: b.com. ends in none of ['org']")
    refused(zone("myBank.org."), 400, "invalid_zone_name", "Blacklisted zone name: myBank.org.")
    blacklist.call("delete", entry["id"])
    assert zone("mybank.org.").status == 201


def test_the_parameters_are_the_lists_until_these_are_written(service, root, monkeypatch):
    monkeypatch.setenv("TLDS", "org NET.")
    tlds = Resource("tld", "name", TLD, "org", "net", root)
    before = tlds.call("list").json["tlds"]
    assert [(each["name"], each["created_at"]) for each in before] == [("org", None), ("net", None)]
    assert tlds.call("get", before[0]["id"]).json == before[0]

    made = tlds.make("com")

    assert tlds.call("list").json["tlds"] == [*before, made]
    monkeypatch.setenv("TLDS", "uk")
    assert tlds.listed() == ["org", "net", "com"]


@pytest.mark.usefixtures("in_turn")
def test_racing_writers_lose_nothing(resource):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(resource.make, ["a", "b", "c", "d"]))

    assert sorted(resource.listed()) == ["a", "b", "c", "d"]
