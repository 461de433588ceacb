"""Pages of moves: found by counting, or along two versions, and read no further than they go."""

import uuid
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.calls import NOW
from support.chunklines import lines_of
from support.merging import calls_of
from zonewright.actions import history
from zonewright.actions.history import Part
from zonewright.contents import chunks, differences, rewrite
from zonewright.contents.sink import Sink
from zonewright.errors import VersionNotFound
from zonewright.model import diff
from zonewright.model.change import Change, ChangeType, Counts
from zonewright.model.diff import Difference, Move
from zonewright.model.ranges import Piece
from zonewright.model.version import Version
from zonewright.model.zone import Zone, ZoneType
from zonewright.protocol import rrset
from zonewright.store import changes, versions

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
    whole = history.page(parts_of(counts), start=0, limit=1000)

    items, start = [], 0
    while start is not None:
        found = history.page(parts_of(counts), start=start, limit=limit)
        assert len(found.items) == limit or found.following is None
        items += found.items
        start = found.following

    assert items == whole.items
    assert (len(items), whole.following) == (sum(counts), None)


def test_a_page_reads_only_the_parts_it_lies_in():
    read = []

    found = history.page(parts_of([5, 5, 5, 5, 5], read), start=7, limit=5)

    assert [moved.move.place[:5] for moved in found.items] == [f"n{number:04}" for number in range(7, 12)]
    assert (read, found.following) == ([1, 2], 12)


def test_behind_a_full_page_one_part_more_is_looked_for_and_no_other():
    looked = []

    def parts():
        for number, part in enumerate(parts_of([5] * 5)):
            looked.append(number)
            yield part

    assert history.page(parts(), start=0, limit=5).following == 5
    assert looked == [0, 1]


def test_behind_the_last_one_is_an_empty_page():
    assert history.page(parts_of([3]), start=3, limit=5) == history.page([], start=0, limit=5) == history.Page([], None)


def test_a_page_ends_before_it_grows_too_long_but_has_one_in_any_case(monkeypatch):
    monkeypatch.setattr(history, "_PAGE_BYTES", 40)  # three lines

    assert [history.page(parts_of([2, 5]), start=start, limit=100).following for start in (0, 3, 6)] == [3, 6, None]
    monkeypatch.setattr(history, "_PAGE_BYTES", 1)
    assert history.page(parts_of([2]), start=0, limit=100).following == 1


@pytest.mark.parametrize(
    ("move", "octets"),
    [
        pytest.param(Move(None, "12"), 2, id="created"),
        pytest.param(Move("123", "12"), 5, id="updated"),
        pytest.param(Move("123", None), 6, id="deleted, which shows twice what was"),
    ],
)
def test_a_move_is_as_long_as_what_is_shown_of_it(move, octets):
    assert history.shown_bytes(move) == octets


def test_stored_parts_are_read_by_what_their_keys_say(bucket):
    moves = [Move(None, f"n{number}\t1\t60\t01") for number in range(9)]
    keys = [
        differences.write(bucket, differences.folder("zone-id", "change-id"), number, Difference(tuple(some)))
        for number, some in enumerate((moves[:4], moves[4:5], moves[5:]))
    ]

    found = history.page(history.stored(bucket, keys), start=3, limit=4)

    assert ([moved.move for moved in found.items], found.following) == (moves[3:7], 7)


contents = st.dictionaries(
    st.tuples(st.sampled_from(["a", "a b", "b", "b c d", "c", "d", "e"]), st.sampled_from([1, 16, 65280])),
    st.sampled_from(
        [(b"\x01", None, None), (b"\x02", "X", None), (b"\x02", "x", None), (b"\x02", None, '{"version":2}')]
    ),
    max_size=10,
)


def published(table, bucket, sequence, chunk_bytes):
    """A zone whose versions hold these contents, one after the other, each written over the one before."""
    zone = Zone(str(uuid.uuid4()), "example.org.", "group", ZoneType.PRIMARY, NOW)
    before = None
    for number, held in enumerate(sequence, 1):
        lines = [
            "\t6\t60\t01",
            *sorted(
                rrset.to_line(*place, 60, [data], spelling, notes_text=notes_text)
                for place, (data, spelling, notes_text) in held.items()
            ),
        ]
        if before is None:
            made = chunks.store(bucket, zone.id, "change-1", [Piece("", lines, changed=True)], ())
        else:
            moves = diff.exact_moves(lines_of(bucket, zone.id, before.chunks), lines)
            made = rewrite.apply(Sink(bucket, zone.id, f"change-{number}", chunk_bytes), before, moves)
        version = Version(zone.id, number, number, NOW, f"change-{number}", made)
        table.write(*versions.publish(version, before.chunks if before else ()))
        before = version
    return replace(zone, version=len(sequence))


def lines_at(table, bucket, zone, number):
    return lines_of(bucket, zone.id, versions.get(table, zone.id, number).chunks)


