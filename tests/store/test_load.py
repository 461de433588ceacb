"""From messages to chunks. The laws of `merge` are held on random zones, and nothing but the bucket is faked."""

import itertools
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime

import dns.message
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from primaries.small import Answer, Small, read_zone
from zonewright.contents import chunks, differences
from zonewright.contents.sink import Sink
from zonewright.model import diff, ranges
from zonewright.model.change import Counts
from zonewright.model.guards import Guards
from zonewright.model.version import Chunk, Version, index_of
from zonewright.protocol import names, rrset
from zonewright.protocol.transfer import Transfer
from zonewright.sync import load, staging
from zonewright.sync.load import Collected
from zonewright.sync.staging import Merged, Outside, Plan, Staging

ZONE = """
@       3600 SOA  ns1 joe.doe 7 3600 600 86400 300
@       3600 NS   ns1
ns1     3600 A    192.0.2.53
*.wild  60   TXT  "anything"
MiXed   60   A    192.0.2.1
a.b.c   60   AAAA 2001:db8::1
mail    60   MX   10 ns1
mail    60   MX   20 other.example.net.
"""
APEX = ["\t2\t3600\t026e7300", "\t6\t3600\t026e7300016a00000000010000000100000001000000010000000a"]
RDATA = {
    1: [b"\xc0\x00\x02\x01", b"\xc0\x00\x02\x02", b"\xc0\x00\x02\x03"],
    2: [b"\x02ns\x00", b"\x02NS\x00", b"\x02n2\x00"],
    16: [b"\x01a", b"\x01A", b"\x09" + b"long" * 2 + b"!"],
    65280: [b"", b"\x01"],
}

keys = st.lists(st.sampled_from(["a", "b", "c", "d", "*", "~ff"]), min_size=1, max_size=3).map(" ".join)
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
    """What may follow `old`: some of its lines kept, some gone, others beside them."""
    new = {rrset.place(line): line for line in draw(contents())}
    kept = {rrset.place(line): line for line in old if draw(st.integers(0, 4))}
    return sorted((new | kept).values())


def pairs():
    return contents().flatmap(lambda old: st.tuples(st.just(old), successors(old)))


def rrs(lines):
    """The RRs of RRset lines, one line each, sorted."""
    found = map(rrset.from_line, lines)
    return sorted(
        rrset.to_line(each.key, each.type, each.ttl, [octets], each.spelling)
        for each in found
        for octets in each.rdatas
    )


def same(left, right):
    """Whether two runs hold the same, the case of names ignored."""
    return list(map(rrset.place, left)) == list(map(rrset.place, right)) and all(map(rrset.equivalent, left, right))


class Store:
    """A zone's chunks in the bucket, and a merge over them; a new zone for each example."""

    def __init__(self, bucket, target):
        self.bucket, self.target, self.zone_id = bucket, target, str(uuid.uuid4())
        self.change_id = "change-id"

    def merge(self, base, lines, low="", high=None, part=0):
        run = ranges.between(rrs(lines), low, high)
        return load.merge(self.sink(), part, base, run, low, high)

    def sink(self, change_id=None, **fields):
        return Sink(self.bucket, self.zone_id, change_id or self.change_id, self.target, **fields)

    def merge_parts(self, base, lines, cuts):
        bounds = list(itertools.zip_longest(["", *cuts], cuts))
        return load.add(self.merge(base, lines, low, high, part) for part, (low, high) in enumerate(bounds))

    def lines(self, made):
        return list(chunks.lines(self.bucket, self.zone_id, made))

    def moves(self, merged):
        return [move for key in merged.differences for move in differences.read(self.bucket, key)]

    def check(self, made):
        """Whether a chunk list is one: in order from the apex on, names where they belong, all as described."""
        assert [chunk.start for chunk in made] == sorted({chunk.start for chunk in made})
        assert made[0].start == ""
        for number, chunk in enumerate(made):
            lines = self.lines([chunk])
            assert chunks.describe(chunk.start, lines, chunks.to_text(lines), chunk.change_id) == chunk
            assert {index_of(made, rrset.key(line)) for line in lines} == {number}


@contextmanager
def traffic(bucket):
    """The keys of objects read and written in the meantime."""
    found = []

    def note(params, model, **_):
        found.append((model.name, params["url_path"].partition("/")[2]))

    bucket.client.meta.events.register("before-call.s3", note)
    yield found
    bucket.client.meta.events.unregister("before-call.s3", note)


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
def test_another_case_of_names_changes_nothing(bucket, lines, target, data):
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

    with traffic(bucket) as calls:
        merged = store.merge(held, sorted(respelled))

    moved = diff.diff(lines, sorted(respelled))[0].moves
    assert moved or (merged.chunks, merged.counts) == (held, Counts(unchanged=len(lines)))
    assert moved or "PutObject" not in {name for name, _ in calls}


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


