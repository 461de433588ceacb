"""The size of a response, and the page of a list that fits into one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zonewright.model import payload

ENTRIES = st.lists(st.fixed_dictionaries({"id": st.integers(0, 9), "text": st.text(max_size=40)}), max_size=12)


@pytest.mark.parametrize(
    ("text", "octets"),
    [("", 0), ("a", 1), ('"', 2), ("\\", 2), ("\n", 2), ("\t", 2), ("\x00", 6), ("é", 6), ("\U0001f310", 12)],
    ids=repr,
)
def test_a_text_counts_as_json_writes_it(text, octets):
    assert payload.octets(text) == octets


@given(st.text())
def test_a_text_has_in_a_response_the_size_that_counts(text):
    assert len(json.dumps({"body": text})) == len(json.dumps({"body": ""})) + payload.octets(text)


@given(ENTRIES, st.integers(1, 500))
def test_pages_are_together_the_list_and_none_is_too_large(entries, budget):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(payload, "PAGE", budget)
        left, pages, more = entries, [], True
        while more:
            page, more = payload.fitting(left)
            left = left[len(page) :]
            pages.append(page)

    assert [entry for page in pages for entry in page] == entries
    assert left == []
    for page, following in zip(pages, [*pages[1:], []], strict=True):
        assert len(page) <= 1 or payload.octets(json.dumps(page)) <= budget + len("[]")
        if following:
            assert page
            assert payload.octets(json.dumps([*page, following[0]])) > budget - len(", ")


def test_a_page_reads_one_entry_more_than_it_has(monkeypatch):
    monkeypatch.setattr(payload, "PAGE", 100)
    entries = iter([{"text": "x" * 30}] * 9)

    page, more = payload.fitting(entries)

    assert (len(page), more, len(list(entries))) == (2, True, 6)


def test_a_page_and_what_goes_with_it_can_be_sent():
    links = 4 * 10_240  # API Gateway takes a request line of 10,240 octets, which the links repeat, with escapes

    assert payload.PAGE + links < payload.MOST < 6 << 20
