"""From messages to chunks: transfers collected, staged in batches and parsed."""

from datetime import UTC, datetime
from itertools import pairwise

import dns.message
import pytest
from primaries.small import Answer, Small, read_zone
from support.merging import Store, numbered, traffic
from support.sweeping import APEX
from zonewright.contents import chunks
from zonewright.contents.merge import Outside, add, merge
from zonewright.model.change import Counts
from zonewright.model.guards import Guards
from zonewright.model.version import Version, index_of
from zonewright.protocol import names
from zonewright.protocol.transfer import Transfer
from zonewright.sync import load, staging
from zonewright.sync.load import Collected
from zonewright.sync.staging import Plan, Staging

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

    def without_closing(self):
        """The messages, the last without the closing SOA."""
        *rest, last = map(dns.message.from_wire, self.wires)
        ends = last.to_wire()[:6] + (sum(map(len, last.answer)) - 1).to_bytes(2, "big") + self.wires[-1][8:]
        return [*self.wires[: len(rest)], ends]


@pytest.fixture
def staged(bucket):
    return Staging(bucket, staging.prefix("sync-id", "attempt"))


def test_a_small_zone_is_collected_in_memory(staged):
    transferred = Transferred(ZONE, per_message=3)

    collected = load.collect(
        transferred.machine, transferred.messages(), staged, guards=Guards(), inline_bytes=10_000, batch_bytes=100
    )

    assert transferred.machine.done
    assert (collected.messages, collected.batches) == (transferred.without_closing(), 0)
    assert collected.samples == ["", "mail", "wild *"]
    assert list(staged.bucket.keys("")) == []


@pytest.mark.parametrize("batch_bytes", [1, 100, 200, 10_000])
@pytest.mark.parametrize("inline_bytes", [0, 250])
def test_a_large_zone_leaves_in_batches_that_hold_every_message_in_order(staged, inline_bytes, batch_bytes):
    transferred = Transferred(ZONE, per_message=1)

    collected = load.collect(
        transferred.machine,
        transferred.messages(),
        staged,
        guards=Guards(),
        inline_bytes=inline_bytes,
        batch_bytes=batch_bytes,
    )

    kept = [message for number in range(collected.batches) for message in staged.read_batch(number)]
    assert kept + collected.messages == transferred.without_closing()
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

    collected = load.collect(
        transferred.machine, transferred.messages(), staged, guards=Guards(), inline_bytes=0, batch_bytes=batch_bytes
    )
    machine = transferred.machine
    cuts = load.cuts(machine, old, collected, batch_bytes)
    staged.write_plan(Plan("example.org.", 1, "192.0.2.1", machine.soa, machine.records, machine.octets, cuts=cuts))
    plan = staged.read_plan()
    outside = sum((load.parse_batch(staged, plan, number) for number in range(collected.batches)), Outside())
    for number in range(len(plan.cuts) + 1):
        load.merge_range(store.sink(), staged, plan, number, old)
    mapped = add(staged.read_merged(len(plan.cuts) + 1))

    lines, outside_inline = load.parse("example.org.", transferred.wires)
    inline = merge(store.sink("other-id"), old, lines)
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
    made = merge(store.sink("old-id"), (), rrs).chunks
    base = Version(store.zone_id, 1, 7, datetime(2026, 11, 22, tzinfo=UTC), "old-id", made)
    moved = {f"n{number:03} 60 A": f"n{number:03} 90 A" for number in (10, 11, 150)}
    small.reload("example.org.", replaced(text, {"joe.doe 7": "joe.doe 8", **moved}))
    machine = Transfer(name, since=7)
    messages = fed(machine, small)

    with traffic(bucket) as seen:
        merged, _ = load.apply_increments(store.sink("new-id"), machine, messages, base)

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


def test_samples_of_very_many_messages_are_thinned_out(staged, monkeypatch):
    monkeypatch.setattr(load, "_MOST_SAMPLES", 20)
    apex, hosts = ZONE.split("\n", 4)[:4], [f"host{number:03} 60 A 192.0.2.1" for number in range(300)]
    transferred = Transferred("\n".join([*apex, *hosts, ""]), per_message=1)

    collected = load.collect(
        transferred.machine, transferred.messages(), staged, guards=Guards(), inline_bytes=0, batch_bytes=1000
    )

    found = [int(sample.removeprefix("host")) for sample in collected.samples if sample.startswith("host")]
    steps = {later - earlier for earlier, later in pairwise(found)}
    assert 10 <= len(found) <= 20
    assert (len(steps), found[-1] > 250) == (1, True)
