"""Imports as tasks: at once, by upload, and what is kept of them."""

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from calls import EVENTS, GROUP, NOW, REQUEST_ID, STRANGERS_GROUP, STRANGERS_TOKEN, call, event
from zonewright.actions import imports
from zonewright.http.designate.zones.body import imported
from zonewright.model import tokens
from zonewright.model.quotas import Quotas
from zonewright.model.settings import Settings
from zonewright.model.users import Token, User
from zonewright.model.zonetask import TaskKind, TaskStatus
from zonewright.store import quotas, users, zones, zonetasks
from zonewright.store.table import ConditionFailed

from functions.designate import create_import, delete_import, get_import, list_imports
from functions.edge import import_upload

BASE = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"
SETTINGS = Settings("table", "bucket", name_servers=("ns1.example.net.",))
UNKNOWN = "074e805e-fe87-4cbb-b10b-21a06e215d41"


def seed(name="example.com."):
    return event("designate_create_import")["body"].replace("example.com.", name)


def post(body=None, content_type="text/dns", **headers):
    sent = event("designate_create_import", headers={"content-type": content_type, **headers})
    return call(create_import.handler, sent if body is None else sent | {"body": body})


def post_json(**body):
    return post(json.dumps(body), "application/json")


def shown(task_id, **headers):
    sent = event("designate_get_import", headers=headers)
    return call(get_import.handler, named(sent, task_id))


def named(sent, task_id):
    path = f"/v2/zones/tasks/imports/{task_id}"
    return sent | {"rawPath": path, "pathParameters": {"import_id": task_id}}


def listed(query="", **headers):
    return call(list_imports.handler, event("designate_list_imports", headers=headers) | {"rawQueryString": query})


def uploaded(task_id):
    """Tell that the file is there, as EventBridge does."""
    sent = event_of(task_id)
    import_upload.handler(sent, None)


def event_of(task_id):
    text = (EVENTS / "edge_import_upload.json").read_text()
    return json.loads(text.replace(UNKNOWN, task_id))


def wait_for_upload(service, text, **body):
    """An import that waits, and its file."""
    task_id = post_json(**body).json["id"]
    service.bucket.put(f"imports/{task_id}", text if isinstance(text, bytes) else text.encode())
    return task_id


def task_fields(task_id, **changes):
    return {
        "id": task_id,
        "status": "COMPLETE",
        "message": "example.com. imported",
        "zone_id": None,
        "project_id": GROUP,
        "created_at": "2026-01-15T12:34:56.275934",
        "updated_at": None,
        "version": 1,
        "links": {"self": f"{BASE}/v2/zones/tasks/imports/{task_id}"},
    } | changes


def test_a_file_in_the_request_is_imported_when_the_answer_comes(service):
    answer = post()

    task_id, zone_id = answer.json["id"], answer.json["zone_id"]
    links = {"self": f"{BASE}/v2/zones/tasks/imports/{task_id}", "zone": f"{BASE}/v2/zones/{zone_id}"}
    assert answer.status == 202
    assert answer.json == task_fields(task_id, zone_id=zone_id, links=links)
    assert answer.headers == {
        "content-type": "application/json",
        "location": links["self"],
        "x-openstack-request-id": f"req-{REQUEST_ID}",
    }
    assert shown(task_id).json == answer.json
    zone = zones.get(service.table, zone_id)
    assert (zone.name, zone.serial, zone.records, zone.group_id) == ("example.com.", 42, 6, GROUP)


def test_a_file_in_json_brings_attributes_along(service):
    answer = post_json(zonefile=seed(), attributes={"tier": "gold"})

    assert (answer.status, answer.json["status"]) == (202, "COMPLETE")
    assert zones.get(service.table, answer.json["zone_id"]).attributes == {"tier": "gold"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "An SOA record is required"),
        ("$ORIGIN example.com.\n$INCLUDE /etc/passwd\n", 'line 2: "$INCLUDE /etc/passwd": $INCLUDE is not allowed'),
        ("$ORIGIN com.\n@ 1 SOA ns joe 1 2 3 4 5\n", "More than one label is required in com."),
    ],
)
def test_a_file_that_is_no_zone_ends_its_task_as_an_error(service, text, message):
    answer = post(text)

    assert answer.status == 202
    assert answer.json["message"].startswith(message)
    assert answer.json == task_fields(answer.json["id"], status="ERROR", message=answer.json["message"])
    assert shown(answer.json["id"]).json == answer.json
    assert zones.named(service.table, "example.com.") is None


