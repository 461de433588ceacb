"""Many record sets written at once: the law, writers at the same moment, and large zones."""

import threading

import botocore.client
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.chunklines import lines_of
from support.merging import calls_of
from support.racing import at_once
from zonewright.actions import edit, moves, recordsets, zones
from zonewright.actions.judging import Asked
from zonewright.actions.zones import NewZone
from zonewright.contents import chunks, differences
from zonewright.errors import PreconditionFailed, RecordSetChanged, RecordSetsDiffer
from zonewright.model import diff
from zonewright.model.moves import Side, Wanted
from zonewright.model.recordset import Content, origin
from zonewright.model.settings import Settings
from zonewright.model.users import Caller
from zonewright.protocol import records, rrset
from zonewright.protocol.types import CNAME, DNAME, NS, TXT, A
from zonewright.service import Service
from zonewright.store import changes, versions
from zonewright.store import zones as store

ZONE = "example.org."
CALLER = Caller("user-id", "user", group_id="group-id")
TARGET = b"\x01x\x07example\x03net\x00"
SETS = {A: [b"\xc0\x00\x02\x01", b"\xc0\x00\x02\x02"], TXT: [b"\x01a", b"\x01b"], CNAME: [TARGET], NS: [TARGET]}
SETS[DNAME] = [TARGET]


@pytest.fixture
def service(table, bucket, workflow):
    made = Service(Settings(table=table.name, bucket=bucket.name, chunk_bytes=1024))
    made.table, made.bucket, made.workflow = table, bucket, workflow
    return made


@pytest.fixture
def zone(service):
    return made(service, ZONE)


@pytest.fixture
def in_one_turn(monkeypatch):
    """Serialize the AWS calls of racing threads, because moto does not isolate transactions."""
    plain, turn = botocore.client.BaseClient._make_api_call, threading.Lock()  # noqa: SLF001 - moto intercepts calls here

    def call(client, *arguments):
        with turn:
            return plain(client, *arguments)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", call)


def made(service, name):
    return zones.create(service, NewZone(name, email="joe@example.org"), caller=CALLER)


def side(name, *numbers, rdtype=A, **fields):
    return Side(name, rdtype, tuple(SETS[A][0][:3] + bytes([number]) for number in numbers or (1,)), **fields)


def own(service, zone):
    """The stored lines of a zone that callers wrote, without notes."""
    zone = store.get(service.table, zone.id)
    found = lines_of(service.bucket, zone.id, versions.get(service.table, zone.id, zone.version).chunks)
    told = map(rrset.from_line, found)
    return {
        (each.key, each.type): (each.rdatas, each.ttl) for each in told if not records.is_managed(each.key, each.type)
    }


def seen(line):
    """A stored RRset as its reader sees it."""
    if line is None:
        return None
    found = rrset.from_line(line)
    name = found.owner(origin(ZONE)).to_text()
    return Side(name, found.type, found.rdatas, found.ttl, None, given={"ttl"})


def fitting(drawn):
    """Return those of drawn RRsets that may stand in one zone: a CNAME alone, and nothing below a DNAME."""
    kept = {}
    for (key, rdtype), content in sorted(drawn.items()):
        if (key, CNAME) in kept or any((key[:at], DNAME) in kept for at, char in enumerate(key) if char == " "):
            continue
        if rdtype == CNAME and any(other == key for other, _ in kept):
            continue
        kept[key, rdtype] = content
    return kept


contents = st.dictionaries(
    st.tuples(st.sampled_from(["a", "b", "a b", "c", "*"]), st.sampled_from([A, TXT, CNAME, DNAME])),
    st.tuples(st.sampled_from([None, 60, 300]), st.integers(1, 2)),
    max_size=8,
).map(fitting)


def lines(drawn):
    return sorted(
        rrset.to_line(key, rdtype, ttl, SETS[rdtype][:count]) for (key, rdtype), (ttl, count) in drawn.items()
    )


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents, contents)
def test_the_moves_from_one_to_another_make_the_other(service, zone, one, other):
    for target in (one, other):
        present = [
            rrset.to_line(key, rdtype, ttl, rdatas) for (key, rdtype), (rdatas, ttl) in own(service, zone).items()
        ]
        wanted = [
            Wanted(seen(move.before), seen(move.after)) for move in diff.exact_moves(sorted(present), lines(target))
        ]
        latest = store.get(service.table, zone.id)

        outcome = moves.apply(service, latest, Asked(wanted), caller=CALLER) if wanted else None

        assert lines(target) == sorted(
            rrset.to_line(key, rdtype, ttl, rdatas) for (key, rdtype), (rdatas, ttl) in own(service, zone).items()
        )
        if outcome:
            assert outcome.zone.version == latest.version + 1


