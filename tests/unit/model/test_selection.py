import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zonewright.model.selection import Selection, matcher, page

texts = st.text("aAb.*", max_size=8)


@given(texts, st.text("aAb.", max_size=12))
def test_a_pattern_matches_what_its_regular_expression_does(pattern, text):
    expression = ".*".join(map(re.escape, pattern.split("*")))

    assert matcher(pattern)(text) == bool(re.fullmatch(expression, text, re.IGNORECASE | re.DOTALL))


@pytest.mark.parametrize("pattern", ["%", "_bc", "a?c", "[a]bc", "a.c", "!abc", ">=a", "BETWEEN a,z", "a%", "(", "\\"])
def test_nothing_but_the_asterisk_means_anything(pattern):
    assert not matcher(pattern)("abc")
    assert matcher(pattern)(pattern)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("a*" * 4000 + "b", "a" * 100_000), ("*a" * 4000, "a" * 100_000), ("*" * 8000, "a" * 100_000)],
    ids=["no match", "match", "asterisks only"],
)
def test_no_pattern_takes_long(pattern, text):
    began = time.perf_counter()

    matcher(pattern)(text)

    assert time.perf_counter() - began < 0.5


@given(
    st.lists(st.integers(0, 9)),
    st.integers(1, 5),
    st.booleans(),
    st.none() | st.tuples(st.integers(0, 9), st.integers(0, 20)),
)
def test_a_page_is_that_part_of_the_sorted_list(values, limit, descending, behind):
    entries = [(value, number) for number, value in enumerate(values)]
    wanted = Selection(limit=limit, filters=(lambda entry: entry[0] != 3,), descending=descending)

    found = page(iter(entries), wanted, lambda entry: entry, behind)

    matching = sorted((entry for entry in entries if entry[0] != 3), reverse=descending)
    following = [entry for entry in matching if behind is None or (entry < behind if descending else entry > behind)]
    assert found == (following[:limit], len(matching))
