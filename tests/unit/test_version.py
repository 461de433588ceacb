from datetime import UTC, datetime

import pytest
from zonewright.version import Chunk, Version, index_of

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
