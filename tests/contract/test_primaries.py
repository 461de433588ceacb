"""The primaries of the tests are what they say: the real ones serve the corpus, the hostile one is hostile."""

import subprocess
import time

import dns.exception
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.tsig
import dns.update
import dns.versioned
import dns.xfr
import dns.zone
import pytest
from primaries import ALGORITHMS, REAL, Hostile, Key, Query, Small, canonical, corpus, hostile, require, require_dig
from primaries.canonical import TransferFailed, dig_axfr, folded, from_dig
from primaries.fixtures import real_server  # noqa: F401 - a fixture

ZONE = "example.org."
TEXT = """
$TTL 300
@     SOA   ns host 7 7200 900 1209600 300
      NS    ns
      NS    ns2
ns    A     192.0.2.1
ns2   A     192.0.2.2
www   A     192.0.2.10
      A     192.0.2.11
      A     192.0.2.12
      AAAA  2001:db8::10
a     TXT   "one" "two"
Mail  MX    10 Mail
b.c.d CNAME www
"""
KEY = Key.of("transfer.example.", "hmac-sha256")


@pytest.fixture(autouse=True, scope="module")
def _dig():
    require_dig()


# --- Real servers


@pytest.mark.parametrize("zone", corpus.zones())
def test_a_real_server_serves_the_corpus(real_server, zone):  # noqa: F811
    zones = corpus.zones(real_server)
    reference = from_small(zone, zones[zone])

    with real_server({zone: zones[zone]}) as server:
        served = from_dig(dig_axfr(server, zone))

    assert folded(served) == folded(reference)


@pytest.mark.primary
def test_the_corpus_is_the_same_from_all_real_servers():
    for server in REAL:
        require(server)
    left_out = set.union(*(set(owners) for owners in corpus.NOT_SENT.values()))
    seen = {}

    for kind in REAL:
        with kind(corpus.zones(kind)) as server:
            seen[kind] = {zone: folded(from_dig(dig_axfr(server, zone))) for zone in server.zones}

    first, *others = ({zone: without(rrs, left_out) for zone, rrs in zones.items()} for zones in seen.values())
    assert all(other == first for other in others)


def test_a_key_is_needed_where_it_is_required(real_server):  # noqa: F811
    other = Key.of("other.example.")
    zones = {ZONE: TEXT, "open.example.": TEXT}

    with real_server(zones, keys=[KEY, other], require_key={ZONE: KEY.name}) as server:
        assert from_dig(dig_axfr(server, ZONE, KEY))
        assert from_dig(dig_axfr(server, "open.example."))
        assert from_dig(dig_axfr(server, "open.example.", other))
        for key in (None, other, Key.of(KEY.name, "hmac-sha512"), Key.of("unknown.example.")):
            with pytest.raises(TransferFailed):
                dig_axfr(server, ZONE, key)


def test_every_algorithm_signs_a_transfer(real_server):  # noqa: F811
    keys = [Key.of(f"{algorithm}.example.", algorithm) for algorithm in ALGORITHMS]
    zones = {
        f"{algorithm}.zone.example.": corpus.big(3000, 1, f"{algorithm}.zone.example.") for algorithm in ALGORITHMS
    }
    required = dict(zip(zones, (key.name for key in keys), strict=True))

    with real_server(zones, keys=keys, require_key=required) as server:
        counts = [len(from_dig(dig_axfr(server, zone, key))) for zone, key in zip(zones, keys, strict=True)]
        with pytest.raises(TransferFailed):
            dig_axfr(server, next(iter(zones)), keys[1])

    assert counts == [3000] * len(ALGORITHMS)


def test_a_reloaded_zone_is_served_at_once(real_server):  # noqa: F811
    name = "big.example."

    with real_server({name: corpus.big(1000, 4294967295, name)}) as server:
        before = from_dig(dig_axfr(server, name))
        server.reload(name, corpus.big(1000, 0, name, changed=10))
        after = from_dig(dig_axfr(server, name))

    assert len(before) == len(after) == 1000
    assert len({(rr.owner, rr.type) for rr in before ^ after}) == 11  # and the SOA


