"""What the stream of the table says: which syncs begin, finish and fail."""

import copy

import pytest
from support.calls import CONTEXT, sample
from support.metrics import counts, recorded
from zonewright import errors
from zonewright.errors import TaskFault
from zonewright.store.table import encode_item
from zonewright.sync import news

from functions.sync import changed

SEEN = {"service": "zonewright"}


@pytest.fixture(autouse=True)
def _service(service):
    """The service that the handler finds."""


def ended(**changes):
    """The sample, a sync that ended, with other attributes; None takes one away."""
    event = sample("sync_changed")
    (record,) = event["Records"]
    image = record["dynamodb"]["NewImage"]
    for name, value in changes.items():
        image.pop(name, None)
        if value is not None:
            image |= encode_item({name: value})
    return event


def begun():
    """A sync that begins: its change comes into the table."""
    event = sample("sync_changed")
    (record,) = event["Records"]
    record["dynamodb"]["NewImage"] = record["dynamodb"].pop("OldImage")
    return event


def told(event, capsys):
    assert changed.handler(event, CONTEXT) == {"batchItemFailures": []}
    return counts(capsys)


def test_a_sync_that_begins_counts(capsys):
    assert told(begun(), capsys) == {"SyncsBegun": 1}


def test_a_sync_that_finishes_counts_with_its_time_and_its_records(capsys):
    assert told(ended(), capsys) == {"SyncsFinished": 1, "SyncSeconds": 2.5, "SyncRecords": 57}


def test_a_refusal_of_a_primary_counts_by_its_name_and_is_no_fault(capsys):
    event = ended(status="Failed", reason="192.0.2.53: the primary answered REFUSED", error="TransferRefused")

    assert told(event, capsys) == {"SyncsFailed": 1, ("SyncsFailed", "TransferRefused"): 1}


@pytest.mark.parametrize("error", ["TaskFault", "States.Timeout", "Lambda.Unknown", "LeaseLapsed", "ZoneBusy", None])
def test_a_fault_of_the_service_counts_as_one_too(error, capsys):
    event = ended(status="Failed", reason="broken", error=error)

    assert told(event, capsys) == {"SyncsFailed": 1, ("SyncsFailed", error or "Unknown"): 1, "SyncFaults": 1}


@pytest.mark.parametrize("error", ["SyncLost", "ExecutionAborted"])
def test_a_sync_that_nobody_wants_any_more_is_no_fault(error, capsys):
    assert "SyncFaults" not in told(ended(status="Failed", reason="lost", error=error), capsys)


def test_every_error_of_a_primary_is_no_fault():
    kinds = errors.TransferError.__subclasses__()

    assert len(kinds) > 10
    assert not [kind for kind in kinds if news.is_fault(kind.__name__)]


def test_a_batch_is_one_line_for_each_kind_of_numbers(capsys):
    batch = {"Records": [copy.deepcopy(each) for _ in range(3) for each in ended()["Records"] + begun()["Records"]]}

    changed.handler(batch, CONTEXT)

    lines = recorded(capsys)
    assert [sets for _, sets in lines] == [[SEEN], [SEEN]]
    assert lines[0][0] == {"SyncsBegun": ([3.0], "Count")}
    assert lines[1][0]["SyncSeconds"] == ([2.5, 2.5, 2.5], "Seconds")


@pytest.mark.parametrize("sk", ["DRYRUN#03f1ee91-9053-4346-8b53-e0f6042600f2", "DRYRUN"])
def test_other_items_do_not_count(sk, capsys):
    event = ended(sk=sk)
    event["Records"][0]["dynamodb"]["OldImage"]["sk"] = {"S": sk}

    assert told(event, capsys) == {}


def test_a_change_that_ended_before_does_not_count_again(capsys):
    event = ended()
    record = event["Records"][0]["dynamodb"]
    record["OldImage"] = record["NewImage"]

    assert told(event, capsys) == {}


def test_an_entry_of_the_history_that_is_deleted_does_not_count(capsys):
    event = ended()
    del event["Records"][0]["dynamodb"]["NewImage"]

    assert told(event, capsys) == {}


def test_a_record_that_cannot_be_read_is_a_fault(caplog):
    with pytest.raises(TaskFault, match="an internal error, logged under request request-7"):
        changed.handler(ended(status=None), CONTEXT)

    assert [line.message for line in caplog.records] == ["stream fault"]
