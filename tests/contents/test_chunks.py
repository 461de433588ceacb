import gzip
import hashlib
import re

import pytest
from support.chunklines import lines_of
from zonewright.contents import chunks, differences
from zonewright.contents.bucket import ObjectMissing
from zonewright.model.diff import Difference, Move
from zonewright.model.version import Chunk

LINES = ["\t6\t3600\t00", "a\t1\t60\tc0000201 c0000202", "a\t65281\t60\t", "b ~ff\t16\t60\t0161\t~ff B"]
TEXT = b"\t6\t3600\t00\na\t1\t60\tc0000201 c0000202\na\t65281\t60\t\nb ~ff\t16\t60\t0161\t~ff B\n"
DIGEST = hashlib.sha256(TEXT).hexdigest()


def stored(bucket, zone_id, lines, start="", change="change-id"):
    """A chunk of those lines, written."""
    text = chunks.to_text(lines)
    chunk = chunks.describe(start, lines, text, change)
    chunks.write(bucket, zone_id, [(chunk, text)])
    return chunk


def test_a_chunk_is_described_by_its_digest_and_counts():
    assert chunks.to_text(LINES) == TEXT
    assert chunks.describe("", LINES, TEXT, "change-id") == Chunk("", DIGEST, len(TEXT), 4, 5, "change-id", ("~ff",))


def test_a_chunk_with_too_many_leftmost_labels_does_not_tell_them():
    lines = [f"a {number:04}\t1\t60\tc0000201" for number in range(17)]

    assert chunks.describe("", lines[:16], b"", "change-id").deep == tuple(f"{number:04}" for number in range(16))
    assert chunks.describe("", lines, b"", "change-id").deep is None
    assert chunks.describe("", [f"a {'x' * 63}{number}\t1\t60\tc0" for number in "abc"], b"", "c").deep is None


def test_a_chunk_is_stored_compressed_under_its_change_and_digest(bucket):
    stored(bucket, "stored", LINES)

    assert list(bucket.keys("")) == [f"zones/stored/chunks/change-id/{DIGEST}"]
    assert gzip.decompress(bucket.get(f"zones/stored/chunks/change-id/{DIGEST}")) == TEXT


def test_a_chunk_reads_back(bucket):
    chunk = stored(bucket, "back", LINES)

    assert chunks.read(bucket, "back", chunk) == LINES


def test_equal_content_of_a_change_is_the_same_object(bucket):
    first, again = stored(bucket, "equal", LINES, start=""), stored(bucket, "equal", list(LINES), start="a")
    octets = bucket.get(chunks.key("equal", first))
    stored(bucket, "equal", LINES)

    assert first.name == again.name == f"change-id/{DIGEST}"
    assert list(bucket.keys("zones/equal/")) == [chunks.key("equal", first)]
    assert bucket.get(chunks.key("equal", first)) == octets


def test_equal_content_of_another_change_is_another_object(bucket):
    first, second = (stored(bucket, "twice", LINES, change=change) for change in ("first", "second"))
    bucket.client.delete_object(Bucket=bucket.name, Key=chunks.key("twice", first))

    assert first.digest == second.digest
    assert chunks.read(bucket, "twice", second) == LINES
    with pytest.raises(ObjectMissing):
        chunks.read(bucket, "twice", first)


def test_other_content_and_other_zones_are_other_objects(bucket):
    stored(bucket, "one", LINES)
    stored(bucket, "one", LINES[:1])
    stored(bucket, "two", LINES)

    assert len(list(bucket.keys("zones/one/"))) == 2
    assert len(list(bucket.keys("zones/two/"))) == 1


def test_what_was_read_once_is_not_read_again(bucket):
    chunk = stored(bucket, "cached", LINES)
    chunks.read(bucket, "cached", chunk)
    bucket.client.delete_object(Bucket=bucket.name, Key=chunks.key("cached", chunk))

    assert chunks.read(bucket, "cached", chunk) == LINES


