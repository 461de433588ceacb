"""The states of a zone, and which event may happen in which state: one table, used twice.

    ACTIVE, ERROR ──begin sync────▶ SYNCING ──publish──▶ ACTIVE
          │                            └──────fail─────▶ ACTIVE, or ERROR if never loaded
          ├──begin update──▶ PENDING_UPDATE ──publish, fail──▶ ACTIVE, once no change waits
          │                   └──join update──▶ PENDING_UPDATE
          └──delete──▶ DELETED

A SYNCING or PENDING_UPDATE zone has a holder (the id of its sync or update) and a lease. After the lease another writer
may take the zone as if it were ACTIVE. The holder is dead by then, because a lease outlasts the state machine's timeout
plus the longest function's.

An update is that of the waiting record changes of a zone (`recordchange.py`). Its holder is made with the first one,
and kept until none waits. Each turn at them prolongs its lease beyond the next one.

    begin ────────── work ─────────── timeout ─── longest function ─── lease ends
      │◀──────────────── no other writer may write ─────────────────────▶│

`next_state` decides in memory. `store/conditions.py` renders the same rule for DynamoDB. `refusal` turns the item that
failed the condition into the error to raise.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from zonewright import clock
from zonewright.errors import (
    RequestError,
    SyncInProgress,
    SyncLost,
    UpdatePending,
    ZoneGone,
    ZoneInactive,
    ZoneSyncing,
    ZonewrightError,
)


class State(StrEnum):
    """The state of a zone."""

    ACTIVE = "ACTIVE"
    SYNCING = "SYNCING"
    PENDING_UPDATE = "PENDING_UPDATE"
    ERROR = "ERROR"
    DELETED = "DELETED"


class Event(StrEnum):
    """An event that may happen to a zone."""

    BEGIN_SYNC = "begin sync"
    PUBLISH_SYNC = "publish sync"
    FAIL_SYNC = "fail sync"
    BEGIN_UPDATE = "begin update"
    JOIN_UPDATE = "join update"
    PUBLISH_UPDATE = "publish update"
    FAIL_UPDATE = "fail update"
    CHANGE = "change"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Rule:
    """A zone in one of `sources` may go to `target`, or to `unloaded` if it never had contents.

    `lapsed` also allows it from a held state whose lease has run out. `mine` allows it to the holder only. With
    `waiting` it goes there as long as record changes wait.
    """

    sources: frozenset[State]
    target: State
    lapsed: bool = False
    mine: bool = False
    unloaded: State | None = None
    waiting: State | None = None


FREE = frozenset({State.ACTIVE, State.ERROR})
HELD = frozenset({State.SYNCING, State.PENDING_UPDATE})
_SYNC, _UPDATE = frozenset({State.SYNCING}), frozenset({State.PENDING_UPDATE})

RULES: dict[Event, Rule] = {
    Event.BEGIN_SYNC: Rule(FREE, State.SYNCING, lapsed=True),
    Event.PUBLISH_SYNC: Rule(_SYNC, State.ACTIVE, mine=True),
    Event.FAIL_SYNC: Rule(_SYNC, State.ACTIVE, mine=True, unloaded=State.ERROR),
    Event.BEGIN_UPDATE: Rule(FREE, State.PENDING_UPDATE, lapsed=True),
    Event.JOIN_UPDATE: Rule(_UPDATE, State.PENDING_UPDATE),
    Event.PUBLISH_UPDATE: Rule(_UPDATE, State.ACTIVE, mine=True, waiting=State.PENDING_UPDATE),
    Event.FAIL_UPDATE: Rule(_UPDATE, State.ACTIVE, mine=True, waiting=State.PENDING_UPDATE),
    Event.CHANGE: Rule(FREE, State.ACTIVE, lapsed=True, unloaded=State.ERROR),
    Event.DELETE: Rule(FREE, State.DELETED, lapsed=True),
}


@dataclass(frozen=True, slots=True)
class Hold:
    """The fields that the rules read. `lease` is in epoch seconds. `loaded` says whether the zone ever had contents.

    `pending` is the number of record changes that wait.
    """

    state: State
    holder: str | None = None
    lease: int | None = None
    loaded: bool = True
    pending: int = 0


def next_state(event: Event, hold: Hold, now: datetime, holder: str | None = None, *, ended: int = 0) -> State | None:
    """Return the state after `event`, or None if the rules forbid the event. `now` decides on leases.

    `ended` is how many record changes end with the event.
    """
    rule = RULES[event]
    lapsed = rule.lapsed and hold.state in HELD and hold.lease is not None and hold.lease < clock.epoch(now)
    mine = not rule.mine or (holder is not None and hold.holder == holder)
    if not ((hold.state in rule.sources and mine) or lapsed):
        return None
    if rule.waiting and hold.pending > ended:
        return rule.waiting
    return rule.unloaded if rule.unloaded and not hold.loaded else rule.target


def refusal(event: Event, zone_name: str, hold: Hold | None, since: datetime | None) -> ZonewrightError:
    """Return the error that says why `event` cannot happen to the zone.

    `hold` is the zone as found, None for a missing zone. `since` is when its holder took it.
    """
    if RULES[event].mine:
        return SyncLost(f"zone {zone_name} is no longer held by this {event.value.split()[1]}")
    syncing = event is Event.BEGIN_SYNC
    if hold is None or (hold.state is State.DELETED and not syncing):
        return ZoneGone(zone=zone_name)
    table: dict[State, type[RequestError]] = {
        State.SYNCING: SyncInProgress if syncing else ZoneSyncing,
        State.PENDING_UPDATE: UpdatePending,
        State.DELETED: ZoneInactive,
    }
    when = f" since {since.astimezone(UTC):%H:%M:%SZ}" if since else ""
    text = {
        State.SYNCING: f"zone {zone_name} is already syncing{when}"
        if syncing
        else f"zone {zone_name} is read-only: it is syncing{when}",
        State.PENDING_UPDATE: f"zone {zone_name} has a pending update{when}",
        State.DELETED: f"zone {zone_name} is inactive: it was deleted",
    }
    error = table.get(hold.state)
    if error is None:
        raise AssertionError(f"{event} is allowed from {hold.state}")
    return error(text[hold.state])
