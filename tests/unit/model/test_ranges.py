import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zonewright.model import ranges
from zonewright.model.ranges import MERGE, SPLIT, Piece
from zonewright.model.version import Chunk, index_of
from zonewright.protocol import rrset

keys = st.lists(st.sampled_from(["a", "b", "c", "*", "!00", "~ff"]), max_size=3).map(" ".join)


@st.composite
def runs(draw, max_size=30):
    """Sorted lines of different places."""
    places = draw(st.sets(st.tuples(keys, st.sampled_from([1, 16, 28])), max_size=max_size))
    return sorted(rrset.to_line(key, rdtype, 60, [b"x" * draw(st.integers(1, 20))]) for key, rdtype in places)


@st.composite
def pieces(draw):
    """A run, cut between owner names: some pieces changed, some empty."""
    lines = draw(runs())
    edges = ["", *sorted(draw(st.sets(keys.filter(bool), max_size=6)))]
    return [
        Piece(low, ranges.between(lines, low, high), draw(st.booleans()))
        for low, high in itertools.zip_longest(edges, edges[1:])
    ]


def chunks_of(arranged):
    return [Chunk(piece.start, "", 0, 0, 0, "") for piece in arranged]


def lines_of(arranged):
    return [line for piece in arranged for line in piece.lines]


@given(st.lists(keys).map(sorted), st.sets(keys).map(sorted), st.integers(1, 8))
def test_cuts_rise_and_are_samples_or_old_starts(samples, starts, share):
    found = ranges.cuts(samples, starts, share)

    assert found == sorted(set(found))
    assert "" not in found
    assert set(found) <= {*samples, *starts}


@given(st.sets(keys, min_size=1).map(sorted), st.sets(keys).map(sorted), st.integers(1, 8))
def test_no_range_has_more_than_its_share_of_samples_and_one(samples, starts, share):
    found = ranges.cuts(samples, starts, share)

    per_range = [
        sum(low <= sample and (high is None or sample < high) for sample in samples)
        for low, high in itertools.zip_longest(["", *found], found)
    ]
    assert sum(per_range) == len(samples)
    assert max(per_range) <= share + 1


@pytest.mark.parametrize(
    ("samples", "starts", "share", "cuts"),
    [
        pytest.param([], [], 3, [], id="no samples"),
        pytest.param(["", "a", "b"], [], 3, [], id="one share"),
        pytest.param(["", "a", "b", "c", "d", "e", "f"], [], 3, ["c", "f"], id="first load"),
        pytest.param(["", "a", "b", "c", "d", "e", "f"], ["", "b"], 3, ["b", "e"], id="moved back to an old chunk"),
        pytest.param(["", "a", "b", "c", "d", "e"], ["", "bb"], 3, ["bb"], id="an old chunk between samples"),
        pytest.param(["a"] * 9, [], 3, ["a"], id="one name all over"),
        pytest.param([""] * 9, [""], 3, [], id="nothing but the apex"),
    ],
)
def test_ranges_are_cut_where_old_chunks_start(samples, starts, share, cuts):
    assert ranges.cuts(samples, starts, share) == cuts


@pytest.mark.parametrize(
    ("records", "octets"),
    [(0, 128), (150_000, 128), (600_000, 256), (15_000_000, 1280), (1_500_000_000, 12_800)],
)
def test_the_chunks_of_larger_zones_are_larger(records, octets):
    assert ranges.chunk_bytes(128, records) == octets


@given(runs(), st.sets(keys.filter(bool), max_size=5).map(sorted))
def test_ranges_part_the_lines_without_loss_or_overlap(lines, cuts):
    parts = [ranges.between(lines, low, high) for low, high in itertools.zip_longest(["", *cuts], cuts)]

    assert [line for part in parts for line in part] == lines
    for part, low, high in zip(parts, ["", *cuts], [*cuts, None], strict=True):
        assert all(low <= rrset.key(line) and (high is None or rrset.key(line) < high) for line in part)


@given(runs())
def test_a_size_is_that_of_the_stored_text(lines):
    assert ranges.size(lines) == len("".join(line + "\n" for line in lines))