def numbered(count, first=0):
    """So many address lines of 20 octets."""
    return [f"h{number:04d}\t1\t60\tc00002{number % 256:02x}" for number in range(first, first + count)]


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


def test_a_small_chunk_in_another_case_is_not_joined_to_its_neighbour(bucket):
    store = Store(bucket, 60)
    lines = [*APEX, *numbered(20), "sub\t2\t60\t026e7300"]
    base = store.merge((), lines).chunks
    store.target = 1000

    merged = store.merge(base, [*lines[:-1], "sub\t2\t60\t024e5300\tSUB"])

    assert (merged.chunks, merged.counts) == (base, Counts(unchanged=len(lines)))


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


def test_differing_ttls_are_counted_and_the_lowest_taken(bucket):
    store = Store(bucket, 200)
    mixed = sorted([*APEX, "a\t1\t60\tc0000201", "a\t1\t50\tc0000202", "b\t1\t60\tc0000201"])

    merged = load.merge(store.sink(), 0, (), mixed)

    assert store.lines(merged.chunks) == [*APEX, "a\t1\t50\tc0000201 c0000202", "b\t1\t60\tc0000201"]
    assert merged.mixed_ttls == 1


def test_ranges_add_up_in_order():
    one = Merged((Chunk("", "0" * 64, 1, 1, 1, "one"),), Counts(1, 2, 3, 4), ("first",), (2, 6), 1)
    other = Merged((Chunk("a", "1" * 64, 1, 1, 1, "other"),), Counts(10, 20, 30, 40), ("second",), (), 2)

    assert load.add([one, other]) == Merged(
        (*one.chunks, *other.chunks), Counts(11, 22, 33, 44), ("first", "second"), (2, 6), 3
    )
    assert load.add([]) == Merged((), Counts())


def test_what_is_outside_adds_up_with_the_first_names():
    assert Outside(2, ("a.", "b.")) + Outside(3, ("b.", "c.", "d.")) == Outside(5, ("a.", "b.", "c."))
    assert Outside() + Outside(1, ("a.",)) == Outside(1, ("a.",))


class Transferred:
    """A zone's transfer: the machine, fed as its messages are taken."""

    def __init__(self, text, per_message, zone="example.org."):
        self.machine = Transfer(names.absolute(zone))
        records = read_zone(zone, text)
        query = dns.message.from_wire(self.machine.question())
        self.wires = Answer(query, (*records, records[0]), per_message=per_message).messages()

    def messages(self):
        for wire in self.wires:
            self.machine.feed(wire)
            yield wire


@pytest.fixture
def staged(bucket):
    return Staging(bucket, staging.prefix("sync-id", "attempt"))


def test_a_small_zone_is_collected_in_memory(staged):
    transferred = Transferred(ZONE, per_message=3)

    collected = load.collect(transferred.machine, transferred.messages(), staged, Guards(), 10_000, 100)

    assert transferred.machine.done
    assert (collected.messages, collected.batches) == (transferred.wires, 0)
    assert collected.samples == ["", "mail", "wild *"]
    assert list(staged.bucket.keys("")) == []


@pytest.mark.parametrize("batch_bytes", [1, 100, 200, 10_000])
@pytest.mark.parametrize("inline_bytes", [0, 250])
def test_a_large_zone_leaves_in_batches_that_hold_every_message_in_order(staged, inline_bytes, batch_bytes):
    transferred = Transferred(ZONE, per_message=1)

    collected = load.collect(transferred.machine, transferred.messages(), staged, Guards(), inline_bytes, batch_bytes)

    kept = [message for number in range(collected.batches) for message in staged.read_batch(number)]
    assert kept + collected.messages == transferred.wires
    assert not (kept and collected.messages)
    assert bool(kept) is (batch_bytes < 10_000)
    assert len(list(staged.bucket.keys(""))) == collected.batches


def test_messages_parse_to_sorted_lines_and_what_is_outside():
    transferred = Transferred(ZONE + "@ 60 TXT last\n", per_message=2)
    stranger = Transferred("@ 3600 SOA ns1 joe 7 1 1 1 1\n@ NS ns1\n", per_message=9, zone="example.net.")

    lines, outside = load.parse("example.org.", [*transferred.messages(), *stranger.messages()])

    assert lines == sorted(lines)
    assert [line.split("\t")[:2] for line in lines] == [
        ["", "16"],
        ["", "2"],
        ["", "6"],
        ["", "6"],
        ["c b a", "28"],
        ["mail", "15"],
        ["mail", "15"],
        ["mixed", "1"],
        ["ns1", "1"],
        ["wild *", "16"],
    ]
    assert lines[-3].endswith("\tMiXed")
    assert outside == Outside(3, ("example.net.", "example.net.", "example.net."))


