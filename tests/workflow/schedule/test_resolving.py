"""Masters with a host name, and a resolver that does not answer in time."""

import socket
import threading
import time
from dataclasses import replace

import pytest
from support.dispatching import fire
from support.service import primary
from support.texts import ZONE
from support.zones import store
from zonewright.model.change import ChangeStatus
from zonewright.model.zone import Primary
from zonewright.sync import dispatch
from zonewright.sync.dispatch import End, Outcome

SILENT = "silent.example"


@pytest.fixture(autouse=True)
def resolver(monkeypatch):
    """A resolver of the system that says nothing of SILENT until the test is over, and fails for `nowhere.example`."""
    over, honest = threading.Event(), socket.getaddrinfo

    def resolve(host, *arguments, **more):
        if host == SILENT:
            over.wait(30)
        if host in (SILENT, "nowhere.example"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return honest(host, *arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    yield
    over.set()


@pytest.fixture
def zone(service, server, monkeypatch):
    """A zone of `server`, whose looks have a second."""
    zone = service.create(ZONE, primary(server), schedule=60)
    service.work()
    service.settings = replace(service.settings, idle_timeout=20)
    monkeypatch.setattr(dispatch, "PATIENCE", 1)
    return service.zone(zone.id)


def test_a_name_that_is_not_resolved_ends_with_the_time_of_the_look(service, zone):
    store(service, zone, primaries=(Primary(SILENT),))
    began = time.monotonic()

    (outcome,) = fire(service, seconds=61)

    assert time.monotonic() - began < 3
    assert outcome.end is End.UNANSWERED
    assert outcome.reason == f"{SILENT}: no address for {SILENT}: the resolver said nothing for 1 s"


def test_a_name_that_is_not_resolved_does_not_silence_the_others(service, server, zone):
    store(service, zone, primaries=(Primary(SILENT), primary(server)))

    assert fire(service, seconds=61) == [Outcome(zone.id, End.UNCHANGED)]


def test_each_of_many_masters_has_its_part_of_the_time(service, server, zone):
    store(service, zone, primaries=(*(Primary(SILENT, 1024 + number) for number in range(9)), primary(server)))
    began = time.monotonic()

    outcomes = fire(service, seconds=61)

    assert outcomes == [Outcome(zone.id, End.UNCHANGED)]
    assert time.monotonic() - began < 3


def test_a_name_that_does_not_exist_is_told_at_once(service, zone):
    store(service, zone, primaries=(Primary("nowhere.example"),))

    (outcome,) = fire(service, seconds=61)

    assert outcome.reason == "nowhere.example: no address for nowhere.example: Name or service not known"


def test_a_sync_takes_the_next_master_where_a_name_is_not_resolved(service, server, zone):
    service.settings = replace(service.settings, transfer_timeout=4)
    store(service, zone, primaries=(Primary(SILENT), primary(server)))
    began = time.monotonic()

    _, change = service.sync(zone.id)

    assert time.monotonic() - began < 4
    assert (change.status, change.transfer) == (ChangeStatus.SYNCED, "AXFR")
    assert (
        f"taken from {primary(server)}; {SILENT}: no address for {SILENT}: the resolver said nothing" in change.reason
    )


def test_a_name_is_resolved(service, server, zone):
    store(service, zone, primaries=(Primary("localhost", server.port),))

    assert fire(service, seconds=61) == [Outcome(zone.id, End.UNCHANGED)]
