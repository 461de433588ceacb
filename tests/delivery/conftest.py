"""A zone service in one process that pushes: AWS by moto, the real handler, and name servers on loopback."""

import threading

import pytest
from moto.core.botocore_stubber import BotocoreStubber
from support.queueing import Queueing
from zonewright.model.settings import Settings


@pytest.fixture
def settings(request):
    """The settings of the service. A test may have more."""
    more = getattr(request, "param", {})
    return {"transfer_networks": ("127.0.0.0/8",), "transfer_ports": "1024-65535", "deliverer": "deliver"} | more


@pytest.fixture
def service(table, bucket, vault, settings, monkeypatch):
    """The service, with the table, the bucket and the vault of moto."""
    pushing = Queueing(Settings(table=table.name, bucket=bucket.name, kms_key=vault.key_id, **settings))
    pushing.table, pushing.bucket, pushing.vault = table, bucket, vault
    monkeypatch.setattr("zonewright.background.current", lambda: pushing)
    return pushing


@pytest.fixture
def one_call_at_a_time(monkeypatch):
    """Let moto answer one call after the other. It copies its tables without a lock."""
    lock, plain = threading.RLock(), BotocoreStubber.process_request

    def locked(*arguments):
        with lock:
            return plain(*arguments)

    monkeypatch.setattr(BotocoreStubber, "process_request", locked)
