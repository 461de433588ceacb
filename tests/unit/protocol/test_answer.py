"""An update is signed as dnspython reads it, and its answer is believed only if it is one."""

import time
from types import SimpleNamespace

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.tsig
import pytest
from support.updating import ZONE
from zonewright import errors
from zonewright.errors import (
    ClocksApart,
    DeliveryError,
    KeyRefused,
    ServerFailed,
    ServerSilent,
    TargetDiverged,
    UpdateForbidden,
    UpdateMisread,
    UpdatesUnsupported,
    ZoneNotServed,
)
from zonewright.protocol import answer, update
from zonewright.protocol.answer import Question
from zonewright.protocol.tsig import ALGORITHMS, Key
from zonewright.protocol.update import Section

KEY = Key("push.example.", "hmac-sha256", "c2VjcmV0")
OTHER = Key("push.example.", "hmac-sha256", "b3RoZXI=")
UNSIGNED = update.message(ZONE.to_wire(), Section())


def keyring(key):
    return {dns.name.from_text(key.name): key.tsig()}


def as_made(made):
    """Change nothing."""


def unsigned(made):
    made.tsig = None


def answered(question, rcode="NOERROR", key=None, change=as_made):
    """The answer to a question, signed by `key`."""
    asked = dns.message.from_wire(question.octets, keyring=keyring(key) if key else False)
    made = dns.message.make_response(asked)
    made.set_rcode(dns.rcode.from_text(rcode))
    change(made)
    return made.to_wire()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_question_is_signed_as_dnspython_verifies(algorithm):
    key = Key("push.example.", algorithm, "c2VjcmV0")
    question = Question(UNSIGNED, key)

    read = dns.message.from_wire(question.octets, keyring=keyring(key))
    question.judge(answered(question, key=key))

    assert read.had_tsig
    assert read.keyname == dns.name.from_text("push.example.")


def test_what_is_sent_again_is_signed_anew(monkeypatch):
    first = Question(UNSIGNED, KEY)
    monkeypatch.setattr(answer, "time", SimpleNamespace(time=lambda: time.time() + 5))

    again = Question(UNSIGNED, KEY)

    assert again.octets[-40:] != first.octets[-40:]


def test_an_unsigned_question_has_an_unsigned_answer():
    question = Question(UNSIGNED, None)

    question.judge(answered(question))

    assert question.octets[2:] == UNSIGNED[2:]


CODES = {
    "SERVFAIL": ServerFailed,
    "REFUSED": UpdateForbidden,
    "NOTAUTH": ZoneNotServed,
    "NOTZONE": ZoneNotServed,
    "NOTIMP": UpdatesUnsupported,
    "FORMERR": UpdateMisread,
    "YXDOMAIN": TargetDiverged,
    "YXRRSET": TargetDiverged,
    "NXDOMAIN": TargetDiverged,
    "NXRRSET": TargetDiverged,
    "DSOTYPENI": UpdateMisread,
}


@pytest.mark.parametrize("key", [None, KEY], ids=["unsigned", "signed"])
@pytest.mark.parametrize(("code", "meaning"), CODES.items())
def test_a_code_has_a_meaning(code, meaning, key):
    question = Question(UNSIGNED, key)

    with pytest.raises(meaning, match=f"the name server answered {code}: "):
        question.judge(answered(question, code, key))


def test_a_refusal_is_believed_unsigned():
    question = Question(UNSIGNED, KEY)

    with pytest.raises(UpdateForbidden, match="answered REFUSED, unsigned: "):
        question.judge(answered(question, "REFUSED", KEY, unsigned))


def forged(made):
    made.use_tsig(OTHER.tsig())


def no_response(made):
    made.flags &= ~dns.flags.QR


def another_id(made):
    made.id ^= 1


def another_opcode(made):
    made.set_opcode(0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (unsigned, "is not signed"),
        (forged, "the TSIG of the answer does not hold"),
        (no_response, "none to our question"),
        (another_id, "none to our question"),
        (another_opcode, "none to our question"),
    ],
)
def test_an_answer_that_cannot_be_believed_is_none(change, said):
    question = Question(UNSIGNED, KEY)

    with pytest.raises(ServerSilent, match=said):
        question.judge(answered(question, key=KEY, change=change))


@pytest.mark.parametrize("octets", [b"", b"\x00", bytes(11), bytes(10) + b"\xff\xff"])
def test_octets_that_are_no_message_are_no_answer(octets):
    with pytest.raises(ServerSilent, match="cannot be read"):
        Question(UNSIGNED, None).judge(octets)


def test_a_signature_that_nobody_asked_for_is_not_believed():
    question = Question(UNSIGNED, None)

    with pytest.raises(ServerSilent, match="no key is configured"):
        question.judge(answered(question, change=lambda made: made.use_tsig(KEY.tsig())))


@pytest.mark.parametrize(
    ("error", "meaning", "said"),
    [
        (dns.rcode.BADKEY, KeyRefused, r"does not know the TSIG key push\.example\. \(BADKEY\)"),
        (dns.rcode.BADSIG, KeyRefused, r"has another secret for the TSIG key push\.example\. \(BADSIG\)"),
        (dns.rcode.BADTIME, ClocksApart, r"clock says \d{4}-.*, ours \d{4}-.* \(BADTIME\)"),
        (dns.rcode.BADTRUNC, ServerSilent, "does not hold"),
    ],
)
def test_an_error_of_the_key_is_named(error, meaning, said):
    question = Question(UNSIGNED, KEY)

    def refuse(made):
        made.use_tsig(KEY.tsig(), tsig_error=error)

    with pytest.raises(meaning, match=said):
        question.judge(answered(question, "NOTAUTH", KEY, refuse))


def test_every_error_is_a_delay_a_refusal_or_a_divergence():
    kinds = {each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, DeliveryError)}
    groups = {DeliveryError, errors.DeliveryDelayed, errors.DeliveryRefused}

    assert all(
        issubclass(each, (errors.DeliveryDelayed, errors.DeliveryRefused, TargetDiverged)) for each in kinds - groups
    )
    assert {meaning for meaning, _ in answer._MEANING.values()} <= kinds  # noqa: SLF001 - the table itself
