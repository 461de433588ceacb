"""Incremental transfers, fed messages made by dnspython."""

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.tsig
import pytest
from support.messages import KEY, NS, READ, SOA, TXT, ZONE, A, B, fed, message, signed
from zonewright.errors import SignatureFailed, TransferMalformed, TransferMixed
from zonewright.protocol.transfer import Style, Transfer

HELD_SOA = "example.org. 3600 SOA ns1.example.org. joe\\.doe.example.org. 5 3600 600 86400 300"
BETWEEN_SOA = "example.org. 3600 SOA ns1.example.org. joe\\.doe.example.org. 6 3600 600 86400 300"
STEPS = [HELD_SOA, A, BETWEEN_SOA, B, BETWEEN_SOA, SOA, TXT]


def answers(machine, *parts):
    return [message(machine, *lines, rdtype="IXFR") for lines in parts]


def test_the_question_of_an_ixfr_says_which_serial_is_held():
    asked = dns.message.from_wire(Transfer(ZONE, since=5).question())

    assert asked.question[0].rdtype == dns.rdatatype.IXFR
    assert [(rrset.name, rrset[0].serial) for rrset in asked.authority] == [(ZONE, 5)]


@pytest.mark.parametrize("cut", range(1, len(STEPS) + 2), ids=str)
def test_increments_are_followed_to_the_serial_they_end_with(cut):
    machine = Transfer(ZONE, since=5)
    lines = [SOA, *STEPS, SOA]

    fed(machine, answers(machine, lines[:cut], lines[cut:]))

    assert (machine.style, machine.done, machine.soa, machine.records) == (Style.INCREMENTS, True, READ, 8)


@pytest.mark.parametrize("held", [7, 8])
def test_an_ixfr_of_the_serial_held_or_an_older_one_is_nothing(held):
    machine = Transfer(ZONE, since=held)

    fed(machine, answers(machine, [SOA]))

    assert (machine.style, machine.done) == (Style.NOTHING, True)


@pytest.mark.parametrize("cut", range(1, 4), ids=str)
def test_an_ixfr_may_be_answered_with_the_whole_zone(cut):
    machine = Transfer(ZONE, since=5)
    lines = [SOA, NS, A, SOA]

    fed(machine, answers(machine, lines[:cut], lines[cut:]))

    assert (machine.style, machine.done, machine.records) == (Style.WHOLE, True, 3)


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ([SOA, BETWEEN_SOA, A, SOA, SOA], TransferMixed),
        ([SOA, HELD_SOA, A, BETWEEN_SOA, B, HELD_SOA, SOA, SOA], TransferMixed),
        ([SOA, *STEPS, SOA, A], TransferMalformed),
        ([SOA, *STEPS, SOA, SOA], TransferMalformed),
    ],
    ids=["from another serial", "a gap", "a record behind the end", "an SOA behind the end"],
)
def test_increments_that_do_not_line_up_are_refused(lines, error):
    machine = Transfer(ZONE, since=5)

    with pytest.raises(error):
        fed(machine, answers(machine, lines))


def test_increments_are_not_over_before_their_closing_soa():
    machine = Transfer(ZONE, since=5)

    fed(machine, answers(machine, [SOA, *STEPS]))

    assert not machine.done


def test_the_signatures_of_an_ixfr_are_checked():
    machine = Transfer(ZONE, KEY, since=5)
    messages = answers(machine, [SOA, *STEPS], [SOA])

    fed(machine, signed(machine, messages))

    assert machine.done


def test_an_unsigned_ixfr_is_refused_where_there_is_a_key():
    machine = Transfer(ZONE, KEY, since=5)

    with pytest.raises(SignatureFailed):
        fed(machine, answers(machine, [SOA, *STEPS, SOA]))
