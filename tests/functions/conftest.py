"""A service with two tenants, at a fixed time."""

import os
import threading
from types import SimpleNamespace

import botocore.client
import pytest
from support.calls import GROUP, NOW, STRANGERS_GROUP, STRANGERS_TOKEN, TOKEN
from zonewright.model import tokens
from zonewright.model.settings import Settings
from zonewright.model.tokens import Token
from zonewright.model.users import Group, User
from zonewright.service import Service
from zonewright.store import groups, users
from zonewright.store import tokens as token_store
from zonewright.store.vault import Purpose

_items = []
"""The stored items of the two tenants, after the first test has made them."""


def _write_tenants(table, vault):
    if _items:
        requests = [{"PutRequest": {"Item": item}} for item in _items]
        table.client.batch_write_item(RequestItems={table.name: requests})
        return
    for name, group_id, token in (("ok", GROUP, TOKEN), ("stranger", STRANGERS_GROUP, STRANGERS_TOKEN)):
        groups.create(table, Group(group_id, f"{name}-group", f"{name}@example.org", NOW))
        secret = vault.seal(f"{name}SecretKey", name, Purpose.USER)
        users.create(table, User(name, name, f"{name}AccessKey", secret, NOW, group_ids=(group_id,)))
        token_store.create(table, Token(tokens.digest(token), name, group_id, NOW))
    _items.extend(table.client.scan(TableName=table.name)["Items"])


@pytest.fixture
def service(table, bucket, vault, workflow, monkeypatch):
    """A service with the users `ok` and `stranger`, a group for each, and their tokens."""
    clock = SimpleNamespace(now=NOW)
    monkeypatch.setattr(Service, "now", lambda _: clock.now)
    _write_tenants(table, vault)
    service = Service(Settings.from_environment(os.environ))  # not `current()`, because a test may change that
    service.clock = clock
    return service


@pytest.fixture
def in_turn(service, monkeypatch):
    """Serialize the AWS calls of racing threads, because moto does not isolate transactions."""
    plain, turn = botocore.client.BaseClient._make_api_call, threading.Lock()  # noqa: SLF001 - moto intercepts calls here

    def call(client, *arguments):
        with turn:
            return plain(client, *arguments)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", call)


class Reads:
    """Counts of reads from the table: single items, queries, items returned by queries, and batches."""

    def clear(self):
        self.gets = self.queries = self.items = self.batches = 0


@pytest.fixture
def reads(service):
    """The counts of this test's reads."""
    counted = Reads()
    counted.clear()

    def count(parsed, model, **_):
        counted.gets += model.name == "GetItem"
        counted.queries += model.name == "Query"
        counted.batches += model.name == "BatchGetItem"
        counted.items += len(parsed.get("Items", []))

    events = service.table.client.meta.events
    events.register("after-call.dynamodb", count)
    yield counted
    events.unregister("after-call.dynamodb", count)
