"""Record changes: what they lead to, which go together, and what each sends to the primary."""

from datetime import UTC, datetime, timedelta

import pytest
from support.updating import line
from zonewright.model import applying, push, recordchange
from zonewright.model.change import Change, ChangeType
from zonewright.model.diff import Difference, Move
from zonewright.model.push import Prerequisites
from zonewright.model.recordchange import RecordChange
from zonewright.protocol import rrset
from zonewright.protocol.types import A

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
ONE, OTHER, THIRD = (line("www", A, [f"192.0.2.{n}"], 60) for n in (1, 2, 3))
PLACE = rrset.place(ONE)


def change(*moves, exact=True, number=0):
    made = Change(f"id-{number}", "zone-id", ChangeType.UPDATE, "joe", NOW, moved=tuple(Difference(moves).lines()))
    return RecordChange(made, moves, exact)


def created(owner, count=1):
    return change(Move(None, line(owner, A, [f"192.0.2.{n}" for n in range(count)], 60)))


def weigh(moves):
    return push.weight(moves, 60, applying.OPTIONS)


def ready(waits, shown):
    return applying.ready(waits, {PLACE: shown}.get)


@pytest.mark.parametrize(
    ("owners", "together"),
    [
        (["a"], 1),
        (["a", "b", "c"], 3),
        (["a", "b", "a", "c"], 2),
        (["a", "a"], 1),
        ([f"h{n}" for n in range(50)], 40),
    ],
)
def test_the_first_changes_of_different_names_go_together(owners, together):
    assert applying.together([created(owner) for owner in owners], weigh) == together


def test_no_more_go_together_than_one_message_holds():
    some = [created(f"h{n}", 200) for n in range(30)]
    count = applying.together(some, weigh)

    assert 1 < count < 30
    assert weigh(move for each in some[:count] for move in each.moves) <= applying.ROOM
    assert weigh(move for each in some[: count + 1] for move in each.moves) > applying.ROOM
    planned = push.plan([move for each in some[:count] for move in each.moves], "", "", 60, applying.OPTIONS)
    assert len(planned.messages) == 1


def test_the_last_of_several_changes_is_what_they_lead_to():
    some = [change(Move(ONE, OTHER)), change(Move(OTHER, None)), created("new")]

    assert recordchange.over(some) == {PLACE: None, "new\t1\t": some[2].moves[0].after}


@pytest.mark.parametrize(
    ("move", "shown", "sent", "published"),
    [
        (Move(None, ONE), None, Move(None, ONE), (Move(None, ONE),)),
        (Move(ONE, OTHER), ONE, Move(ONE, OTHER), (Move(ONE, OTHER),)),
        (Move(ONE, None), ONE, Move(ONE, None), (Move(ONE, None),)),
        (Move(ONE, OTHER), OTHER, Move(ONE, OTHER), ()),
        (Move(ONE, None), None, Move(ONE, None), ()),
    ],
)
def test_what_a_caller_saw_is_what_the_primary_must_have(move, shown, sent, published):
    found = ready(change(move), shown)

    assert (found.sent, found.published, found.relaxed) == ((sent,), published, None)


@pytest.mark.parametrize(
    ("move", "shown"), [(Move(None, ONE), OTHER), (Move(ONE, OTHER), None), (Move(ONE, None), OTHER)]
)
def test_a_change_of_what_a_caller_did_not_see_may_not_be_made(move, shown):
    assert ready(change(move), shown) is None


@pytest.mark.parametrize(
    ("move", "shown", "sent", "relaxed"),
    [
        (Move(None, ONE), None, Move(None, ONE), None),
        (Move(None, ONE), OTHER, Move(None, ONE), None),
        (Move(ONE, OTHER), ONE, Move(ONE, OTHER), (Move(None, OTHER), Prerequisites.RECORDSETS)),
        (Move(ONE, OTHER), THIRD, Move(THIRD, OTHER), (Move(None, OTHER), Prerequisites.RECORDSETS)),
        (Move(ONE, OTHER), None, Move(None, OTHER), None),
        (Move(ONE, None), ONE, Move(ONE, None), (Move(ONE, None), Prerequisites.NONE)),
        (Move(ONE, None), None, Move(ONE, None), (Move(ONE, None), Prerequisites.NONE)),
    ],
)
def test_vinyldns_callers_change_whatever_is_shown(move, shown, sent, relaxed):
    found = ready(change(move, exact=False), shown)

    assert found.sent == (sent,)
    assert found.relaxed == (relaxed and ((relaxed[0],), relaxed[1]))


@pytest.mark.parametrize(
    ("seconds", "since", "expired"), [(599, 0, False), (600, 0, True), (700, 300, False), (900, 300, True)]
)
def test_a_change_waits_ten_minutes_for_a_primary_that_is_away(seconds, since, expired):
    waits = created("new")

    assert waits.expired(NOW + timedelta(seconds=seconds), NOW + timedelta(seconds=since)) is expired


@pytest.mark.parametrize(("key", "name"), [("www", "www"), ("b a", "a.b"), ("", "@")])
def test_the_words_for_a_failure_are_those_of_vinyldns(key, name):
    waits = change(Move(None, line(key, A, ["192.0.2.1"], 60)))

    text = recordchange.failed_applying(waits.change, "it is closed")
    assert text == f"Failed applying update to DNS for change id-0:{name}: it is closed"
