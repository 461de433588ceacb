"""Merges of RRset lines into chunks. The laws are held on random zones, and nothing but the bucket is faked."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.merging import Store, keys, numbered, same, traffic
from support.sweeping import APEX
from zonewright.contents import chunks
from zonewright.contents.merge import add, merge
from zonewright.model import diff, ranges
from zonewright.model.change import Counts
from zonewright.model.version import Chunk
from zonewright.protocol import rrset
from zonewright.sync.staging import Merged, Outside

RDATA = {
    1: [b"\xc0\x00\x02\x01", b"\xc0\x00\x02\x02", b"\xc0\x00\x02\x03"],
    2: [b"\x02ns\x00", b"\x02NS\x00", b"\x02n2\x00"],
    16: [b"\x01a", b"\x01A", b"\x09" + b"long" * 2 + b"!"],
    65280: [b"", b"\x01"],
}

places = st.tuples(st.one_of(st.just(""), keys), st.sampled_from([1, 16, 65280])) | st.tuples(keys, st.just(2))
targets = st.sampled_from([60, 120, 300, 100_000])
laws = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def spelled(key):
    """An owner name of that key in capitals, as lines hold it; None where it has no letters."""
    text = " ".join(label.upper() if label.isalpha() else label for label in reversed(key.split(" ")))
    return None if text == text.lower() else text


@st.composite
def contents(draw, more=places):
    """The lines of a zone: an apex as every zone has, and more."""
    lines = list(APEX)
    for key, rdtype in draw(st.sets(more, max_size=25)):
        same_to_dns = bytes.lower if rdtype == 2 else bytes  # of names in two cases one is kept, before any merge
        octets = draw(st.lists(st.sampled_from(RDATA[rdtype]), min_size=1, unique_by=same_to_dns))
        spelling = draw(st.sampled_from([None, None, spelled(key)]))
        lines.append(rrset.to_line(key, rdtype, draw(st.sampled_from([60, 300])), octets, spelling))
    return sorted(lines)


@st.composite
def successors(draw, old):
    """Return new contents: some lines of `old` kept, some deleted, some added."""
    new = {rrset.place(line): line for line in draw(contents())}
    kept = {rrset.place(line): line for line in old if draw(st.integers(0, 4))}
    return sorted((new | kept).values())


def pairs():
    return contents().flatmap(lambda old: st.tuples(st.just(old), successors(old)))


@laws
@given(contents(), targets)
def test_a_first_load_creates_everything(bucket, lines, target):
    store = Store(bucket, target)

    merged = store.merge((), lines)

    store.check(merged.chunks)
    assert store.lines(merged.chunks) == lines
    types = tuple(rrset.from_line(line).type for line in lines if rrset.key(line) == "")
    assert merged == Merged(merged.chunks, Counts(created=len(lines)), (), types, 0)


@laws
@given(pairs(), targets)
def test_a_merge_gives_the_new_contents_and_what_moved(bucket, pair, target):
    old, new = pair
    store = Store(bucket, target)
    base = store.merge((), old).chunks

    merged = store.merge(base, new)

    difference, lines = diff.diff(old, new)
    store.check(merged.chunks)
    assert store.lines(merged.chunks) == lines
    assert same(lines, new)
    assert merged.counts == difference.counts()
    assert store.moves(merged) == list(difference.moves)
    assert len(merged.differences) == bool(difference.moves)


@laws
@given(pairs(), targets)
def test_the_old_version_reads_as_before(bucket, pair, target):
    old, new = pair
    store = Store(bucket, target)
    base = store.merge((), old).chunks

    store.merge(base, new)

    assert store.lines(base) == old


@laws
@given(pairs(), targets)
def test_a_merge_done_twice_makes_the_same(bucket, pair, target):
    old, new = pair
    store = Store(bucket, target)
    base = store.merge((), old).chunks
    first = store.merge(base, new)

    with traffic(bucket) as calls:
        again = store.merge(base, new)

    assert again == first
    written = {key.rpartition("/")[2] for name, key in calls if name == "PutObject" and "/chunks/" in key}
    assert written <= {chunk.digest for chunk in first.chunks} - {chunk.digest for chunk in base}


@laws
@given(pairs(), targets)
def test_the_same_contents_again_read_and_write_nothing(bucket, pair, target):
    old, new = pair
    store = Store(bucket, target)
    held = store.merge(store.merge((), old).chunks, new).chunks
    lines = store.lines(held)

    with traffic(bucket) as calls:
        merged = store.merge(held, lines)

    assert calls == []
    assert (merged.chunks, merged.counts, merged.differences) == (held, Counts(unchanged=len(lines)), ())


@laws
@given(contents(), targets, st.data())
def test_another_case_of_names_is_stored_once_and_moves_nothing(bucket, lines, target, data):
    store = Store(bucket, target)
    held = store.merge((), lines).chunks
    respelled = []
    for each in map(rrset.from_line, lines):
        octets = (
            [data.draw(st.sampled_from([each.swapcase(), each])) for each in each.rdatas]
            if each.type == 2
            else each.rdatas
        )
        spelling = data.draw(st.sampled_from([each.spelling, spelled(each.key)]))
        respelled.append(rrset.to_line(each.key, each.type, each.ttl, octets, spelling))

    respelled.sort()

    merged = store.merge(held, respelled)
    with traffic(bucket) as calls:
        again = store.merge(merged.chunks, respelled)

    moved = diff.diff(lines, respelled)[0].moves
    assert store.lines(merged.chunks) == respelled
    assert moved or (merged.counts, merged.differences) == (Counts(unchanged=len(lines)), ())
    assert (again.chunks, again.counts, calls) == (merged.chunks, Counts(unchanged=len(lines)), [])


@laws
@given(pairs(), targets, st.integers(1, 6), st.data())
def test_ranges_merged_apart_make_what_one_merge_makes(bucket, pair, target, share, data):
    old, new = pair
    store = Store(bucket, target)
    base = store.merge((), old).chunks if data.draw(st.booleans(), label="loaded") else ()
    samples = sorted(data.draw(st.lists(st.sampled_from([rrset.key(line) for line in new]), max_size=20)))
    cuts = ranges.cuts(samples, [chunk.start for chunk in base], share)

    parts = store.merge_parts(base, new, cuts)
    moved = store.moves(parts)

    whole = store.merge(base, new)
    store.check(parts.chunks)
    assert store.lines(parts.chunks) == store.lines(whole.chunks)
    assert moved == store.moves(whole)
    assert (parts.counts, parts.apex_types, parts.mixed_ttls) == (whole.counts, whole.apex_types, whole.mixed_ttls)


@laws
@given(pairs(), targets, st.sets(keys, max_size=5).map(sorted))
def test_a_chunk_that_did_not_change_is_the_same_object_unless_a_small_one_joins_it(bucket, pair, target, cuts):
    old, new = pair
    store = Store(bucket, target)
    base = store.merge((), old).chunks

    made = store.merge_parts(base, new, [cut for cut in cuts if cut in {chunk.start for chunk in base}]).chunks

    by_line = {line: chunk for chunk in made for line in store.lines([chunk])}
    for chunk, end in zip(base, [*(chunk.start for chunk in base[1:]), None], strict=True):
        held = store.lines([chunk])
        if ranges.between(new, chunk.start, end) == held and chunk not in made:
            found = by_line[held[0]]
            assert found.digest == chunk.digest or found.size <= target


@laws
@given(pairs(), targets)
def test_a_chunk_keeps_the_change_that_wrote_it_and_a_new_one_has_this(bucket, pair, target):
    old, new = pair
    store = Store(bucket, target)
    base = store.merge((), old).chunks
    store.change_id = "next-id"

    made = store.merge(base, new).chunks

    digests = {chunk.digest for chunk in base}
    assert all(chunk.change_id == ("change-id" if chunk.digest in digests else "next-id") for chunk in made)
    stored = set(bucket.keys(chunks.prefix(store.zone_id)))
    assert stored == {chunks.key(store.zone_id, chunk) for chunk in (*base, *made)}


def test_a_small_change_rewrites_one_chunk(bucket):
    store = Store(bucket, 1000)
    lines = [*APEX, *numbered(1000)]
    base = store.merge((), lines).chunks
    changed = [*APEX, *numbered(500), "h0499x\t1\t60\tc0000201", *numbered(500, 500)]

    with traffic(bucket) as calls:
        merged = store.merge(base, changed)

    fresh = set(merged.chunks) - set(base)
    assert (len(base), len(merged.chunks), len(fresh)) == (len(base), len(base), 1)
    assert merged.counts == Counts(created=1, unchanged=1002)
    assert sorted(name for name, _ in calls if name == "PutObject") == ["PutObject", "PutObject"]


def test_signatures_stored_as_one_rrset_are_compared_as_several_and_rewritten_once(bucket):
    store = Store(bucket, 100_000)
    old = [*APEX, "a\t46\t60\t000101 001c03", "b\t1\t60\tc0000201"]
    new = [*APEX, "a\t46.1\t60\t000101", "a\t46.28\t60\t001c03", "b\t1\t60\tc0000201"]
    text = chunks.to_text(old)
    base = (chunks.describe("", old, text, "change-id"),)
    chunks.write(bucket, store.zone_id, [(base[0], text)])

    merged = store.merge(base, new)

    assert store.lines(base) == store.lines(merged.chunks) == new
    assert (merged.counts, merged.differences) == (Counts(unchanged=len(new)), ())
    assert [(chunk.rrsets, chunk.records) for chunk in (*base, *merged.chunks)] == [(4, 5), (5, 5)]
    assert store.merge(merged.chunks, new).chunks == merged.chunks


def test_each_signature_keeps_the_ttl_of_what_it_covers(bucket):
    store = Store(bucket, 100_000)
    rrs = sorted([*APEX, "a\t46.1\t60\t000101", "a\t46.47\t9\t002f01", "a\t46.65534\t0\tfffe01"])

    merged = merge(store.sink(), (), rrs)

    assert (store.lines(merged.chunks), merged.mixed_ttls) == (rrs, 0)
    changed = [*rrs[:-1], "a\t46.65534\t1\tfffe01"]
    assert store.merge(merged.chunks, changed).counts == Counts(updated=1, unchanged=4)


def test_the_types_at_the_apex_are_each_named_once(bucket):
    signed = sorted([*APEX, "\t46.2\t60\t000201", "\t46.6\t60\t000601"])

    assert Store(bucket, 200).merge((), signed).apex_types == (2, 46, 6)


def test_a_range_whose_first_chunk_is_deleted_whole_merges(bucket):
    store = Store(bucket, 200)
    base = store.merge((), [*APEX, *numbered(60)]).chunks
    gone = store.lines(base[2:3])
    left = [line for line in store.lines(base) if line not in gone]

    parts = store.merge_parts(base, left, [base[2].start])

    store.check(parts.chunks)
    assert store.lines(parts.chunks) == left
    assert parts.counts == Counts(deleted=len(gone), unchanged=len(left))


def test_a_chunk_torn_by_a_cut_is_compared_on_both_sides(bucket):
    store = Store(bucket, 100_000)
    lines = [*APEX, *numbered(60)]
    base = store.merge((), lines).chunks

    parts = store.merge_parts(base, lines, ["h0030"])

    assert [chunk.start for chunk in parts.chunks] == ["", "h0030"]
    assert (store.lines(parts.chunks), parts.counts) == (lines, Counts(unchanged=62))


def test_all_but_the_apex_may_go(bucket):
    store = Store(bucket, 200)
    base = store.merge((), [*APEX, *numbered(60)]).chunks

    merged = store.merge(base, APEX)

    store.check(merged.chunks)
    assert (store.lines(merged.chunks), merged.counts) == (APEX, Counts(deleted=60, unchanged=2))


def test_nothing_is_no_chunk(bucket):
    assert Store(bucket, 200).merge((), []) == Merged((), Counts())


def test_differing_ttls_are_counted_and_kept(bucket):
    store = Store(bucket, 200)
    mixed = sorted([*APEX, "a\t1\t60\tc0000201", "a\t1\t50\tc0000202", "b\t1\t60\tc0000201"])

    merged = merge(store.sink(), (), mixed)

    assert store.lines(merged.chunks) == [*APEX, "a\t1\t60,50\tc0000201 c0000202", "b\t1\t60\tc0000201"]
    assert merged.mixed_ttls == 1


def test_owners_of_a_cname_beside_other_data_are_counted_and_kept(bucket):
    store = Store(bucket, 200)
    signed = ["c\t46\t60\t00", "c\t47\t60\t00", "c\t5\t60\t00"]
    crowded = ["a b\t1\t5\tc0000201", "a\t16\t60\t00", "a\t5\t60\t00", "b\t5\t60\t00", "b\t6\t60\t00"]
    lines = sorted([*APEX, *signed, *crowded])

    merged = merge(store.sink(), (), lines)

    assert store.lines(merged.chunks) == lines
    assert (merged.cnames, merged.cname_keys) == (2, ("a", "b"))


def test_ranges_add_up_in_order():
    one = Merged((Chunk("", "0" * 64, 1, 1, 1, "one"),), Counts(1, 2, 3, 4), ("first",), (2, 6), 1, 2, ("", "0"))
    other = Merged(
        (Chunk("a", "1" * 64, 1, 1, 1, "other"),), Counts(10, 20, 30, 40), ("second",), (), 2, 3, ("a", "b", "c")
    )

    assert add([one, other]) == Merged(
        (*one.chunks, *other.chunks), Counts(11, 22, 33, 44), ("first", "second"), (2, 6), 3, 5, ("", "0", "a")
    )
    assert add([]) == Merged((), Counts())


def test_what_is_outside_adds_up_with_the_first_names():
    assert Outside(2, ("a.", "b.")) + Outside(3, ("b.", "c.", "d.")) == Outside(5, ("a.", "b.", "c."))
    assert Outside() + Outside(1, ("a.",)) == Outside(1, ("a.",))
