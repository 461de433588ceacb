"""Signed transfers: what verifies, and what does not hold."""

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
from support.messages import KEY, KEYRING, KEYS, SECRET, ZONE, fed, long, message, signed
from zonewright.errors import SignatureFailed, TransferRefused
from zonewright.protocol import names
from zonewright.protocol.transfer import Transfer
from zonewright.protocol.tsig import ALGORITHMS


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
