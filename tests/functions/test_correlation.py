"""One correlation id, from the request through every state of the sync that it begins."""

import json

import pytest
from support.calls import CONTEXT, REQUEST_ID, call, event, sample
from zonewright.log import correlation, log
from zonewright.model.order import Order
from zonewright.store import zones
from zonewright.sync import steps

from functions.designate import create_zone
from functions.sync import transfer

BODY = {"name": "copied.example.", "type": "SECONDARY", "masters": ["192.0.2.53"]}


@pytest.fixture
def order(service):
    """The order of the first sync of a zone, as its execution gets it."""
    call(create_zone.handler, event("designate_create_zone", json=BODY))
    states, arn = service.workflow.client, service.workflow.arn
    (execution,) = states.list_executions(stateMachineArn=arn)["executions"]
    return json.loads(states.describe_execution(executionArn=execution["executionArn"])["input"])


def test_an_order_has_the_id_of_its_request(order):
    assert order["order"]["correlation"] == REQUEST_ID


def test_the_zone_keeps_the_id_until_an_execution_takes_it_up(service, order):
    zone = zones.get(service.table, order["order"]["zone_id"])

    assert zone.order == Order(**order["order"])


def test_the_lines_of_a_state_have_the_id(order, monkeypatch):
    seen = []
    monkeypatch.setattr(steps, "transfer", lambda *_: seen.append(correlation()))

    transfer.handler(order, CONTEXT)

    assert seen == [REQUEST_ID]


def test_an_order_of_an_earlier_release_has_the_id_of_its_sync(service, monkeypatch):
    sent, seen = sample("sync_transfer"), []
    assert "correlation" not in sent["order"]
    monkeypatch.setattr(steps, "transfer", lambda *_: seen.append(correlation()))

    transfer.handler(sent, CONTEXT)

    assert seen == [sent["order"]["sync_id"]]


def test_a_line_shows_the_id(capsys, monkeypatch):
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "correlated")
    log.cache_clear()
    try:
        log().set_correlation_id("r-1")
        log().info("request")
    finally:
        log.cache_clear()

    assert json.loads(capsys.readouterr().out)["correlation_id"] == "r-1"