def test_of_two_that_move_one_record_set_one_wins_whole(in_one_turn, service, zone):
    def write(number):
        asked = Asked(
            [Wanted(None, side("www.example.org.", number + 1)), Wanted(None, side(f"w{number}.example.org."))]
        )
        return moves.apply(service, zone, asked, caller=CALLER)

    done = at_once(2, write)

    (won,) = [number for number, each in enumerate(done) if isinstance(each, moves.Outcome)]
    (lost,) = [each for each in done if not isinstance(each, moves.Outcome)]
    assert isinstance(lost, RecordSetsDiffer)
    assert [each.number for each in lost.conflicts] == [0]
    assert own(service, zone).keys() == {("www", A), (f"w{won}", A)}


def test_many_beside_single_writes_all_come_in(in_one_turn, service, zone):
    before = recordsets.create(service, zone, "old.example.org.", A, Content((SETS[A][0],)), caller=CALLER)

    def write(number):
        if number % 2:
            name = f"s{number}.example.org."
            return recordsets.create(service, zone, name, A, Content((SETS[A][0],)), caller=CALLER)
        wanted = [Wanted(None, side(f"m{number}{letter}.example.org.")) for letter in "ab"]
        if not number:
            wanted.append(Wanted(side(before.name), None))
        return moves.apply(service, before.zone, Asked(wanted), caller=CALLER)

    done = at_once(6, write)

    assert not [each for each in done if isinstance(each, Exception)]
    names = {f"m{number}{letter}" for number in (0, 2, 4) for letter in "ab"} | {f"s{number}" for number in (1, 3, 5)}
    assert own(service, zone).keys() == {(name, A) for name in names}
    assert [each.version for each in changes.listing(service.table, zone.id, 20)] == list(range(8, 0, -1))


def test_a_record_set_that_another_changes_meanwhile_is_a_conflict_with_what_it_is_now(service, zone, monkeypatch):
    www = recordsets.create(service, zone, "www.example.org.", A, Content((SETS[A][0],)), caller=CALLER)
    plain, theirs = edit.publish, []

    def late(*arguments, **named):
        if not theirs:
            theirs.append(None)
            recordsets.update(service, www, Content((SETS[A][1],)), caller=CALLER)
        return plain(*arguments, **named)

    monkeypatch.setattr(edit, "publish", late)

    with pytest.raises(RecordSetChanged) as raised:
        moves.apply(service, www.zone, Asked([Wanted(side(www.name), side(www.name, 9))]), caller=CALLER)
    (conflict,) = raised.value.conflicts
    assert conflict.found.rrset.rdatas == (SETS[A][1],)


def test_a_caller_that_asks_for_the_zone_as_it_was_read_loses_to_any_other_write(service, zone, monkeypatch):
    plain, theirs = edit.publish, []

    def late(*arguments, **named):
        if not theirs:
            theirs.append(None)
            recordsets.create(service, zone, "other.example.org.", A, Content((SETS[A][1],)), caller=CALLER)
        return plain(*arguments, **named)

    monkeypatch.setattr(edit, "publish", late)

    with pytest.raises(PreconditionFailed):
        moves.apply(service, zone, Asked([Wanted(None, side("www.example.org."))], exactly=True), caller=CALLER)
    assert own(service, zone).keys() == {("other", A)}


@pytest.fixture
def large(service, zone):
    """A zone of 1,000 names in more than ten chunks."""
    wanted = [Wanted(None, side(f"n{number:03}.example.org.")) for number in range(1000)]
    made = moves.apply(service, zone, Asked(wanted), caller=CALLER).zone
    version = versions.get(service.table, zone.id, made.version)
    assert len(version.chunks) > 10
    return made, version


def test_only_the_chunks_of_the_moves_and_the_first_are_read_and_written(service, large, monkeypatch):
    zone, version = large
    monkeypatch.setattr(chunks, "_kept", {})
    found = calls_of(service.bucket)
    wanted = [Wanted(None, side("n500x.example.org.")), Wanted(side("n501.example.org."), None)]

    made = moves.apply(service, zone, Asked(wanted), caller=CALLER).zone

    after = versions.get(service.table, zone.id, made.version)
    assert len(set(after.chunks) - set(version.chunks)) <= 3  # the first has the SOA
    assert found.count("GetObject") <= 3
    assert found.count("PutObject") <= 4  # one is of the differences


def test_moves_in_every_chunk_are_one_version(service, large):
    zone, version = large
    wanted = [
        Wanted(side(f"n{number:03}.example.org."), side(f"n{number:03}.example.org.", 2))
        for number in range(0, 1000, 20)
    ]

    made = moves.apply(service, zone, Asked(wanted), caller=CALLER).zone

    newest = changes.listing(service.table, zone.id, 1)[0]
    moved = differences.read(service.bucket, newest.differences[0])
    assert (made.version, len(moved)) == (version.number + 1, 51)
    assert sum(rdatas == (SETS[A][1],) for rdatas, _ in own(service, zone).values()) == 50
