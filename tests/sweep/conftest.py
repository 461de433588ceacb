import pytest
from support.sweeping import SHARDS, World, dated
from zonewright.store import keys


@pytest.fixture(autouse=True)
def few_lists(monkeypatch):
    """Fewer lists than in earnest: the tests sweep a thousand times."""
    monkeypatch.setattr(keys, "LEFTOVER_SHARDS", SHARDS)


@pytest.fixture
def world(table, bucket):
    made = World(table, bucket)
    with dated(made):
        made.create()
        yield made
