import base64

import pytest
from support.calls import GROUP, HOST, NOW, REQUEST_ID, STRANGERS_TOKEN, TOKEN, call, event
from support.zones import SECONDARY, refused
from zonewright.http import conditional
from zonewright.log import log
from zonewright.model.change import ChangeStatus
from zonewright.model.states import State
from zonewright.service import current
from zonewright.store import changes, users, zones
from zonewright.workflow import Workflow

from functions.designate import create_zone, get_zone, transfer_zone

UNAUTHORIZED = "The request you have made requires authentication."


def zone_fields(zone_id, **changes):
    return {
        "id": zone_id,
        "pool_id": "794ccc2c-d751-44fe-b57f-8894c9f5c842",
        "project_id": GROUP,
        "name": "example.org.",
        "email": "joe@example.org",
        "ttl": 7200,
        "serial": 1768480496,
        "status": "ACTIVE",
        "status_message": None,
        "action": "NONE",
        "description": "This is an example zone.",
        "version": 1,
        "type": "PRIMARY",
        "masters": [],
        "attributes": {},
        "shared": False,
        "created_at": "2026-01-15T12:34:56.275934",
        "updated_at": None,
        "transferred_at": None,
        "links": {"self": f"{HOST}/v2/zones/{zone_id}"},
    } | changes


def test_the_seeds_example_makes_a_zone(service):
    answer = call(create_zone.handler, event("designate_create_zone"))

    zone_id = answer.json["id"]
    fields = zone_fields(zone_id)
    assert answer.status == 201
    assert answer.json == {**fields, "zone": fields}
    assert answer.headers == {
        "content-type": "application/json",
        "etag": conditional.tag("1", shown=answer.body),
        "location": f"{HOST}/v2/zones/{zone_id}",
        "x-openstack-request-id": f"req-{REQUEST_ID}",
    }
    assert zones.get(service.table, zone_id).created == NOW


def test_a_flat_body_is_as_good_as_a_wrapped_one(service):
    answer = call(create_zone.handler, event("designate_create_zone", json={"name": "a.org.", "email": "j@a.org"}))

    assert answer.status == 201
    assert answer.json["zone"] == zone_fields(
        answer.json["id"], name="a.org.", email="j@a.org", ttl=3600, description=None
    )


def test_todays_release_answers_202(service, monkeypatch):
    monkeypatch.setenv("DESIGNATE_RELEASE", "current")

    answer = call(create_zone.handler, event("designate_create_zone"))

    assert (answer.status, answer.json["status"]) == (202, "ACTIVE")


def test_a_secondary_zone_begins_its_first_sync_and_is_pending(service):
    new = {"name": "copy.org.", "type": "SECONDARY", "masters": ["192.0.2.1", "[2001:db8::1]:5300"]}

    answer = call(create_zone.handler, event("designate_create_zone", json=new))

    assert answer.status == 201
    assert answer.json["zone"] == zone_fields(
        answer.json["id"],
        name="copy.org.",
        email="hostmaster@zonewright.invalid",
        ttl=3600,
        serial=0,
        status="PENDING",
        action="CREATE",
        description=None,
        type="SECONDARY",
        masters=["192.0.2.1", "[2001:db8::1]:5300"],
        schedule=None,
        next_sync_at=None,
        schedule_error=None,
        guards=None,
    )
    executions = service.workflow.client.list_executions(stateMachineArn=service.workflow.arn)["executions"]
    assert [each["name"] for each in executions] == [zones.get(service.table, answer.json["id"]).holder]


def test_a_taken_name_is_refused_to_everybody_in_any_case(service):
    call(create_zone.handler, event("designate_create_zone"))
    again = {"name": "Example.ORG.", "email": "joe@example.org"}

    answer = call(
        create_zone.handler, event("designate_create_zone", json=again, headers={"x-auth-token": STRANGERS_TOKEN})
    )

    refused(answer, 409, "duplicate_zone", "Duplicate Zone: Example.ORG.")


