"""Dynamic updates (RFC 2136) against BIND, Knot and PowerDNS: what a push does there, and what they do in silence.

docs/delivery.md tells what these tests measured. The small server of `make run` does what BIND does.
"""

import contextlib
import itertools
import random
import time
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import dns.name
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from primaries import UPDATED, Bind, Key, Nsd, PowerDNS, Proxy, Small, certificates, corpus, require, sent
from primaries.proxy import (
    CUT_ANSWER,
    HONEST,
    LOST_ANSWER,
    LOST_QUESTION,
    MISHAPS,
    RESET_AFTER,
    RESET_BEFORE,
    SILENT_AFTER,
    SILENT_BEFORE,
    delayed,
    held_up,
)
from primaries.server import free_port
from support.updating import TTL, ZONE, line, soa_line, versions
from zonewright import clock
from zonewright.errors import (
    ClocksApart,
    DeliveryDelayed,
    DeliveryRefused,
    KeyRefused,
    ServerFailed,
    ServerForbidden,
    ServerSilent,
    ServerUnreachable,
    ServerUntrusted,
    TargetDiverged,
    UpdateForbidden,
    UpdateMisread,
    UpdatesUnsupported,
    UpdateTooLarge,
    ZoneNotServed,
)
from zonewright.model import diff, push
from zonewright.model.diff import Move
from zonewright.model.push import Message, Options, Prerequisites, Push, Serial
from zonewright.model.zone import Primary
from zonewright.protocol import answer, names, rrset, tsig, update
from zonewright.protocol.types import CNAME, DNAME, DS, MX, NS, SOA, TXT, A
from zonewright.protocol.update import Section
from zonewright.servers import connection, updating
from zonewright.servers.connection import Reach
from zonewright.servers.updating import Target

NAME = ZONE.to_text()
KEY = Key.of("push.example.")
REACH = Reach(("127.0.0.0/8",), "1-65535", first=10, idle=5, total=20, rate=1, octets=1 << 20)
START = 1000
SEED = random.randrange(1000)

OURS = {
    "as it needs": Options(),
    "recordsets": Options(prerequisites=Prerequisites.RECORDSETS),
    "none": Options(prerequisites=Prerequisites.NONE),
    "cut small": Options(octets=5000),
}
THEIRS = {
    "theirs": Options(Serial.THEIRS, Prerequisites.RECORDSETS),
    "theirs, none": Options(Serial.THEIRS, Prerequisites.NONE),
}
generated = settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(params=[*(pytest.param(kind, id=kind.__name__, marks=pytest.mark.primary) for kind in UPDATED), Small])
def kind(request):
    """The class of each server that takes updates, in turn."""
    if request.param is not Small:
        require(request.param)
    return request.param


def column(kind):
    """The place of a server in a table of outcomes."""
    return UPDATED.index(Bind if kind is Small else kind)


def text(lines, serial=START):
    """The master file of lines."""
    rrs = [f"$TTL {TTL}"]
    for each in map(rrset.from_line, [soa_line(serial), *lines]):
        rrs += [
            f"{each.owner(ZONE)} {'' if each.ttl is None else each.ttl} {each.type_text()} {rdata}"
            for rdata in each.texts()
        ]
    return "\n".join(rrs) + "\n"


@contextlib.contextmanager
def serving(kind, lines, serial=START, **options):
    """A server that has lines, and takes updates under our key."""
    server = kind({NAME: text(lines, serial)}, keys=[KEY], require_key={NAME: KEY.name})
    server.updates = True
    for name, value in options.items():
        setattr(server, name, value)
    with server:
        yield server


def target(server, key=KEY):
    """The server as a target of updates."""
    signing = tsig.Key(key.name, key.algorithm, key.secret) if key else None
    return Target(ZONE, Primary(server.host, server.port), signing, REACH)


def through(way, seconds=5):
    """The server behind a proxy as a target. An answer has so many seconds."""
    return replace(target(way), reach=replace(REACH, first=seconds, idle=seconds, total=seconds))


def plan(old, new, options, left=START, reached=None):
    return push.plan(diff.exact_moves(old, new), soa_line(left), soa_line(reached or left + 1000), TTL, options)


