import gzip
import json
from dataclasses import replace

import pytest
from zonewright.contents.bucket import ObjectMissing
from zonewright.contents.merge import Merged, Outside
from zonewright.errors import ZoneBusy
from zonewright.model import formats
from zonewright.model.change import Counts
from zonewright.model.guards import Guards
from zonewright.model.version import Chunk
from zonewright.protocol.transfer import Soa
from zonewright.protocol.wire import framed
from zonewright.sync import staging
from zonewright.sync.staging import Plan, Staging

PLAN = Plan(
    zone="example.org.",
    base=3,
    primary="192.0.2.1:5353",
    soa=Soa(2**32 - 1, 3600, "joe\\.doe.example.org."),
    records=100_000,
    octets=3_000_000,
    cuts=("host1", "host2 ~ff"),
    guards=Guards(5, 10, 20),
    address="192.0.2.1",
    signer="key-id#1",
)
MERGED = Merged(
    chunks=(Chunk("", "0" * 64, 100, 2, 3, "change-id"), Chunk("a !00", "f" * 64, 200, 4, 5, "older-id", ("www",))),
    counts=Counts(1, 2, 3, 4),
    differences=("zones/zone-id/changes/change-id/000000-5",),
    apex_types=(2, 6),
    mixed_ttls=7,
    cnames=2,
    cname_keys=("", "a b"),
)
EMPTY = Merged((), Counts())


@pytest.fixture
def staged(bucket):
    return Staging(bucket, staging.prefix("sync-id", "attempt-1"))


@pytest.mark.parametrize(
    "messages",
    [[], [b"one"], [b"one", b"", b"\x00" * 300, b"\xff" * 65535]],
    ids=["none", "one", "of all sizes"],
)
def test_a_batch_gives_its_messages_back(staged, messages):
    staged.write_batch(3, framed(*messages))

    assert list(staged.read_batch(3)) == messages


@pytest.mark.parametrize("plan", [PLAN, Plan("example.org.", 0, "ns1", Soa(1, 0, "."), 1, 50)], ids=["full", "small"])
def test_a_plan_reads_back(staged, plan):
    staged.write_plan(plan)

    assert staged.read_plan() == plan


def stored_plan(staged, **changed):
    """Store a plan with other fields, as another release does. A field of None is left out."""
    staged.write_plan(PLAN)
    raw = json.loads(gzip.decompress(staged.bucket.get(f"{staged.prefix}plan"))) | changed
    raw = {name: value for name, value in raw.items() if value is not None}
    staged.bucket.put(f"{staged.prefix}plan", gzip.compress(json.dumps(raw).encode()))
    return raw


def test_a_plan_that_an_older_release_staged_is_read(staged):
    stored_plan(staged, format=None, address=None, signer=None)

    assert staged.read_plan() == replace(PLAN, address=None, signer=None)


def test_a_plan_has_a_format_and_may_have_fields_that_a_newer_release_added(staged):
    raw = stored_plan(staged, colour="blue")

    assert raw["format"] == formats.STAGED
    assert staged.read_plan() == PLAN


def test_a_plan_in_a_newer_format_waits_for_the_newer_function(staged):
    stored_plan(staged, format=formats.STAGED + 1)

    with pytest.raises(ZoneBusy, match="has format 2, and this release reads up to 1: the service is being upgraded"):
        staged.read_plan()


def test_a_plan_bounds_its_ranges():
    assert [PLAN.bounds(number) for number in range(3)] == [("", "host1"), ("host1", "host2 ~ff"), ("host2 ~ff", None)]
    with pytest.raises(IndexError):
        PLAN.bounds(3)


def test_the_runs_of_a_range_come_from_every_batch_in_order(staged):
    staged.write_runs(0, {0: ["a\t1\t60\t01", "b\t1\t60\t01"], 1: ["x\t1\t60\t"]})
    staged.write_runs(10, {0: ["a\t1\t60\t03"]})
    staged.write_runs(2, {0: ["a\t1\t60\t02"], 10: ["z\t1\t60\t01"]})

    assert staged.read_runs(0) == ["a\t1\t60\t01", "b\t1\t60\t01", "a\t1\t60\t02", "a\t1\t60\t03"]
    assert staged.read_runs(1) == ["x\t1\t60\t"]
    assert staged.read_runs(10) == ["z\t1\t60\t01"]
    assert staged.read_runs(3) == []


def test_what_was_left_out_of_some_batches_is_read_as_one(staged):
    staged.write_outside(10, Outside(2, ("c.", "d.")))
    staged.write_outside(0, Outside())
    staged.write_outside(2, Outside(3, ("a.", "b.")))

    assert staged.read_outside() == Outside(5, ("a.", "b.", "c."))
    assert len(list(staged.bucket.keys(staged.prefix))) == 2


def test_records_kept_as_octets_in_some_batches_are_read_as_one(staged):
    staged.write_outside(0, Outside(odd=2, odd_names=("a. LOC", "b. LOC")))
    staged.write_outside(1, Outside(1, ("z.",), 1, ("c. DS",)))

    assert staged.read_outside() == Outside(1, ("z.",), 3, ("a. LOC", "b. LOC", "c. DS"))


def test_what_an_older_release_left_out_is_read(staged):
    staged.bucket.put(f"{staged.prefix}outside/000000", gzip.compress(b'{"count": 1, "names": ["z."]}'))

    assert staged.read_outside() == Outside(1, ("z.",))


def test_where_nothing_was_left_out_nothing_is_read(staged):
    staged.write_outside(0, Outside())

    assert staged.read_outside() == Outside()


def test_what_the_ranges_made_reads_back_in_order(staged):
    staged.write_merged(1, EMPTY)
    staged.write_merged(0, MERGED)

    assert staged.read_merged(2) == [MERGED, EMPTY]


def test_a_range_that_is_missing_is_an_error(staged):
    staged.write_merged(0, MERGED)

    with pytest.raises(ObjectMissing):
        staged.read_merged(2)


def test_doing_it_again_writes_the_same_objects(staged):
    def write():
        staged.write_batch(0, framed(b"one"))
        staged.write_plan(PLAN)
        staged.write_runs(0, {0: ["a\t1\t60\t01"], 1: ["b\t1\t60\t01"]})
        staged.write_merged(0, MERGED)
        return {key: staged.bucket.get(key) for key in staged.bucket.keys("")}

    first = write()

    assert write() == first
    assert sorted(first) == [
        "staging/sync-id/attempt-1/batch/000000",
        "staging/sync-id/attempt-1/plan",
        "staging/sync-id/attempt-1/range/000000",
        "staging/sync-id/attempt-1/run/000000/000000",
        "staging/sync-id/attempt-1/run/000001/000000",
    ]


def test_attempts_do_not_meet(staged):
    other = Staging(staged.bucket, staging.prefix("sync-id", "attempt-2"))
    staged.write_runs(0, {0: ["a\t1\t60\t01"]})
    other.write_runs(0, {0: ["b\t1\t60\t01"]})

    assert (staged.read_runs(0), other.read_runs(0)) == (["a\t1\t60\t01"], ["b\t1\t60\t01"])
