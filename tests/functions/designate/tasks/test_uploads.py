"""Imports of files that are uploaded: read once, whatever events come, whichever tries die."""

import base64
import json
import zlib
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from support.calls import GROUP, NOW, call, event
from support.imports import UNKNOWN, listed, named, post_json, seed, shown, task_fields
from support.places import EVENTS
from zonewright.actions import imports
from zonewright.actions.imports import Arrival
from zonewright.errors import ZoneBusy
from zonewright.http.designate.words import of_import
from zonewright.http.designate.zones.body import imported
from zonewright.model.pool import NsRecord, Pool
from zonewright.model.zonetask import TaskKind
from zonewright.service import current
from zonewright.store import keys, pools, zones
from zonewright.store import zonetasks as store
from zonewright.store.table import Put

from functions.designate.imports import create_import, delete_import
from functions.edge import import_upload


def uploaded(task_id, sequencer="00617F08299329D189"):
    """Tell that the file is there, as EventBridge does."""
    import_upload.handler(event_of(task_id, sequencer), None)


def event_of(task_id, sequencer="00617F08299329D189"):
    """The event of the file that is there now."""
    text = (EVENTS / "edge_import_upload.json").read_text()
    sent = json.loads(text.replace(UNKNOWN, task_id))
    sent["detail"]["object"] |= {"etag": etag(task_id), "sequencer": sequencer}
    return sent


def etag(task_id):
    """The entity tag of the file that is there now, if there is one."""
    bucket = current().bucket
    found = bucket.client.list_objects_v2(Bucket=bucket.name, Prefix=f"imports/{task_id}").get("Contents", [])
    return found[0]["ETag"].strip('"') if found else "0"


def arrived(task_id):
    return Arrival(f"imports/{task_id}", etag(task_id), "00617F08299329D189")


def wait_for_upload(service, text, **body):
    """An import that waits, and its file."""
    task_id = post_json(**body).json["id"]
    service.bucket.put(f"imports/{task_id}", text if isinstance(text, bytes) else text.encode())
    return task_id


def test_without_a_file_the_answer_says_where_to_upload_it_and_until_when(service):
    answer = post_json()

    body = answer.json
    task_id, link, fields = body["id"], body["links"].pop("upload"), body.pop("upload_fields")
    assert answer.status == 202
    assert body == task_fields(task_id, status="PENDING", message=None, upload_expires_at="2026-01-15T13:34:56.275934")
    assert (urlsplit(link).netloc.split(".")[0], urlsplit(link).query) == ("zonewright-bucket", "")
    policy = json.loads(base64.b64decode(fields["policy"]))
    assert ["content-length-range", 0, 67108864] in policy["conditions"]
    assert {"key": f"imports/{task_id}"} in policy["conditions"]
    assert (fields["key"], fields["x-amz-algorithm"]) == (f"imports/{task_id}", "AWS4-HMAC-SHA256")
    again = shown(task_id)
    assert again.json["links"].pop("upload") == link
    assert again.json["upload_fields"]["key"] == fields["key"]
    assert [each.headers["cache-control"] for each in (answer, again)] == ["no-store", "no-store"]


def test_a_form_is_kept_under_no_idempotency_key_and_given_out_anew(service):
    key = {"headers": {"idempotency-key": "k", "content-type": "application/json"}}
    first, again = [call(create_import.handler, event("designate_create_import", body="{}", **key)) for _ in range(2)]

    (kept,) = service.table.query("IDEMPOTENCY")
    assert "upload_fields" in first.json
    assert "upload_fields" not in again.json
    assert (again.json["id"], again.status) == (first.json["id"], 202)
    assert "policy" not in zlib.decompress(base64.b85decode(json.loads(kept["data"])["body"])).decode()
    assert shown(first.json["id"]).json["upload_fields"]["key"] == f"imports/{first.json['id']}"


def test_one_upload_of_an_import_is_read_at_a_time(service):
    task_id = wait_for_upload(service, seed())
    task = store.get(service.table, TaskKind.IMPORT, task_id)
    assert store.count_try(service.table, task, "first", NOW, imports.READING) == 1

    with pytest.raises(ZoneBusy, match=r"another upload of import .* is being read"):
        uploaded(task_id, "second")
    waiting = shown(task_id).json["status"]
    assert store.count_try(service.table, task, "first", NOW, imports.READING) == 2
    service.clock.now = NOW + timedelta(seconds=imports.READING)
    uploaded(task_id, "second")

    assert (waiting, shown(task_id).json["status"]) == ("PENDING", "COMPLETE")


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
    assert found["message"] == 'Malformed zonefile. line 3: "www 1 TXT "\\xff"": not UTF-8: octet 0xff'


def test_an_uploaded_file_may_hold_what_stands_for_lost_octets_elsewhere(service):
    task_id = wait_for_upload(service, seed() + 'www 1 TXT "\ufffd"\n')

    uploaded(task_id)

    assert shown(task_id).json["status"] == "COMPLETE"


def test_ten_megabytes_of_comments_are_no_zone(service):
    task_id = wait_for_upload(service, b"; nothing at all\n" * 600_000)

    uploaded(task_id)

    assert shown(task_id).json["message"] == "An SOA record is required."


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


def stored(service):
    """The keys of the uploaded files that are there."""
    return list(service.bucket.keys("imports/"))


@pytest.mark.parametrize("text", [seed(), "no zone"], ids=["complete", "error"])
def test_a_file_is_deleted_when_its_import_ends(service, text):
    task_id = wait_for_upload(service, text)
    assert stored(service) == [f"imports/{task_id}"]

    uploaded(task_id)

    assert shown(task_id).json["status"] in {"COMPLETE", "ERROR"}
    assert stored(service) == []


