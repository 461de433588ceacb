"""NOTIFY (RFC 1996) to a receiver of any manners, and to BIND, Knot and NSD as secondaries."""

import time
from dataclasses import replace

import dns.flags
import dns.name
import dns.opcode
import dns.rcode
import pytest
from primaries import REAL, Bind, Key, Small, require
from primaries.server import free_port
from support.receiving import (
    Receiver,
    a_query,
    another_id,
    answering,
    elsewhere,
    forged_by,
    half,
    late,
    no_answer,
    nonsense,
    refusing,
    silent,
    unsigned,
)
from support.updating import ZONE, soa_line
from zonewright.errors import KeyRefused, ServerForbidden, ServerSilent, ServerUnreachable
from zonewright.model.zone import Primary
from zonewright.protocol import tsig
from zonewright.servers import notify
from zonewright.servers.connection import Reach
from zonewright.servers.updating import Target

NAME = ZONE.to_text()
KEY = Key.of("notify.example.")
OTHER = Key(KEY.name, KEY.algorithm, "b3RoZXI=")
REACH = Reach(("127.0.0.0/8",), "1-65535", first=2, idle=2, total=2, rate=1, octets=1 << 16)
SOA = soa_line(7, 300)
SOON = (0.15, 0.15, 0.15)
TEXT = """
$TTL 300
@   SOA ns host {serial} 7200 3600 1209600 300
    NS  ns
ns  A   192.0.2.1
"""


def target(server, key=None, reach=REACH):
    signing = tsig.Key(key.name, key.algorithm, key.secret) if key else None
    return Target(ZONE, Primary(server.host, server.port), signing, reach)


@pytest.mark.parametrize("key", [None, KEY], ids=["unsigned", "signed"])
def test_a_notify_says_which_serial_the_zone_has(key):
    with Receiver(keys=[KEY]) as receiver:
        (told,) = notify.tell([target(receiver, key)], SOA, SOON)

    (message,) = receiver.received
    assert told.taken
    assert told.said() == f"127.0.0.1:{receiver.port} answered NOERROR"
    assert message.opcode() == dns.opcode.NOTIFY
    assert message.flags & dns.flags.AA
    assert message.question[0].to_text() == f"{NAME} IN SOA"
    assert message.answer[0].to_text() == f"{NAME} 300 IN SOA ns.example.org. joe.example.org. 7 1 2 3 4"
    assert message.had_tsig == bool(key)


def test_a_silent_receiver_is_told_again_and_then_left_alone():
    with Receiver(silent, silent, silent, keys=[KEY]) as receiver:
        (told,) = notify.tell([target(receiver, KEY)], SOA, SOON)

    assert not told.taken
    assert isinstance(told.error, ServerSilent)
    assert told.said() == f"127.0.0.1:{receiver.port}: it said nothing for 0.45 s to 3 messages over UDP"
    assert len({message.id for message in receiver.received}) == 3


@pytest.mark.parametrize("waits", [(0.05, 5), (0.05, 0.05, 5)], ids=["before the second is heard", "two before"])
def test_a_late_answer_counts(waits):
    with Receiver(late(0.3), keys=[KEY]) as receiver:
        (told,) = notify.tell([target(receiver, KEY)], SOA, waits)

    assert told.taken


UNBELIEVED = {
    "another id": another_id,
    "no answer": no_answer,
    "another operation": a_query,
    "half a message": half,
    "an octet": nonsense,
    "not signed": unsigned,
    "signed with another secret": forged_by(OTHER),
    "from another port": elsewhere,
}


@pytest.mark.parametrize("reaction", UNBELIEVED.values(), ids=UNBELIEVED)
def test_what_may_be_forged_is_no_answer(reaction):
    with Receiver(reaction, answering, *[reaction] * 3, keys=[KEY]) as receiver:
        (first,) = notify.tell([target(receiver, KEY)], SOA, SOON)
        (second,) = notify.tell([target(receiver, KEY)], SOA, SOON)

    assert first.taken
    assert isinstance(second.error, ServerSilent)
    assert len(receiver.received) == 5


@pytest.mark.parametrize("code", ["REFUSED", "NOTAUTH", "NOTIMP", "FORMERR", "SERVFAIL"])
def test_a_code_is_an_answer(code):
    with Receiver(refusing(dns.rcode.from_text(code)), keys=[KEY]) as receiver:
        (told,) = notify.tell([target(receiver, KEY)], SOA, SOON)

    assert not told.taken
    assert told.said() == f"127.0.0.1:{receiver.port} answered {code}"
    assert len(receiver.received) == 1


def test_all_are_told_at_the_same_time_and_none_disturbs_another():
    nobody = Target(ZONE, Primary("127.0.0.1", free_port()), None, REACH)
    elsewhere_ = Target(ZONE, Primary("192.0.2.1", 53), None, REACH)
    nameless = Target(ZONE, Primary("no-such-host.invalid", 53), None, REACH)
    with Receiver() as one, Receiver(*[silent] * 9) as two, Receiver() as three:
        began = time.monotonic()
        told = notify.tell([target(one), nobody, *[target(two)] * 3, elsewhere_, nameless, target(three)], SOA, SOON)
        took = time.monotonic() - began

    kinds = [type(each.error) for each in told]
    silence = [ServerSilent] * 3
    assert kinds == [type(None), ServerUnreachable, *silence, ServerForbidden, ServerUnreachable, type(None)]
    assert "Connection refused" in told[1].said()
    assert took < 1.5
    assert notify.tell([], SOA) == []


def test_a_host_name_is_told_at_one_address_after_the_other():
    both = replace(REACH, networks=("127.0.0.0/8", "::1/128"))  # nobody listens at ::1
    with Receiver() as receiver:
        host = Target(ZONE, Primary("localhost", receiver.port), None, both)
        (told,) = notify.tell([host], SOA, SOON)

    assert told.taken


@pytest.fixture(params=[pytest.param(kind, id=kind.__name__, marks=pytest.mark.primary) for kind in REAL])
def secondary(request):
    require(request.param)
    return request.param


@pytest.mark.parametrize("key", [None, KEY], ids=["unsigned", "signed"])
def test_a_secondary_that_is_told_copies_the_zone_at_once(secondary, key):
    with Small({NAME: TEXT.format(serial=1)}) as primary:
        server = secondary({NAME: TEXT.format(serial=1)}, keys=[KEY])
        server.source = primary
        with server:
            primary.reload(NAME, TEXT.format(serial=2))
            (told,) = notify.tell([target(server, key)], soa_line(2, 300))
            until(lambda: server.serial(NAME) == 2)

    assert told.taken


@pytest.mark.primary
def test_a_key_that_a_secondary_does_not_know_is_named():
    require(Bind)
    with Bind({NAME: TEXT.format(serial=1)}) as server:
        (told,) = notify.tell([target(server, KEY)], SOA, SOON)

    assert isinstance(told.error, KeyRefused)
    assert KEY.name in told.error.message


def until(holds, patience=10):
    """Wait until something holds."""
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
