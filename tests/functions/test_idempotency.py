import base64
import json
import threading
import time
import zlib
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError
from moto.core.models import botocore_stubber
from support import people
from support.calls import GROUP, REQUEST_ID, STRANGERS_TOKEN, call, event
from zonewright.http import idempotency
from zonewright.http.designate import dialect
from zonewright.http.idempotency import PARTITION
from zonewright.http.message import Response
from zonewright.service import current

from functions.designate import create_zone, list_zones, transfer_zone
from functions.designate.transfers import create_transfer_request
from functions.designate.tsigkeys import create_tsig_key

KEY = "5f0c8f6e-9d0f-4f6c-8f1e-2b7a3c9d1e00"
BODY = {"name": "once.example.org.", "email": "joe@example.org"}


def post(body=BODY, key=KEY, **headers):
    return call(create_zone.handler, sent(body, key, **headers))


def sent(body=BODY, key=KEY, **headers):
    return event("designate_create_zone", json=body, headers={"idempotency-key": key, **headers})


def records(service):
    return list(service.table.query(PARTITION))


def names(**headers):
    answer = call(list_zones.handler, event("designate_list_zones", headers=headers))
    return [zone["name"] for zone in answer.json["zones"]]


def test_a_zone_asked_for_twice_is_made_once_and_shown_again(service):
    first = post()
    again = post()

    assert first.status == 201
    assert again == first
    assert names() == [BODY["name"]]


def test_without_the_header_it_is_as_ever(service):
    post(key=None)

    assert post(key=None).status == 409
    assert records(service) == []


def test_a_record_is_kept_for_a_day_and_then_forgotten(service):
    began = int(time.time())
    post()

    (record,) = records(service)

    assert 0 <= record["expires"] - began - 86_400 <= 60
    assert record["status"] == "COMPLETED"


def test_how_long_is_the_operators_choice(service, monkeypatch):
    monkeypatch.setenv("IDEMPOTENCY_SECONDS", "60")
    current.cache_clear()
    idempotency._records.cache_clear()  # noqa: SLF001 - as in a new process
    began = int(time.time())

    post()

    assert 0 <= records(service)[0]["expires"] - began - 60 <= 30
    idempotency._records.cache_clear()  # noqa: SLF001 - the next test is another


@pytest.mark.parametrize(
    ("body", "headers"),
    [({**BODY, "ttl": 60}, {}), (BODY, {"content-type": "application/json; charset=utf-8"})],
    ids=["body", "type"],
)
def test_a_key_used_for_another_body_is_refused(service, body, headers):
    post()

    answer = post(body, **headers)

    assert (answer.status, answer.json["type"]) == (422, "idempotency_key_reused")
    assert answer.json["request_id"] == answer.headers["x-openstack-request-id"] == f"req-{REQUEST_ID}"
    assert names() == [BODY["name"]]


def test_the_same_key_is_anothers_own(service):
    other = {**BODY, "name": "other.example.org."}
    post()

    answer = post(other, **{"x-auth-token": STRANGERS_TOKEN})

    assert (answer.status, answer.json["name"]) == (201, "other.example.org.")


def test_the_same_key_is_its_own_in_another_project(service):
    groups = (GROUP, "5a0c6b1e-7a5a-4a5d-9a0f-2f5b1f3c9c01")
    people.user(service, "two", *groups, is_super=True)
    here = post(**{"x-auth-token": "zw_two"})

    there = post({**BODY, "name": "b.org."}, **{"x-auth-token": "zw_two", "x-auth-sudo-project-id": groups[1]})

    assert (here.json["project_id"], there.json["project_id"]) == groups


def test_the_same_key_is_its_own_on_another_path(service):
    zone = post().json["zone"]

    answer = call(
        transfer_zone.handler, event("designate_transfer_zone", zone=zone["id"], headers={"idempotency-key": KEY})
    )

    assert (answer.status, answer.json["type"]) == (400, "bad_request")  # no SECONDARY zone; not 422


def test_an_error_is_not_remembered(service):
    refused = post({**BODY, "email": "nobody"})
    fixed = post()

    assert (refused.status, fixed.status) == (400, 201)


