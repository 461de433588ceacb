"""Imports and links of a caller that was revoked meanwhile."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from support.calls import TOKEN, call, event
from support.imports import UNKNOWN, post, seed
from support.logins import credential, headers, later, make_credential
from support.logins import token as by_token
from support.places import EVENTS
from zonewright.actions import exports
from zonewright.model import tokens
from zonewright.model.zonetask import TaskKind
from zonewright.store import credentials, keys, users
from zonewright.store import tokens as token_store
from zonewright.store.table import Update
from zonewright.store.zonetasks import get

from functions.designate import create_zone, get_zone
from functions.edge import import_upload


def begin(service, sent):
    """Begin an import with some headers, and upload its file. Return its id."""
    answer = post("{}", "application/json", **sent)
    assert answer.status == 202, answer.body
    service.bucket.put(f"imports/{answer.json['id']}", seed().encode())
    return answer.json["id"]


def arrive(service, task_id):
    """Tell that the file is there. Return the task as it ended."""
    key = f"imports/{task_id}"
    tag = service.bucket.client.head_object(Bucket=service.bucket.name, Key=key)["ETag"].strip('"')
    told = json.loads((EVENTS / "edge_import_upload.json").read_text().replace(UNKNOWN, task_id))
    told["detail"]["object"] |= {"etag": tag}
    import_upload.handler(told, None)
    return get(service.table, TaskKind.IMPORT, task_id)


REVOKED = {
    "token": lambda service, sent: token_store.delete(service.table, tokens.digest(sent["x-auth-token"])),
    "credential": lambda service, _: credentials.delete(service.table, credentials.get(service.table, "ci")),
    "user locked": lambda service, _: users.set_locked(service.table, "ok", locked=True),
    "no member": lambda service, _: service.table.write(Update(keys.user("ok"), set={"group_ids": []})),
}


@pytest.mark.parametrize("what", REVOKED)
def test_an_import_dies_with_the_right_of_its_caller(service, what):
    make_credential(service)
    sent = headers(credential())
    task_id = begin(service, sent)

    REVOKED[what](service, sent)
    task = arrive(service, task_id)

    assert (task.status, task.zone_id) == ("ERROR", None)
    assert "before the file came" in task.message
    assert (task.token, task.slot) == (None, None)


def test_an_import_dies_with_the_api_token_that_bought_its_token(service):
    task_id = begin(service, headers(by_token(TOKEN)))

    token_store.delete(service.table, tokens.digest(TOKEN))

    assert arrive(service, task_id).status == "ERROR"


def test_the_end_of_a_token_by_time_alone_ends_no_import(service):
    first, second = begin(service, headers()), begin(service, headers())
    later(service, hours=2)
    item = get(service.table, TaskKind.IMPORT, second)
    token_store.delete(service.table, item.token)  # as DynamoDB does, some time later

    assert arrive(service, first).status == "COMPLETE"
    assert "duplicate" in arrive(service, second).message.lower()


def test_a_link_to_a_text_ends_with_the_token_of_its_caller(service, monkeypatch):
    monkeypatch.setattr(exports, "INLINE_BYTES", 10)
    zone = call(create_zone.handler, event("designate_create_zone")).json
    sent = headers()

    def seconds(passed):
        later(service, seconds=passed)
        asked = event("designate_get_zone", zone=zone["id"], headers={**sent, "accept": "text/dns"})
        answer = call(get_zone.handler, asked)
        assert answer.status == 303
        return int(parse_qs(urlsplit(answer.headers["location"]).query)["X-Amz-Expires"][0])

    assert (seconds(0), seconds(3500)) == (300, 99)
