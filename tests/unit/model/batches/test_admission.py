from datetime import UTC, datetime, timedelta

import pytest
from zonewright.errors import BatchRefused, FieldsRefused
from zonewright.model.batches import admission
from zonewright.model.batches.admission import NewBatch
from zonewright.model.batches.batch import Asked, ChangeType
from zonewright.model.batches.outcome import Outcome
from zonewright.model.choices import Choices
from zonewright.model.users import Caller

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
ADA = Caller("u1", "ada", frozenset({"mine"}))
ROOT = Caller("u2", "root", is_super=True)
CHANGE = Asked(ChangeType.DELETE, "a.ok.", "A")
EMPTY = "Batch change contained no changes. Batch change must have at least one change, up to a maximum of 2 changes."
UNKNOWN = 'Group with ID "g" was not found'
NOT_MINE = 'User "ada" must be a member of group "g" to apply this group to batch changes.'


def check(new, *, caller=ADA, known=True, **chosen):
    admission.check(new, Choices(batch_changes=2, **chosen), caller=caller, known=known, now=NOW)


@pytest.mark.parametrize(
    ("number", "group", "known", "caller", "expected"),
    [
        (0, None, True, ADA, [EMPTY]),
        (3, None, True, ADA, ["Cannot request more than 2 changes in a single batch change request"]),
        (1, "g", False, ADA, [UNKNOWN]),
        (1, "g", False, ROOT, [UNKNOWN]),
        (1, "g", True, ADA, [NOT_MINE]),
        (0, "g", True, ADA, [EMPTY, NOT_MINE]),
    ],
)
def test_number_and_owner_group_are_refused_together(number, group, known, caller, expected):
    with pytest.raises(FieldsRefused) as caught:
        check(NewBatch((CHANGE,) * number, owner_group_id=group), known=known, caller=caller)

    assert [each.message for each in caught.value.reasons] == expected


@pytest.mark.parametrize(("number", "group", "caller"), [(1, None, ADA), (2, "mine", ADA), (2, "g", ROOT)])
def test_a_usual_batch_is_taken(number, group, caller):
    check(NewBatch((CHANGE,) * number, owner_group_id=group, scheduled=NOW + timedelta(seconds=1)), caller=caller)


@pytest.mark.parametrize(
    ("scheduled", "allowed", "expected"),
    [
        (NOW, True, "Scheduled time must be in the future."),
        (NOW - timedelta(days=1), False, "Scheduled time must be in the future."),
        (
            NOW + timedelta(days=1),
            False,
            "Cannot create a scheduled change, as it is currently disabled on this VinylDNS instance.",
        ),
    ],
)
def test_a_schedule_is_in_the_future_and_allowed(scheduled, allowed, expected):
    with pytest.raises(BatchRefused) as caught:
        check(NewBatch((CHANGE,), scheduled=scheduled), scheduled_changes=allowed)

    assert caught.value.why == expected


def test_a_review_needs_an_owner_group():
    for outcome in (Outcome.RUNS, Outcome.WAITS, Outcome.REFUSED):
        admission.check_outcome(outcome)
    with pytest.raises(BatchRefused, match=r"Batch change requires owner group for manual review\."):
        admission.check_outcome(Outcome.LACKS_OWNER_GROUP)
