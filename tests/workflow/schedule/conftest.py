"""A zone service for the tests of the dispatcher, which uses threads."""

import copy
from types import SimpleNamespace

import pytest
from moto.dynamodb import models
from support.dispatching import OneAtATime
from zonewright.store.table import Table


@pytest.fixture
def service(service):
    """The service, with a table that threads may share."""
    service.table = Table(OneAtATime(service.table.client), service.table.name)
    return service


@pytest.fixture
def many_items(monkeypatch):
    """Let moto keep no copy of the table during a transaction, which is slow for many items.

    The copy serves a rollback. A transaction of one write needs none.
    """

    def copied(thing):
        return thing if isinstance(thing, models.Table) else copy.deepcopy(thing)

    monkeypatch.setattr(models, "copy", SimpleNamespace(deepcopy=copied))
