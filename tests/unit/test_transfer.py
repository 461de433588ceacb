"""The transfer machine, fed messages made by dnspython: text at the top, no socket."""

import time

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.tsig
import pytest
from primaries.small import Signing, tsig_rdata, with_tsig
from zonewright.errors import SignatureFailed, TransferMalformed, TransferMixed, TransferRefused, WrongZone
from zonewright.protocol import names, types
from zonewright.protocol.transfer import Exchange, Soa, Style, Transfer
from zonewright.protocol.tsig import ALGORITHMS, Key

ZONE = names.absolute("example.org.")
SECRET = "c2VjcmV0IG9mIHRoaXJ0eS10d28gb2N0ZXRzLCBvciBzbw=="
KEY = Key("transfer.example.org.", "hmac-sha256", SECRET)
KEYS = {algorithm: Key(f"{algorithm}.example.org.", algorithm, SECRET) for algorithm in ALGORITHMS}
KEYRING = {key.tsig().name: key.tsig() for key in (KEY, *KEYS.values())}

SOA = "example.org. 3600 SOA ns1.example.org. joe\\.doe.example.org. 7 3600 600 86400 300"
SHOUTED_SOA = "EXAMPLE.org. 60 SOA NS1.example.org. joe\\.doe.example.ORG. 7 3600 600 86400 300"
NEXT_SOA = "example.org. 3600 SOA ns1.example.org. joe\\.doe.example.org. 8 3600 600 86400 300"
OTHER_TIMERS = "example.org. 3600 SOA ns1.example.org. joe\\.doe.example.org. 7 3600 600 86400 301"
CHILD_SOA = "sub.example.org. 3600 SOA ns1.example.org. joe.example.org. 9 3600 600 86400 300"
OTHER_SOA = "example.net. 3600 SOA ns1.example.org. joe.example.org. 7 3600 600 86400 300"
NS = "example.org. 3600 NS ns1.example.org."
A = "www.example.org. 60 A 192.0.2.1"
B = "www.example.org. 60 A 192.0.2.2"
TXT = 'text.example.org. 60 TXT "text"'

READ = Soa(serial=7, ttl=3600, rname="joe\\.doe.example.org.")


def message(machine, *lines, rcode=0, question=ZONE, rdtype="AXFR", ident=None, flags=dns.flags.QR):
    """One answer to the machine's question, of RRs as zone-file lines."""
    asked = int.from_bytes(machine.question()[:2], "big")
    made = dns.message.Message(asked if ident is None else asked ^ ident)
    made.flags = flags
    made.set_rcode(rcode)
    if question:
        made.question.append(dns.rrset.RRset(question, dns.rdataclass.IN, dns.rdatatype.from_text(rdtype)))
    for line in lines:
        owner, ttl, kind, rdata = line.split(" ", 3)
        made.answer.append(dns.rrset.from_text(owner, int(ttl), "IN", kind, rdata))
    return made.to_wire()


def signed(machine, messages, **changes):
    """The messages, signed as the machine's own key asks for, or with `changes`."""
    query = dns.message.from_wire(machine.question(), keyring=KEYRING)
    signing = Signing(**{"key": query.keyring, "request_mac": query.mac} | changes)
    return signing.signed(messages)


def fed(machine, messages):
    for octets in messages:
        machine.feed(octets)
    return machine


def long(machine, count, records=3):
    """A transfer of `count` messages."""
    names_of = [
        [f"n{number}-{record}.example.org. 60 A 192.0.2.1" for record in range(records)] for number in range(count)
    ]
    names_of[0].insert(0, SOA)
    names_of[-1].append(SOA)
    return [message(machine, *lines) for lines in names_of]


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


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_question_is_signed_with_the_key(algorithm):
    question = dns.message.from_wire(Transfer(ZONE, KEYS[algorithm]).question(), keyring=KEYRING)

    assert question.had_tsig
    assert (question.keyname, question.keyalgorithm.to_text()) == (
        names.absolute(KEYS[algorithm].name),
        ALGORITHMS[algorithm],
    )


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_transfer_signed_with_any_algorithm_verifies(algorithm):
    machine = Transfer(ZONE, KEYS[algorithm])

    fed(machine, signed(machine, long(machine, 3)))

    assert (machine.done, machine.records) == (True, 10)


@pytest.mark.parametrize(("count", "every"), [(1, 1), (2, 1), (12, 3), (12, 5), (203, 100)])
def test_every_so_many_messages_signed_are_enough(count, every):
    machine = Transfer(ZONE, KEY)

    fed(machine, signed(machine, long(machine, count, records=1), every=every))

    assert (machine.done, machine.records) == (True, count + 1)


def test_ninety_nine_unsigned_messages_may_follow_each_other_and_no_more():
    machine = Transfer(ZONE, KEY)
    messages = signed(machine, long(machine, 103, records=1), every=101)
    fed(machine, messages[:100])

    with pytest.raises(SignatureFailed, match="100 messages in a row are not signed"):
        machine.feed(messages[100])