def test_a_name_that_is_taken_ends_a_task_as_an_error(service):
    post()

    answer = post()

    assert answer.json["status"] == "ERROR"
    assert answer.json["message"] == "Duplicate zone. Zone with name example.com. already exists"
    assert answer.json["zone_id"] is None


@pytest.mark.parametrize(
    ("quota", "message"),
    [
        (Quotas(zone_records=2), "Quota exceeded for zone_records."),
        (Quotas(zone_recordsets=2), "Quota exceeded for zone_recordsets."),
        (Quotas(recordset_records=0), "Quota exceeded for recordset_records."),
    ],
)
def test_more_than_a_project_may_have_is_not_imported(service, monkeypatch, quota, message):
    monkeypatch.setattr(quotas, "get", lambda *_: quota)

    answer = post()

    assert answer.json["status"] == "ERROR"
    assert answer.json["message"] == f"Quota exceeded during zone import. {message}"
    assert zones.named(service.table, "example.com.") is None


def test_as_much_as_a_project_may_have_is_imported(service, monkeypatch):
    monkeypatch.setattr(quotas, "get", lambda *_: Quotas(zone_records=3, zone_recordsets=3, recordset_records=1))

    assert post().json["status"] == "COMPLETE"


@pytest.mark.parametrize(
    ("body", "content_type", "status", "kind"),
    [
        ("x", "text/plain", 415, "unsupported_content_type"),
        ("x", None, 415, "unsupported_content_type"),
        ("x", "text/dns; charset=latin1", 415, "unsupported_content_type"),
        ("", "application/json", 400, "empty_request_body"),
        ("{", "application/json", 400, "invalid_json"),
        ("[]", "application/json", 400, "invalid_object"),
        ('{"zonefile": null}', "application/json", 400, "invalid_object"),
        ('{"zonefile": "", "pool": 1}', "application/json", 400, "invalid_object"),
        ('{"attributes": {"a": 1}}', "application/json", 400, "invalid_object"),
        ("\ufffd", "text/dns", 400, "bad_request"),
        ('{"zonefile": "\\ufffd"}', "application/json", 400, "bad_request"),
        (" " * (6 * 1024 * 1024 + 1), "application/json", 413, "over_quota"),
    ],
)
def test_a_request_that_cannot_be_read_makes_no_task(service, body, content_type, status, kind):
    answer = post(body, content_type)

    assert (answer.status, answer.json["type"]) == (status, kind)
    assert listed().json["imports"] == []


def test_without_a_file_the_answer_says_where_to_upload_it_and_until_when(service):
    answer = post_json()

    body = answer.json
    task_id, link = body["id"], body["links"].pop("upload")
    assert answer.status == 202
    assert body == task_fields(task_id, status="PENDING", message=None, upload_expires_at="2026-01-15T13:34:56.275934")
    assert urlsplit(link).path.endswith(f"/imports/{task_id}")
    query = parse_qs(urlsplit(link).query)
    assert (query["X-Amz-Expires"], query["X-Amz-SignedHeaders"]) == (["3600"], ["host"])
    assert not [name for name in query if "checksum" in name]
    assert shown(task_id).json == task_fields(task_id, status="PENDING", message=None)


def test_a_file_that_was_uploaded_is_imported(service):
    task_id = wait_for_upload(service, seed(), attributes={"tier": "gold"})
    service.clock.now = NOW + timedelta(seconds=60)

    uploaded(task_id)

    found = shown(task_id).json
    zone = zones.get(service.table, found["zone_id"])
    assert (found["status"], found["message"], found["version"]) == ("COMPLETE", "example.com. imported", 2)
    assert found["updated_at"] == "2026-01-15T12:35:56.275934"
    assert (zone.name, zone.records, zone.attributes, zone.group_id) == ("example.com.", 6, {"tier": "gold"}, GROUP)
    assert "expires" not in service.table.get({"pk": f"IMPORT#{task_id}", "sk": "IMPORT"})


