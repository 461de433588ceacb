"""The transfer machine, fed messages made by dnspython: text at the top, no socket."""

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.tsig
import pytest
from support.messages import KEY, NS, READ, SOA, TXT, ZONE, A, B, fed, long, message, signed
from zonewright.errors import TransferMalformed, TransferMixed, TransferRefused, WrongZone
from zonewright.protocol import names, wire
from zonewright.protocol.transfer import Exchange, Transfer

SHOUTED_SOA = "EXAMPLE.org. 60 SOA NS1.example.org. joe\\.doe.example.ORG. 7 3600 600 86400 300"
NEXT_SOA = "example.org. 3600 SOA ns1.example.org. joe\\.doe.example.org. 8 3600 600 86400 300"
OTHER_TIMERS = "example.org. 3600 SOA ns1.example.org. joe\\.doe.example.org. 7 3600 600 86400 301"
CHILD_SOA = "sub.example.org. 3600 SOA ns1.example.org. joe.example.org. 9 3600 600 86400 300"
OTHER_SOA = "example.net. 3600 SOA ns1.example.org. joe.example.org. 7 3600 600 86400 300"


def outcome(machine):
    return machine.done, machine.records, machine.messages, machine.octets, machine.soa


@pytest.mark.parametrize(
    ("transfer", "records"),
    [
        pytest.param([[SOA, NS, A, SOA]], 3, id="one message"),
        pytest.param([[SOA], [NS], [A], [SOA]], 3, id="one RR in each"),
        pytest.param([[SOA, NS], [A, B], [TXT, SOA]], 5, id="several messages"),
        pytest.param([[SOA, SOA]], 1, id="nothing but the SOA"),
        pytest.param([[SOA], [], [NS, SOA]], 2, id="an empty message between"),
        pytest.param([[SOA, NS], [CHILD_SOA, A], [SOA]], 4, id="the SOA of another name between"),
    ],
)
def test_a_transfer_is_done_when_its_first_soa_comes_again(transfer, records):
    machine = Transfer(ZONE)
    messages = [message(machine, *lines) for lines in transfer]

    fed(machine, messages[:-1])
    assert not machine.done
    machine.feed(messages[-1])

    assert outcome(machine) == (True, records, len(messages), sum(map(len, messages)), READ)
    assert machine.serial == 7


def test_a_closing_soa_may_differ_in_case_and_ttl():
    machine = Transfer(names.absolute("Example.ORG."))

    fed(machine, [message(machine, SOA, NS), message(machine, SHOUTED_SOA, question=None)])

    assert (machine.done, machine.records, machine.soa) == (True, 2, READ)


def test_messages_after_the_first_need_no_question():
    machine = Transfer(ZONE)

    fed(machine, [message(machine, SOA, NS), message(machine, A, question=None), message(machine, SOA, question=None)])

    assert machine.done


@pytest.mark.parametrize(
    ("transfer", "error", "said"),
    [
        pytest.param(
            [[SOA, NS], [A, NEXT_SOA]],
            TransferMixed,
            "the closing SOA has serial 8, the opening one 7: the zone changed under way",
            id="closing SOA of another serial",
        ),
        pytest.param(
            [[SOA, NS, OTHER_TIMERS]],
            TransferMixed,
            "the closing SOA differs from the opening one, both with serial 7",
            id="closing SOA with other timers",
        ),
        pytest.param(
            [[OTHER_SOA]], WrongZone, "begins with the SOA of example.net., asked was example.org.", id="zone"
        ),
        pytest.param([[CHILD_SOA]], WrongZone, "begins with the SOA of sub.example.org.", id="zone below"),
        pytest.param([[NS, SOA]], TransferMalformed, "does not begin with an SOA", id="another RR first"),
        pytest.param([[NS]], TransferMalformed, "does not begin with an SOA", id="no SOA"),
        pytest.param([[]], TransferRefused, "answered without a record", id="nothing"),
        pytest.param([[SOA, NS], [SOA, A]], TransferMalformed, "records follow the closing SOA", id="RR after the end"),
        pytest.param(
            [[SOA, NS, SOA, SOA]], TransferMalformed, "records follow the closing SOA", id="SOA after the end"
        ),
    ],
)
def test_a_transfer_that_is_not_whole_is_worth_nothing(transfer, error, said):
    machine = Transfer(ZONE)
    *good, bad = [message(machine, *lines) for lines in transfer]
    fed(machine, good)

    with pytest.raises(error, match=said):
        machine.feed(bad)

    assert not machine.done


