"""Slots: how many things of one kind a project may have at work at once, one item for each.

    begin ──Put, if the slot is free──▶ slot 17 of the project ──Delete, if it is still mine──▶ end

A slot is taken in the transaction that begins what it is for, and freed in the one that ends it. So a process that is
killed leaves none behind. A slot whose holder disappeared nevertheless is free after `expires`, as for every reader
here, also if DynamoDB has not deleted it yet.

One counter for a project would be one item in all its transactions, and DynamoDB cancels concurrent transactions on an
item. So a random slot is tried first. If it is taken, the partition is read, and a random free slot is tried.

The zone, the dry run or the task of a holder stores the number of its slot. PRIMARY zones never have one: only syncs
hold zones, and only SECONDARY zones are synced.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zonewright import clock
from zonewright.errors import TooManyRequests
from zonewright.model.zone import Zone
from zonewright.store import keys
from zonewright.store.conditions import ABSENT, either, equal, free
from zonewright.store.table import ConditionFailed, Delete, Put, Table, Write, without_none


class Kind(StrEnum):
    """The kind of the things that a project may have at once. The value is part of the keys."""

    RUNS = "RUNS"
    UPLOADS = "UPLOADS"


_NAMES = {Kind.RUNS: "syncs and dry runs running", Kind.UPLOADS: "imports waiting for their uploads"}

RETRY = 60
"""Seconds after which a caller who got no slot may try again. Most syncs take less."""


@dataclass(frozen=True, slots=True)
class Taker:
    """A holder that needs a slot of its project. `most` is the number of slots that the project has.

    `holder` is the id of the sync, dry run or task. `former` is a zone whose dead holder has a slot, which this holder
    may take over.
    """

    kind: Kind
    group_id: str
    holder: str
    expires: datetime
    most: int
    zone_id: str | None = None
    former: Zone | None = None


def take(table: Table, taker: Taker, now: datetime, writes: Callable[[int], Sequence[Write]]) -> int:
    """Write `writes(number)` and take the slot of that number, in one transaction. Return the number.

    Raise TooManyRequests if no slot is free, or ConditionFailed if a condition of `writes` is false.
    """
    for number in _candidates(table, taker, now):
        others = writes(number)
        try:
            table.write(*others, _put(taker, number, now))
        except ConditionFailed as error:
            _refuse(error, len(others))
        else:
            return number
    text = f"project {taker.group_id} has {taker.most} {_NAMES[taker.kind]}, the most at once; try again later"
    raise TooManyRequests(text, after=RETRY)


def of(zone: Zone) -> list[Delete]:
    """Return the write that frees the slot of a zone's holder, or nothing for a zone without a slot."""
    return freed(Kind.RUNS, zone.group_id, zone.slot, zone.holder)


def freed(kind: Kind, group_id: str, number: int | None, holder: str | None) -> list[Delete]:
    """Return the write for `write` that frees a slot, or nothing without a slot. It fails if another holder has it."""
    if number is None or holder is None:
        return []
    return [Delete(keys.slot(kind, group_id, number), either(ABSENT, equal(holder=holder)))]


def write(table: Table, writes: Sequence[Write], ends: Sequence[Delete]) -> None:
    """Write all of `writes`, and free the slots of `ends` with them, or write nothing.

    A slot that expired and has another holder by now stays, and does not stop `writes`. Raise ConditionFailed if a
    condition of `writes` is false.
    """
    try:
        table.write(*writes, *ends)
    except ConditionFailed as error:
        _refuse(error, len(writes))
        table.write(*writes)


def _candidates(table: Table, taker: Taker, now: datetime) -> Iterator[int]:
    """Yield slots to try, each after another holder took the one before. End if all are taken."""
    if taker.former is not None and taker.former.slot is not None:
        yield taker.former.slot
    yield random.randrange(taker.most)  # noqa: S311 - spreads writers, protects no secret
    for _ in range(taker.most):  # each failed try is another holder's success
        items = table.query(keys.slots(taker.kind, taker.group_id))
        taken = {int(item["sk"]) for item in items if item["expires"] > clock.epoch(now)}
        left = [number for number in range(taker.most) if number not in taken]
        if not left:
            return
        yield random.choice(left)  # noqa: S311 - as above


def _put(taker: Taker, number: int, now: datetime) -> Put:
    """Return the write that takes a slot. It fails if another holder has it."""
    condition = free(now)
    if taker.former is not None and taker.former.slot == number:
        condition = either(condition, equal(holder=taker.former.holder))
    item = {
        **keys.slot(taker.kind, taker.group_id, number),
        "holder": taker.holder,
        "zone_id": taker.zone_id,
        "expires": clock.epoch(taker.expires),
    }
    return Put(without_none(item), condition)


def _refuse(error: ConditionFailed, count: int) -> None:
    """Raise the failed conditions of the first `count` writes, if there are some. The others are those of slots."""
    if any(error.failed[:count]):
        raise ConditionFailed(error.old[:count], error.failed[:count]) from error
