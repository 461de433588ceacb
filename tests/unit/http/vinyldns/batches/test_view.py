import json
from dataclasses import replace
from datetime import UTC, datetime

from zonewright.http.vinyldns.batches import view
from zonewright.model.batches.batch import Approval, Asked, Batch, Change, ChangeType, Status
from zonewright.model.batches.outcome import Judged
from zonewright.model.batches.problems import Kind, problem
from zonewright.protocol.fields import Record
from zonewright.protocol.types import MX

NOW = datetime(2026, 1, 15, 12, 34, 56, 275934, tzinfo=UTC)
ADD = Asked(ChangeType.ADD, "a.ok.", "MX", Record(MX, {"preference": 1, "exchange": "m.ok."}))
DELETE = Asked(ChangeType.DELETE, "b.ok.", "A", ttl=300)
NO_ZONE = problem(Kind.NO_ZONE, name="b.ok.")
GOOD = Change("c1", ADD, Status.PENDING, 7200, "z1", "ok.", "a", message="m", record_change_id="rc", record_set_id="rs")
WAITING = Change("c2", DELETE, Status.NEEDS_REVIEW, problems=(NO_ZONE,))
BATCH = Batch("b1", "u1", "ada", NOW, (GOOD, WAITING), Approval.PENDING_REVIEW)


def test_a_batch_has_its_changes_and_leaves_out_what_it_has_not():
    answer = view.accepted(BATCH)

    assert answer.status == 202
    assert json.loads(answer.body) == {
        "userId": "u1",
        "userName": "ada",
        "createdTimestamp": "2026-01-15T12:34:56Z",
        "changes": [
            {
                "changeType": "Add",
                "inputName": "a.ok.",
                "type": "MX",
                "ttl": 7200,
                "record": {"preference": 1, "exchange": "m.ok."},
                "status": "Pending",
                "recordName": "a",
                "zoneName": "ok.",
                "zoneId": "z1",
                "systemMessage": "m",
                "recordChangeId": "rc",
                "recordSetId": "rs",
                "validationErrors": [],
                "id": "c1",
            },
            {
                "changeType": "DeleteRecordSet",
                "inputName": "b.ok.",
                "type": "A",
                "status": "NeedsReview",
                "recordName": "",
                "zoneName": "",
                "zoneId": "",
                "validationErrors": [{"errorType": "ZoneDiscoveryError", "message": NO_ZONE.message}],
                "id": "c2",
            },
        ],
        "status": "PendingReview",
        "approvalStatus": "PendingReview",
        "id": "b1",
    }


def test_a_reviewed_batch_says_who_reviewed_it_and_when():
    reviewed = replace(
        BATCH,
        approval=Approval.MANUALLY_REJECTED,
        comments="why",
        owner_group_id="g1",
        reviewer_id="u2",
        review_comment="no",
        reviewed=NOW,
        scheduled=NOW,
        cancelled=NOW,
    )

    fields = view.batch_fields(reviewed)

    assert {name: fields[name] for name in fields if name not in ("changes", "userId", "userName", "id")} == {
        "comments": "why",
        "createdTimestamp": "2026-01-15T12:34:56Z",
        "status": "Rejected",
        "approvalStatus": "ManuallyRejected",
        "ownerGroupId": "g1",
        "reviewerId": "u2",
        "reviewComment": "no",
        "reviewTimestamp": "2026-01-15T12:34:56Z",
        "scheduledTime": "2026-01-15T12:34:56Z",
        "cancelledTimestamp": "2026-01-15T12:34:56Z",
    }


def test_a_refusal_has_every_change_as_it_was_asked_for_in_order():
    answer = view.refused([Judged(ADD, (), ttl=7200), Judged(DELETE, (NO_ZONE,))])

    assert answer.status == 400
    assert json.loads(answer.body) == [
        {
            "changeType": "Add",
            "inputName": "a.ok.",
            "type": "MX",
            "record": {"preference": 1, "exchange": "m.ok."},
        },
        {"changeType": "DeleteRecordSet", "inputName": "b.ok.", "type": "A", "errors": [NO_ZONE.message]},
    ]