def fitting(old, new, options, left):
    """As `plan`. Zones with names that do not fit into small messages are not generated."""
    try:
        return plan(old, new, options, left)
    except UpdateTooLarge:
        assume(False)


def done(server, planned):
    """Push, and return how many messages it took."""
    return list(updating.push(target(server), planned))


def held(server, *, soa=True):
    """The RRs of the zone at a server, with names in lower case."""
    rrs = sent.folded(sent.axfr(server, NAME, KEY))
    return [rr for rr in rrs if soa or rr.type != SOA]


def wanted(lines, serial=None):
    """The RRs of lines, with names in lower case."""
    lines = [*lines, soa_line(serial)] if serial else lines
    return sent.folded(sent.from_lines([rrset.as_served(text, TTL) for text in lines], NAME))


APEX = line("", NS, ["ns1.example.net."])


SOAS_COMPARED = {"Bind", "Knot", "Small"}
"""Those that compare an SOA in a prerequisite as RFC 2136 says. PowerDNS does not once an update has written it."""


@pytest.mark.parametrize("options", OURS.values(), ids=OURS)
@given(chain=st.lists(versions(), min_size=2, max_size=4))
@generated
def test_a_push_makes_the_new_version_of_the_old_one(kind, options, chain):
    if options.prerequisites is Prerequisites.ZONE:
        options = fit(kind, octets=options.octets)
    with serving(kind, chain[0]) as server:
        for number, (old, new) in enumerate(pairwise(chain)):
            left = START + 1000 * number
            planned = fitting(old, new, options, left)
            done(server, planned)
            assert held(server) == wanted(new, left + 1000)
            assert updating.proven(target(server), planned)


@pytest.mark.parametrize("options", THEIRS.values(), ids=THEIRS)
@given(chain=st.lists(versions(), min_size=2, max_size=4))
@generated
def test_a_server_that_counts_its_serial_is_pushed_to(kind, options, chain):
    with serving(kind, chain[0]) as server:
        serial = START
        for old, new in pairwise(chain):
            done(server, plan(old, new, options))
            assert held(server, soa=False) == wanted(new)
            there = connection.soa(ZONE, target(server).server, target(server).key, REACH).serial
            assert (there > serial) == (wanted(old) != wanted(new))
            serial = there


# --- What a push rests on


def fit(kind, **options):
    """The options that a server needs: PowerDNS is not asked for an SOA."""
    asked = Prerequisites.ZONE if kind.__name__ in SOAS_COMPARED else Prerequisites.RECORDSETS
    return Options(**{"prerequisites": asked, **options})


def hosts(count, version=1):
    """The lines of a zone with so many owner names below the apex."""
    return sorted([APEX, *(line(f"host-{n:04}", A, [f"192.0.2.{version}"]) for n in range(count))])


def test_prerequisites_alone_change_nothing_and_are_answered_exactly(kind):
    lines = sorted([APEX, line("a", MX, ["1 Mail.example.net.", "2 b.example.org."]), line("*", TXT, ['"x"'], 0)])
    mx, txt = (rrset.from_line(text) for text in (lines[2], lines[1]))

    def holds(text):
        return updating.holds(target(server), text)

    with serving(kind, lines) as server:
        before = held(server)
        true = [
            update.exactly(mx),
            update.exactly(txt),
            update.exactly(rrset.from_line(line("a", MX, ["1 mail.Example.net.", "2 b.example.org."], 7))),
            update.absent(rrset.from_line(line("b", A, ["192.0.2.1"]))),
            update.absent(rrset.from_line(line("a", A, ["192.0.2.1"]))),
            update.exactly(rrset.from_line(soa_line(START))),
            update.joined([update.exactly(mx), update.exactly(txt)]),
        ]
        false = [
            update.exactly(replace(mx, rdatas=mx.rdatas[:1])),
            update.exactly(rrset.from_line(line("a", MX, ["1 mail.example.net.", "3 b.example.org."]))),
            update.exactly(rrset.from_line(line("b", A, ["192.0.2.1"]))),
            update.absent(mx),
            update.exactly(rrset.from_line(soa_line(START + 1))),
            update.joined([update.exactly(mx), update.absent(txt)]),
        ]

        assert [holds(each) for each in true] == [True] * len(true)
        assert [holds(each) for each in false] == [False] * len(false)
        assert held(server) == before


