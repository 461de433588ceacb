"""Writers of one zone at the same moment, in threads."""

import itertools
import random
import threading
from datetime import UTC, datetime, timedelta

import moto.dynamodb.models
import pytest
from support.racing import at_once
from zonewright.actions import edit, recordset_lists, recordsets, zones
from zonewright.actions.zones import NewZone
from zonewright.contents import differences
from zonewright.errors import (
    RecordSetChanged,
    RecordSetExists,
    RecordSetNotFound,
    ZoneBusy,
    ZoneChanged,
    ZonewrightError,
)
from zonewright.model.columns import Query
from zonewright.model.recordset import Content
from zonewright.model.settings import Settings
from zonewright.model.users import Caller
from zonewright.protocol import serial
from zonewright.service import Service
from zonewright.store import changes, versions
from zonewright.store import zones as store
from zonewright.store.table import Put

CALLER = Caller("user-id", "user", group_id="group-id")
A = 1


@pytest.fixture
def service(table, bucket, workflow):
    settings = Settings(table=table.name, bucket=bucket.name, chunk_bytes=2048)
    made = Service(settings)
    made.table, made.bucket, made.workflow = table, bucket, workflow
    return made


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

    for name in ("transact_write_items", "put_item", "update_item", "delete_item", "get_item"):
        monkeypatch.setattr(backend, name, locked(getattr(backend, name)))


@pytest.fixture
def zone(serialized, service):
    new = NewZone("example.org.", email="joe@example.org")
    return zones.create(service, new, caller=CALLER)


def content(number):
    return Content((bytes([192, 0, 2, number]),))


def create(service, zone, name, number=1):
    return recordsets.create(service, zone, name, A, content(number), caller=CALLER)


def listed(service, zone):
    found = recordset_lists.listing(service, zones.get(service, zone.id), Query(limit=1000))
    return {(each.name, each.rrset.type): each.rrset.rdatas for each in found.items}


def test_thirty_writers_of_thirty_names_all_succeed(service, table, zone):
    done = at_once(30, lambda number: create(service, zone, f"n{number}.example.org.", number))

    assert [each.name for each in done] == [f"n{number}.example.org." for number in range(30)]
    found = listed(service, zone)
    assert {name: rdatas for (name, kind), rdatas in found.items() if kind == A} == {
        f"n{number}.example.org.": content(number).rdatas for number in range(30)
    }
    history = changes.listing(table, zone.id, 100)
    assert [each.version for each in history] == list(range(31, 0, -1))
    assert all(serial.newer(late.serial, early.serial) for late, early in itertools.pairwise(history))
    assert [each.base for each in history] == [*range(30, 0, -1), 0]
    moved = [differences.read(service.bucket, each.differences[0]) for each in history[:-1]]
    assert sorted(move.place for moves in moved for move in moves if move.before is None) == sorted(
        f"n{number}\t1\t" for number in range(30)
    )
    latest = zones.get(service, zone.id)
    version = versions.get(table, zone.id, latest.version)
    assert (latest.version, latest.serial) == (31, history[0].serial)
    assert (latest.rrsets, latest.records) == (version.rrsets, version.records) == (32, 32)


def test_writers_of_all_kinds_leave_what_one_after_the_other_would(service, table, zone):
    made = [create(service, zone, f"n{number}.example.org.", number) for number in range(12)]

    def write(number):
        if number % 3 == 0:
            return recordsets.delete(service, made[number], caller=CALLER)
        if number % 3 == 1:
            return recordsets.update(service, made[number], content(number + 100), caller=CALLER)
        return create(service, zone, f"m{number}.example.org.", number)

    done = at_once(12, write)

    assert not [each for each in done if isinstance(each, ZonewrightError)]
    found = {name: rdatas for (name, kind), rdatas in listed(service, zone).items() if kind == A}
    assert found == {
        **{f"n{number}.example.org.": content(number + 100).rdatas for number in range(1, 12, 3)},
        **{f"{letter}{number}.example.org.": content(number).rdatas for number in range(2, 12, 3) for letter in "nm"},
    }


def test_of_two_that_create_one_record_set_one_wins(service, table, zone):
    done = at_once(2, lambda number: create(service, zone, "www.example.org.", number))

    (won,) = (each for each in done if not isinstance(each, ZonewrightError))
    (lost,) = (each for each in done if isinstance(each, ZonewrightError))
    assert isinstance(lost, RecordSetExists)
    assert listed(service, zone)["www.example.org.", A] == won.rrset.rdatas


def test_of_two_that_change_one_record_set_one_wins(service, table, zone):
    made = create(service, zone, "www.example.org.")

    done = at_once(2, lambda number: recordsets.update(service, made, content(number + 7), caller=CALLER))

    (won,) = (each for each in done if not isinstance(each, ZonewrightError))
    (lost,) = (each for each in done if isinstance(each, ZonewrightError))
    assert isinstance(lost, RecordSetChanged)
    assert listed(service, zone)["www.example.org.", A] == won.rrset.rdatas


def test_of_two_that_delete_one_record_set_one_wins(service, table, zone):
    made = create(service, zone, "www.example.org.")

    done = at_once(2, lambda _: recordsets.delete(service, made, caller=CALLER))

    assert sorted(type(each).__name__ for each in done) == ["RecordSet", "RecordSetNotFound"]
    assert any(isinstance(each, RecordSetNotFound) for each in done)
    assert ("www.example.org.", A) not in listed(service, zone)


def test_a_writer_whose_clock_is_behind_still_comes_later(service, table, zone):
    create(service, zone, "a.example.org.")
    service.now = lambda: datetime.now(UTC) - timedelta(hours=1)
    late = create(service, zone, "b.example.org.")

    newest, *older = changes.listing(table, zone.id, 9)
    assert newest.created == late.rrset.notes.created > older[0].created
    assert serial.newer(newest.serial, older[0].serial)


def test_a_writer_gives_up_in_time(service, table, zone, monkeypatch):
    """Another changes the zone whenever this one has read it."""
    moments = iter(range(0, 10_000, 5))
    plain = versions.get

    def meddling(*arguments):
        found = plain(*arguments)
        latest = store.get(table, zone.id)
        table.write(Put({**store.to_item(latest), "revision": latest.revision + 1}))
        return found

    monkeypatch.setattr(versions, "get", meddling)
    monkeypatch.setattr(random, "uniform", lambda *_: 0)
    service.now = lambda: zone.created + timedelta(seconds=next(moments))

    with pytest.raises(ZoneChanged, match="keeps changing"):
        create(service, zone, "a.example.org.")
    assert next(moments) < 60


def test_a_writer_that_was_kept_waiting_for_long_does_not_begin_again(service, zone):
    clock, attempts = [zone.created], []
    service.now = lambda: clock[0]

    def attempt(*_):
        attempts.append(None)
        clock[0] += timedelta(seconds=12)
        raise ZoneBusy("the service has too much to do at this moment; try again")

    with pytest.raises(ZoneChanged):
        edit.retry_on_conflict(service, zone, attempt, reload=lambda: zone)
    assert len(attempts) == 1