def test_a_file_uploaded_that_is_no_zone_ends_its_task_as_an_error(service):
    task_id = wait_for_upload(service, b'$ORIGIN example.com.\n@ 1 SOA ns joe 1 2 3 4 5\nwww 1 TXT "\xff"\n')

    uploaded(task_id)

    found = shown(task_id).json
    assert (found["status"], found["zone_id"]) == ("ERROR", None)
    assert found["message"] == 'line 3: "www 1 TXT "\\xff"": not UTF-8: octet 0xff'


def test_an_uploaded_file_may_hold_what_stands_for_lost_octets_elsewhere(service):
    task_id = wait_for_upload(service, seed() + 'www 1 TXT "\ufffd"\n')

    uploaded(task_id)

    assert shown(task_id).json["status"] == "COMPLETE"


def test_ten_megabytes_of_comments_are_no_zone(service):
    task_id = wait_for_upload(service, b"; nothing at all\n" * 600_000)

    uploaded(task_id)

    assert shown(task_id).json["message"] == "An SOA record is required"


def test_a_line_without_an_end_is_refused(service):
    task_id = wait_for_upload(service, seed().encode() + b"www 1 TXT " + b"a" * (4 << 20))

    uploaded(task_id)

    assert "524288 at most" in shown(task_id).json["message"]


@pytest.mark.parametrize(("more", "status"), [(0, "COMPLETE"), (1, "ERROR")])
def test_a_file_uploaded_has_a_largest_size(service, monkeypatch, more, status):
    text = seed().encode()
    monkeypatch.setenv("IMPORT_BYTES", str(len(text) - more))
    task_id = wait_for_upload(service, text)

    uploaded(task_id)

    found = shown(task_id).json
    assert found["status"] == status
    assert not more or found["message"] == f"the file has {len(text)} octets, more than {len(text) - 1}"


def test_an_event_that_comes_twice_imports_once(service):
    task_id = wait_for_upload(service, seed())

    uploaded(task_id)
    first = shown(task_id).json
    service.bucket.put(f"imports/{task_id}", seed("example.net.").encode())
    uploaded(task_id)

    assert shown(task_id).json == first
    assert zones.named(service.table, "example.net.") is None


def test_of_two_tries_at_once_one_ends_the_task(service):
    task_id = wait_for_upload(service, seed())
    results = []

    def check(file, attributes):
        if not results:
            results.append(None)
            uploaded(task_id)  # the other, wholly, while this one has read its file
        return imported(file, attributes)

    mine = imports.finish(service.table, service.bucket, SETTINGS, f"imports/{task_id}", check, lambda: NOW)

    found = shown(task_id).json
    assert mine is None
    assert (found["status"], found["version"]) == ("COMPLETE", 2)
    zone = zones.named(service.table, "example.com.")
    assert (zone.id, zones.count(service.table, GROUP)) == (found["zone_id"], 1)


def test_a_try_that_died_is_taken_up_by_the_next(service):
    task_id = wait_for_upload(service, seed())

    def die(*_):
        raise MemoryError

    with pytest.raises(MemoryError):
        imports.finish(service.table, service.bucket, SETTINGS, f"imports/{task_id}", die, lambda: NOW)
    assert shown(task_id).json["status"] == "PENDING"
    uploaded(task_id)

    assert shown(task_id).json["status"] == "COMPLETE"


def test_when_every_try_died_the_task_says_so(service):
    task_id = wait_for_upload(service, seed())

    def die(*_):
        raise MemoryError

    for _ in range(2):
        with pytest.raises(MemoryError):
            imports.finish(service.table, service.bucket, SETTINGS, f"imports/{task_id}", die, lambda: NOW)
    uploaded(task_id)

    found = shown(task_id).json
    assert (found["status"], found["message"]) == ("ERROR", "the import did not come to its end in 2 tries")
    assert zones.named(service.table, "example.com.") is None