def test_a_push_of_nothing_is_done_and_proven(kind):
    planned = push.plan([], soa_line(START), soa_line(START), TTL, fit(kind))

    with serving(kind, [APEX]) as server:
        assert done(server, planned) == []
        assert updating.proven(target(server), planned)


def test_each_message_leaves_its_serial(kind):
    planned = plan(hosts(300), hosts(300, 2), fit(kind, octets=5000))
    last = len(planned.messages)

    with serving(kind, hosts(300)) as server:
        seen = []
        for number in updating.push(target(server), planned):
            there = connection.soa(ZONE, target(server).server, target(server).key, REACH).serial
            seen.append((number, there, planned.arrived(there)))
        proven = updating.proven(target(server), planned)

    assert last > 3
    assert seen == [(number, START + 1000 - last + number, number) for number in range(1, last + 1)]
    assert proven


def test_what_another_writer_wrote_is_noticed(kind):
    old, new = hosts(3), hosts(3, 2)
    foreign = [Move(old[1], line("host-0000", A, ["203.0.113.1"]))]

    with serving(kind, old) as server:
        done(server, push.plan(foreign, soa_line(START), soa_line(START + 1), TTL, fit(kind)))
        before = held(server)
        with pytest.raises(TargetDiverged):
            done(server, plan(old, new, fit(kind)))
        after = held(server)

    assert after == before


@pytest.mark.parametrize("fate", [LOST_QUESTION, LOST_ANSWER], ids=["question", "answer"])
def test_what_gets_lost_is_applied_once(kind, fate):
    old, new = hosts(300), hosts(300, 2)
    planned = plan(old, new, fit(kind, octets=5000))

    with serving(kind, old) as server, Proxy(server, [HONEST, fate]) as way:
        numbers = list(updating.push(through(way), planned))
        found = held(server)

    assert numbers == [message.number for message in planned.messages]
    assert found == wanted(new, START + 1000)
    assert way.updates > way.applied == len(planned.messages)


MISHAP = {
    "the question is lost": LOST_QUESTION,
    "the answer is lost": LOST_ANSWER,
    "the answer is cut": CUT_ANSWER,
    "the connection is reset before": RESET_BEFORE,
    "the connection is reset behind": RESET_AFTER,
    "silence before": SILENT_BEFORE,
    "silence behind": SILENT_AFTER,
    "the answer is late": delayed(0.45),
}
SERVES_ALL = [pytest.param(Bind, marks=pytest.mark.primary), Small]


@pytest.fixture(params=SERVES_ALL, ids=lambda kind: kind.__name__)
def either(request):
    """BIND and the small server, in turn."""
    if request.param is Bind:
        require(Bind)
    return request.param


def until_done(target, planned, patience=30):
    """Push as one who tries again after each delay, from the message that it stopped at."""
    done, deadline = 0, time.monotonic() + patience
    while done < len(planned.messages):
        assert time.monotonic() < deadline
        with contextlib.suppress(DeliveryDelayed):
            for number in updating.push(target, planned, done):
                done = number


@pytest.mark.parametrize("options", [Options(octets=5000), THEIRS["theirs"]], ids=["ours", "theirs"])
@pytest.mark.parametrize("fate", MISHAP.values(), ids=MISHAP)
def test_a_mishap_loses_no_write_and_doubles_none(either, fate, options):
    old, new = hosts(120), hosts(120, 2)
    planned = plan(old, new, replace(options, octets=5000))

    with serving(either, old) as server, Proxy(server, [HONEST, fate, HONEST, fate, fate]) as way:
        until_done(through(way, 0.25), planned)
        serial = connection.soa(ZONE, target(server).server, target(server).key, REACH).serial
        found = held(server, soa=False)

    assert len(planned.messages) > 1
    assert found == wanted(new)
    assert way.applied == len(planned.messages)
    assert serial == START + (1000 if options.serial is Serial.OURS else len(planned.messages))


