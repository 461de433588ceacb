"""The lines of functions that share a log group say which function they are of."""

import json

import pytest
from zonewright.log import log


@pytest.fixture(autouse=True)
def fresh(request, monkeypatch):
    """A log that is made anew, for it is configured once for each service."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", request.node.name)
    log.cache_clear()
    yield
    log.cache_clear()


def test_a_line_names_its_function(monkeypatch, capsys):
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "zonewright-SyncPlan-1A2B")

    log().info("task done", extra={"zone_id": "z"})

    line = json.loads(capsys.readouterr().out)
    assert (line["function_name"], line["message"], line["zone_id"]) == ("zonewright-SyncPlan-1A2B", "task done", "z")


def test_a_line_outside_of_lambda_names_none(monkeypatch, capsys):
    monkeypatch.delenv("AWS_LAMBDA_FUNCTION_NAME", raising=False)

    log().warning("by hand")

    assert "function_name" not in json.loads(capsys.readouterr().out)
