"""A zone service for the tests of the sweeper."""

import pytest
from support.sweeping import SHARDS, World, dated
from zonewright.store import keys


@pytest.fixture(autouse=True)
def few_lists(monkeypatch):
    """Use fewer lists of leftovers than the service, because the tests sweep a thousand times."""
    monkeypatch.setattr(keys, "LEFTOVER_SHARDS", SHARDS)


@pytest.fixture
def world(table, bucket):
    """A world with one zone. Objects are as old as its clock says."""
    made = World(table, bucket)
    with dated(made):
        made.create()
        yield made
