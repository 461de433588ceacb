"""The time that primaries may take: the first message, the rate behind it, and all primaries of a zone together."""

import re
import socket
import threading
import time
from dataclasses import replace

import pytest
from dns.rdatatype import IXFR, SOA
from primaries import Hostile, hostile
from support.service import primary
from support.texts import FIRST, SECOND, ZONE
from support.zones import store
from zonewright.errors import TransferCut
from zonewright.model.change import ChangeStatus
from zonewright.model.order import SyncOptions
from zonewright.model.zone import Primary
from zonewright.protocol import names
from zonewright.protocol.transfer import Transfer
from zonewright.servers import connection
from zonewright.servers import primaries as servers

LATE = "the first message was not complete within 2 s"
SLOW = r"the primary sent \d+ octets in \d s after \d records, and the least rate is 4,096 a second"


@pytest.fixture
def patient(service):
    """The service, whose first messages have two seconds, and later ones much more."""
    service.settings = replace(service.settings, first_message_timeout=2, idle_timeout=30, transfer_timeout=60)
    return service


@pytest.fixture
def brisk(service):
    """The service, whose windows have four seconds."""
    service.settings = replace(service.settings, idle_timeout=2, transfer_timeout=60)
    return service


def took(began):
    return time.monotonic() - began


def resolving(monkeypatch, **names):
    """Let host names have these addresses."""
    honest = socket.getaddrinfo

    def resolve(host, *arguments, **more):
        if host not in names:
            return honest(host, *arguments, **more)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in names[host]]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


# --- The first message


@pytest.mark.parametrize("behaviour", [hostile.stall(), hostile.drip(1, 0.1)], ids=["silence", "drip"])
def test_a_first_message_that_does_not_come_ends_the_transfer(patient, server, behaviour):
    server.behave(behaviour)
    patient.create(ZONE, primary(server))
    began = time.monotonic()

    _, change = patient.work()

    assert (change.status, change.reason) == (ChangeStatus.FAILED, f"{primary(server)}: {LATE}")
    assert took(began) < 10


@pytest.mark.parametrize("behaviour", [hostile.stall(), hostile.drip(1, 0.1)], ids=["silence", "drip"])
def test_a_question_for_the_soa_has_the_time_of_a_first_message(patient, server, behaviour):
    zone = patient.create(ZONE, primary(server))
    patient.work()
    server.behave(soa=[behaviour])
    patient.request(zone.id)
    began = time.monotonic()

    looks = servers.ask(patient.table, patient.vault, patient.settings, patient.zone(zone.id))[1]
    _, change = patient.work(trigger="refresh")

    assert [each.said() for each in looks] == [f"{primary(server)}: {LATE}"]
    assert (change.status, change.reason) == (ChangeStatus.FAILED, f"{primary(server)}: {LATE}")
    assert took(began) < 15


def test_the_addresses_of_a_name_share_the_time(patient, monkeypatch):
    silent = [f"127.0.1.{number}" for number in range(1, 51)]
    resolving(monkeypatch, many=silent)
    with hostile.unreachable(*silent) as port:
        patient.create(ZONE, Primary("many", port))
        began = time.monotonic()
        _, change = patient.work()

    assert change.reason == f"many:{port}: no connection to many:{port}: timed out"
    assert took(began) < 10


def test_an_address_behind_silent_ones_has_its_part_of_the_time(patient, server, monkeypatch):
    patient.settings = replace(patient.settings, first_message_timeout=5)
    resolving(monkeypatch, several=["127.0.1.1", server.host])
    with hostile.unreachable("127.0.1.1", port=server.port):
        zone = patient.create(ZONE, Primary("several", server.port))
        _, change = patient.work()

    assert (change.status, patient.zone(zone.id).source.address) == (ChangeStatus.SYNCED, server.host)


def test_only_so_many_addresses_of_a_name_are_connected_to(patient, server, monkeypatch):
    refusing = [f"127.0.1.{number + 1}" for number in range(connection.MOST_ADDRESSES)]
    resolving(monkeypatch, few=[*refusing[1:], server.host], many=[*refusing, server.host])
    few = patient.create(ZONE, Primary("few", server.port))
    _, change = patient.work()
    patient.create("other.example.", Primary("many", server.port))
    _, other = patient.work()

    assert (change.status, patient.zone(few.id).version) == (ChangeStatus.SYNCED, 1)
    assert other.reason == f"many:{server.port}: no connection to many:{server.port}: Connection refused"


