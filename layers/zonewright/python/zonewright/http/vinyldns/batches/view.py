"""Render batch changes in the VinylDNS API (contract `vinyldns-writes.md`, sections 13 and 15)."""

from collections.abc import Iterable
from typing import Any

from zonewright.http.message import Response
from zonewright.http.vinyldns.dialect import present, time
from zonewright.model.batches.batch import Asked, Batch, Change
from zonewright.model.batches.outcome import Judged


def accepted(batch: Batch) -> Response:
    """Return a batch that was taken or approved."""
    return Response.json(202, batch_fields(batch))


def refused(changes: Iterable[Judged]) -> Response:
    """Return all changes of a batch as they were asked for, with what is wrong with some."""
    return Response.json(400, [_refused(each) for each in changes])


def batch_fields(batch: Batch) -> dict[str, Any]:
    """Return the fields of a batch."""
    fields = {
        "userId": batch.user_id,
        "userName": batch.user_name,
        "comments": batch.comments,
        "createdTimestamp": time(batch.created),
        "changes": [change_fields(each) for each in batch.changes],
        "status": batch.status,
        "approvalStatus": batch.approval,
        "id": batch.id,
        "ownerGroupId": batch.owner_group_id,
        "reviewerId": batch.reviewer_id,
        "reviewComment": batch.review_comment,
        "reviewTimestamp": time(batch.reviewed),
        "scheduledTime": time(batch.scheduled),
        "cancelledTimestamp": time(batch.cancelled),
    }
    return dict(present(fields))


def change_fields(change: Change) -> dict[str, Any]:
    """Return the fields of a change of a stored batch."""
    fields = {
        **_asked(change.asked),
        "ttl": change.ttl,
        "status": change.status,
        "recordName": change.record_name,
        "zoneName": change.zone_name,
        "zoneId": change.zone_id,
        "systemMessage": change.message,
        "recordChangeId": change.record_change_id,
        "recordSetId": change.record_set_id,
        "validationErrors": [{"errorType": each.kind, "message": each.message} for each in change.problems],
        "id": change.id,
    }
    return dict(present(fields))


def _refused(judged: Judged) -> dict[str, Any]:
    errors = [each.message for each in judged.problems]
    return dict(present({**_asked(judged.asked), "errors": errors or None}))


def _asked(asked: Asked) -> dict[str, Any]:
    return {
        "changeType": asked.type,
        "inputName": asked.name,
        "type": asked.record_type,
        "ttl": asked.ttl if asked.adds else None,
        "record": dict(asked.record.values) if asked.record else None,
    }
