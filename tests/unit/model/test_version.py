from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zonewright.model.version import Chunk, Span, Version, index_of, spans

CHUNKS = (
    Chunk("", "0" * 64, size=100, rrsets=2, records=5, change_id="first"),
    Chunk("eu", "1" * 64, size=200, rrsets=3, records=3, change_id="first"),
    Chunk("www", "2" * 64, size=300, rrsets=4, records=40, change_id="second"),
)


def test_a_version_counts_what_is_in_its_chunks():
    version = Version("zone", 3, 2026, datetime(2026, 1, 1, tzinfo=UTC), "change", CHUNKS)

    assert (version.rrsets, version.records) == (9, 48)


@pytest.mark.parametrize(
    ("key", "number"),
    [
        pytest.param("", 0, id="apex"),
        pytest.param("a", 0, id="before the second"),
        pytest.param("eu", 1, id="start of the second"),
        pytest.param("eu www", 1, id="below it"),
        pytest.param("us", 1, id="before the last"),
        pytest.param("www", 2, id="start of the last"),
        pytest.param("~ff", 2, id="behind all"),
    ],
)
def test_a_chunk_is_responsible_from_its_start_to_the_next_one(key, number):
    assert index_of(CHUNKS, key) == number


def test_the_first_chunk_is_responsible_for_what_is_before_it():
    assert index_of(CHUNKS[1:], "a") == 0


def chunk(start, letter, change="first"):
    return Chunk(start, letter * 64, size=1, rrsets=1, records=1, change_id=change)


A, B, C = chunk("", "a"), chunk("b", "b"), chunk("c", "c")
OTHER_A, OTHER_B, MOVED_B = chunk("", "x"), chunk("b", "x"), chunk("", "b")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param([A, B], [A, B], [], id="equal"),
        pytest.param([A, B], [A, chunk("b", "b", "second")], [], id="the same text, written again"),
        pytest.param([A, B, C], [A, OTHER_B, C], [Span("b", "c", B, OTHER_B)], id="one changed"),
        pytest.param(
            [A, B, C],
            [A, OTHER_B],
            [Span("b", "c", B, OTHER_B), Span("c", None, C, OTHER_B)],
            id="two became one",
        ),
        pytest.param(
            [A],
            [OTHER_A, B],
            [Span("", "b", A, OTHER_A), Span("b", None, A, B)],
            id="one became two",
        ),
        pytest.param([A, B], [MOVED_B], [Span("", "b", A, MOVED_B)], id="the first is gone"),
    ],
)
def test_versions_may_differ_where_their_chunks_do(old, new, expected):
    assert list(spans(old, new)) == expected


chunk_lists = st.dictionaries(st.sampled_from("bcdefg"), st.sampled_from("xyz")).map(
    lambda held: [chunk("", "w"), *(chunk(start, held[start]) for start in sorted(held))]
)


@given(chunk_lists, chunk_lists, st.sampled_from(["", "a", "b", "bb", "d", "f x", "z"]))
def test_a_key_whose_chunks_differ_is_in_one_span_and_no_other_is(old, new, key):
    left, right = old[index_of(old, key)], new[index_of(new, key)]

    found = [span for span in spans(old, new) if span.start <= key and (span.end is None or key < span.end)]

    assert found == ([] if left.digest == right.digest else [Span(found[0].start, found[0].end, left, right)])