def test_mishaps_at_random_lose_no_write_and_double_none(either):
    chain = [hosts(60, version) for version in range(1, 5)]
    chosen = random.Random(SEED)
    fates = (chosen.choice([HONEST, *MISHAPS, delayed(0.1)]) for _ in itertools.count())
    messages = 0

    with serving(either, chain[0]) as server, Proxy(server, fates) as way:
        for number, (old, new) in enumerate(pairwise(chain)):
            planned = plan(old, new, Options(octets=4096), START + 1000 * number)
            until_done(through(way, 0.3), planned)
            messages += len(planned.messages)
            assert held(server) == wanted(new, START + 1000 * (number + 1)), SEED

    assert way.applied == messages, SEED


def test_a_message_that_a_later_try_overtook_is_refused(either):
    old, new = hosts(120), hosts(120, 2)
    planned = plan(old, new, Options(octets=5000))

    with serving(either, old) as server, Proxy(server, [held_up(0.8)]) as way:
        until_done(through(way, 0.4), planned)
        while way.passed < way.updates:
            time.sleep(0.02)
        found = held(server)

    assert found == wanted(new, START + 1000)
    assert way.applied == len(planned.messages) < way.passed


def test_a_push_that_died_goes_on_wherever_it_was(kind):
    old, new = hosts(300), hosts(300, 2)
    planned = plan(old, new, fit(kind, octets=5000))

    with serving(kind, old) as server:
        under_way = updating.push(target(server), planned)
        next(under_way)
        next(under_way)
        again = plan(old, new, fit(kind, octets=5000))
        numbers = list(updating.push(target(server), again, done=1))  # the second message was not noted
        found = held(server)

    assert numbers == [message.number for message in planned.messages[1:]]
    assert found == wanted(new, START + 1000)


def test_a_silent_server_is_a_delay(kind):
    with (
        serving(kind, [APEX]) as server,
        Proxy(server, [LOST_QUESTION] * 9) as way,
        pytest.raises(ServerSilent, match="before an answer came"),
    ):
        list(updating.push(through(way), plan([APEX], hosts(1), fit(kind))))


# --- What servers do (docs/delivery.md)


def test_powerdns_does_not_know_an_soa_that_an_update_wrote():
    require(PowerDNS)
    with serving(PowerDNS, [APEX]) as server:
        done(server, plan([APEX], hosts(1), Options()))
        with pytest.raises(TargetDiverged):
            done(server, plan(hosts(1), hosts(2), Options(), START + 1000))
        done(server, plan(hosts(1), hosts(2), fit(PowerDNS), START + 1000))

        assert held(server) == wanted(hosts(2), START + 2000)


def adding(text):
    """A push that adds an RRset and asks for nothing, whatever it is."""
    served = rrset.as_served(text, TTL)
    updates = update.added(rrset.from_line(served))
    return Push((Message(1, 1, (Move(None, served),), Section(), updates, None),), THEIRS["theirs, none"])


IGNORED, DONE = "NOERROR, and nothing is done", "done"
DS_RDATA = "1 8 2 " + "ab" * 32
ODD = {
    "CNAME beside other data": (line("a", CNAME, ["b.example.org."]), (IGNORED, IGNORED, UpdateForbidden)),
    "CNAME of TTL 0 beside other data": (line("a", CNAME, ["b.example.org."], 0), (IGNORED, IGNORED, DONE)),
    "data beside a CNAME": (line("c", A, ["192.0.2.9"]), (IGNORED, IGNORED, UpdateForbidden)),
    "data below a DNAME": (line("d u", A, ["192.0.2.9"]), (DONE, UpdateForbidden, DONE)),
    "DS at the apex": (line("", DS, [DS_RDATA]), (IGNORED, DONE, DONE)),
    "NS at a wildcard": (line("*", NS, ["b.example.net."]), (IGNORED, DONE, DONE)),
    "SOA with an equal serial": (soa_line(START, timers="9 2 3 4"), (IGNORED, IGNORED, IGNORED)),
    "SOA with an older serial": (soa_line(START - 1), (IGNORED, IGNORED, IGNORED)),
    "A of an owner that is no host name": (line("_a", A, ["192.0.2.9"]), (DONE, DONE, DONE)),
    "600 RRs": (line("many", A, [f"10.0.{n // 250}.{n % 250}" for n in range(600)]), (DONE, DONE, DONE)),
    "a TXT of 51,200 octets": (line("t", TXT, [" ".join([f'"{"t" * 255}"'] * 200)]), (DONE, DONE, DONE)),
    "rdata of an unknown type": (
        rrset.to_line("x", 65280, None, [b"\x01\x02"]),
        (DONE, DONE, UpdateMisread),
    ),
}


