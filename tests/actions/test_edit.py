"""Moves applied to a version. The law is held on random sequences of them, and nothing but the bucket is faked."""

import itertools
import uuid
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.calls import NOW
from support.chunklines import lines_of
from support.merging import calls_of, keys
from zonewright.contents import chunks, rewrite
from zonewright.contents.sink import Sink
from zonewright.model import ranges
from zonewright.model.diff import Move
from zonewright.model.ranges import Piece
from zonewright.model.version import Version, index_of
from zonewright.protocol import rrset

APEX = ["\t2\t\t026e7300", "\t6\t\t026e7300016a00000000010000000100000001000000010000000a"]
OCTETS = [b"\xc0\x00\x02\x01", b"\xc0\x00\x02\x02", b"\x09" + b"long" * 2 + b"!"]

places = st.tuples(keys, st.sampled_from([1, 16, 65280]))
saids = st.sampled_from([None, '{"version":2}', '{"description":"what is said of it"}'])
lines = st.builds(
    lambda place, ttl, octets, spelling, said: rrset.to_line(*place, ttl, octets, spelling, notes_text=said),
    places,
    st.sampled_from([None, 60]),
    st.sets(st.sampled_from(OCTETS), min_size=1),
    st.sampled_from([None, "A"]),
    saids,
)
writes = st.lists(st.tuples(st.sampled_from("++++-"), lines), min_size=1, max_size=4)
laws = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def first(bucket, contents):
    """The first version of a new zone, in one chunk."""
    zone_id = str(uuid.uuid4())
    made = chunks.store(bucket, zone_id, "change-id", [Piece("", sorted(contents), changed=True)], ())
    return Version(zone_id, 1, 1, NOW, "change-id", made)


def following(bucket, version, target):
    """Where the next change of a version's zone puts what it makes."""
    return Sink(bucket, version.zone_id, "next-id", target)


def check(bucket, version, model, target):
    """Whether the chunks are those of the lines: in order, names where they belong, of the size they should have."""
    made = version.chunks
    assert [chunk.start for chunk in made] == sorted({chunk.start for chunk in made})
    assert made[0].start == ""
    for number, chunk in enumerate(made):
        held = chunks.read(bucket, version.zone_id, chunk)
        assert held
        assert chunks.describe(chunk.start, held, chunks.to_text(held), chunk.change_id) == chunk
        assert {index_of(made, rrset.key(line)) for line in held} == {number}
        owners = [list(group) for _, group in itertools.groupby(held, rrset.key)]
        assert chunk.size <= max(2 * target, target + max(map(ranges.size, owners)))
    assert lines_of(bucket, version.zone_id, made) == sorted(model.values())
    assert (version.rrsets, version.records) == (len(model), sum(map(rrset.records, model.values())))


@laws
@given(st.lists(writes, min_size=1, max_size=12), st.sampled_from([80, 200, 500, 100_000]))
def test_after_any_writes_a_version_holds_what_a_dict_would(bucket, sequence, target):
    model = {rrset.place(line): line for line in APEX}
    version = first(bucket, APEX)

    for written in sequence:
        moves = {}
        for sign, line in written:
            place = rrset.place(line)
            moves[place] = Move(model.get(place), line if sign == "+" else None)
        moves = [move for move in moves.values() if move.before or move.after]
        for move in moves:
            model.pop(move.place, None)
            if move.after:
                model[move.place] = move.after
        version = replace(version, chunks=rewrite.apply(following(bucket, version, target), version, moves))
        check(bucket, version, model, target)


@pytest.fixture
def large(bucket):
    """A version in eleven chunks of ten owner names, the last one small."""
    contents = [*APEX, *(rrset.to_line(f"n{number:03}", 1, 60, [b"\x01\x02\x03\x04"]) for number in range(98))]
    version = first(bucket, contents)
    target = version.chunks[0].size // 10
    return replace(
        version, chunks=rewrite.apply(following(bucket, version, target), version, [Move(contents[9], contents[9])])
    ), target


def test_only_the_chunks_that_moves_fall_into_are_written_and_others_not_read(bucket, large, monkeypatch):
    version, target = large
    assert len(version.chunks) == 11
    monkeypatch.setattr(chunks, "_kept", {})
    found = calls_of(bucket)

    made = rewrite.apply(following(bucket, version, target), version, [Move(None, "n055 x\t1\t60\t01020304")])

    changed = [number for number, (old, new) in enumerate(zip(version.chunks, made, strict=True)) if old != new]
    assert len(changed) == 1
    assert found == ["GetObject", "PutObject"]


def test_a_chunk_that_has_shrunk_is_one_with_its_neighbour(bucket, large):
    version, target = large
    held = chunks.read(bucket, version.zone_id, version.chunks[5])
    rest = chunks.read(bucket, version.zone_id, version.chunks[4])[1:]

    moves = [Move(line, None) for line in [*held[1:], *rest]]
    made = rewrite.apply(following(bucket, version, target), version, moves)

    assert len(made) == 10
    assert lines_of(bucket, version.zone_id, made) == sorted(
        set(lines_of(bucket, version.zone_id, version.chunks)) - {move.before for move in moves}
    )


def test_an_empty_chunk_is_left_out_and_the_first_begins_at_the_apex(bucket, large):
    version, target = large

    for number in (0, 5, 10):
        held = chunks.read(bucket, version.zone_id, version.chunks[number])
        made = rewrite.apply(following(bucket, version, target), version, [Move(line, None) for line in held])
        assert made[0].start == ""
        assert [chunk.digest for chunk in made] == [
            chunk.digest for chunk in version.chunks if chunk != version.chunks[number]
        ]


def test_a_neighbour_taken_in_at_the_end_of_a_long_run_stays_whole(bucket):
    contents = [[f"{chunk:02}{line:02}\t1\t\t0" for line in range(40)] for chunk in range(18)]  # lines of 10 octets
    contents[15] = contents[15][:30]
    left = [39] * 14 + [
        9,
        30,
        6,
        40,
    ]  # the fifteenth shrinks and takes the next one in, and the one behind that shrinks
    pieces = [Piece(f"{number:02}00" if number else "", each, changed=True) for number, each in enumerate(contents)]
    zone_id = str(uuid.uuid4())
    version = Version(zone_id, 1, 1, NOW, "old-id", chunks.store(bucket, zone_id, "old-id", pieces, ()))
    moves = [Move(line, None) for each, count in zip(contents, left, strict=True) for line in each[count:]]

    made = rewrite.apply(Sink(bucket, zone_id, "new-id", 400), version, moves)

    gone = {move.before for move in moves}
    assert lines_of(bucket, zone_id, made) == [line for each in contents for line in each if line not in gone]