def test_a_file_that_arrives_after_the_end_of_its_import_is_deleted(service):
    task_id = wait_for_upload(service, seed())
    uploaded(task_id)
    service.bucket.put(f"imports/{task_id}", b"late")

    uploaded(task_id)

    assert stored(service) == []


def test_a_file_that_arrives_after_its_import_was_deleted_is_deleted(service):
    task_id = wait_for_upload(service, seed())
    call(delete_import.handler, named(event("designate_delete_import"), task_id))

    uploaded(task_id)

    assert stored(service) == []
    assert zones.named(service.table, "example.com.") is None


def test_a_file_that_another_replaced_is_left_to_its_own_event(service):
    task_id = wait_for_upload(service, seed())
    first = event_of(task_id)
    service.bucket.put(f"imports/{task_id}", seed("example.net.").encode())

    import_upload.handler(first, None)

    assert stored(service) == [f"imports/{task_id}"]
    assert shown(task_id).json["status"] == "PENDING"


def test_of_two_tries_at_once_one_ends_the_task(service):
    task_id = wait_for_upload(service, seed())
    results = []

    def check(file, attributes):
        if not results:
            results.append(None)
            uploaded(task_id)  # the other, wholly, while this one has read its file
        return imported(file, attributes)

    mine = imports.finish(service, arrived(task_id), check, of_import)

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
        imports.finish(service, arrived(task_id), die, of_import)
    assert shown(task_id).json["status"] == "PENDING"
    uploaded(task_id)

    assert shown(task_id).json["status"] == "COMPLETE"


def test_when_every_try_died_the_task_says_so(service):
    task_id = wait_for_upload(service, seed())

    def die(*_):
        raise MemoryError

    for _ in range(2):
        with pytest.raises(MemoryError):
            imports.finish(service, arrived(task_id), die, of_import)
    uploaded(task_id)

    found = shown(task_id).json
    assert (found["status"], found["message"]) == ("ERROR", "the import did not come to its end in 2 tries")
    assert zones.named(service.table, "example.com.") is None


def test_a_task_that_was_removed_while_its_file_was_read_makes_no_zone(service):
    task_id = wait_for_upload(service, seed())

    def check(file, attributes):
        call(delete_import.handler, named(event("designate_delete_import"), task_id))
        return imported(file, attributes)

    mine = imports.finish(service, arrived(task_id), check, of_import)

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


@pytest.mark.parametrize("alike", [True, False], ids=["one file", "three files"])
def test_a_file_uploaded_three_times_while_it_is_read_is_imported_once(service, alike):
    """Each upload has its event. The events of the later ones come while the first file is being read, and again."""
    task_id = wait_for_upload(service, seed())
    begun, later = [], []

    def check(file, attributes):
        begun.append(file.name)
        for number in range(2):
            service.bucket.put(f"imports/{task_id}", seed("example.com." if alike else f"n{number}.org.").encode())
            later.append(replace(arrived(task_id), sequencer=f"later-{number}"))
            with pytest.raises(ZoneBusy, match=r"another upload of import .* is being read"):
                imports.finish(service, later[-1], check, of_import)
        return imported(file, attributes)

    imports.finish(service, arrived(task_id), check, of_import)

    found = shown(task_id).json
    zone = zones.get(service.table, found["zone_id"])
    assert (len(begun), found["status"], found["message"], found["version"]) == (
        1,
        "COMPLETE",
        f"{zone.name} imported",
        2,
    )
    assert [imports.finish(service, each, check, of_import) for each in later] == [None, None]
    assert (zone.name, zone.records, zones.count(service.table, GROUP)) == ("example.com.", 6, 1)


def test_a_file_that_was_replaced_before_it_was_read_is_left_to_the_event_of_the_other(service):
    task_id = wait_for_upload(service, "no zone at all")
    late = event_of(task_id)
    service.bucket.put(f"imports/{task_id}", seed().encode())

    for _ in range(3):
        import_upload.handler(late, None)
    assert shown(task_id).json["status"] == "PENDING"
    uploaded(task_id, "later")

    assert shown(task_id).json["status"] == "COMPLETE"
    import_upload.handler(late, None)
    assert shown(task_id).json["status"] == "COMPLETE"


def test_an_import_that_has_ended_waits_for_no_upload(service, monkeypatch):
    monkeypatch.setenv("OPEN_UPLOADS", "1")

    for text, status in ((seed(), "COMPLETE"), ("nonsense", "ERROR")):
        task_id = wait_for_upload(service, text)
        assert post_json().status == 429
        uploaded(task_id)
        assert shown(task_id).json["status"] == status

    assert post_json().status == 202


@pytest.mark.parametrize(("text", "status"), [(seed(), "COMPLETE"), ("nonsense", "ERROR")])
def test_an_import_that_lost_its_slot_ends_all_the_same(service, monkeypatch, text, status):
    monkeypatch.setenv("OPEN_UPLOADS", "1")
    task_id = wait_for_upload(service, text)
    lost = keys.slot("UPLOADS", GROUP, 0) | {"holder": "another", "expires": 4_000_000_000}
    service.table.write(Put(lost))

    uploaded(task_id)

    assert shown(task_id).json["status"] == status
    assert service.table.get(keys.slot("UPLOADS", GROUP, 0)) == lost


def test_the_attributes_of_an_import_choose_the_pool_when_the_file_comes(service):
    made = Pool(UNKNOWN, "gold", (NsRecord("gold.example.net.", 1),), attributes={"tier": "gold"})
    pools.put(service.table, made, None, NOW)
    task_id = wait_for_upload(service, seed(), attributes={"tier": "gold"})

    uploaded(task_id)

    assert zones.get(service.table, shown(task_id).json["zone_id"]).pool_id == UNKNOWN
