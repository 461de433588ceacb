"""Writers of one zone at the same moment, in threads."""

import itertools
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import moto.dynamodb.models
import pytest
from zonewright.actions import recordsets, zones
from zonewright.actions.recordsets import Content
from zonewright.actions.zones import NewZone
from zonewright.contents import differences
from zonewright.errors import RecordSetChanged, RecordSetExists, RecordSetNotFound, ZoneChanged, ZonewrightError
from zonewright.model.selection import Selection
from zonewright.model.settings import Settings
from zonewright.model.users import Caller
from zonewright.protocol import serial
from zonewright.store import changes, versions
from zonewright.store.table import Put

SETTINGS = Settings(table="zonewright-table", bucket="zonewright-bucket", chunk_bytes=2048)
CALLER = Caller("user-id", "user", group_id="group-id")
A = 1


def now():
    return datetime.now(UTC)


@pytest.fixture
def serialized(monkeypatch):
    """moto with DynamoDB's isolation: a transaction happens at once, to readers too."""
    lock = threading.RLock()
    backend = moto.dynamodb.models.DynamoDBBackend

    def locked(plain):
        def run(*arguments, **named):
            with lock:
                return plain(*arguments, **named)

        return run

    for name in ("transact_write_items", "get_item"):
        monkeypatch.setattr(backend, name, locked(getattr(backend, name)))


@pytest.fixture
def zone(serialized, table, bucket, workflow):
    new = NewZone("example.org.", email="joe@example.org")
    return zones.create(table, bucket, workflow, SETTINGS, new, CALLER, now())


def content(number):
    return Content((bytes([192, 0, 2, number]),))


def create(table, bucket, zone, name, number=1):
    return recordsets.create(table, bucket, SETTINGS, zone, name, A, content(number), CALLER, now)


def listed(table, bucket, zone):
    found = recordsets.listing(table, bucket, zones.get(table, zone.id), Selection(limit=1000))
    return {(each.name, each.rrset.type): each.rrset.rdatas for each in found.items}


def at_once(count, write):
    """What each of so many writers, begun together, returned or raised."""
    barrier = threading.Barrier(count)

    def run(number):
        barrier.wait()
        try:
            return write(number)
        except ZonewrightError as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_thirty_writers_of_thirty_names_all_succeed(table, bucket, zone):
    done = at_once(30, lambda number: create(table, bucket, zone, f"n{number}.example.org.", number))

    assert [each.name for each in done] == [f"n{number}.example.org." for number in range(30)]
    found = listed(table, bucket, zone)
    assert {name: rdatas for (name, kind), rdatas in found.items() if kind == A} == {
        f"n{number}.example.org.": content(number).rdatas for number in range(30)
    }
    history = changes.listing(table, zone.id, 100)
    assert [each.version for each in history] == list(range(31, 0, -1))
    assert all(serial.newer(late.serial, early.serial) for late, early in itertools.pairwise(history))
    assert [each.base for each in history] == [*range(30, 0, -1), 0]
    moved = [differences.read(bucket, each.differences[0]) for each in history[:-1]]
    assert sorted(move.place for moves in moved for move in moves if move.before is None) == sorted(
        f"n{number}\t1\t" for number in range(30)
    )
    latest = zones.get(table, zone.id)
    version = versions.get(table, zone.id, latest.version)
    assert (latest.version, latest.serial) == (31, history[0].serial)
    assert (latest.rrsets, latest.records) == (version.rrsets, version.records) == (32, 32)


def test_writers_of_all_kinds_leave_what_one_after_the_other_would(table, bucket, zone):
    made = [create(table, bucket, zone, f"n{number}.example.org.", number) for number in range(12)]

    def write(number):
        if number % 3 == 0:
            return recordsets.delete(table, bucket, SETTINGS, made[number], CALLER, now)
        if number % 3 == 1:
            return recordsets.update(table, bucket, SETTINGS, made[number], content(number + 100), CALLER, now)
        return create(table, bucket, zone, f"m{number}.example.org.", number)

    done = at_once(12, write)

    assert not [each for each in done if isinstance(each, ZonewrightError)]
    found = {name: rdatas for (name, kind), rdatas in listed(table, bucket, zone).items() if kind == A}
    assert found == {
        **{f"n{number}.example.org.": content(number + 100).rdatas for number in range(1, 12, 3)},
        **{f"{letter}{number}.example.org.": content(number).rdatas for number in range(2, 12, 3) for letter in "nm"},
    }


def test_of_two_that_create_one_record_set_one_wins(table, bucket, zone):
    done = at_once(2, lambda number: create(table, bucket, zone, "www.example.org.", number))

    (won,) = (each for each in done if not isinstance(each, ZonewrightError))
    (lost,) = (each for each in done if isinstance(each, ZonewrightError))
    assert isinstance(lost, RecordSetExists)
    assert listed(table, bucket, zone)["www.example.org.", A] == won.rrset.rdatas


def test_of_two_that_change_one_record_set_one_wins(table, bucket, zone):
    made = create(table, bucket, zone, "www.example.org.")

    done = at_once(2, lambda number: recordsets.update(table, bucket, SETTINGS, made, content(number + 7), CALLER, now))

    (won,) = (each for each in done if not isinstance(each, ZonewrightError))
    (lost,) = (each for each in done if isinstance(each, ZonewrightError))
    assert isinstance(lost, RecordSetChanged)
    assert listed(table, bucket, zone)["www.example.org.", A] == won.rrset.rdatas


def test_of_two_that_delete_one_record_set_one_wins(table, bucket, zone):
    made = create(table, bucket, zone, "www.example.org.")

    done = at_once(2, lambda _: recordsets.delete(table, bucket, SETTINGS, made, CALLER, now))

    assert sorted(type(each).__name__ for each in done) == ["RecordSet", "RecordSetNotFound"]
    assert any(isinstance(each, RecordSetNotFound) for each in done)
    assert ("www.example.org.", A) not in listed(table, bucket, zone)


def test_a_writer_whose_clock_is_behind_still_comes_later(table, bucket, zone):
    create(table, bucket, zone, "a.example.org.")
    late = recordsets.create(
        *(table, bucket, SETTINGS, zone, "b.example.org.", A, content(1), CALLER), lambda: now() - timedelta(hours=1)
    )

    newest, *older = changes.listing(table, zone.id, 9)
    assert newest.created == late.rrset.notes.created > older[0].created
    assert serial.newer(newest.serial, older[0].serial)


def test_a_writer_gives_up_in_time(table, bucket, zone, monkeypatch):
    """Another changes the zone whenever this one has read it."""
    moments = iter(range(0, 10_000, 5))
    plain = versions.get

    def meddling(*arguments):
        found = plain(*arguments)
        latest = recordsets.store.get(table, zone.id)
        table.write(Put({**recordsets.store.to_item(latest), "revision": latest.revision + 1}))
        return found

    monkeypatch.setattr(versions, "get", meddling)
    monkeypatch.setattr(random, "uniform", lambda *_: 0)

    with pytest.raises(ZoneChanged, match="keeps changing"):
        recordsets.create(
            *(table, bucket, SETTINGS, zone, "a.example.org.", A, content(1), CALLER),
            lambda: zone.created + timedelta(seconds=next(moments)),
        )
    assert next(moments) < 60