@pytest.mark.parametrize(("text", "outcomes"), ODD.values(), ids=ODD)
def test_what_is_odd_is_done_ignored_or_refused(kind, text, outcomes):
    lines = sorted(
        [APEX, line("a", A, ["192.0.2.1"]), line("c", CNAME, ["a.example.org."]), line("d", DNAME, ["x.example."])]
    )
    outcome = outcomes[column(kind)]
    planned = adding(text)

    with serving(kind, lines) as server:
        before = held(server)
        if outcome in (IGNORED, DONE):
            done(server, planned)
            assert (held(server) != before) == (outcome == DONE)
            assert updating.proven(target(server), planned) == (outcome == DONE)
        else:
            with pytest.raises(outcome):
                done(server, planned)
            assert held(server) == before


@pytest.mark.parametrize("options", [Options(), THEIRS["theirs"]], ids=["ours", "theirs"])
def test_the_last_name_servers_and_the_soa_of_the_apex_stay(kind, options):
    gone = [update.deleted(rrset.from_line(APEX)), update.deleted(rrset.from_line(soa_line(1)))]
    gone.append(update.deleted_rrs(rrset.from_line(APEX), rrset.from_line(APEX).rdatas))

    with serving(kind, [APEX]) as server:
        before = held(server)
        for each in gone:
            done(server, Push((Message(1, 1, (), Section(), each, None),), options))

        assert held(server) == before


@pytest.mark.primary
@pytest.mark.parametrize(
    ("option", "text", "outcome"),
    [
        ("check-names fail;", line("_a", A, ["192.0.2.9"]), UpdateForbidden),
        ("max-records-per-type 100;", line("many", A, [f"192.0.2.{n}" for n in range(101)]), ServerFailed),
        ("max-zone-ttl 600;", line("a", A, ["192.0.2.9"], 3600), "proven, with the TTL 600"),
    ],
)
def test_options_of_bind_refuse_or_change(option, text, outcome):
    require(Bind)
    with serving(Bind, [APEX], zone_options=option) as server:
        planned = plan([APEX], sorted([APEX, text]), Options())
        if isinstance(outcome, str):
            done(server, planned)
            assert updating.proven(target(server), planned)
            assert {rr.ttl for rr in held(server) if rr.type == A} == {600}
        else:
            with pytest.raises(outcome):
                done(server, planned)
            assert held(server) == wanted([APEX], START)


def corpus_lines():
    """The RRsets of the zone of types, and one with all octets, below the apex."""
    zones = corpus.zones()
    found = {}
    for name, chosen in (("types.example.", None), ("sets.example.", "octets")):
        origin = dns.name.from_text(name)
        for rr in Small({name: zones[name]}).records(name):
            key = names.key_of(rr.owner, origin)
            if key and chosen in (None, key):
                found.setdefault((key, rr.rdata.rdtype, rr.ttl), []).append(rr.rdata.to_wire())
    return [rrset.to_line(key, rdtype, ttl, rdatas) for (key, rdtype, ttl), rdatas in found.items()]


@pytest.mark.primary
@pytest.mark.parametrize(
    ("signing", "options"),
    [("inline-signing yes;", Options()), ("", THEIRS["theirs"])],
    ids=["apart", "in place"],
)
def test_bind_signs_what_is_pushed(signing, options):
    require(Bind)
    chain = [hosts(3), hosts(3, 2), hosts(2)]

    with serving(Bind, chain[0], zone_options=f"dnssec-policy default; {signing}", signs=True) as server:
        for number, (old, new) in enumerate(pairwise(chain)):
            planned = plan(old, new, options, START + 1000 * number)
            done(server, planned)
            assert updating.proven(target(server), planned)
        found = [rr for rr in held(server) if rr.type not in push.NOT_OURS]

    assert found == wanted(chain[-1])


