"""What a whole run leaves behind: no secret in any log line, item, object, execution or event.

It reads everything that the stack keeps, also what the tests before it left there.
"""

import base64
import json
import secrets
import uuid

import pytest
from primaries import Key, Small
from support.deployed import SMALL, address, outputs
from support.searching import forms, kept, texts


@pytest.fixture
def bus(aws):
    """A function that returns the events that came over the bus since the beginning of the test."""
    queues, events, name = aws("sqs"), aws("events"), f"seen-{uuid.uuid4().hex[:8]}"
    url = queues.create_queue(QueueName=name)["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [{"prefix": ""}]}))
    events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])

    def seen():
        found = []
        while got := queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for each in got:
                found.append(json.loads(each["Body"]))
                queues.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
        return found

    yield seen
    events.remove_targets(Rule=name, Ids=["queue"])
    events.delete_rule(Name=name)
    queues.delete_queue(QueueUrl=url)


def test_no_secret_is_kept_anywhere(api, service, aws, operator, vinyldns, name, bus):
    planted = {"token": service["ZONEWRIGHT_TOKEN"], "secret key": service["ZONEWRIGHT_SECRET_KEY"]}

    def plant(what):
        planted[what] = base64.b64encode(secrets.token_bytes(32)).decode()
        return planted[what]

    user = operator("user", "create", "--name", f"u-{name}", "--email", "u@example.org")
    planted["another secret key"] = user["secretKey"]
    key = Key(f"transfer.{name}", "hmac-sha256", plant("the zone's key"))
    with Small({name: SMALL}, keys=[key], require_key={name: key.name}) as server:
        zone = api.create(name, address(server))
        api.ended(zone["id"])
        new = {
            "name": key.name,
            "algorithm": key.algorithm,
            "secret": key.secret,
            "scope": "ZONE",
            "resource_id": zone["id"],
        }
        made = api.call("POST", "/v2/tsigkeys", new, Idempotency_Key=str(uuid.uuid4()))
        vinyldns().sync_zone(zone["id"])
        api.synced(zone["id"])
        changed = api.call("PATCH", f"/v2/tsigkeys/{made.body['id']}", {"secret": plant("its next secret")})
        api.sync(zone["id"])
        api.ended(zone["id"])
    refused = [
        api.call("POST", "/v2/tsigkeys", new | {"secret": plant("a secret beside a wrong field"), "algorithm": "x"}),
        api.call("POST", "/v2/tsigkeys", new | {"secret": plant("a wrong secret") + "!"}),
        api.call("POST", "/v2/tsigkeys", {"tsigkey": {"secret": plant("a secret in the wrong place")}}),
        api.call("POST", "/v2/tsigkeys", json.dumps(new | {"secret": plant("a secret in half a body")}).encode()[:-1]),
        api.call("GET", "/v2/zones", X_Auth_Token=plant("a token that nobody has")),
        api.call("POST", f"/v2/zones/{zone['id']}/tasks/xfr", new | {"secret": plant("a secret for nobody")}),
        api.call("GET", f"/zones/{zone['id']}", X_Auth_Token="", Authorization=f"Basic {plant('a password')}"),
    ]
    exported = api.call("POST", f"/v2/zones/{zone['id']}/tasks/export")

    assert (made.status, changed.status, exported.status) == (201, 200, 202)
    assert [each.status for each in refused] == [400, 400, 400, 400, 401, 202, 401]
    places = list(kept(aws, outputs(aws)))
    places += [("event", each) for each in bus()]
    wanted = {form: what for what, secret in planted.items() for form in forms(secret)}
    found = [
        (what, place, text[:200])
        for place, value in places
        for text in texts(value)
        for form, what in wanted.items()
        if form in text
    ]
    assert not found
    assert {place.split(" ")[0] for place, _ in places} == {"log", "item", "object", "execution", "history", "event"}


@pytest.mark.parametrize("packed", [lambda text: text, lambda text: json.dumps({"a": json.dumps([text])})])
def test_the_search_finds_what_is_packed(packed):
    import gzip
    import zlib

    secret = base64.b64encode(secrets.token_bytes(24)).decode()
    inner = packed(f"x {secret} y").encode()
    kinds = [
        inner,
        gzip.compress(inner),
        zlib.compress(inner),
        b"\x00\x00\x00\x09" + zlib.compress(inner),
        base64.b85encode(zlib.compress(inner)),
        base64.b64encode(gzip.compress(inner)),
        json.dumps({"S": base64.b85encode(zlib.compress(inner)).decode()}).encode(),
    ]

    for each in kinds:
        assert any(form in text for text in texts({"B": [each]}) for form in forms(secret)), each
