"""Render what forbids moves of record sets below /v2: in a refusal, and in the answer to a dry run."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from zonewright.errors import Invalid, MovesRefused, Reason, RecordSetsDiffer, Refusal
from zonewright.http.designate import dialect, words
from zonewright.http.designate.recordsets import view
from zonewright.http.endpoint import lookup
from zonewright.http.message import Request
from zonewright.model.moves import Conflict
from zonewright.model.payload import fitting

if TYPE_CHECKING:
    from zonewright.http.designate.answers import ConflictFields, ReasonFields

MOST_REASONS = 1000
"""Reasons that one answer tells."""


def fields(request: Request, error: MovesRefused | RecordSetsDiffer) -> Any:
    """Return the fields of a refusal that list everything that is wrong."""
    if isinstance(error, RecordSetsDiffer):
        return {"conflicts": conflicts(request, error.conflicts)}
    return {"errors": {"errors": reasons(error.refusals)}}


def reasons(refusals: Iterable[Refusal]) -> "list[ReasonFields]":
    """Return each reason of some refusals, with the path from the whole body."""
    return [dialect.reason_fields(reason) for refusal in refusals for reason in _reasons(refusal)][:MOST_REASONS]


def _reasons(refusal: Refusal) -> Iterator[Reason]:
    """Yield the reasons of a refusal. One without reasons of its own has its `type` as the broken rule."""
    error = refusal.error
    own = error.reasons if isinstance(error, Invalid) else ()
    for reason in own:
        yield replace(reason, path=(*refusal.path, *reason.path))
    if not own:
        _, kind = lookup(dialect.ERRORS, error)
        yield Reason(words.text(error), refusal.path, kind)


def conflicts(request: Request, found: Sequence[Conflict]) -> "list[ConflictFields]":
    """Return the record sets that are not as a request says, as they are. As many as fit into a response."""
    entries: Iterator[ConflictFields] = (
        {
            "path": ["moves", each.number, "before"],
            "message": each.message,
            "recordset": None if each.found is None else view.recordset_fields(request, each.found),
        }
        for each in found
    )
    return fitting(entries)[0]
