from dataclasses import replace
from datetime import UTC, datetime

import pytest
from zonewright.model.batches.batch import Approval, Asked, Batch, BatchStatus, Change, ChangeType, Status

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
BATCH = Batch("b1", "u1", "ada", NOW, (), Approval.AUTO_APPROVED)
CHANGE = Change("c1", Asked(ChangeType.DELETE, "a.ok.", "A"))


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ("Pending Complete Failed", BatchStatus.PENDING_PROCESSING),
        ("Failed Failed", BatchStatus.FAILED),
        ("Failed Complete", BatchStatus.PARTIAL_FAILURE),
        ("Complete Complete", BatchStatus.COMPLETE),
    ],
)
@pytest.mark.parametrize("approval", [Approval.AUTO_APPROVED, Approval.MANUALLY_APPROVED])
def test_a_batch_that_runs_is_as_far_as_its_changes(approval, statuses, expected):
    changes = tuple(replace(CHANGE, status=Status(each)) for each in statuses.split())

    assert replace(BATCH, approval=approval, changes=changes).status is expected


@pytest.mark.parametrize(
    ("approval", "scheduled", "expected"),
    [
        (Approval.PENDING_REVIEW, None, BatchStatus.PENDING_REVIEW),
        (Approval.PENDING_REVIEW, NOW, BatchStatus.SCHEDULED),
        (Approval.MANUALLY_REJECTED, NOW, BatchStatus.REJECTED),
        (Approval.CANCELLED, None, BatchStatus.CANCELLED),
    ],
)
def test_a_batch_that_waits_or_was_refused_says_so(approval, scheduled, expected):
    assert replace(BATCH, approval=approval, scheduled=scheduled, changes=(CHANGE,)).status is expected