def test_another_zones_chunk_of_equal_content_is_not_taken_for_it(bucket):
    chunk = stored(bucket, "mine", LINES)
    chunks.read(bucket, "mine", chunk)

    with pytest.raises(ObjectMissing):
        chunks.read(bucket, "theirs", chunk)


def test_the_lines_kept_are_not_the_callers_to_change(bucket):
    chunk = stored(bucket, "copy", LINES)
    chunks.read(bucket, "copy", chunk).clear()

    assert chunks.read(bucket, "copy", chunk) == LINES


def test_what_is_kept_is_bounded(bucket):
    half = 9_000_000
    large = [[f"{name}\t16\t60\t{'00' * (half // 2)}"] for name in "ab"]
    made = [stored(bucket, "bounded", lines) for lines in large]
    assert [chunks.read(bucket, "bounded", chunk) for chunk in made] == large
    for chunk in made:
        bucket.client.delete_object(Bucket=bucket.name, Key=chunks.key("bounded", chunk))

    assert chunks.read(bucket, "bounded", made[1]) == large[1]
    with pytest.raises(ObjectMissing):
        chunks.read(bucket, "bounded", made[0])


def test_a_chunk_larger_than_what_is_kept_reads_all_the_same(bucket):
    lines = [f"a\t16\t60\t{'00' * 9_000_000}"]
    chunk = stored(bucket, "huge", lines)

    assert chunks.read(bucket, "huge", chunk) == lines


def test_chunks_read_as_one_run(bucket):
    made = [stored(bucket, "run", LINES[:2]), stored(bucket, "run", LINES[2:], start="a")]

    assert lines_of(bucket, "run", made) == LINES


def test_a_difference_reads_back_from_its_key(bucket):
    moves = (Move("a\t1\t60\t01", "a\t1\t60\t02"), Move(None, "b\t1\t60\t01"), Move("c\t1\t60\t\tC", None))

    key = differences.write(bucket, differences.folder("zone-id", "change-id"), 7, Difference(moves, unchanged=3))

    assert re.fullmatch(r"zones/zone-id/changes/change-id/000007-[0-9a-f]{16}-3", key)
    assert differences.moves(key) == 3
    assert differences.read(bucket, key) == list(moves)


def test_differences_of_another_attempt_are_stored_beside_and_those_of_the_same_contents_once(bucket):
    folder = differences.folder("zone-id", "change-id")
    first, second = ([Move(None, f"a\t1\t60\t0{number}")] for number in (1, 2))

    written = [differences.write(bucket, folder, 0, Difference(tuple(moves))) for moves in (first, second, first)]

    assert written[0] == written[2] != written[1]
    assert [differences.read(bucket, key) for key in written] == [first, second, first]


def test_differences_of_an_earlier_release_are_read(bucket):
    old = "zones/zone-id/changes/change-id/000007-1"
    moves = [Move(None, "a\t1\t60\t01")]
    written = differences.write(bucket, differences.folder("zone-id", "change-id"), 7, Difference(tuple(moves)))
    bucket.copy_all([(written, old)])

    assert (differences.moves(old), differences.read(bucket, old)) == (1, moves)


def test_signatures_that_an_earlier_release_stored_as_one_rrset_are_read_as_several(bucket):
    lines = ["\t6\t46\t00", "a\t1\t60\tc0000201", "a\t46\t60\t000101 001c02", "a\t47\t60\t00"]
    chunk = stored(bucket, "signed", lines)

    assert chunks.read(bucket, "signed", chunk) == [
        *lines[:2],
        "a\t46.1\t60\t000101",
        "a\t46.28\t60\t001c02",
        lines[3],
    ]
    assert chunks.stored(bucket, "signed", chunk) == lines


def test_a_difference_of_signatures_that_were_one_rrset_is_read_as_it_was_counted(bucket):
    moves = [Move("a\t46\t60\t000101 001c02", "a\t46\t9\t000103 001c04")]

    key = differences.write(bucket, differences.folder("zone-id", "change-id"), 0, Difference(tuple(moves)))

    assert (differences.moves(key), differences.read(bucket, key)) == (1, moves)
