"""The events allowed in each state, in memory. `store/test_conditions.py` checks the conditions."""

from datetime import UTC, datetime

import pytest
from zonewright import clock
from zonewright.errors import SyncInProgress, SyncLost, UpdatePending, ZoneGone, ZoneInactive, ZoneSyncing
from zonewright.model import states
from zonewright.model.states import Event, Hold, State
from zonewright.store.conditions import Condition

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
PAST, FUTURE = clock.epoch(NOW) - 1, clock.epoch(NOW) + 1

FREE = {State.ACTIVE, State.ERROR}
NEXT = {
    Event.BEGIN_SYNC: State.SYNCING,
    Event.PUBLISH_SYNC: State.ACTIVE,
    Event.FAIL_SYNC: State.ACTIVE,
    Event.BEGIN_UPDATE: State.PENDING_UPDATE,
    Event.JOIN_UPDATE: State.PENDING_UPDATE,
    Event.PUBLISH_UPDATE: State.ACTIVE,
    Event.FAIL_UPDATE: State.ACTIVE,
    Event.CHANGE: State.ACTIVE,
    Event.DELETE: State.DELETED,
}
TAKES = (Event.BEGIN_SYNC, Event.BEGIN_UPDATE, Event.CHANGE, Event.DELETE)
ENDS = {
    Event.PUBLISH_SYNC: State.SYNCING,
    Event.FAIL_SYNC: State.SYNCING,
    Event.PUBLISH_UPDATE: State.PENDING_UPDATE,
    Event.FAIL_UPDATE: State.PENDING_UPDATE,
}


@pytest.mark.parametrize("event", TAKES, ids=str)
@pytest.mark.parametrize("state", State, ids=str)
def test_a_zone_is_taken_from_a_free_state(event, state):
    hold = Hold(state, "another", FUTURE)

    assert states.next_state(event, hold, NOW) == (NEXT[event] if state in FREE else None)


@pytest.mark.parametrize("event", TAKES, ids=str)
@pytest.mark.parametrize("state", State, ids=str)
@pytest.mark.parametrize(
    ("lease", "over"), [(PAST, True), (clock.epoch(NOW), False), (FUTURE, False), (None, False)], ids=str
)
def test_a_held_zone_is_taken_once_its_lease_has_run_out(event, state, lease, over):
    allowed = state in FREE or (state in states.HELD and over)

    assert states.next_state(event, Hold(state, "another", lease), NOW) == (NEXT[event] if allowed else None)


@pytest.mark.parametrize("event", ENDS, ids=str)
@pytest.mark.parametrize("state", State, ids=str)
@pytest.mark.parametrize(
    ("holder", "claimed", "mine"),
    [("me", "me", True), ("another", "me", False), (None, "me", False), ("me", None, False), (None, None, False)],
)
@pytest.mark.parametrize("lease", [PAST, FUTURE])
def test_only_the_holder_ends_what_it_began_even_after_its_lease(event, state, holder, claimed, mine, lease):
    allowed = state is ENDS[event] and mine

    assert states.next_state(event, Hold(state, holder, lease), NOW, claimed) == (NEXT[event] if allowed else None)


@pytest.mark.parametrize("state", State, ids=str)
@pytest.mark.parametrize("lease", [PAST, FUTURE, None])
def test_a_record_change_joins_those_that_wait_even_after_their_lease(state, lease):
    allowed = state is State.PENDING_UPDATE

    found = states.next_state(Event.JOIN_UPDATE, Hold(state, "another", lease), NOW)

    assert found == (State.PENDING_UPDATE if allowed else None)


@pytest.mark.parametrize("event", [Event.PUBLISH_UPDATE, Event.FAIL_UPDATE], ids=str)
@pytest.mark.parametrize(
    ("pending", "ended", "after"),
    [(1, 1, State.ACTIVE), (2, 1, State.PENDING_UPDATE), (41, 40, State.PENDING_UPDATE), (40, 40, State.ACTIVE)],
)
def test_an_update_lasts_as_long_as_record_changes_wait(event, pending, ended, after):
    hold = Hold(State.PENDING_UPDATE, "me", FUTURE, pending=pending)

    assert states.next_state(event, hold, NOW, "me", ended=ended) is after