@pytest.mark.parametrize("per_message", [1, 7, 100])
@pytest.mark.parametrize("batch_bytes", [300, 2000])
def test_both_ways_make_the_same_version(bucket, staged, per_message, batch_bytes):
    text = ZONE + "".join(f"h{number % 150:03d} 60 A 192.0.2.{number % 250}\n" for number in range(400))
    transferred = Transferred(text, per_message)
    store = Store(bucket, 400)
    old = store.merge((), [*APEX, *numbered(100)]).chunks

    collected = load.collect(transferred.machine, transferred.messages(), staged, Guards(), 0, batch_bytes)
    machine = transferred.machine
    cuts = load.cuts(machine, old, collected, batch_bytes)
    staged.write_plan(Plan("example.org.", 1, "192.0.2.1", machine.soa, machine.records, machine.octets, cuts=cuts))
    plan = staged.read_plan()
    outside = sum((load.parse_batch(staged, plan, number) for number in range(collected.batches)), Outside())
    for number in range(len(plan.cuts) + 1):
        load.merge_range(store.sink(), staged, plan, number, old)
    mapped = load.add(staged.read_merged(len(plan.cuts) + 1))

    lines, outside_inline = load.parse("example.org.", transferred.wires)
    inline = load.merge(store.sink("other-id"), 0, old, lines)
    store.check(mapped.chunks)
    assert store.lines(mapped.chunks) == store.lines(inline.chunks)
    assert store.moves(mapped) == store.moves(inline)
    assert (mapped.counts, mapped.apex_types, mapped.mixed_ttls) == (
        inline.counts,
        inline.apex_types,
        inline.mixed_ttls,
    )
    assert (outside, outside_inline) == (Outside(), Outside())
    assert sum(chunk.records for chunk in mapped.chunks) == plan.records
    assert len(plan.cuts) > 0


def test_ranges_are_cut_by_octets_of_messages():
    transferred = Transferred(ZONE, per_message=1)
    list(transferred.messages())
    collected = Collected([], 3, ["", "a", "b", "c"])

    assert load.cuts(transferred.machine, (), collected, transferred.machine.octets // 2) == ("b",)


@pytest.mark.parametrize(("most", "cuts"), [(4, ("a", "b", "c")), (2, ("b",))], ids=["few enough", "too many"])
def test_ranges_are_larger_where_there_would_be_too_many(monkeypatch, most, cuts):
    transferred = Transferred(ZONE, per_message=1)
    list(transferred.messages())
    monkeypatch.setattr(load, "MOST_RANGES", most)

    assert load.cuts(transferred.machine, (), Collected([], 3, ["", "a", "b", "c"]), 1) == cuts


def test_a_zone_in_memory_has_one_range():
    transferred = Transferred(ZONE, per_message=1)
    list(transferred.messages())

    assert load.cuts(transferred.machine, (), Collected([], 0, ["", "a", "b"]), 1) == ()


def fed(machine, small):
    """The messages of the answer to a machine's question."""
    messages = small.answer(dns.message.from_wire(machine.question())).messages()
    for message in messages:
        machine.feed(message)
    return messages


def test_increments_read_and_write_once_what_they_touch(bucket):
    text = ZONE + "".join(f"n{number:03} 60 A 192.0.2.{number}\n" for number in range(200))
    small, name, store = Small({"example.org.": text}), names.absolute("example.org."), Store(bucket, 400)
    rrs, _ = load.parse("example.org.", fed(Transfer(name), small))
    made = load.merge(store.sink("old-id"), 0, (), rrs).chunks
    base = Version(store.zone_id, 1, 7, datetime(2026, 11, 22, tzinfo=UTC), "old-id", made)
    moved = {f"n{number:03} 60 A": f"n{number:03} 90 A" for number in (10, 11, 150)}
    small.reload("example.org.", replaced(text, {"joe.doe 7": "joe.doe 8", **moved}))
    machine = Transfer(name, since=7)
    messages = fed(machine, small)

    with traffic(bucket) as seen:
        merged, _ = load.take_in(store.sink("new-id"), machine, messages, base)

    touched = {index_of(made, key) for key in ("", "n010", "n011", "n150")}
    assert sorted(key for verb, key in seen if verb == "GetObject") == sorted(
        chunks.key(store.zone_id, made[index]) for index in touched
    )
    assert sum(verb == "PutObject" for verb, _ in seen) == len(touched) + 1  # and what moved
    assert merged.counts == Counts(updated=4, unchanged=203)
    store.check(merged.chunks)


def replaced(text, changes):
    """A text with one part after the other in the place of another."""
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text