def test_a_failure_of_ours_is_not_remembered(service, monkeypatch):
    broken = replace(create_zone.handler, function=lambda *_: 1 / 0)

    failed = call(broken, sent())

    assert (failed.status, failed.json["request_id"]) == (500, f"req-{REQUEST_ID}")
    assert post().status == 201


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a\tb", "a\x7fb", "é"])
def test_a_key_that_is_none_is_refused(service, key):
    answer = post(key=key)

    assert (answer.status, answer.json["type"]) == (400, "bad_request")
    assert names() == []


@pytest.mark.parametrize("key", ["x", "x" * 255, '"quoted, with spaces"', "~!"])
def test_any_printable_key_will_do(service, key):
    assert post(key=key) == post(key=key)


def test_a_caller_nobody_knows_leaves_no_record(service):
    assert post(**{"x-auth-token": "zw_nobody"}).status == 401
    assert records(service) == []


def slow(service, entered, go):
    """The zone's creation, which waits in the middle."""

    def function(request, run):
        entered.set()
        assert go.wait(10)
        return create_zone.handler.function(request, run)

    return replace(create_zone.handler, function=function)


def test_while_the_first_is_running_the_second_is_told_so(service):
    entered, go, answers = threading.Event(), threading.Event(), []
    first = threading.Thread(target=lambda: answers.append(call(slow(service, entered, go), sent())))
    first.start()
    assert entered.wait(10)

    second = post()
    other = post({**BODY, "ttl": 5})
    go.set()
    first.join(10)

    assert (second.status, second.json["type"]) == (409, "idempotency_key_in_use")
    assert (other.status, other.json["type"]) == (422, "idempotency_key_reused")
    assert [answer.status for answer in answers] == [201]
    assert post() == answers[0]