@pytest.mark.primary
def test_bind_moves_the_soa_of_a_zone_that_it_signs_in_place():
    require(Bind)
    with (
        serving(Bind, [APEX], zone_options="dnssec-policy default;", signs=True) as server,
        pytest.raises(TargetDiverged),
    ):
        done(server, plan([APEX], hosts(1), Options()))


def test_every_type_is_carried_and_proven(kind):
    known = {
        "Bind": (set(), {65534}),
        "Knot": (set(), set()),
        "Small": (set(), set()),
        "PowerDNS": ({55, 65280, 65534}, {48}),
    }
    refused, unproven = set(), set()

    with serving(kind, [APEX]) as server:
        for text in corpus_lines():
            planned = adding(text)
            try:
                done(server, planned)
            except DeliveryRefused:
                refused.add(rrset.type_of(text))
            else:
                if not updating.proven(target(server), planned):
                    unproven.add(rrset.type_of(text))

    assert (refused, unproven) == known[kind.__name__]


# --- Keys, TLS, and a server that takes no updates


KEYS = {
    "no key": (None, (UpdateForbidden, ZoneNotServed, UpdateForbidden)),
    "a key it does not know": (Key.of("other.example."), (KeyRefused, KeyRefused, UpdateForbidden)),
    "another secret": (Key(KEY.name, KEY.algorithm, "b3RoZXI="), (KeyRefused, KeyRefused, UpdateForbidden)),
    "another algorithm": (Key.of(KEY.name, "hmac-sha512"), (KeyRefused, KeyRefused, UpdateForbidden)),
}


@pytest.mark.parametrize(("key", "outcomes"), KEYS.values(), ids=KEYS)
def test_a_key_that_is_not_accepted_is_named(kind, key, outcomes):
    with serving(kind, [APEX]) as server, pytest.raises(outcomes[column(kind)]) as refusal:
        list(updating.push(target(server, key), plan([APEX], hosts(1), fit(kind))))

    if refusal.type is KeyRefused:
        assert key.name in refusal.value.message


def test_clocks_that_differ_are_both_told(kind, monkeypatch):
    ahead = time.time() + 600
    monkeypatch.setattr(answer, "time", SimpleNamespace(time=lambda: ahead))

    with (
        serving(kind, [APEX]) as server,
        pytest.raises(UpdateForbidden if kind is PowerDNS else ClocksApart) as refusal,
    ):
        list(updating.push(target(server), plan([APEX], hosts(1), fit(kind))))

    if kind is not PowerDNS:
        assert clock.to_text(clock.from_epoch(int(ahead))) in refusal.value.message


def test_a_zone_that_it_does_not_have_is_a_refusal(kind):
    with serving(kind, [APEX]) as server, pytest.raises(ZoneNotServed):
        updating.holds(replace(target(server), zone=dns.name.from_text("other.example.")), Section())


@pytest.mark.primary
def test_nsd_takes_no_updates():
    require(Nsd)
    with Nsd({NAME: text([APEX])}, keys=[KEY]) as server, pytest.raises(UpdatesUnsupported, match="NSD never does"):
        list(updating.push(target(server), plan([APEX], hosts(1), Options())))


@pytest.mark.primary
def test_updates_go_over_tls():
    require(Bind)
    certificate, private = certificates.self_signed("127.0.0.1")
    port = free_port()

    with serving(Bind, [APEX], tls=(port, certificate, private)) as server:
        safe = replace(target(server), server=Primary(server.host, port, tls=True))
        with pytest.raises(ServerUntrusted):
            list(updating.push(safe, plan([APEX], hosts(1), Options())))
        trusting = replace(safe, reach=replace(REACH, certificates=certificate))
        list(updating.push(trusting, plan([APEX], hosts(1), Options())))

        assert held(server) == wanted(hosts(1), START + 1000)


def test_only_addresses_within_reach_are_connected_to(kind):
    elsewhere = replace(REACH, networks=("192.0.2.0/24",))

    with serving(kind, [APEX]) as server, pytest.raises(ServerForbidden):
        updating.holds(replace(target(server), reach=elsewhere), Section())


def test_a_server_that_is_not_there_is_a_delay():
    nowhere = Target(ZONE, Primary("127.0.0.1", free_port()), None, REACH)

    with pytest.raises(ServerUnreachable, match="Connection refused"):
        updating.holds(nowhere, Section())
