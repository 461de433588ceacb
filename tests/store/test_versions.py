import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zonewright import names
from zonewright.store import versions
from zonewright.store.table import Put
from zonewright.version import Chunk, Version

NOW = datetime(2026, 1, 15, 12, 34, 56, 789, tzinfo=UTC)

keys = st.lists(st.binary(min_size=1, max_size=8), max_size=3).map(
    lambda labels: " ".join(names.escape_label(label.lower()) for label in labels)
)
numbers = st.integers(0, 2**40)
chunks = st.builds(Chunk, keys, st.binary(min_size=32, max_size=32).map(bytes.hex), numbers, numbers, numbers)


def version(made, number=1):
    return Version("zone-id", number, 2**32 - 1, NOW, "change-id", tuple(made))


def many(count):
    return [
        Chunk(
            f"host{number:07d}" if number else "",
            hashlib.sha256(str(number).encode()).hexdigest(),
            131_072 + number % 1000,
            2000 + number % 100,
            4000 + number % 10,
        )
        for number in range(count)
    ]


@given(st.lists(chunks, min_size=1, max_size=8), st.integers(0, 2**32 - 1))
def test_a_version_reads_back_from_its_item(made, serial):
    whole = Version("zone-id", 7, serial, NOW, "change-id", tuple(made))

    item = versions.to_item(whole)

    assert versions.from_item(item) == whole
    assert item["records"] == whole.records


@pytest.mark.parametrize("count", [1, 2, 250, 8000])
def test_a_version_of_many_chunks_reads_back_from_the_table(table, count):
    whole = version(many(count))

    table.write(versions.put(whole))

    assert versions.get(table, "zone-id", 1) == whole


def test_the_chunks_of_a_large_zone_fit_into_an_item():
    assert len(versions.to_item(version(many(250)))["chunks"]) < 12_000
    assert len(versions.to_item(version(many(9000)))["chunks"]) < 390_000


def test_versions_of_a_zone_do_not_meet(table):
    first, second = version(many(1)), version(many(2), number=2)
    table.write(versions.put(first), versions.put(second))

    assert [versions.get(table, "zone-id", number) for number in (0, 1, 2, 3)] == [None, first, second, None]
    assert versions.get(table, "other", 1) is None


def test_versions_sort_by_number(table):
    for number in (1, 2, 10, 999_999):
        table.write(versions.put(version(many(1), number)))
    table.write(Put({"pk": "ZONE#zone-id", "sk": "ZONE"}))

    found = [versions.from_item(item).number for item in table.query("ZONE#zone-id", prefix="VERSION#")]
    assert found == [1, 2, 10, 999_999]


def test_a_version_written_again_by_a_retry_is_the_same(table):
    table.write(versions.put(version(many(2))))
    table.write(versions.put(version(many(2))))

    assert versions.get(table, "zone-id", 1) == version(many(2))