@pytest.mark.parametrize(
    ("event", "state", "after"),
    [
        (Event.BEGIN_SYNC, State.ERROR, State.SYNCING),
        (Event.PUBLISH_SYNC, State.SYNCING, State.ACTIVE),
        (Event.FAIL_SYNC, State.SYNCING, State.ERROR),
        (Event.BEGIN_UPDATE, State.ERROR, State.PENDING_UPDATE),
        (Event.CHANGE, State.ERROR, State.ERROR),
        (Event.DELETE, State.ERROR, State.DELETED),
    ],
    ids=str,
)
def test_a_zone_that_never_loaded_stays_in_error_until_a_sync_succeeds(event, state, after):
    assert states.next_state(event, Hold(state, "me", FUTURE, loaded=False), NOW, "me") == after


@pytest.mark.parametrize(
    ("event", "state", "error", "message"),
    [
        pytest.param(*row, id=f"{row[0]} of {row[1]}")
        for row in [
            (
                Event.BEGIN_SYNC,
                State.SYNCING,
                SyncInProgress,
                "zone example.org. is already syncing since 12:34:56Z",
            ),
            (
                Event.BEGIN_SYNC,
                State.PENDING_UPDATE,
                UpdatePending,
                "zone example.org. has a pending update since 12:34:56Z",
            ),
            (Event.BEGIN_SYNC, State.DELETED, ZoneInactive, "zone example.org. is inactive: it was deleted"),
            *[
                row
                for event in (Event.BEGIN_UPDATE, Event.CHANGE, Event.DELETE)
                for row in (
                    (
                        event,
                        State.SYNCING,
                        ZoneSyncing,
                        "zone example.org. is read-only: it is syncing since 12:34:56Z",
                    ),
                    (
                        event,
                        State.PENDING_UPDATE,
                        UpdatePending,
                        "zone example.org. has a pending update since 12:34:56Z",
                    ),
                    (event, State.DELETED, ZoneGone, "zone gone: zone example.org."),
                )
            ],
        ]
    ],
)
def test_a_refusal_names_the_zone_and_the_reason(event, state, error, message):
    refused = states.refusal(event, "example.org.", Hold(state, "another", FUTURE), NOW)

    assert (type(refused), refused.message) == (error, message)


@pytest.mark.parametrize("event", ENDS, ids=str)
@pytest.mark.parametrize("hold", [None, Hold(State.ACTIVE), Hold(State.SYNCING, "another", FUTURE)], ids=str)
def test_who_no_longer_holds_the_zone_has_lost_it(event, hold):
    refused = states.refusal(event, "example.org.", hold, NOW)

    what = "update" if "update" in event else "sync"
    assert (type(refused), refused.message) == (SyncLost, f"zone example.org. is no longer held by this {what}")


@pytest.mark.parametrize("event", TAKES, ids=str)
def test_a_zone_that_is_not_there_is_not_found(event):
    refused = states.refusal(event, "example.org.", None, None)

    assert (type(refused), refused.message) == (ZoneGone, "zone gone: zone example.org.")


def test_a_refusal_without_a_moment_says_none():
    refused = states.refusal(Event.BEGIN_SYNC, "example.org.", Hold(State.SYNCING, "another", FUTURE), None)

    assert refused.message == "zone example.org. is already syncing"


@pytest.mark.parametrize("event", TAKES, ids=str)
def test_what_is_allowed_is_not_refused(event):
    with pytest.raises(AssertionError, match="is allowed from ACTIVE"):
        states.refusal(event, "example.org.", Hold(State.ACTIVE), NOW)


def test_two_conditions_hold_at_once():
    one = Condition("#a = :a OR #a = :b", {"#a": "a"}, {":a": 1, ":b": 2})
    other = Condition("#c = :c", {"#c": "c"}, {":c": 3})

    assert one.also(other) == Condition(
        "(#a = :a OR #a = :b) AND (#c = :c)", {"#a": "a", "#c": "c"}, {":a": 1, ":b": 2, ":c": 3}
    )
