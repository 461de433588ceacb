import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.merging import same
from zonewright.model import diff
from zonewright.model.change import Counts
from zonewright.model.diff import Difference, Kind, Move
from zonewright.protocol import rrset

APEX = "\t6\t3600\t026e7300016a00000000010000000100000001000000010000000a"
WWW = "www\t1\t60\tc0000201"
WWW_MOVED = "www\t1\t60\tc0000202"
NS = "sub\t2\t60\t026e7300"
NS_SHOUTED = "sub\t2\t60\t024e5300\tSUB"
TEXT = "www\t16\t60\t0161"

RDATA = {
    1: [b"\xc0\x00\x02\x01", b"\xc0\x00\x02\x02"],
    2: [b"\x02ns\x00", b"\x02NS\x00", b"\x02n2\x00"],
    16: [b"\x01a", b"\x01A"],
    65280: [b"", b"\x01"],
}
places = st.tuples(st.sampled_from(["", "a", "a b", "a ~ff", "b", "b *", "c"]), st.sampled_from(sorted(RDATA)))


@st.composite
def contents(draw):
    lines = []
    for key, rdtype in draw(st.sets(places, max_size=8)):
        octets = draw(st.sets(st.sampled_from(RDATA[rdtype]), min_size=1))
        spelling = draw(st.sampled_from([None, None, "B A"])) if key == "a b" else None
        lines.append(rrset.to_line(key, rdtype, draw(st.sampled_from([60, 300])), octets, spelling))
    return sorted(lines)


@given(contents(), contents())
def test_the_difference_applied_to_the_old_run_gives_the_new_one(old, new):
    difference, lines = diff.diff(old, new)

    assert same(diff.apply(difference, old), lines)
    assert lines == new


@given(contents(), contents())
def test_the_exact_difference_makes_one_run_the_other_to_the_letter(old, new):
    moves = diff.exact_moves(old, new)

    assert diff.apply(Difference(tuple(moves)), old) == new
    assert {move.before for move in moves if move.before} == set(old) - set(new)
    assert {move.after for move in moves if move.after} == set(new) - set(old)


@given(contents(), contents())
def test_the_lines_to_store_are_the_new_ones_and_what_did_not_move_is_alike(old, new):
    difference, lines = diff.diff(old, new)

    moved = {move.place for move in difference.moves}
    stayed = [[line for line in some if rrset.place(line) not in moved] for some in (old, new)]
    assert lines == new
    assert same(*stayed)


@given(contents(), contents())
def test_the_counts_add_up(old, new):
    counts = diff.diff(old, new)[0].counts()

    assert counts.deleted + counts.updated + counts.unchanged == len(old)
    assert counts.created + counts.updated + counts.unchanged == len(new)
    assert counts.moved == counts.created + counts.updated + counts.deleted


@given(contents(), contents())
def test_every_move_is_one_in_canonical_order(old, new):
    difference, _ = diff.diff(old, new)

    found = [move.place for move in difference.moves]
    assert found == sorted(set(found))
    assert all(move.before is None or move.before in old for move in difference.moves)
    assert all(move.after is None or move.after in new for move in difference.moves)
    assert not any(rrset.equivalent(move.before, move.after) for move in difference.moves if move.kind is Kind.UPDATED)


@given(contents(), contents())
def test_the_difference_back_undoes_it(old, new):
    there, lines = diff.diff(old, new)

    back, restored = diff.diff(lines, old)

    assert restored == old
    assert lines == new
    assert back.moves == tuple(Move(move.after, move.before) for move in there.moves)


@given(contents())
def test_a_run_does_not_differ_from_itself(lines):
    assert diff.diff(lines, lines) == (Difference((), len(lines)), lines)


@given(contents(), contents())
def test_a_stored_difference_reads_back(old, new):
    difference, _ = diff.diff(old, new)

    assert diff.read(difference.lines()) == list(difference.moves)


def test_moves_are_created_updated_or_deleted():
    difference, lines = diff.diff([APEX, NS, WWW], [APEX, WWW_MOVED, TEXT])

    assert lines == [APEX, WWW_MOVED, TEXT]
    assert difference == Difference((Move(NS, None), Move(WWW, WWW_MOVED), Move(None, TEXT)), unchanged=1)
    assert [move.kind for move in difference.moves] == [Kind.DELETED, Kind.UPDATED, Kind.CREATED]
    assert difference.counts() == Counts(created=1, updated=1, deleted=1, unchanged=1)
    assert difference.lines() == ["-" + NS, "-" + WWW, "+" + WWW_MOVED, "+" + TEXT]


@pytest.mark.parametrize(
    ("old", "new"),
    [(NS, NS_SHOUTED), (NS_SHOUTED, NS), ("a\t1\t60,9\t01 02", "a\t1\t9\t01 02")],
    ids=["louder", "lower", "a TTL that is not shown"],
)
def test_a_change_of_what_is_not_shown_moves_nothing_and_is_stored(old, new):
    assert diff.diff([APEX, old], [APEX, new]) == (Difference((), 2), [APEX, new])
    assert Move(old, new).hidden
    assert not Move(old, None).hidden


def test_a_deletion_beside_a_creation_does_not_read_back_as_an_update():
    moves = [Move(WWW, None), Move(None, TEXT)]

    assert diff.read(Difference(tuple(moves)).lines()) == moves


@pytest.mark.parametrize(
    ("old", "new", "kinds", "kept"),
    [
        pytest.param(f"{WWW}\t\t{{}}", WWW, [], f"{WWW}\t\t{{}}", id="none keep those that are there"),
        pytest.param(f"{WWW}\tWWW\t{{}}", f"{WWW}\t\t{{}}", [], f"{WWW}\t\t{{}}", id="the same, spelt differently"),
        pytest.param(f"{WWW}\t\t{{}}", f"{WWW}\tWWW", [], f"{WWW}\tWWW\t{{}}", id="none, spelt differently"),
        pytest.param(WWW, f"{WWW}\t\t{{}}", [Kind.UPDATED], f"{WWW}\t\t{{}}", id="new ones"),
        pytest.param(f"{WWW}\t\t{{}}", WWW_MOVED, [Kind.UPDATED], f"{WWW_MOVED}\t\t{{}}", id="none, beside new data"),
        pytest.param(f'{WWW}\t\t{{"version":2}}', f"{WWW}\t\t{{}}", [Kind.UPDATED], f"{WWW}\t\t{{}}", id="others"),
    ],
)
def test_notes_move_where_others_are_said(old, new, kinds, kept):
    difference, lines = diff.diff([old], [new])

    assert [move.kind for move in difference.moves] == kinds
    assert lines == [kept]
