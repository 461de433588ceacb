"""Read a request that changes several record sets at once. Designate has no such request."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, StringConstraints

from zonewright.actions.judging import Asked
from zonewright.errors import Invalid, MalformedQuery, Reason
from zonewright.http.designate.bodies import Body, Description, Ttl, read
from zonewright.http.designate.recordsets.body import Name, NewRecordSet, Records, known_type, wrong_records
from zonewright.http.designate.recordsets.refused import MOST_REASONS
from zonewright.http.designate.refusals import InvalidObject
from zonewright.http.designate.requests import cut, json_object, short
from zonewright.http.message import Request
from zonewright.http.schema import Schema
from zonewright.model.moves import LONGEST_COMMENT, Side, Wanted
from zonewright.protocol import names, records, types
from zonewright.protocol.notes import Written

MOST_MOVES = 1000
LARGEST_BODY = 1_000_000
"""Bytes of a body with moves: about 1,000 for each. The answer has the record sets before and after."""

T = TypeVar("T")

_TOLD = 10
"""Reasons that the text of an error tells. All others are in its list."""

_FLAGS = {"true": True, "false": False}
_PARAMETERS = {"dryRun", "edit_managed_records", "all_projects", "all_tenants"}


class SeenRecordSet(Body):
    """A record set as the caller saw it. TTL and description are compared if they are there."""

    name: Name
    type: Annotated[
        str,
        AfterValidator(known_type),
        Schema(pattern="^[A-Za-z][A-Za-z0-9_-]*$", description="As of a new record set"),
    ]
    records: Records
    ttl: Ttl | None = None
    description: Description | None = None


class Move(Body):
    """A move: how the caller saw a record set, and how it is to be."""

    before: Any
    after: Any


class Moves(Body):
    """The body of a PATCH of the record sets of a zone."""

    moves: Annotated[list[Any], Field(min_length=1, max_length=MOST_MOVES)]
    comment: Annotated[str, StringConstraints(max_length=LONGEST_COMMENT)] | None = None


def asked(request: Request, *, managed: bool, exactly: bool) -> Asked:
    """Return the moves in a PATCH. Raise MalformedQuery, or Invalid with all reasons."""
    dry_run = _dry_run(request)
    body = read(Moves, json_object(request, None, LARGEST_BODY), "recordsets")
    reasons: list[Reason] = []
    moves = [_move(sent, number, reasons) for number, sent in enumerate(body.moves)]
    reasons += _repeated(moves)
    if reasons:
        told = [f"{_shown(each.path)}: {each.message}" for each in reasons[:_TOLD]]
        more = [f"and {len(reasons) - _TOLD} more"] if len(reasons) > _TOLD else []
        raise InvalidObject("; ".join(told + more), reasons=reasons[:MOST_REASONS])
    return Asked([each for each in moves if each], body.comment, managed, exactly, dry_run)


def _dry_run(request: Request) -> bool:
    """Return whether nothing is to be written. A parameter that is not known is refused: it may be meant so."""
    if unknown := sorted(request.query.keys() - _PARAMETERS):
        raise MalformedQuery(f"unknown parameters {short(', '.join(unknown))}")
    values = request.query.get("dryRun", ["false"])
    if len(values) > 1 or values[0].lower() not in _FLAGS:
        raise MalformedQuery(f"dryRun is true or false, not {short(', '.join(values))}")
    return _FLAGS[values[0].lower()]


def _move(sent: Any, number: int, reasons: list[Reason]) -> Wanted | None:
    """Return a move, or None if it cannot be read. Then `reasons` has more."""
    path, count = ("moves", number), len(reasons)
    if not isinstance(sent, dict):
        reasons.append(Reason(f"{short(sent)} is not of type 'object'", path, "type", "object"))
        return None
    move = _gathered(reasons, path, lambda: read(Move, sent, "move"))
    before = _side(SeenRecordSet, sent.get("before"), (*path, "before"), reasons)
    after = _side(NewRecordSet, sent.get("after"), (*path, "after"), reasons)
    if move is not None and move.before is None and move.after is None:
        reasons.append(Reason("a move has 'before', 'after' or both", path, "required", "after"))
    if before and after:
        for field, mine, others in (("name", _key(before), _key(after)), ("type", before.type, after.type)):
            if mine != others:
                why = f"'{field}' is that of 'before': delete the one and create the other"
                reasons.append(Reason(why, (*path, "after", field), "immutable", sent["before"][field]))
    return Wanted(before, after) if len(reasons) == count else None


def _side(
    model: type[SeenRecordSet | NewRecordSet], sent: Any, path: tuple[str | int, ...], reasons: list[Reason]
) -> Side | None:
    """Return a side of a move, or None if there is none, or if it cannot be read. Then `reasons` has more."""
    if sent is None:
        return None
    if not isinstance(sent, dict):
        reasons.append(Reason(f"{short(sent)} is not of type 'object'", path, "type", "object"))
        return None
    body = _gathered(reasons, path, lambda: read(model, sent, "recordset", list(wrong_records(sent, sent.get("type")))))
    if body is None:
        return None
    rdtype = types.type_of(body.type)
    found = records.read(rdtype, body.records)
    given = frozenset(body.model_fields_set & {"ttl", "description"})
    return Side(body.name, rdtype, tuple(found), body.ttl, body.description, Written.of(rdtype, found), given)


def _gathered(reasons: list[Reason], path: tuple[str | int, ...], work: Callable[[], T]) -> T | None:
    """Return what `work` reads, or None. Then its reasons are added, with the path of the part."""
    try:
        return work()
    except Invalid as error:
        reasons.extend(Reason(each.message, (*path, *each.path), each.rule, each.expected) for each in error.reasons)
        return None


def _repeated(moves: list[Wanted | None]) -> Iterator[Reason]:
    """Yield a reason for each record set that an earlier move has."""
    first: dict[tuple[str, int], int] = {}
    for number, move in enumerate(moves):
        if move is None:
            continue
        before = first.setdefault((_key(move.side), move.side.type), number)
        if before != number:
            why = f"the record set {cut(move.side.name)} {types.type_text(move.side.type)} is that of move {before}"
            yield Reason(why, ("moves", number), "uniqueItems", before)


def _key(side: Side) -> str:
    return names.zone_sort_key(side.name)


def _shown(path: tuple[str | int, ...]) -> str:
    first, *others = path
    return str(first) + "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in others)