@given(pieces(), st.integers(20, 400))
def test_arranging_keeps_every_line_in_order(given_pieces, target):
    arranged = ranges.arrange(given_pieces, target)

    assert lines_of(arranged) == lines_of(given_pieces)
    assert all(piece.lines for piece in arranged)


@given(pieces(), st.integers(20, 400))
def test_each_name_is_in_the_one_chunk_that_is_responsible_for_it(given_pieces, target):
    arranged = ranges.arrange(given_pieces, target)

    starts = [piece.start for piece in arranged]
    assert starts == sorted(set(starts))
    assert starts[:1] in ([], [""])
    for number, piece in enumerate(arranged):
        assert {index_of(chunks_of(arranged), rrset.key(line)) for line in piece.lines} == {number}


@given(pieces(), st.integers(20, 400))
def test_a_changed_chunk_is_not_too_large(given_pieces, target):
    arranged = ranges.arrange(given_pieces, target)

    for piece in arranged:
        owners = [list(group) for _, group in itertools.groupby(piece.lines, rrset.key)]
        largest = max(map(ranges.size, owners))
        assert not piece.changed or ranges.size(piece.lines) <= max(SPLIT * target, target + largest)


@given(pieces(), st.integers(20, 400))
def test_an_unchanged_chunk_stays_unless_a_small_neighbour_joins_it(given_pieces, target):
    arranged = ranges.arrange(given_pieces, target)

    unchanged = [piece for piece in given_pieces[given_pieces[0].lines == [] :] if piece.lines and not piece.changed]
    for old in unchanged[1:]:
        joined = next(piece for piece in arranged if old.lines[0] in piece.lines)
        assert joined == old or (joined.changed and ranges.size(joined.lines) <= target)


@given(pieces(), st.integers(20, 400))
def test_arranging_again_what_did_not_change_changes_nothing(given_pieces, target):
    arranged = [Piece(piece.start, piece.lines, changed=False) for piece in ranges.arrange(given_pieces, target)]

    assert ranges.arrange(arranged, target) == arranged


def run(*owners):
    """One line of 16 octets for each name."""
    return [f"{owner}\t1\t60\t{'0' * (15 - 6 - len(owner))}" for owner in owners]


def test_a_chunk_is_split_when_it_is_twice_too_large():
    lines = run("a", "b", "c", "d", "e", "f")

    assert ranges.size(lines) == 96
    assert ranges.arrange([Piece("", lines, changed=True)], 48) == [Piece("", lines, changed=True)]
    assert ranges.arrange([Piece("", lines, changed=True)], 47) == [
        Piece("", lines[:2], changed=True),
        Piece("c", lines[2:4], changed=True),
        Piece("e", lines[4:], changed=True),
    ]
    assert ranges.arrange([Piece("", lines, changed=False)], 8) == [Piece("", lines, changed=False)]


def test_a_split_does_not_divide_an_owner_name():
    lines = [*run("a", "b"), "b\t16\t60\t00", "b\t28\t60\t00", *run("c")]

    assert ranges.arrange([Piece("", lines, changed=True)], 30) == [
        Piece("", lines[:4], changed=True),
        Piece("c", lines[4:], changed=True),
    ]


def test_a_chunk_that_shrank_to_a_quarter_joins_its_neighbour():
    first, second = run("a", "b", "c"), run("d")
    small, large = 16 * MERGE + 1, 16 * MERGE

    assert ranges.arrange([Piece("", first, changed=False), Piece("d", second, changed=True)], small) == [
        Piece("", first + second, changed=True)
    ]
    assert ranges.arrange([Piece("", second, changed=True), Piece("e", run("e"), changed=False)], small) == [
        Piece("", second + run("e"), changed=True)
    ]
    for changed, target in ((True, large), (False, small)):
        apart = [Piece("", first, changed=False), Piece("d", second, changed=changed)]
        assert ranges.arrange(apart, target) == apart


def test_a_chunk_that_takes_over_the_names_before_it_is_a_changed_one():
    gone, kept = Piece("", [], changed=True), Piece("m", run("m"), changed=False)

    assert ranges.arrange([gone, kept], 16) == [Piece("", run("m"), changed=True)]


def test_nothing_is_no_chunk():
    assert ranges.arrange([], 100) == []
    assert ranges.arrange([Piece("", [], changed=True)], 100) == []