def test_a_task_that_was_removed_while_its_file_was_read_makes_no_zone(service):
    task_id = wait_for_upload(service, seed())

    def check(file, attributes):
        call(delete_import.handler, named(event("designate_delete_import"), task_id))
        return imported(file, attributes)

    mine = imports.finish(service.table, service.bucket, SETTINGS, f"imports/{task_id}", check, lambda: NOW)

    assert mine is None
    assert shown(task_id).status == 404
    assert zones.named(service.table, "example.com.") is None


@pytest.mark.parametrize("key", [UNKNOWN, "x", ""])
def test_a_file_that_no_task_waits_for_is_left_alone(service, key):
    uploaded(key)

    assert listed().json["imports"] == []


def test_a_task_nobody_uploads_to_is_forgotten_after_a_day(service):
    task_id = post_json().json["id"]
    item = service.table.get({"pk": f"IMPORT#{task_id}", "sk": "IMPORT"})

    service.clock.now = NOW + timedelta(hours=23, minutes=59)
    before = shown(task_id).status, len(listed().json["imports"]), len(listed("limit=5").json["imports"])
    service.clock.now = NOW + timedelta(days=1, seconds=1)
    hidden = {"openstack-dns-hide-counts": "true"}
    after = shown(task_id), listed(), listed("limit=5", **hidden)

    assert item["expires"] == int((NOW + timedelta(days=1)).timestamp())
    assert before == (200, 1, 1)
    assert after[0].status == 404
    assert [each.json["imports"] for each in after[1:]] == [[], []]


def test_deleting_a_task_leaves_its_zone(service):
    made = post().json
    sent = named(event("designate_delete_import"), made["id"])

    first, second = call(delete_import.handler, sent), call(delete_import.handler, sent)

    assert (first.status, first.body) == (204, "")
    assert (second.status, second.json["type"]) == (404, "zone_import_not_found")
    assert second.json["message"] == f"Could not find ZoneImport {made['id']}"
    assert zones.get(service.table, made["zone_id"]) is not None


def test_a_removal_that_comes_second_finds_nothing(service):
    task = zonetasks.get(service.table, TaskKind.IMPORT, post().json["id"])
    service.table.write(zonetasks.delete(task))

    with pytest.raises(ConditionFailed):
        service.table.write(zonetasks.delete(task))


def test_another_projects_task_is_as_if_it_were_not_there(service):
    task_id = post().json["id"]
    stranger = {"x-auth-token": STRANGERS_TOKEN}

    seen = shown(task_id, **stranger)
    gone = call(delete_import.handler, named(event("designate_delete_import", headers=stranger), task_id))
    marked = listed(f"marker={task_id}", **stranger)

    assert [(each.status, each.json["type"]) for each in (seen, gone, marked)] == [
        (404, "zone_import_not_found"),
        (404, "zone_import_not_found"),
        (400, "marker_not_found"),
    ]
    assert listed("", **stranger).json["imports"] == []
    assert shown(task_id).status == 200


def test_an_id_that_is_none_is_refused(service):
    answer = shown("nonsense")

    assert (answer.status, answer.json["type"], answer.json["message"]) == (
        400,
        "invalid_uuid",
        "Invalid UUID import_id",
    )


