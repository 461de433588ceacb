"""A zone service in one process: AWS by moto, the real state machine and handlers, and primaries on loopback."""

import pytest
from primaries import Hostile
from support.service import Driven
from support.texts import FIRST, ZONE
from zonewright.model.settings import Settings


@pytest.fixture
def settings():
    """The settings of the service: primaries on loopback, no delay between syncs, and short timeouts in seconds."""
    return {
        "transfer_networks": ("127.0.0.0/8",),
        "transfer_ports": "1024-65535",
        "sync_delay": 0,
        "idle_timeout": 1,
        "transfer_timeout": 20,
    }


@pytest.fixture
def service(table, bucket, vault, settings, monkeypatch):
    """The service, with the table, the bucket and the vault of moto."""
    driven = Driven(Settings(table=table.name, bucket=bucket.name, kms_key=vault.key_id, **settings))
    driven.table, driven.bucket, driven.vault = table, bucket, vault
    monkeypatch.setattr("zonewright.background.current", lambda: driven)
    return driven


@pytest.fixture
def server():
    """A primary that serves the zone, and can misbehave."""
    with Hostile({ZONE: FIRST}) as server:
        yield server


@pytest.fixture(params=["inline", "staged", "many"])
def path(request, settings):
    """Each path through the state machine: one function, batches and maps, or maps of executions."""
    if request.param != "inline":
        settings |= {"inline_bytes": 0, "batch_bytes": 100, "chunk_bytes": 100}
    if request.param == "many":
        settings |= {"inline_map_items": 0}
    return request.param