@pytest.mark.usefixtures("in_turn")
def test_of_many_at_once_one_makes_the_zone(service):
    answers = []
    racers = [threading.Thread(target=lambda: answers.append(post())) for _ in range(6)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(20)

    made = [answer for answer in answers if answer.status == 201]
    assert made
    assert len({answer.json["id"] for answer in made}) == 1
    assert {answer.json["type"] for answer in answers if answer.status != 201} <= {"idempotency_key_in_use"}
    assert names() == [BODY["name"]]


class Killed(BaseException):
    """An error that no handler catches; the process ends."""


def killed(milliseconds):
    """A function killed at work, when it had this long to live."""

    def function(*_):
        raise Killed

    context = SimpleNamespace(aws_request_id=REQUEST_ID, get_remaining_time_in_millis=lambda: milliseconds)
    with pytest.raises(Killed):
        replace(create_zone.handler, function=function)(sent(), context)


def test_a_killed_function_holds_the_key_until_it_would_have_timed_out(service):
    killed(29_000)

    (record,) = records(service)

    assert record["status"] == "INPROGRESS"
    assert 0 < record["in_progress_expiration"] / 1000 - time.time() <= 29
    assert post().status == 409


def test_a_killed_function_does_not_hold_the_key_for_ever(service):
    killed(1)
    time.sleep(0.01)

    assert post().status == 201


def test_a_record_that_is_over_makes_way_before_it_is_swept(service, monkeypatch):
    post()
    (record,) = records(service)
    service.table.client.update_item(
        TableName=service.table.name,
        Key={"pk": {"S": record["pk"]}, "sk": {"S": record["sk"]}},
        UpdateExpression="SET expires = :past",
        ExpressionAttributeValues={":past": {"N": str(int(time.time()) - 1)}},
    )

    assert post().status == 409  # asked anew: the zone is there


@pytest.fixture
def pauses(monkeypatch):
    """No pause takes any time."""
    monkeypatch.setattr(time, "sleep", lambda _: None)


@contextmanager
def failing(service, operation):
    """Let an operation of DynamoDB fail for the records of responses."""

    def fail(params, **_):
        if PARTITION.encode() in params["body"]:
            raise ConnectionClosedError(endpoint_url="https://dynamodb")

    event = f"before-call.dynamodb.{operation}"
    service.table.client.meta.events.register(event, fail)
    yield
    service.table.client.meta.events.unregister(event, fail)


@pytest.mark.usefixtures("pauses")
def test_a_request_is_not_in_the_way_of_itself(service):
    """DynamoDB stores the record, and its answer is lost. The next try finds the record."""
    answers = []

    def lose(request, **_):
        answer = botocore_stubber(event_name="before-send.dynamodb.PutItem", request=request)
        answers.append(answer.status_code)
        return (
            AWSResponse(request.url, 500, {}, SimpleNamespace(stream=lambda: iter([b"{}"])))
            if answers == [200]
            else answer
        )

    events = service.table.client.meta.events
    events.register_first("before-send.dynamodb.PutItem", lose)
    answer = post()
    events.unregister("before-send.dynamodb.PutItem", lose)

    assert (answers, answer.status) == ([200, 400], 201)
    assert post() == answer


def test_what_was_done_is_answered_even_if_the_answer_cannot_be_kept(service):
    with failing(service, "UpdateItem"):
        first = post()

    again = post()

    assert (first.status, first.json["name"]) == (201, BODY["name"])
    assert (again.status, again.json["type"]) == (409, "idempotency_key_in_use")


def test_what_is_refused_is_told_even_if_its_record_cannot_be_deleted(service):
    with failing(service, "DeleteItem"):
        answer = post({**BODY, "email": "nobody"})

    assert (answer.status, answer.json["type"]) == (400, "invalid_object")


def answered(body):
    """Return an endpoint of /v2 that gives this answer."""
    handler = dialect.endpoint(lambda *_: Response(201, body, {"location": "https://x/1"}))
    return call(handler, sent(), documented=False)


def test_a_large_answer_is_kept_too(service):
    body = json.dumps({"zones": ["ünïcödé"] * 100_000})

    first = answered(body)

    assert len(body) > 2_000_000
    assert answered("another") == first


def test_of_an_answer_too_large_to_keep_status_and_headers_are_given_again(service):
    import random

    body = random.Random(1).randbytes(400_000).hex()
    first = answered(body)
    again = answered("another")

    assert first.body == body
    assert (again.status, again.body, again.headers) == (201, "", first.headers)


def test_a_large_zone_is_made_once(service, monkeypatch):
    monkeypatch.setenv("ATTRIBUTE_BYTES", "100000")
    body = {**BODY, "attributes": {f"{n:050}": f"{n:x}é" * 5 for n in range(1000)}}

    assert post(body).status == 201
    assert post(body) == post(body)


def test_nobodys_key_is_in_a_record(service):
    post(key="a secret of the caller's")

    (record,) = records(service)

    assert "secret" not in str({name: value for name, value in record.items() if name != "data"})


def unpacked(record):
    """Everything that a record says, its packed body too."""
    body = record["data"]["body"] if isinstance(record["data"], dict) else json.loads(record["data"])["body"]
    return f"{record} {zlib.decompress(base64.b85decode(body)).decode()}"


def test_no_secret_is_in_a_record_or_in_a_repeated_response(service):
    zone = post().json
    key = {"name": "k.", "algorithm": "hmac-sha256", "secret": "c2VjcmV0", "scope": "ZONE", "resource_id": zone["id"]}
    made = {"idempotency-key": "made"}
    first = call(create_tsig_key.handler, event("designate_create_tsig_key", json=key, headers=made))
    again = call(create_tsig_key.handler, event("designate_create_tsig_key", json=key, headers=made))
    sent = event("designate_create_transfer_request", zone=zone["id"], json={}, headers=made)
    offered, shown = call(create_transfer_request.handler, sent), call(create_transfer_request.handler, sent)

    assert (first.json["secret"], again.json) == ("c2VjcmV0", first.json | {"secret": "********"})
    assert (shown.status, shown.json) == (201, offered.json | {"key": None})
    everything = "".join(map(unpacked, records(service)))
    assert first.json["id"] in everything
    assert "c2VjcmV0" not in everything
    assert offered.json["key"] not in everything
