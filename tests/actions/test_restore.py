"""Restore an older version: its writes, its history, and that the sweeper deletes none of its chunks."""

import pytest
from support.merging import calls_of
from support.sweeping import DAY, HOUR, MINUTE, World, before_calls, dated, hosts, others
from zonewright.actions import history, restore
from zonewright.contents import chunks, differences
from zonewright.errors import VersionNotFound
from zonewright.model import diff
from zonewright.model.change import ChangeType
from zonewright.model.diff import Difference
from zonewright.model.version import spans
from zonewright.store import changes, versions

SECOND = MINUTE / 60


@pytest.fixture
def world(table, bucket, monkeypatch):
    """A zone whose second version is in a dozen chunks, of which the third has lost some and changed others."""
    monkeypatch.setattr(chunks, "_kept", {})
    made = World(table, bucket)
    with dated(made):
        made.create()
        made.sync(hosts(*range(30)))
        made.sync(["\t2\t7200\t026e7300", *hosts(*range(9), 11, *range(18, 40))[1:]])
        made.moment += MINUTE
        yield made


def version(world, number):
    return versions.get(world.table, world.zone_id, number)


def named(world, number):
    return {chunk.name for chunk in version(world, number).chunks}


def test_what_the_version_shown_has_is_named_and_the_rest_copied(world):
    fresh = {chunk.digest for chunk in version(world, 2).chunks[1:]} - {
        chunk.digest for chunk in version(world, 3).chunks
    }
    found = calls_of(world.bucket)

    world.restore(2)

    assert named(world, 4) & named(world, 2) == named(world, 3) & named(world, 2) != set()
    (newest,) = changes.listing(world.table, world.zone_id, 1)
    own = {chunk.digest for chunk in version(world, 4).chunks[1:] if chunk.change_id == newest.id}
    assert own == fresh
    assert found.count("CopyObject") == len(fresh) > 3
    assert found.count("PutObject") == 2  # the chunk with the SOA, and what moved
    assert newest.type is ChangeType.UPDATE


def test_chunks_that_neither_version_lost_are_not_read(world):
    apart = list(spans(version(world, 3).chunks, version(world, 2).chunks))
    needed = {chunk.name for span in apart for chunk in (span.old, span.new)}
    found = calls_of(world.bucket)

    world.restore(2)

    whole = named(world, 2) | named(world, 3)
    own = len(version(world, 4).chunks)  # by which the test itself looks at what was published
    assert found.count("GetObject") - own <= len(needed) + 2 < len(whole)


@pytest.mark.parametrize("octets", [1, 100, 1_000_000])
def test_the_parts_of_what_moved_make_one_version_the_other(world, monkeypatch, octets):
    monkeypatch.setattr(restore, "_PART_BYTES", octets)

    world.restore(2)

    (newest,) = changes.listing(world.table, world.zone_id, 1)
    parts = [differences.read(world.bucket, key) for key in newest.differences]
    moves = tuple(move for part in parts for move in part)
    shown, made = (world.lines(world.zone_id, number) for number in (3, 4))
    assert diff.apply(Difference(moves), shown) == made
    assert list(moves) == diff.exact_moves(shown, made)
    assert list(map(differences.moves, newest.differences)) == list(map(len, parts))
    assert newest.counts == Difference(moves, len(made) - sum(move.after is not None for move in moves)).counts()
    assert (len(parts) == 1) is (octets == 1_000_000)
    page = history.of_change(world, world.zone(), newest.id, start=0, limit=100)
    assert tuple(moved.move for moved in page.items) == moves


def test_what_was_restored_outlives_what_it_was_made_of(world):
    world.restore(2)
    world.put(50)

    world.sweep_all()

    assert version(world, 2) is version(world, 4) is None
    assert world.stored() == world.needed([world.zone_id])
    assert others(world.lines(world.zone_id, 5)) == others(hosts(*range(30), 50))


def test_a_version_that_was_swept_is_not_restored(world):
    world.moment += 31 * DAY
    world.sweep()
    before = world.zone()

    with pytest.raises(VersionNotFound, match="no longer has version 2"):
        world.restore(2)

    assert world.zone() == before


@pytest.mark.parametrize("which", [0, 3, -1])
def test_a_version_that_lost_an_object_is_not_restored(world, which, monkeypatch):
    lost = version(world, 2).chunks[which]
    assert lost.name not in named(world, 3)
    world.bucket.delete([chunks.key(world.zone_id, lost)])
    monkeypatch.setattr(chunks, "_kept", {})
    before, history_before = world.zone(), changes.listing(world.table, world.zone_id, 100)

    with pytest.raises(VersionNotFound, match="no longer has version 2"):
        world.restore(2)

    assert world.zone() == before
    assert changes.listing(world.table, world.zone_id, 100) == history_before


def test_a_sweep_before_every_call_takes_nothing_that_is_restored(world):
    world.moment += 30 * DAY - MINUTE - 50 * SECOND  # it is due when its item has just been read

    def hurry(_):
        world.moment += 20 * SECOND
        world.sweep()

    with before_calls(world, hurry):
        world.restore(2)
    assert version(world, 2) is None
    world.check()
    world.moment += HOUR
    world.sweep_all()

    assert others(world.lines(world.zone_id, 4)) == others(hosts(*range(30)))
    assert world.stored() == world.needed([world.zone_id])
