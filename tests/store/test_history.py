"""Pages of moves: found by counting, and read no further than they go."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zonewright import history
from zonewright.contents import differences
from zonewright.diff import Difference, Move
from zonewright.history import Part

laws = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def parts_of(counts, read=None):
    """Parts of so many moves each, all numbered; what is read of them goes into `read`."""

    def reading(number, moves):
        if read is not None:
            read.append(number)
        return moves

    made, at = [], 0
    for number, count in enumerate(counts):
        moves = [Move(None, f"n{at + each:04}\t1\t60\t01") for each in range(count)]
        made.append(Part(count, lambda number=number, moves=moves: reading(number, moves)))
        at += count
    return made


@laws
@given(st.lists(st.integers(1, 12), max_size=12), st.integers(1, 30))
def test_pages_of_any_size_are_together_what_one_page_is(counts, limit):
    whole = history.page(parts_of(counts), 0, 1000)

    items, start = [], 0
    while start is not None:
        found = history.page(parts_of(counts), start, limit)
        assert len(found.items) == limit or found.following is None
        items += found.items
        start = found.following

    assert items == whole.items
    assert (len(items), whole.following) == (sum(counts), None)


def test_a_page_reads_only_the_parts_it_lies_in():
    read = []

    found = history.page(parts_of([5, 5, 5, 5, 5], read), 7, 5)

    assert [moved.move.place[:5] for moved in found.items] == [f"n{number:04}" for number in range(7, 12)]
    assert (read, found.following) == ([1, 2], 12)


def test_behind_a_full_page_one_part_more_is_looked_for_and_no_other():
    looked = []

    def parts():
        for number, part in enumerate(parts_of([5] * 5)):
            looked.append(number)
            yield part

    assert history.page(parts(), 0, 5).following == 5
    assert looked == [0, 1]


def test_behind_the_last_one_is_an_empty_page():
    assert history.page(parts_of([3]), 3, 5) == history.page([], 0, 5) == history.Page([], None)


def test_a_page_ends_before_it_grows_too_long_but_has_one_in_any_case(monkeypatch):
    monkeypatch.setattr(history, "_PAGE_OCTETS", 40)  # three lines

    assert [history.page(parts_of([2, 5]), start, 100).following for start in (0, 3, 6)] == [3, 6, None]
    monkeypatch.setattr(history, "_PAGE_OCTETS", 1)
    assert history.page(parts_of([2]), 0, 100).following == 1


def test_stored_parts_are_read_by_what_their_keys_say(bucket):
    moves = [Move(None, f"n{number}\t1\t60\t01") for number in range(9)]
    keys = [
        differences.write(bucket, "zone-id", "change-id", number, Difference(tuple(some)))
        for number, some in enumerate((moves[:4], moves[4:5], moves[5:]))
    ]

    found = history.page(history.stored(bucket, keys), 3, 4)

    assert ([moved.move for moved in found.items], found.following) == (moves[3:7], 7)
