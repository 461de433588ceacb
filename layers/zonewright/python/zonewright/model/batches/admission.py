"""What a batch change must be before its changes are looked at (contract `vinyldns-writes.md`, section 11)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from zonewright.errors import BatchRefused, FieldsRefused, Reason
from zonewright.model.batches.batch import Asked
from zonewright.model.batches.outcome import Outcome
from zonewright.model.choices import Choices
from zonewright.model.users import Caller

NEEDS_OWNER_GROUP = "Batch change requires owner group for manual review."
IN_THE_PAST = "Scheduled time must be in the future."
UNSCHEDULED = "Cannot create a scheduled change, as it is currently disabled on this VinylDNS instance."


@dataclass(frozen=True, slots=True)
class NewBatch:
    """A batch change to create. The reader of the request has checked its fields."""

    changes: tuple[Asked, ...]
    comments: str | None = None
    owner_group_id: str | None = None
    scheduled: datetime | None = None


def check(new: NewBatch, choices: Choices, *, caller: Caller, known: bool, now: datetime) -> None:
    """Raise FieldsRefused or BatchRefused if a batch is not taken. `known` is whether its owner group exists."""
    wrong = [*_of_number(len(new.changes), choices.batch_changes), *_of_group(new.owner_group_id, caller, known=known)]
    if wrong:
        raise FieldsRefused(reasons=[Reason(message) for message in wrong])
    if new.scheduled is None:
        return
    if new.scheduled <= now:
        raise BatchRefused(IN_THE_PAST)
    if not choices.scheduled_changes:
        raise BatchRefused(UNSCHEDULED)


def check_outcome(outcome: Outcome) -> None:
    """Raise BatchRefused for a batch that needs a review, and nobody to own what it makes."""
    if outcome is Outcome.LACKS_OWNER_GROUP:
        raise BatchRefused(NEEDS_OWNER_GROUP)


def _of_number(number: int, most: int) -> Iterator[str]:
    if not number:
        yield (
            "Batch change contained no changes. Batch change must have at least one change, up to a maximum of "
            f"{most} changes."
        )
    if number > most:
        yield f"Cannot request more than {most} changes in a single batch change request"


def _of_group(group_id: str | None, caller: Caller, *, known: bool) -> Iterator[str]:
    if group_id is None:
        return
    if not known:
        yield f'Group with ID "{group_id}" was not found'
    elif not caller.administers(group_id):
        yield (
            f'User "{caller.user_name}" must be a member of group "{group_id}" to apply this group to batch changes.'
        )