@pytest.mark.parametrize(
    ("changes", "status", "kind", "message"),
    [
        pytest.param({"body": ""}, 400, "empty_request_body", "Request Body is empty", id="empty"),
        pytest.param({"json": []}, 400, "invalid_object", "[] is not of type 'object'", id="list"),
        pytest.param({"json": {"zone": 5}}, 400, "invalid_object", "5 is not of type 'object'", id="wrapped number"),
        pytest.param(
            {"body": "x" * 114_689},
            413,
            "over_quota",
            "Request is too large. Larger than 114688. It has 114689",
            id="too large",
        ),
        pytest.param(
            {"headers": {"content-type": "text/plain"}},
            415,
            "unsupported_content_type",
            "Content-type must be application/json: not text/plain",
            id="media type",
        ),
        pytest.param(
            {"headers": {"content-type": None}},
            415,
            "unsupported_content_type",
            "Content-type must be application/json: the request has none",
            id="no media type",
        ),
        pytest.param(
            {"headers": {"accept": "text/dns"}},
            406,
            "unsupported_accept",
            "Accept must be application/json: not text/dns",
            id="accept",
        ),
        pytest.param(
            {"json": {"name": "org.", "email": "joe@example.org"}},
            400,
            "invalid_zone_name",
            "More than one label is required in org.",
            id="one label",
        ),
        pytest.param(
            {"headers": {"x-auth-all-projects": "True"}},
            403,
            "forbidden",
            "user ok may not see all projects",
            id="all projects",
        ),
        pytest.param(
            {"headers": {"x-auth-sudo-project-id": "other"}},
            403,
            "forbidden",
            "user ok may not act for project other",
            id="another project",
        ),
    ],
)
def test_a_request_that_cannot_be_read_is_refused(service, changes, status, kind, message):
    refused(call(create_zone.handler, event("designate_create_zone", **changes)), status, kind, message)


@pytest.mark.parametrize(
    "body", ["{", "{'a': 1}", '{"ttl": NaN}', "[" * 100_000, '{"name": "\\ud800"}', '{"ttl": ' + "9" * 5000 + "}"]
)
def test_a_body_that_is_not_json_is_refused(service, body):
    answer = call(create_zone.handler, event("designate_create_zone", body=body))

    assert (answer.status, answer.json["type"]) == (400, "invalid_json")
    assert answer.json["message"].endswith(": Request Body is not valid JSON")


@pytest.mark.parametrize(
    ("master", "said"),
    [
        ("192.0.2.1#53", "is not host or host:port"),
        ("127.0.0.1:", "is not host or host:port"),
        ("[2001:db8::1]:", "is not host or host:port"),
        ("169.254.169.254", "is an address that no primary may have"),
        ("tls://[fe80::1]:853", "is an address that no primary may have"),
        ("0.1.2.3", "is an address that no primary may have"),
        ("240.0.0.1:5300", "is an address that no primary may have"),
        ("255.255.255.255", "is an address that no primary may have"),
        ("[::ffff:240.0.0.1]:53", "is an address that no primary may have"),
        ("-", "is not host or host:port"),
        ("-ns.example.net", "is not host or host:port"),
        ("tls://ns-.example.net", "is not host or host:port"),
        ("ns1.example.\0", "is not host or host:port"),
        ("ns\x7f1.example.net", "is not host or host:port"),
        (f"{'a' * 64}.example.net", "is not host or host:port"),
    ],
)
def test_a_master_that_can_never_work_is_refused(service, master, said):
    new = {"name": "copy.org.", "type": "SECONDARY", "masters": ["192.0.2.1", master]}

    answer = call(create_zone.handler, event("designate_create_zone", json=new))

    assert (answer.status, answer.json["type"]) == (400, "invalid_object")
    (reason,) = answer.json["errors"]["errors"]
    assert (reason["path"], reason["validator"]) == (["masters", 1], "format")
    assert said in reason["message"]


def test_every_wrong_field_is_named(service):
    wrong = {
        "name": "-bad-.org.",
        "email": "joe+dns@@x.org",
        "ttl": True,
        "description": "x" * 161,
        "type": "CATALOG",
        "masters": ["192.0.2.1", "a b", 7],
        "attributes": {"a": 1},
        "project_id": "other",
        "serial": 3,
    }

    answer = call(create_zone.handler, event("designate_create_zone", json=wrong))

    assert (answer.status, answer.json["type"]) == (400, "invalid_object")
    reasons = answer.json["errors"]["errors"]
    assert [(reason["path"], reason["validator"]) for reason in reasons] == [
        ([], "additionalProperties"),
        (["name"], "format"),
        (["type"], "enum"),
        (["email"], "format"),
        (["ttl"], "type"),
        (["description"], "maxLength"),
        (["masters", 1], "format"),
        (["masters", 2], "format"),
        (["attributes", "a"], "type"),
        (["masters"], "maxItems"),
        (["project_id"], "readOnly"),
    ]
    assert all(reason["message"] in answer.json["message"] for reason in reasons)
    assert "['serial']" in reasons[0]["message"]
    assert list(zones.every(service.table, GROUP)) == []


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        pytest.param({"name": "a.org."}, "email", id="email"),
        pytest.param({"email": "j@a.org"}, "name", id="name"),
        pytest.param({"name": "a.org.", "type": "SECONDARY"}, "masters", id="masters"),
    ],
)
def test_a_missing_field_is_named(service, body, missing):
    answer = call(create_zone.handler, event("designate_create_zone", json=body))

    assert answer.json["errors"]["errors"] == [
        {
            "path": [missing],
            "message": f"'{missing}' is a required property",
            "validator": "required",
            "validator_value": missing,
        }
    ]