def test_a_name_that_is_not_resolved_has_the_time_of_a_first_message(patient, monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [] if over.wait(30) else None)
    patient.create(ZONE, Primary("silent.example"))
    began = time.monotonic()

    _, change = patient.work()

    over.set()
    assert change.reason.endswith("no address for silent.example: the resolver said nothing for 2 s")
    assert took(began) < 10


def test_only_so_many_names_are_resolved_at_the_same_time(patient, server, monkeypatch):
    monkeypatch.setattr(connection, "_LOOKUPS", threading.BoundedSemaphore(1))
    over, asked, honest = threading.Event(), [], socket.getaddrinfo

    def resolve(host, *arguments, **more):
        if not host.endswith(".example"):
            return honest(host, *arguments, **more)
        asked.append(host)
        over.wait(30)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    patient.create(ZONE, Primary("one.example"), Primary("two.example"), primary(server))

    _, change = patient.work()

    over.set()
    assert change.status is ChangeStatus.SYNCED  # an address is no name
    assert len(asked) == 1


def test_a_handshake_that_never_ends_is_ended(patient):
    with hostile.talking(hostile.endless_handshake) as port:
        patient.create(ZONE, Primary("127.0.0.1", port, tls=True))
        began = time.monotonic()
        _, change = patient.work()

    assert re.search(r"no TLS session with tls://127.0.0.1:\d+: .*timed out", change.reason)
    assert took(began) < 10


def test_a_connection_that_breaks_before_the_question_is_the_primarys_fault(patient):
    class Slow(Transfer):
        def question(self):
            time.sleep(1)
            return super().question()

    with hostile.talking(hostile.reset_soon) as port:
        zone = patient.create(ZONE, Primary("127.0.0.1", port))
        reach = servers.reach(patient.table, patient.settings, zone)

        with pytest.raises(TransferCut, match="broke before the question was sent: Connection reset by peer"):
            next(connection.transfer(Slow(names.absolute(ZONE)), zone.primaries[0], reach))


# --- The rate


def test_a_trickle_ends_the_transfer(brisk, server):
    server.behave(hostile.messages_of(2), hostile.drip(1, 0.1, after=1))
    brisk.create(ZONE, primary(server))
    began = time.monotonic()

    _, change = brisk.work()

    assert change.status is ChangeStatus.FAILED
    assert re.fullmatch(f"{primary(server)}: {SLOW}", change.reason)
    assert took(began) < 15


@pytest.mark.parametrize(
    ("rate", "status"),
    [(0, ChangeStatus.SYNCED), (50, ChangeStatus.SYNCED), (4096, ChangeStatus.FAILED)],
    ids=["no limit", "slower", "faster"],
)
def test_messages_with_pauses_have_to_come_at_the_least_rate(brisk, server, rate, status):
    brisk.settings = replace(brisk.settings, least_rate=rate)
    server.behave(hostile.messages_of(2), hostile.paused(1.2))
    brisk.create(ZONE, primary(server))

    _, change = brisk.work()

    assert change.status is status


def test_a_small_zone_may_come_in_a_few_slow_messages(brisk, server):
    server.behave(hostile.messages_of(4), hostile.paused(0.7))
    brisk.create(ZONE, primary(server))

    _, change = brisk.work()

    assert change.status is ChangeStatus.SYNCED


def test_a_trickle_of_increments_leads_to_the_whole_zone(brisk, server):
    trickle = hostile.drip(1, 0.1, after=1)
    zone = brisk.create(ZONE, primary(server))
    brisk.work()
    server.reload(ZONE, SECOND)
    server.behave(hostile.messages_of(2), lambda answer: trickle(answer) if asks(answer, IXFR) else answer)
    brisk.request(zone.id, options=SyncOptions("auto"))

    _, change = brisk.work()

    assert (change.status, change.transfer) == (ChangeStatus.SYNCED, "AXFR")
    assert re.fullmatch(f"the whole zone was compared, for {SLOW}", change.reason)


