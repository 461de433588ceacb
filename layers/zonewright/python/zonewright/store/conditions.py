"""Conditions of writes: what has to be true of an item for a write to happen.

`allows` renders the table of `model/states.py`. `states.next_state` decides the same in memory, and
`states.refusal` turns the item that failed the condition into the error to raise.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from zonewright import clock
from zonewright.model.states import HELD, RULES, Event, State

if TYPE_CHECKING:
    from zonewright.model.zone import Zone


@dataclass(frozen=True, slots=True)
class Condition:
    """A DynamoDB `ConditionExpression` with the names and plain values it uses."""

    expression: str
    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def also(self, other: "Condition") -> "Condition":
        """Return the condition that holds if this one and `other` hold. One placeholder means one thing in both."""
        return Condition(
            f"({self.expression}) AND ({other.expression})",
            self.names | other.names,
            self.values | other.values,
        )


ABSENT = Condition("attribute_not_exists(pk)")
"""There is no item under the key."""

PRESENT = Condition("attribute_exists(pk)")
"""There is an item under the key."""


def free(now: datetime) -> Condition:
    """Return the condition that an item is missing, or has expired, whether or not DynamoDB has deleted it."""
    return Condition(
        "attribute_not_exists(pk) OR #expires <= :now", {"#expires": "expires"}, {":now": clock.epoch(now)}
    )


def either(one: Condition, other: Condition) -> Condition:
    """Return the condition that holds if `one` or `other` holds. One placeholder means one thing in both."""
    return Condition(f"({one.expression}) OR ({other.expression})", one.names | other.names, one.values | other.values)


def equal(**attributes: Any) -> Condition:
    """Return the condition that each attribute of these names has this value. An attribute of None is absent."""
    there = {name: value for name, value in attributes.items() if value is not None}
    terms = [f"#{name} = :is_{name}" if name in there else f"attribute_not_exists(#{name})" for name in attributes]
    return Condition(
        " AND ".join(terms),
        {f"#{name}": name for name in attributes},
        {f":is_{name}": value for name, value in there.items()},
    )


def below(name: str, most: int, placeholder: str | None = None) -> Condition:
    """Return the condition that the number in the attribute `name` is below `most`. A missing one is 0.

    `placeholder` stands for a name that an expression cannot have.
    """
    term = placeholder or name
    none_yet = f"attribute_not_exists(#{term}) OR " if most > 0 else ""  # where none is allowed, none is no room
    return Condition(f"{none_yet}#{term} < :most_{term}", {f"#{term}": name}, {f":most_{term}": most})


def starting(attribute: str, text: str) -> Condition:
    """Return the condition that a text attribute begins with `text`."""
    return Condition(f"begins_with(#{attribute}, :start)", {f"#{attribute}": attribute}, {":start": text})


def unmarked(attribute: str, now: str) -> Condition:
    """Return the condition that an attribute is absent, or a text that begins with a time before `now`."""
    return Condition(
        f"attribute_not_exists(#{attribute}) OR #{attribute} < :before", {f"#{attribute}": attribute}, {":before": now}
    )


def owned(zone: "Zone") -> Condition:
    """Return the condition, for a zone's item, that the zone is not deleted and has the same owner as `zone`."""
    names = {"#state": "state", "#group_id": "group_id"}
    values = {":deleted": str(State.DELETED), ":group_id": zone.group_id}
    return Condition("#state <> :deleted AND #group_id = :group_id", names, values)


def lapsed(now: datetime) -> Condition:
    """Return the condition, for the item of a held zone, that the lease of its holder is over."""
    return Condition("#lease < :now", {"#lease": "lease"}, {":now": clock.epoch(now)})


def before(moment: datetime) -> Condition:
    """Return the condition, for a zone's item, that its last change was before `moment` (`Zone.moment`)."""
    return Condition(
        "attribute_not_exists(#updated) OR #updated < :moment",
        {"#updated": "updated"},
        {":moment": clock.to_text(moment)},
    )


def held_as(zone: "Zone") -> Condition:
    """Return the condition, for a zone's item, that the zone has the holder of `zone`, or no holder if that has none.

    A hold does not raise `revision`. A writer that takes a zone ends the change of its dead holder, so it has to know
    the last one.
    """
    names = {"#held_by": "holder"}
    if zone.holder is None:
        return Condition("attribute_not_exists(#held_by)", names)
    return Condition("#held_by = :held_by", names, {":held_by": zone.holder})


def waiting(event: Event, ended: int, *, more: bool) -> Condition:
    """Return the condition, for a zone's item, that others wait than the `ended` record changes that end with `event`.

    Without `more` it is that no others wait. The state after the event depends on it (`Rule.waiting`).
    """
    assert RULES[event].waiting, "the rule asks what waits"
    return Condition(f"#pending {'>' if more else '='} :ended", {"#pending": "pending"}, {":ended": ended})


def allows(event: Event, now: datetime, holder: str | None = None) -> Condition:
    """Return the condition, for a zone's item, that `event` may happen to the zone. It fails for a missing item."""
    rule = RULES[event]
    sources = {f":from{n}": str(state) for n, state in enumerate(sorted(rule.sources))}
    names = {"#state": "state"}
    values: dict[str, Any] = dict(sources)
    expression = f"#state IN ({', '.join(sources)})"
    if rule.mine:
        expression += " AND #holder = :holder"
        names["#holder"] = "holder"
        values[":holder"] = holder or "nobody"
    if rule.lapsed:
        held = {f":held{n}": str(state) for n, state in enumerate(sorted(HELD))}
        over = lapsed(now)
        expression = f"{expression} OR (#state IN ({', '.join(held)}) AND {over.expression})"
        names |= over.names
        values |= {**held, **over.values}
    return Condition(expression, names, values)