@pytest.mark.parametrize("ttl", ["300", 1.5, 3600.0, True, None, -1, 2**31, 10**30])
def test_a_ttl_is_an_integer_from_0_to_2_31(service, ttl):
    new = {"name": "a.org.", "email": "j@a.org", "ttl": ttl}

    answer = call(create_zone.handler, event("designate_create_zone", json=new))

    assert (answer.status, answer.json["errors"]["errors"][0]["path"]) == (400, ["ttl"])


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("example.org", id="no final dot"),
        pytest.param("*.example.org.", id="wildcard"),
        pytest.param("a..org.", id="empty label"),
        pytest.param("-a.org.", id="hyphen first"),
        pytest.param("a-.org.", id="hyphen last"),
        pytest.param(f"{'a' * 64}.org.", id="label of 64"),
        pytest.param(f"{'a.' * 126}org.", id="255 characters and more"),
        pytest.param("münchen.example.", id="unicode"),
        pytest.param("a.org.\n", id="line feed"),
        pytest.param(".", id="root"),
        pytest.param("", id="nothing"),
        pytest.param(5, id="number"),
        pytest.param(None, id="null"),
    ],
)
def test_a_zone_name_is_a_host_name_in_full(service, name):
    answer = call(create_zone.handler, event("designate_create_zone", json={"name": name, "email": "j@a.org"}))

    assert (answer.status, answer.json["errors"]["errors"][0]["path"]) == (400, ["name"])


def test_a_description_may_hold_160_characters_of_any_plane(service):
    new = {"name": "a.org.", "email": "j@a.org", "description": "\U0001f600" * 160}

    answer = call(create_zone.handler, event("designate_create_zone", json=new))

    assert (answer.status, answer.json["description"]) == (201, "\U0001f600" * 160)


def test_a_body_may_come_in_base64(service):
    sent = event("designate_create_zone")
    encoded = base64.b64encode(sent["body"].encode()).decode()

    assert call(create_zone.handler, sent | {"body": encoded, "isBase64Encoded": True}).status == 201


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        pytest.param({"x-auth-token": None}, "Authorization header not found", id="none"),
        pytest.param({"x-auth-token": ""}, "X-Auth-Token is not a valid token", id="empty"),
        pytest.param({"x-auth-token": TOKEN + "x"}, "X-Auth-Token is not a valid token", id="unknown"),
        pytest.param(
            {"x-auth-token": None, "authorization": "Basic x"}, "Authorization header could not be parsed", id="other"
        ),
    ],
)
def test_without_credentials_that_hold_it_is_a_401_whatever_the_body(service, headers, message):
    answer = call(create_zone.handler, event("designate_create_zone", headers=headers, body="{"))

    body = refused(answer, 401, "unauthorized", f"{UNAUTHORIZED} {message}")
    assert body["error"] == {"code": 401, "title": "Unauthorized", "message": f"{UNAUTHORIZED} {message}"}


def test_a_locked_users_token_opens_nothing(service):
    users.set_locked(service.table, "ok", locked=True)

    answer = call(create_zone.handler, event("designate_create_zone"))

    refused(answer, 401, "unauthorized", f"{UNAUTHORIZED} Account with username ok is locked")


def test_a_fault_of_ours_shows_its_request_id_and_nothing_else(service, monkeypatch, caplog):
    monkeypatch.setenv("TABLE_NAME", "no-such-table")

    answer = call(create_zone.handler, event("designate_create_zone"))

    refused(answer, 500, "unknown", "An internal error; the service's log has it under the request id")
    assert [record.message for record in caplog.records] == ["request failed", "request"]
    assert "AccessDeniedException" in caplog.text  # the role has another table
    assert TOKEN not in caplog.text