def asks(answer, rdtype):
    return answer.query.question[0].rdtype == rdtype


# --- Messages without end


@pytest.mark.parametrize("mode", ["axfr", "auto"])
@pytest.mark.parametrize(("count", "status"), [(100, ChangeStatus.SYNCED), (101, ChangeStatus.FAILED)])
def test_few_messages_may_be_empty(service, server, count, status, mode):
    zone = service.create(ZONE, primary(server))
    service.work()
    server.reload(ZONE, SECOND)
    server.behave(hostile.messages_of(1), hostile.empty_messages(count))
    service.request(zone.id, options=SyncOptions(mode))

    _, change = service.work()

    assert change.status is status
    assert status is ChangeStatus.SYNCED or change.reason == f"{primary(server)}: 101 messages are without a record"


# --- All primaries together


def test_primaries_that_no_time_is_left_for_are_told(service, server):
    service.settings = replace(service.settings, transfer_timeout=2, idle_timeout=30, least_rate=0)
    server.behave(hostile.messages_of(2), hostile.drip(1, 0.1, after=1))
    service.create(ZONE, *[Primary(server.host, server.port)] * 10)
    began = time.monotonic()

    _, change = service.work()

    first, *others = change.reason.split("; ")
    assert first.startswith(f"{primary(server)}: the transfer was not over within 2 s after 2 records")
    told = [each.removesuffix(" (its serial is 1)") for each in others]
    assert told == [f"{primary(server)}: not asked, for the time of the transfer was over"] * 9
    assert took(began) < 15


def test_what_came_of_increments_is_told_if_no_time_is_left_for_the_zone(service, server):
    service.settings = replace(service.settings, transfer_timeout=2, idle_timeout=30, least_rate=0)
    zone = service.create(ZONE, primary(server))
    service.work()
    server.reload(ZONE, SECOND)
    server.behave(hostile.messages_of(2), hostile.drip(1, 0.1, after=1))
    service.request(zone.id, options=SyncOptions("auto"))

    _, change = service.work()

    assert change.reason == f"{primary(server)}: the transfer was not over within 2 s after 2 records"


def test_a_primary_that_is_not_taken_is_not_kept_waiting(service):
    def pretending(answer):
        first = answer.records[0]
        return replace(answer, records=(first._replace(rdata=first.rdata.replace(serial=20)),))

    stalls = hostile.messages_of(1), hostile.stall(after=1)
    with Hostile({ZONE: serving(9)}) as server, Hostile({ZONE: serving(5)}, *stalls, soa=[pretending]) as lagging:
        zone = service.create(ZONE, primary(server))
        service.work()
        store(service, service.zone(zone.id), primaries=(primary(lagging), primary(server)))
        server.reload(ZONE, serving(10))
        honest, ended = server.answer, []

        def answer(query):
            if query.question[0].rdtype != SOA:
                ended.append(left_alone(lagging))
            return honest(query)

        server.answer = answer
        _, change = service.sync(zone.id)

    assert (change.status, change.serial, ended) == (ChangeStatus.SYNCED, 10, [True])


def left_alone(server):
    """Whether every client of a server hangs up within some seconds."""
    deadline = time.monotonic() + 5
    while server.has_clients() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not server.has_clients()


def serving(serial):
    return FIRST.replace("joe\\.doe 1 ", f"joe\\.doe {serial} ")


@pytest.mark.parametrize("slow", ["silent", "slow"])
def test_two_slow_answers_are_all_that_a_sync_waits_for(service, server, slow):
    service.settings = replace(service.settings, first_message_timeout=1, idle_timeout=1, transfer_timeout=60)
    server.behave(*([hostile.stall()] if slow == "silent" else [hostile.messages_of(1), hostile.drip(1, 0.3, after=1)]))
    hosts = ("127.0.0.1", "localhost", "LOCALHOST", "Localhost")
    service.create(ZONE, *(replace(primary(server), host=host) for host in hosts))

    _, change = service.work()

    assert change.status == ChangeStatus.FAILED
    assert sum(each.type == "AXFR" for each in server.queries) == 2
    assert change.reason.count("not asked, for 2 answers were too slow already") == 2
