"""Calls of AWS that are accepted and never answered: they end before the function that made them."""

import os
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ReadTimeoutError
from support.places import ROOT
from zonewright.model.order import Order
from zonewright.model.settings import Settings
from zonewright.service import Service
from zonewright.store.table import Put
from zonewright.store.vault import Purpose

TEMPLATE = (ROOT / "template.yaml").read_text()
SHORTEST = min(int(seconds) for seconds in re.findall(r"^ +Timeout: (\d+)", TEMPLATE, re.MULTILINE))
"""Seconds that a function has at least."""

MARGIN = 4
"""Seconds that a function needs to answer for the call that failed."""

CALLS = {
    "read an item": lambda service: service.table.get({"pk": "a", "sk": "b"}),
    "write items": lambda service: service.table.write(Put({"pk": "a", "sk": "b"})),
    "read an object": lambda service: service.bucket.get("a"),
    "write an object": lambda service: service.bucket.put("a", b"b"),
    "start a sync": lambda service: service.workflow.start(Order("a", "b", "2026-01-15T12:34:56.000000Z")),
    "seal a secret": lambda service: service.vault.seal("a", "b", Purpose.USER),
}


@pytest.fixture
def silent(monkeypatch):
    """An endpoint of AWS that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.getsockname()[1]}")
        yield


def test_every_call_that_hangs_ends_before_its_function(silent):
    def seconds(call):
        began = time.monotonic()
        with pytest.raises(ReadTimeoutError):
            call(service)
        return time.monotonic() - began

    service = Service(Settings.from_environment(os.environ))
    with ThreadPoolExecutor(len(CALLS)) as pool:
        took = dict(zip(CALLS, pool.map(seconds, CALLS.values()), strict=True))

    assert SHORTEST == 29
    assert {name: time for name, time in took.items() if time > SHORTEST - MARGIN} == {}