@pytest.mark.parametrize(
    ("changes", "at", "said"),
    [
        pytest.param({"unsigned": frozenset({0})}, 0, "the first message is not signed", id="first unsigned"),
        pytest.param({"unsigned": frozenset({-1})}, 3, "the last 1 messages are not signed", id="last unsigned"),
        pytest.param({"every": 2, "unsigned": frozenset({2, 3})}, 3, "the last 3 messages", id="last three unsigned"),
        pytest.param({"spoiled": frozenset({0})}, 0, r"TSIG of message 1 does not hold: .*\(BADSIG\)", id="first MAC"),
        pytest.param({"spoiled": frozenset({2})}, 2, r"TSIG of message 3 does not hold: .*\(BADSIG\)", id="third MAC"),
        pytest.param({"skew": 3600}, 0, r"message 1 .* at another time \(BADTIME\)", id="clock ahead"),
        pytest.param({"skew": -3600}, 0, r"message 1 .* at another time \(BADTIME\)", id="clock behind"),
        pytest.param({"request_mac": b"x" * 32}, 0, r"\(BADSIG\)", id="answer to another question"),
        pytest.param({"key": KEYS["hmac-sha512"].tsig()}, 0, "it names another key", id="another key"),
        pytest.param(
            {"key": dns.tsig.Key(KEY.name, "b3RoZXI=", "hmac-sha256.")}, 0, r"\(BADSIG\)", id="another secret"
        ),
        pytest.param(
            {"key": dns.tsig.Key(KEY.name, SECRET, "hmac-sha512.")}, 0, "it uses another algorithm", id="algorithm"
        ),
    ],
)
def test_a_signature_that_does_not_hold_ends_the_transfer(changes, at, said):
    machine = Transfer(ZONE, KEY)
    messages = signed(machine, long(machine, 4), **changes)
    fed(machine, messages[:at])

    with pytest.raises(SignatureFailed, match=said):
        machine.feed(messages[at])

    assert not machine.done


@pytest.mark.parametrize(
    ("alter", "at"),
    [
        pytest.param(lambda octets: octets.replace(b"\xc0\x00\x02\x01", b"\xc0\x00\x02\x02", 1), 1, id="an address"),
        pytest.param(lambda octets: octets[:3] + bytes([octets[3] ^ 0x20]) + octets[4:], 1, id="a header bit"),
        pytest.param(lambda octets: octets.replace(b"\x04n0-0", b"\x04n0-9", 1), 0, id="a name"),
    ],
)
def test_a_message_changed_after_it_was_signed_is_found_out(alter, at):
    machine = Transfer(ZONE, KEY)
    messages = signed(machine, long(machine, 3))
    altered = alter(messages[at])
    fed(machine, messages[:at])

    assert altered != messages[at]
    with pytest.raises(SignatureFailed, match=rf"message {at + 1} does not hold: the signature is wrong \(BADSIG\)"):
        machine.feed(altered)


@pytest.mark.parametrize("lost", [1, 2], ids=["the one before", "an unsigned one"])
def test_a_message_lost_from_the_chain_is_found_out(lost):
    machine = Transfer(ZONE, KEY)
    messages = signed(machine, long(machine, 5), every=1 if lost == 1 else 3)
    del messages[lost]

    with pytest.raises(SignatureFailed, match="the signature is wrong"):
        fed(machine, messages)


def test_an_unsigned_message_changed_is_found_out_by_the_next_signature():
    machine = Transfer(ZONE, KEY)
    messages = signed(machine, long(machine, 5), every=3)
    messages[1] = messages[1].replace(b"\xc0\x00\x02\x01", b"\xc0\x00\x02\x02", 1)
    fed(machine, messages[:3])

    with pytest.raises(SignatureFailed, match="message 4 does not hold: the signature is wrong"):
        machine.feed(messages[3])


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (dns.rcode.BADKEY, r"the primary does not know the key \(BADKEY\)"),
        (dns.rcode.BADSIG, r"the primary refused our signature \(BADSIG\)"),
        (dns.rcode.BADTIME, r"the primary's clock differs too much from ours \(BADTIME\)"),
    ],
    ids=["BADKEY", "BADSIG", "BADTIME"],
)
def test_what_the_primary_says_of_our_signature_is_passed_on(code, said):
    machine = Transfer(ZONE, KEY)
    tsig = tsig_rdata(KEY.tsig().algorithm, 0, error=code, signed=int(time.time()))

    with pytest.raises(SignatureFailed, match=said):
        machine.feed(with_tsig(message(machine, rcode=dns.rcode.NOTAUTH), KEY.tsig().name, tsig))


def test_a_tsig_that_cannot_be_read_does_not_hold():
    machine = Transfer(ZONE, KEY)
    (octets,) = signed(machine, long(machine, 1))

    with pytest.raises(SignatureFailed, match="TSIG of message 1 does not hold"):
        machine.feed(octets.replace(b"\x0bhmac-sha256\x00", b"\x0bhmac-sha256\x3f"))


def test_a_refusal_without_a_signature_is_told_as_what_it_is():
    machine = Transfer(ZONE, KEY)

    with pytest.raises(TransferRefused, match="the primary answered REFUSED, unsigned"):
        machine.feed(message(machine, rcode=dns.rcode.REFUSED))


def test_a_signed_refusal_is_a_refusal():
    machine = Transfer(ZONE, KEY)

    with pytest.raises(TransferRefused, match=r"^the primary answered REFUSED$"):
        fed(machine, signed(machine, [message(machine, rcode=dns.rcode.REFUSED)]))


def test_answers_without_a_signature_are_taken_where_no_key_is_configured():
    machine = Transfer(ZONE)

    assert fed(machine, long(machine, 3)).done


def test_a_signed_answer_where_no_key_is_configured_is_refused():
    machine = Transfer(ZONE)
    octets = Signing(KEY.tsig()).signed(long(machine, 1))

    with pytest.raises(SignatureFailed, match="message 1 is signed, but no key is configured"):
        fed(machine, octets)


@pytest.mark.parametrize("key", [None, KEY], ids=["unsigned", "signed"])
def test_one_question_has_one_answer(key):
    exchange = Exchange(ZONE, types.SOA, key)
    octets = message(exchange, SOA, rdtype="SOA")

    found = exchange.accept(*(signed(exchange, [octets]) if key else [octets]))
    exchange.finish()

    assert (found.answers, len(found.soas)) == (1, 1)


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