def test_a_hundred_thousand_records_load_quickly(real_server):  # noqa: F811
    text = corpus.big(100_000, 1)

    begun = time.monotonic()
    with real_server({"big.example.": text}) as server:
        loaded = time.monotonic() - begun
        assert server.serial("big.example.") == 1

    assert loaded < 10


def test_a_server_that_cannot_start_says_why_and_leaves_nothing(real_server):  # noqa: F811
    with Small({ZONE: TEXT}) as small:
        server = real_server({ZONE: TEXT}, port=small.port)
        server.patience = 1

        with pytest.raises((ChildProcessError, TimeoutError)), server:
            pytest.fail("two servers on one port")

    assert not server.directory.exists()


# --- Our own server


def test_our_server_answers_as_dig_expects():
    keys = [Key.of(f"{algorithm}.example.", algorithm) for algorithm in ALGORITHMS]

    with Small({ZONE: TEXT}, keys=keys) as server:
        plain = from_dig(dig_axfr(server, ZONE))
        signed = [from_dig(dig_axfr(server, ZONE, key)) for key in keys]

    assert len(plain) == 12
    assert all(each == plain for each in signed)


@pytest.mark.parametrize("transport", [dns.query.udp, dns.query.tcp])
def test_our_server_answers_soa(transport):
    with Small({ZONE: TEXT}, keys=[KEY]) as server:
        query = dns.message.make_query(ZONE, "SOA")
        query.use_tsig(KEY.tsig())
        answer = transport(query, server.host, port=server.port, timeout=5)
        elsewhere = transport(dns.message.make_query("com.", "SOA"), server.host, port=server.port, timeout=5)

    assert answer.had_tsig
    assert answer.answer[0][0].serial == 7
    assert elsewhere.rcode() == dns.rcode.NOTAUTH
    assert server.queries[0] == Query(ZONE, "SOA", KEY.name, transport.__name__)


def test_our_server_needs_the_key_it_requires():
    with Small({ZONE: TEXT}, keys=[KEY], require_key={ZONE: KEY.name}) as server:
        assert transferred(server, KEY)
        for key in (None, Key.of(KEY.name, "hmac-sha512"), Key.of("unknown.example.")):
            with pytest.raises((dns.xfr.TransferError, dns.tsig.PeerError)):
                transferred(server, key)


LOOK_UPS = {
    "an RRset": ("www.example.org.", "A", "NOERROR", ["192.0.2.10", "192.0.2.11", "192.0.2.12"]),
    "a name in another case": ("MAIL.example.org.", "MX", "NOERROR", ["10 Mail.example.org."]),
    "a CNAME for another type": ("b.c.d.example.org.", "TXT", "NOERROR", ["www.example.org."]),
    "no such type": ("www.example.org.", "TXT", "NOERROR", []),
    "a name between names": ("c.d.example.org.", "A", "NOERROR", []),
    "no such name": ("x.example.org.", "A", "NXDOMAIN", []),
    "another zone": ("example.net.", "A", "NOTAUTH", []),
}


@pytest.mark.parametrize("transport", [dns.query.udp, dns.query.tcp])
@pytest.mark.parametrize(("name", "rdtype", "code", "texts"), LOOK_UPS.values(), ids=LOOK_UPS)
def test_our_server_answers_what_is_asked(transport, name, rdtype, code, texts):
    with Small({ZONE: TEXT}) as server:
        answer = transport(dns.message.make_query(name, rdtype), server.host, port=server.port, timeout=5)

    assert dns.rcode.to_text(answer.rcode()) == code
    assert sorted(rdata.to_text() for rrset in answer.answer for rdata in rrset) == texts