@settings(laws, max_examples=40)
@given(st.lists(contents, min_size=1, max_size=4), st.sampled_from([30, 80, 100_000]), st.integers(1, 5), st.data())
def test_what_is_between_two_versions_makes_one_the_other(service, sequence, chunk_bytes, limit, data):
    table, bucket = service.table, service.bucket
    zone = published(table, bucket, sequence, chunk_bytes)
    since, until = (data.draw(st.integers(1, len(sequence))) for _ in range(2))
    whole = history.between(service, zone, since, until, start=0, limit=1000)

    items, start = [], 0
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(history, "_SPANS", 2)
        while start is not None:
            found = history.between(service, zone, since, until, start=start, limit=limit)
            assert len(found.items) <= limit
            assert found.following is None or found.following > start
            items += found.items
            start = found.following

    moves = [moved.move for moved in whole.items]
    old, new = (lines_at(table, bucket, zone, number) for number in (since, until))
    assert (items, whole.following) == (whole.items, None)
    made = diff.apply(Difference(tuple(moves)), old)
    assert all(move.hidden for move in diff.exact_moves(made, new))
    assert moves == [move for move in diff.exact_moves(old, new) if not move.hidden]
    assert all(moved.change is None for moved in whole.items)


def test_signatures_of_an_earlier_release_are_between_two_versions_only_if_they_differ(service):
    table, bucket = service.table, service.bucket
    zone = Zone(str(uuid.uuid4()), "example.org.", "group", ZoneType.SECONDARY, NOW, version=2)
    old = ["\t6\t60\t01", "a\t46\t60\t000101 001c02"]
    new = ["\t6\t60\t02", "a\t46.1\t60\t000101", "a\t46.28\t9\t001c02"]
    before = None
    for number, lines in enumerate((old, new), 1):
        made = chunks.store(bucket, zone.id, f"change-{number}", [Piece("", lines, changed=True)], ())
        version = Version(zone.id, number, number, NOW, f"change-{number}", made)
        table.write(*versions.publish(version, before.chunks if before else ()))
        before = version

    found = history.between(service, zone, 1, 2, start=0, limit=10)

    moves = [Move(old[0], new[0]), Move("a\t46.28\t60\t001c02", new[2])]
    assert [moved.move for moved in found.items] == moves


def test_a_first_load_of_an_earlier_release_has_as_many_moves_as_its_chunks_say(service):
    zone_id = str(uuid.uuid4())
    lines = ["\t6\t60\t01", "a\t46\t60\t000101 001c02", "b\t1\t60\t01"]
    made = chunks.store(service.bucket, zone_id, "change-1", [Piece("", lines, changed=True)], ())
    version = Version(zone_id, 1, 1, NOW, "change-1", made)
    service.table.write(*versions.publish(version, ()))
    change = Change("change-1", zone_id, ChangeType.CREATE, "joe", NOW, version=1, counts=Counts(created=3))
    service.table.write(changes.put(change))
    zone = Zone(zone_id, "example.org.", "group", ZoneType.SECONDARY, NOW, version=1)

    pages = [history.of_zone(service, zone, start=start, limit=1) for start in range(3)]

    assert [moved.move.after for found in pages for moved in found.items] == lines
    assert [found.following for found in pages] == [1, 2, None]


@pytest.fixture
def large(table, bucket):
    """A zone of three versions in some ten chunks, of which the third differs from the first in two."""
    first = {(f"n{number:03}", 1): (b"\x01\x02\x03\x04", None, None) for number in range(100)}
    second = first | {("n050", 1): (b"\x05", None, None)}
    third = second | {("n095", 1): (b"\x05", None, None)}
    return published(table, bucket, [first, first | {("n000", 16): (b"", None, None)}, second, third], 200)


def traffic(bucket, monkeypatch):
    monkeypatch.setattr(chunks, "_kept", {})
    return calls_of(bucket)


def test_chunks_that_both_versions_have_are_not_read(service, table, bucket, large, monkeypatch):
    count = len(versions.get(table, large.id, 4).chunks)
    found = traffic(bucket, monkeypatch)

    page = history.between(service, large, 2, 4, start=0, limit=100)

    assert [moved.move.place[:4] for moved in page.items] == ["n000", "n050", "n095"]
    assert (found, count > 8) == (["GetObject"] * 6, True)


@pytest.mark.parametrize("bound", ["_SPANS", "_READ_BYTES"])
def test_a_page_of_a_difference_reads_no_more_than_its_bounds(service, bucket, large, monkeypatch, bound):
    found = traffic(bucket, monkeypatch)
    monkeypatch.setattr(history, bound, 1)

    page = history.between(service, large, 2, 4, start=0, limit=100)

    assert ([moved.move.place[:4] for moved in page.items], found) == (["n000"], ["GetObject"] * 2)
    assert page.following == 1 << 32


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        pytest.param(5, "Zone example.org. has versions 1 to 4, not 5", id="yet to come"),
        pytest.param(2, "Zone example.org. no longer has version 2", id="swept"),
    ],
)
def test_a_version_that_is_not_there_says_why(service, table, large, number, problem):
    table.delete([{"pk": f"ZONE#{large.id}", "sk": "VERSION#000000000002"}])

    with pytest.raises(VersionNotFound) as caught:
        history.version(service, large, number)

    assert caught.value.message == problem


def test_a_zone_without_contents_has_no_version(service):
    with pytest.raises(VersionNotFound, match="has no contents yet"):
        history.version(service, Zone("id", "example.org.", "group", ZoneType.SECONDARY, NOW))
