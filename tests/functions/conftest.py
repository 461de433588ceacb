"""A service with two tenants, at a moment that stands still."""

import os
import threading
from types import SimpleNamespace

import botocore.client
import pytest
from support.calls import GROUP, NOW, STRANGERS_GROUP, STRANGERS_TOKEN, TOKEN
from zonewright.model import tokens
from zonewright.model.settings import Settings
from zonewright.model.users import Group, Token, User
from zonewright.service import Service
from zonewright.store import users

_items = []
"""What is stored of the two users, once the first test has made them."""


def _write_tenants(table, vault):
    if _items:
        requests = [{"PutRequest": {"Item": item}} for item in _items]
        table.client.batch_write_item(RequestItems={table.name: requests})
        return
    for name, group_id, token in (("ok", GROUP, TOKEN), ("stranger", STRANGERS_GROUP, STRANGERS_TOKEN)):
        users.create_group(table, Group(group_id, f"{name}-group", f"{name}@example.org", NOW))
        secret = vault.seal(f"{name}SecretKey", name)
        users.create(table, User(name, name, f"{name}AccessKey", secret, NOW, group_ids=(group_id,)))
        users.create_token(table, Token(tokens.digest(token), name, group_id, NOW))
    _items.extend(table.client.scan(TableName=table.name)["Items"])


@pytest.fixture
def service(table, bucket, vault, workflow, monkeypatch):
    """Two users in a group each, `ok` and `stranger`, and the tokens of both."""
    clock = SimpleNamespace(now=NOW)
    monkeypatch.setattr(Service, "now", lambda _: clock.now)
    _write_tenants(table, vault)
    service = Service(Settings.from_environment(os.environ))  # not `current()`, which a test may change
    service.clock = clock
    return service


@pytest.fixture
def in_turn(service, monkeypatch):
    """Let threads race for the fake of AWS one call after the other: it keeps no two transactions apart."""
    plain, turn = botocore.client.BaseClient._make_api_call, threading.Lock()  # noqa: SLF001 - moto's own entrance

    def call(client, *arguments):
        with turn:
            return plain(client, *arguments)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", call)


class Reads:
    """What has been read of the table: single items, queries, and the items those brought."""

    def clear(self):
        self.gets = self.queries = self.items = 0


@pytest.fixture
def reads(service):
    """Counts the reads of every client."""
    counted = Reads()
    counted.clear()

    def count(parsed, model, **_):
        counted.gets += model.name == "GetItem"
        counted.queries += model.name == "Query"
        counted.items += len(parsed.get("Items", []))

    events = service.table.client.meta.events
    events.register("after-call.dynamodb", count)
    yield counted
    events.unregister("after-call.dynamodb", count)