def test_our_server_says_what_no_datagram_has_room_for():
    many = "".join(f"many A 192.0.2.{number}\n" for number in range(200))
    query = dns.message.make_query("many.example.org.", "A")

    with Small({ZONE: TEXT + many}) as server:
        answer, over_tcp = dns.query.udp_with_fallback(query, server.host, port=server.port, timeout=5)

    assert over_tcp
    assert len(answer.answer[0]) == 200


def test_what_an_update_writes_to_our_server_is_read_by_dig():
    update = dns.update.Update(ZONE, keyring=KEY.tsig())
    update.absent("new")
    update.add("new", 60, "A", "192.0.2.99")

    with Small({ZONE: TEXT}, keys=[KEY], require_key={ZONE: KEY.name}) as server:
        refused = dns.query.tcp(update, server.host, port=server.port, timeout=5)
        server.updates = True
        done = dns.query.tcp(update, server.host, port=server.port, timeout=5)
        again = dns.query.tcp(update, server.host, port=server.port, timeout=5)
        command = ["dig", f"@{server.host}", "-p", str(server.port), "+short", "new.example.org.", "A"]
        read = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        serial = server.serial(ZONE)
        server.reload(ZONE, TEXT.replace("host 7", "host 9"))
        reloaded = server.serial(ZONE)

    codes = [dns.rcode.to_text(each.rcode()) for each in (refused, done, again)]
    assert codes == ["REFUSED", "NOERROR", "YXDOMAIN"]
    assert (read, serial, reloaded) == ("192.0.2.99\n", 8, 9)


# --- The hostile one

HONEST = {
    "plain": [],
    "one RR a message": [hostile.messages_of(1)],
    "canonical": [hostile.canonical_order()],
    "shuffled": [hostile.shuffled(), hostile.messages_of(2)],
    "scattered": [hostile.scattered(), hostile.messages_of(3)],
    "TSIG on every third message": [hostile.messages_of(1), hostile.tsig_every(3)],
    "TSIG on the first and last message": [hostile.messages_of(1), hostile.tsig_every(100)],
    "duplicated": [hostile.duplicated()],
    "mixed case": [hostile.mixed_case(), hostile.messages_of(2)],
    "slow": [hostile.drip(octets=100, seconds=0.01)],
    "late": [hostile.stall(after=1, seconds=0.2), hostile.messages_of(5)],
    "out of zone, which dnspython drops": [hostile.out_of_zone()],
}


@pytest.mark.parametrize("key", [None, KEY], ids=["unsigned", "signed"])
@pytest.mark.parametrize("behaviours", HONEST.values(), ids=HONEST)
def test_an_honest_transfer_succeeds(behaviours, key):
    with Hostile({ZONE: TEXT}, *behaviours, keys=[KEY]) as server:
        zone = transferred(server, key)

    assert zone == transferred_from_small()
    assert server.queries == [Query(ZONE, "AXFR", key and key.name, "tcp")]


