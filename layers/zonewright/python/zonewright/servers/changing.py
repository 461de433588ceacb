"""Changes of a hosted zone of Amazon Route 53: send one batch at a time, and find what Route 53 refuses.

    send ──▶ accepted             all of the batch is done; Route 53 gives the change an id
         ──▶ InvalidChangeBatch   nothing is done: read the record sets that the batch is about
             ├─ as after          an earlier try did it
             ├─ as before         send them again, in halves, until what Route 53 refuses is alone
             ├─ never touched     an alias, or a routing policy: refused
             └─ otherwise         somebody else wrote (TargetDiverged)
         ──▶ other errors         a delay or a refusal (`route53.py`); the push stops

Whatever is refused, the rest is pushed. The error comes last, and names it. Contract backends.md, section 5.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from botocore.exceptions import ClientError

from zonewright.errors import RecordSetsRefused, RequestRefused, TargetDiverged
from zonewright.model import changebatch
from zonewright.model.changebatch import Part, Push, Refusal, State
from zonewright.servers.route53 import HostedZone, asked, code_of, held_at, reason_of

MOST_REFUSED = 20
"""Record sets that Route 53 refuses before a push stops: then the reason is a common one, such as a quota."""

_SHOWN = 3
"""Record sets that an error names."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a push is. `done` batches need not be sent again; `change` is the id of Route 53's last change.

    `done` stays before the first batch with something refused, so that a push that goes on finds it again.
    """

    done: int
    change: str | None


@dataclass(slots=True)
class _Found:
    """What stood in the way of a push."""

    refused: list[Refusal] = field(default_factory=list)
    diverged: list[str] = field(default_factory=list)


def push(hosted: HostedZone, planned: Push, done: int = 0) -> Iterator[Progress]:
    """Send the batches behind the first `done`, and yield after each how far the push is.

    A batch that an earlier call sent, without an answer, is found done. Raise a DeliveryError: TargetDiverged if
    somebody else wrote, which a repair mends, else RecordSetsRefused.
    """
    found, change = _Found(), None
    for batch in planned.batches[done:]:
        change = _bring(hosted, batch.parts, found) or change
        if not (found.refused or found.diverged):
            done = batch.number
        yield Progress(done, change)
        if len(found.refused) >= MOST_REFUSED:
            break
    if found.diverged:
        raise TargetDiverged(_told(hosted, "somebody else changed", [(place, "") for place in found.diverged]))
    refused = [*planned.refused, *found.refused]
    if refused:
        why = _told(hosted, "Route 53 does not take", [(each.place, each.why) for each in refused])
        raise RecordSetsRefused(why, places=[each.place for each in refused])


def _bring(hosted: HostedZone, parts: Sequence[Part], found: _Found) -> str | None:
    """Have the parts of a batch done once. Return the id of the last change. Add what is not done to `found`."""
    try:
        return _sent(hosted, parts)
    except RequestRefused as refusal:
        _batch_refusal(refusal)
    there = held_at(hosted, [move.place for part in parts for move in part.moves])
    again = []
    for part in parts:
        state = part.state(there)
        if state is State.BEFORE:
            again.append(part.as_listed(there))
        elif state is State.KEPT:
            kept = [move.place for move in part.moves if move.place in there and there[move.place].why]
            found.refused += [Refusal(place, f"{there[place].why}, which is never overwritten") for place in kept]
        elif state is State.OTHER:
            found.diverged += [move.place for move in part.moves]
    return _halved(hosted, again, found)


def _halved(hosted: HostedZone, parts: Sequence[Part], found: _Found) -> str | None:
    """Send parts, in halves if Route 53 refuses them, until each refused one was alone."""
    if not parts or len(found.refused) >= MOST_REFUSED:
        return None
    try:
        return _sent(hosted, parts)
    except RequestRefused as refusal:
        reason = _batch_refusal(refusal)
    if len(parts) == 1:
        found.refused += [Refusal(move.place, reason) for move in parts[0].moves]
        return None
    middle = len(parts) // 2
    first = _halved(hosted, parts[:middle], found)
    return _halved(hosted, parts[middle:], found) or first


def _sent(hosted: HostedZone, parts: Sequence[Part]) -> str:
    """Send the changes of parts, and return the id of the change. Raise a DeliveryError."""
    changes = [change for part in parts for change in part.changes]
    batch = {"Changes": changes}
    answer = asked(hosted.client, "change_resource_record_sets", HostedZoneId=hosted.id, ChangeBatch=batch)
    return str(answer["ChangeInfo"]["Id"])


def _batch_refusal(refusal: RequestRefused) -> str:
    """Return the reason of a refusal that is about the contents of a batch. Raise any other again."""
    cause = refusal.__cause__
    if isinstance(cause, ClientError) and code_of(cause) in ("InvalidChangeBatch", "InvalidInput"):
        return reason_of(cause)
    raise refusal


def _told(hosted: HostedZone, what: str, sets: Sequence[tuple[str, str]]) -> str:
    """Return the words for record sets, by place, each with a reason or none."""
    shown = [": ".join(filter(None, (changebatch.named(place, hosted.zone), why))) for place, why in sets[:_SHOWN]]
    more = f"; and {len(sets) - _SHOWN:,} more" if len(sets) > _SHOWN else ""
    return f"{what} {'; '.join(shown)}{more}"