def test_a_request_is_one_line_of_the_log(service, caplog):
    call(create_zone.handler, event("designate_create_zone"))

    (record,) = caplog.records
    facts = {
        name: getattr(record, name) for name in ("levelname", "message", "request_id", "route", "user_id", "status")
    }
    assert facts == {
        "levelname": "INFO",
        "message": "request",
        "request_id": REQUEST_ID,
        "route": "POST /v2/zones",
        "user_id": "ok",
        "status": 201,
    }
    assert TOKEN not in str(vars(record))


@pytest.mark.parametrize("release", ["seed", "current"])
@pytest.mark.parametrize("schedule", [None, "refresh"])
def test_a_copy_whose_first_sync_cannot_be_started_is_created_with_its_failure(service, monkeypatch, release, schedule):
    monkeypatch.setenv("DESIGNATE_RELEASE", release)
    current.cache_clear()
    plain, logged = Workflow.start, []
    monkeypatch.setattr(log(), "exception", lambda *_, **about: logged.append(about["extra"]))

    def no_route(*_):
        raise OSError("no route to Step Functions")

    monkeypatch.setattr(Workflow, "start", no_route)
    body = SECONDARY | {"schedule": schedule}
    answer = call(create_zone.handler, event("designate_create_zone", json=body))

    zone = answer.json["zone"]
    shown = call(get_zone.handler, event("designate_get_zone", zone=zone["id"]))
    assert answer.status == (201 if release == "seed" else 202)
    assert (zone["status"], zone["action"]) == ("ERROR", "CREATE")
    assert (shown.json["zone"], shown.headers["etag"]) == (zone, answer.headers["etag"])
    (change,) = changes.listing(service.table, zone["id"], 9)
    assert (change.status, change.reason) == (ChangeStatus.FAILED, "the sync could not be started")
    assert logged == [{"zone_id": zone["id"], "sync_id": change.id}]
    assert (zones.get(service.table, zone["id"]).due is not None) == (schedule is not None)

    monkeypatch.setattr(Workflow, "start", plain)
    call(transfer_zone.handler, event("designate_transfer_zone", zone=zone["id"]))
    assert zones.get(service.table, zone["id"]).state is State.SYNCING


def test_a_creation_repeated_under_its_key_answers_again_for_a_zone_that_was_not_synced(service, monkeypatch):
    monkeypatch.setattr(Workflow, "start", lambda *_: 1 / 0)
    sent = event("designate_create_zone", json=SECONDARY, headers={"idempotency-key": "once"})

    first, again = call(create_zone.handler, sent), call(create_zone.handler, sent)

    assert (first.status, first.json["status"]) == (201, "ERROR")
    assert (again.status, again.json) == (first.status, first.json)


@pytest.mark.parametrize("encoded", [False, True])
def test_json_that_is_not_utf_8_is_refused_and_not_stored_as_something_else(service, encoded):
    octets = b'{"name": "utf.example.", "email": "a@example.org", "description": "caf\xe9"}'
    body = base64.b64encode(octets).decode() if encoded else octets.decode(errors="replace")

    answer = call(create_zone.handler, event("designate_create_zone", body=body, isBase64Encoded=encoded))

    assert (answer.status, answer.json["type"]) == (400, "invalid_json")
    assert answer.json["message"].endswith(": Request Body is not valid JSON")
    assert zones.named(service.table, "utf.example.") is None


def test_a_replacement_character_may_be_sent_as_an_escape(service):
    new = {"name": "utf.example.", "email": "a@example.org", "description": "\ufffd"}

    assert call(create_zone.handler, event("designate_create_zone", json=new)).json["description"] == "\ufffd"


@pytest.mark.parametrize("kind", ["application/json", "text/dns"])
@pytest.mark.parametrize(("encoding", "status"), [("gzip", 415), ("br, gzip", 415), ("Identity", 201), ("", 201)])
def test_a_compressed_body_is_refused(service, kind, encoding, status):
    text = "$ORIGIN plain.example.\n@ 1 SOA ns joe 1 2 3 4 5\n"
    body = text if kind == "text/dns" else '{"name": "plain.example.", "email": "a@example.org"}'
    headers = {"content-type": kind, "content-encoding": encoding}

    answer = call(create_zone.handler, event("designate_create_zone", headers=headers, body=body))

    assert answer.status == status
    if status == 415:
        assert answer.json["type"] == "unsupported_content_type"
        assert encoding in answer.json["message"]
