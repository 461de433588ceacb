import hashlib
import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zonewright.errors import ZoneBusy, ZoneTooLarge
from zonewright.model import formats
from zonewright.model.version import Chunk, Version
from zonewright.protocol import names
from zonewright.store import leftovers, versions
from zonewright.store.leftovers import Leftover, Stage
from zonewright.store.table import Put

NOW = datetime(2026, 1, 15, 12, 34, 56, 789, tzinfo=UTC)

keys = st.lists(st.binary(min_size=1, max_size=8), max_size=3).map(
    lambda labels: " ".join(names.escape_label(label.lower()) for label in labels)
)
numbers = st.integers(0, 2**40)
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
writers = st.sampled_from(["change-id", "older-id"]) | st.uuids().map(str)
labels = st.none() | st.lists(st.text("ab*?~0", min_size=1), max_size=3).map(tuple)
chunks = st.builds(Chunk, keys, digests, numbers, numbers, numbers, writers, labels)


def version(made, number=1):
    return Version("zone-id", number, 2**32 - 1, NOW, "change-id", tuple(made))


def many(count, writer=lambda _: "change-id"):
    return [
        Chunk(
            f"host{number:07d}" if number else "",
            hashlib.sha256(str(number).encode()).hexdigest(),
            131_072 + number % 1000,
            2000 + number % 100,
            4000 + number % 10,
            writer(number),
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

    table.write(*versions.publish(whole, ()))

    assert versions.get(table, "zone-id", 1) == whole


def test_the_chunks_of_a_large_zone_fit_into_an_item():
    assert len(versions.to_item(version(many(250)))["chunks"]) < 12_000
    assert len(versions.to_item(version(many(9000)))["chunks"]) < 390_000
    assert len(versions.to_item(version(many(5600, lambda _: str(uuid.uuid4()))))["chunks"]) < 390_000


def test_more_chunks_than_an_item_can_name_are_refused_with_what_helps():
    with pytest.raises(ZoneTooLarge) as refused:
        versions.publish(version(many(12_000)), ())

    assert refused.value.message == (
        "the zone has 48,054,000 records in 12,000 chunks, more than a version can name;"
        " larger ones (ChunkBytes) are fewer"
    )


def test_versions_of_a_zone_do_not_meet(table):
    first, second = version(many(1)), version(many(2), number=2)
    table.write(*versions.publish(first, ()), *versions.publish(second, first.chunks))

    assert [versions.get(table, "zone-id", number) for number in (0, 1, 2, 3)] == [None, first, second, None]
    assert versions.get(table, "other", 1) is None


def test_versions_sort_by_number(table):
    for number in (1, 2, 10, 999_999):
        table.write(*versions.publish(version(many(1), number), ()))
    table.write(Put({"pk": "ZONE#zone-id", "sk": "ZONE"}))

    found = [versions.from_item(item).number for item in table.query("ZONE#zone-id", prefix="VERSION#")]
    assert found == [1, 2, 10, 999_999]


def test_a_version_written_again_by_a_retry_is_the_same(table):
    table.write(*versions.publish(version(many(2)), ()))
    table.write(*versions.publish(version(many(2)), ()))

    assert versions.get(table, "zone-id", 1) == version(many(2))


def test_publishing_over_a_version_leaves_it_over(table):
    table.write(*versions.publish(version(many(1)), ()))
    first = list(leftovers.every(table, "zone-id"))
    table.write(*versions.publish(version(many(2), number=2), many(1)))

    assert first == []
    assert list(leftovers.every(table, "zone-id")) == [Leftover("zone-id", 1, Stage.SUPERSEDED, NOW)]
    assert versions.get(table, "zone-id", 1) == version(many(1))


def test_a_version_names_what_its_change_wrote_or_its_base_names_and_nothing_else():
    older = many(3, lambda _: "older-id")

    versions.publish(version([*older[:2], *many(3)[2:]], number=2), older)
    with pytest.raises(AssertionError):
        versions.publish(version(older, number=2), older[:2])


@pytest.mark.parametrize(
    ("number", "gone", "found"),
    [
        pytest.param(1, (), [2], id="the first"),
        pytest.param(2, (), [1, 4], id="in the middle"),
        pytest.param(3, (), [2, 4], id="one that is not there"),
        pytest.param(4, (), [2], id="the last"),
        pytest.param(2, (1,), [4], id="below gone"),
        pytest.param(4, (2,), [1], id="the next below gone"),
        pytest.param(1, (2, 4), [], id="all gone"),
    ],
)
def test_the_neighbours_of_a_version_are_the_nearest_that_are_there(table, number, gone, found):
    for each in (1, 2, 4):
        table.write(*versions.publish(version(many(1), each), ()))

    assert [each.number for each in versions.neighbours(table, "zone-id", number, gone)] == found


def test_a_version_of_an_older_release_is_read_and_one_in_a_newer_format_is_not(table):
    item = versions.to_item(version(many(2)))
    older = {name: value for name, value in item.items() if name != "format"}

    assert item["format"] == formats.VERSION
    assert versions.from_item(older | {"colour": "blue"}) == version(many(2))
    with pytest.raises(ZoneBusy, match="a version has format 2, and this release reads up to 1"):
        versions.from_item(item | {"format": formats.VERSION + 1})