@pytest.mark.parametrize("good", [0, 1], ids=["first message", "later message"])
@pytest.mark.parametrize("code", ["FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "NOTAUTH", "NOTZONE"])
def test_an_error_code_is_a_refusal_that_names_it(code, good):
    machine = Transfer(ZONE)
    fed(machine, [message(machine, SOA, NS)] * good)

    with pytest.raises(TransferRefused, match=f"^the primary answered {code}$"):
        machine.feed(message(machine, rcode=dns.rcode.from_text(code)))


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"ident": 1}, id="id of another question"),
        pytest.param({"flags": 0}, id="a question"),
        pytest.param({"flags": dns.flags.QR | 5 << 11}, id="another opcode"),
    ],
)
@pytest.mark.parametrize("good", [0, 1], ids=["first message", "later message"])
def test_what_does_not_answer_our_question_is_malformed(changed, good):
    machine = Transfer(ZONE)
    fed(machine, [message(machine, SOA, NS)] * good)

    with pytest.raises(TransferMalformed, match=f"message {good + 1} does not answer our question"):
        machine.feed(message(machine, SOA, NS, **changed))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"question": names.absolute("example.net.")}, "answers for example.net. AXFR, asked was example.org. AXFR"),
        ({"question": names.absolute("a.example.org.")}, "answers for a.example.org. AXFR"),
        ({"rdtype": "IXFR"}, "answers for example.org. IXFR, asked was example.org. AXFR"),
    ],
    ids=["zone", "name below", "type"],
)
def test_an_answer_to_another_question_is_of_the_wrong_zone(changed, said):
    machine = Transfer(ZONE)

    with pytest.raises(WrongZone, match=said):
        machine.feed(message(machine, SOA, NS, **changed))


@pytest.mark.parametrize("octets", [b"", b"\x00" * 11], ids=len)
def test_a_message_without_a_header_is_malformed(octets):
    with pytest.raises(TransferMalformed, match=f"a message of {len(octets)} octets is no DNS message"):
        Transfer(ZONE).feed(octets)


def test_a_message_that_ends_early_is_malformed():
    machine = Transfer(ZONE)

    with pytest.raises(TransferMalformed, match="cannot be read"):
        machine.feed(message(machine, SOA, NS)[:-1])


def test_an_soa_that_is_too_short_is_malformed():
    machine = Transfer(ZONE)
    octets = message(machine, TXT)
    short = octets[: octets.index(b"\x04text")] + b"\xc0\x0c" + bytes.fromhex("0006 0001 0000003c 0003 000000")

    with pytest.raises(TransferMalformed, match="an SOA cannot be read"):
        machine.feed(short)


def test_a_cut_stream_says_how_far_it_came():
    machine = Transfer(ZONE)
    fed(machine, long(machine, 3, records=400)[:-1])

    assert machine.cut().message == "the connection ended after 801 records, before the closing SOA"


def test_the_question_asks_for_the_zone():
    question = dns.message.from_wire(Transfer(ZONE).question())

    assert (question.question[0].to_text(), question.flags, question.had_tsig) == ("example.org. IN AXFR", 0, False)
    assert len({Transfer(ZONE).question()[:2] for _ in range(20)}) > 1


@pytest.mark.parametrize("key", [None, KEY], ids=["unsigned", "signed"])
def test_one_question_has_one_answer(key):
    exchange = Exchange(ZONE, wire.SOA, key)
    octets = message(exchange, SOA, rdtype="SOA")

    found = exchange.accept(*(signed(exchange, [octets]) if key else [octets]))
    exchange.finish()

    assert (found.answers, len(found.soas)) == (1, 1)


def test_the_question_is_asked_in_lower_case():
    asked = Transfer(names.absolute("Example.ORG.")).question()

    assert b"\x07example\x03org\x00" in asked