EVERY_MESSAGE_BAD = (dns.exception.DNSException, EOFError, OSError)
BAD = {
    "cut before the closing SOA": ([hostile.cut()], EOFError),
    "cut in the middle": ([hostile.messages_of(2), hostile.cut(after=2)], EOFError),
    "cut at once": ([hostile.cut(after=0)], EOFError),
    "closing SOA with another serial": ([hostile.closing_serial()], dns.exception.FormError),
    "no closing SOA": ([hostile.no_closing_soa()], dns.exception.Timeout),
    "another zone": ([hostile.another_zone("evil.test.")], dns.exception.FormError),
    "another question": ([hostile.another_question("evil.test.")], dns.exception.FormError),
    "another SOA": ([hostile.another_soa("evil.test.")], dns.exception.FormError),
    **{
        f"rcode {code.name}": ([hostile.rcode(code)], dns.xfr.TransferError)
        for code in (
            dns.rcode.REFUSED,
            dns.rcode.NOTAUTH,
            dns.rcode.SERVFAIL,
            dns.rcode.NXDOMAIN,
            dns.rcode.FORMERR,
            dns.rcode.NOTIMP,
        )
    },
    "rcode in the middle": (
        [hostile.messages_of(3), hostile.rcode_in_the_middle(dns.rcode.SERVFAIL)],
        dns.xfr.TransferError,
    ),
    "silent": ([hostile.stall()], dns.exception.Timeout),
    "silent in the middle": ([hostile.messages_of(3), hostile.stall(after=2)], dns.exception.Timeout),
    "an octet a second": ([hostile.drip()], dns.exception.Timeout),
    "empty": ([hostile.empty()], dns.exception.FormError),
    "first record no SOA": ([hostile.first_not_soa()], dns.exception.FormError),
    "RR after the closing SOA": ([hostile.trailing()], dns.exception.FormError),
    "reset": ([hostile.reset()], ConnectionResetError),
    "reset in the middle": ([hostile.messages_of(3), hostile.reset(after=1)], ConnectionResetError),
    "wrong id": ([hostile.wrong_id()], dns.query.BadResponse),
    "wrong id later": ([hostile.messages_of(3), hostile.wrong_id(on=1)], dns.query.BadResponse),
    "not an answer": ([hostile.not_an_answer()], dns.query.BadResponse),
    "truncated": ([hostile.messages_of(3), hostile.truncated()], EOFError),
    "garbage": ([hostile.garbage()], EVERY_MESSAGE_BAD),
    "no frames": ([hostile.garbage_frames()], EVERY_MESSAGE_BAD),
    "counts lie": ([hostile.counts_lie()], dns.exception.DNSException),
    "pointer loop": ([hostile.pointer_loop()], dns.name.BadPointer),
    "pointer forward": ([hostile.pointer_forward()], dns.name.BadPointer),
    "rdata length lies": ([hostile.rdata_length_lies()], dns.exception.FormError),
    "rdata too short": ([hostile.rdata_too_short()], dns.exception.FormError),
    "no NS at the apex": ([hostile.no_apex_ns()], dns.zone.NoNS),
}


@pytest.mark.parametrize("key", [None, KEY], ids=["unsigned", "signed"])
@pytest.mark.parametrize(("behaviours", "expected"), BAD.values(), ids=BAD)
def test_a_bad_transfer_fails(behaviours, expected, key):
    with Hostile({ZONE: TEXT}, *behaviours, keys=[KEY]) as server, pytest.raises(expected):
        transferred(server, key)


BAD_SIGNATURES = {
    "first": ([hostile.tsig_bad()], dns.tsig.BadSignature),
    "middle": ([hostile.messages_of(2), hostile.tsig_bad(on=3)], dns.tsig.BadSignature),
    "last": ([hostile.messages_of(2), hostile.tsig_bad(on=-1)], dns.tsig.BadSignature),
    "missing at the end": ([hostile.messages_of(2), hostile.tsig_missing()], dns.exception.FormError),
    "missing at the beginning": ([hostile.messages_of(2), hostile.tsig_missing(on=0)], dns.exception.DNSException),
    "missing": ([hostile.unsigned()], dns.exception.FormError),
    "tampered with": ([hostile.messages_of(2), hostile.tampered(on=1)], dns.tsig.BadSignature),
    "unsigned message tampered with": (
        [hostile.messages_of(2), hostile.tsig_every(4), hostile.tampered(on=1)],
        dns.tsig.BadSignature,
    ),
    "clock": ([hostile.tsig_skewed()], dns.tsig.BadTime),
    "other key": ([hostile.tsig_by(Key.of("other.example."))], dns.tsig.BadKey),
    "same name, other secret": ([hostile.tsig_by(Key(KEY.name, KEY.algorithm, "b3RoZXI="))], dns.tsig.BadSignature),
    "BADKEY": ([hostile.tsig_error(dns.rcode.BADKEY)], dns.tsig.PeerBadKey),
    "BADSIG": ([hostile.tsig_error(dns.rcode.BADSIG)], dns.tsig.PeerBadSignature),
    "BADTIME": ([hostile.tsig_error(dns.rcode.BADTIME)], dns.tsig.PeerBadTime),
}