@pytest.fixture
def five(service):
    """Five tasks a second apart: COMPLETE, ERROR, ERROR, PENDING, COMPLETE."""
    made = []
    for number, body in enumerate([seed(), seed(), "", None, seed("example.net.")]):
        service.clock.now = NOW + timedelta(seconds=number)
        made.append((post_json() if body is None else post(body)).json)
    return made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("status=ERROR", [1, 2]),
        ("status=complete&sort_dir=desc", [4, 0]),
        ("message=An*", [2]),
        ("message=*imported&limit=1", [0]),
        ("sort_dir=desc&limit=2", [4, 3]),
        ("sort_key=updated_at&limit=max", None),
        ("sort_key=id", None),
    ],
)
def test_tasks_are_filtered_sorted_and_counted(five, query, found):
    answer = listed(query)

    ids = [each["id"] for each in five]
    assert answer.status == 200
    shown = [each["id"] for each in answer.json["imports"]]
    if query == "sort_key=id":
        assert shown == sorted(ids)
    elif found is None:
        assert sorted(shown) == sorted(ids)
    else:
        assert shown == [ids[number] for number in found]
    assert answer.json["metadata"]["total_count"] >= len(shown)
    assert answer.json["links"]["self"] == f"{BASE}/v2/zones/tasks/imports" + (f"?{query}" if query else "")


def test_a_task_is_found_by_its_zone(five):
    answer = listed(f"zone_id={five[4]['zone_id']}")

    assert [each["id"] for each in answer.json["imports"]] == [five[4]["id"]]
    assert answer.json["metadata"] == {"total_count": 1}


@pytest.mark.parametrize("hidden", [False, True])
def test_pages_follow_their_links(five, hidden):
    headers = {"openstack-dns-hide-counts": "true"} if hidden else {}
    seen, query = [], "limit=2"
    while query:
        page = listed(query, **headers).json
        seen += [each["id"] for each in page["imports"]]
        query = urlsplit(page["links"].get("next", "")).query
        assert page["metadata"] == ({} if hidden else {"total_count": 5})

    assert seen == [each["id"] for each in five]


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("name=x", "bad_request"),
        ("sort_key=name", "invalid_sort_key"),
        ("marker=x", "invalid_marker"),
        (f"marker={UNKNOWN}", "marker_not_found"),
        ("limit=0", "invalid_limit"),
    ],
)
def test_a_list_that_means_nothing_is_refused(service, query, kind):
    answer = listed(query)

    assert (answer.status, answer.json["type"]) == (400, kind)


def test_a_task_is_stored_and_read_back(service):
    task = zonetasks.get(service.table, TaskKind.IMPORT, post_json(attributes={"a": "b"}).json["id"])
    done = replace(task, status=TaskStatus.COMPLETE, message="m", zone_id=UNKNOWN, updated=NOW, expires=None)

    service.table.write(zonetasks.end(done))

    assert zonetasks.get(service.table, TaskKind.IMPORT, task.id) == done
    assert task.expires == (NOW + timedelta(days=1)).replace(microsecond=0)
    with pytest.raises(ConditionFailed):
        service.table.write(zonetasks.end(replace(done, message="again")))


def test_a_try_whose_answer_was_lost_is_over_for_the_next(service):
    task_id = wait_for_upload(service, seed())
    events = service.table.client.meta.events

    def lose(parsed, **_):
        if "CancellationReasons" not in parsed and zones.named(service.table, "example.com."):
            raise ConnectionResetError

    events.register("after-call.dynamodb.TransactWriteItems", lose)
    with pytest.raises(ConnectionResetError):
        uploaded(task_id)
    events.unregister("after-call.dynamodb.TransactWriteItems", lose)
    first = shown(task_id).json
    uploaded(task_id)

    assert first["status"] == "COMPLETE"
    assert shown(task_id).json == first
    assert zones.count(service.table, GROUP) == 1


def test_support_users_read_the_tasks_of_all_projects_and_remove_none(service):
    task_id = post().json["id"]
    users.create(service.table, User("helper", "helper", "k", "s", NOW, group_ids=(STRANGERS_GROUP,), is_support=True))
    users.create_token(service.table, Token(tokens.digest("zw_helper"), "helper", STRANGERS_GROUP, NOW))
    everywhere = {"x-auth-token": "zw_helper", "x-auth-all-projects": "true"}

    seen, unseen = shown(task_id, **everywhere), shown(task_id, **{"x-auth-token": "zw_helper"})
    gone = call(delete_import.handler, named(event("designate_delete_import", headers=everywhere), task_id))

    assert (seen.status, unseen.status, gone.status) == (200, 404, 404)
    assert shown(task_id).status == 200
