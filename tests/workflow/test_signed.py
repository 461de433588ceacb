"""Signed transfers, with every algorithm and with signatures that do not hold."""

import dns.rcode
import pytest
from primaries import ALGORITHMS, Hostile, Key, hostile
from support.service import give_key, primary
from support.texts import FIRST, ZONE
from zonewright.model.change import ChangeStatus


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_signed_transfer_verifies(algorithm, service):
    key = Key.of("transfer.", algorithm)
    with Hostile({ZONE: FIRST}, hostile.messages_of(2), keys=[key], require_key={ZONE: key.name}) as server:
        zone = service.create(ZONE, primary(server))
        _, unsigned = service.work()
        give_key(service, zone, key)
        _, signed = service.sync(zone.id)

    assert unsigned.reason == f"{primary(server)}: the primary answered REFUSED"
    assert (signed.status, signed.records) == (ChangeStatus.SYNCED, 9)


BAD_SIGNATURES = {
    "bad on the first": ([hostile.tsig_bad(0)], "the TSIG of message 1 does not hold: the signature is wrong"),
    "bad on the last": ([hostile.tsig_bad(-1)], "does not hold: the signature is wrong (BADSIG)"),
    "missing on the last": ([hostile.tsig_missing(-1)], "are not signed"),
    "missing on the first": ([hostile.tsig_missing(0)], "the first message is not signed"),
    "missing altogether": ([hostile.unsigned()], "the first message is not signed"),
    "tampered": ([hostile.tampered(1)], "the TSIG of message 2 does not hold: the signature is wrong (BADSIG)"),
    "another clock": ([hostile.tsig_skewed()], "it was signed at another time (BADTIME)"),
    "another key": ([hostile.tsig_by(Key.of("other."))], "it names another key"),
    "BADKEY": ([hostile.tsig_error(dns.rcode.BADKEY)], "the primary does not know the key (BADKEY)"),
    "BADSIG": ([hostile.tsig_error(dns.rcode.BADSIG)], "the primary refused our signature (BADSIG)"),
    "BADTIME": ([hostile.tsig_error(dns.rcode.BADTIME)], "the primary's clock differs too much"),
}


@pytest.mark.parametrize(("behaviours", "said"), BAD_SIGNATURES.values(), ids=BAD_SIGNATURES)
def test_a_transfer_whose_signature_does_not_hold_is_never_published(behaviours, said, service):
    key = Key.of("transfer.")
    with Hostile({ZONE: FIRST}, hostile.messages_of(2), *behaviours, keys=[key]) as server:
        zone = service.create(ZONE, primary(server))
        give_key(service, zone, key)
        status, change = service.work()

    assert (status, change.status) == ("FAILED", ChangeStatus.FAILED)
    assert said in change.reason
    assert service.zone(zone.id).version == 0