@pytest.mark.parametrize(("behaviours", "expected"), BAD_SIGNATURES.values(), ids=BAD_SIGNATURES)
def test_a_transfer_signed_badly_fails(behaviours, expected):
    with Hostile({ZONE: TEXT}, *behaviours, keys=[KEY]) as server, pytest.raises(expected):
        transferred(server, KEY)


def test_behaviours_can_change_under_way():
    with Hostile({ZONE: TEXT}) as server:
        transferred(server)
        server.behave(hostile.rcode(dns.rcode.REFUSED), soa=[hostile.stall()])
        with pytest.raises(dns.xfr.TransferError):
            transferred(server)
        with pytest.raises(dns.exception.Timeout):
            dns.query.udp(dns.message.make_query(ZONE, "SOA"), server.host, port=server.port, timeout=0.2)
        server.behave(hostile.honest())
        server.reload(ZONE, TEXT.replace("host 7", "host 8"))
        transferred(server)

        assert server.serial(ZONE) == 8


def test_ttls_differ_within_an_rrset_when_told_to():
    with Hostile({ZONE: TEXT}, hostile.differing_ttls()) as server:
        text = dig_axfr(server, ZONE)

    ttls = {line.split()[1] for line in text.splitlines() if line.startswith(f"www.{ZONE}")}
    assert ttls == {"300", "299", "298"}
    assert {rr.ttl for rr in from_dig(text) if rr.owner.startswith(b"\x03www") and rr.type == dns.rdatatype.A} == {298}


def test_records_of_another_class_are_sent_when_told_to():
    with Hostile({ZONE: TEXT}, hostile.class_ch()) as server:
        answer = server.ask(ZONE, "AXFR")

    assert [rrset.name.to_text() for rrset in answer.answer if rrset.rdclass == dns.rdataclass.CH] == [f"chaos.{ZONE}"]


# --- The canonical form


def test_the_canonical_form_is_the_same_from_every_side():
    from zonewright.protocol import names, rrset

    small = Small(zones := corpus.zones())
    for name in zones:
        origin = dns.name.from_text(name)
        rrs = small.records(name)
        lines = [
            rrset.to_line(names.key_of(rr.owner, origin), rr.rdata.rdtype, rr.ttl, [rr.rdata.to_wire()]) for rr in rrs
        ]
        recordsets = [
            {
                "name": rr.owner.to_text(),
                "type": dns.rdatatype.to_text(rr.rdata.rdtype),
                "ttl": rr.ttl,
                "records": [rr.rdata.to_text()],
            }
            for rr in rrs
        ]

        stored = canonical.from_lines(lines, name)

        assert len(stored) == len(rrs)
        assert stored == from_small(name, zones[name])
        assert stored == canonical.from_recordsets(recordsets)


def transferred(server, key=None):
    """The zone as dnspython transfers it, checked for its apex."""
    zone = dns.versioned.Zone(ZONE, relativize=False)
    query, _ = dns.xfr.make_query(zone, serial=None, keyring=key and key.tsig())
    dns.query.inbound_xfr(server.host, zone, query, port=server.port, timeout=1, lifetime=1.5)
    zone.check_origin()
    return {(name, rdataset.rdtype): set(rdataset) for name, rdataset in zone.iterate_rdatasets()}


def transferred_from_small():
    with Small({ZONE: TEXT}) as server:
        return transferred(server)


def from_small(zone, text):
    with Small({zone: text}) as server:
        return from_dig(dig_axfr(server, zone))


def without(rrs, owners):
    return {rr for rr in rrs if rr.owner[1 : 1 + rr.owner[0]].decode("latin-1") not in owners}
