"""A push is a function of two versions, and does what it says, however it is cut and wherever it stopped."""

from itertools import pairwise

import dns.message
import dns.name
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.updating import TTL, ZONE, Held, line, shown, soa_line, versions
from zonewright.errors import SerialTooNear, UpdateTooLarge
from zonewright.model import diff, push
from zonewright.model.diff import Move
from zonewright.model.push import Options, Prerequisites, Serial
from zonewright.protocol import names, rrset, serial, update
from zonewright.protocol.answer import Question
from zonewright.protocol.tsig import Key
from zonewright.protocol.types import CNAME, MX, NS, RRSIG, SOA, TXT, A

LEFT, REACHED = 4294967290, 1000  # the serial wraps on the way
LONG_KEY = Key(".".join(["k" * 63] * 3) + "." + "k" * 61 + ".", "hmac-sha512", "c2VjcmV0")
some = settings(max_examples=40)
every_option = st.sampled_from(
    [
        Options(ours, asked, octets)
        for ours in Serial
        for asked in Prerequisites
        for octets in (5000, 7000, 60_000)
        if not (ours is Serial.THEIRS and asked.of_soa)
    ]
)


def planned(old, new, options, left=LEFT, reached=REACHED):
    """The push from one version to another. Zones whose names do not fit into messages are not generated."""
    try:
        return push.plan(diff.exact_moves(old, new), soa_line(left), soa_line(reached), TTL, options)
    except UpdateTooLarge:
        assume(False)


def sent(message):
    return update.message(ZONE.to_wire(), message.prerequisites, message.updates)


def rrs_of(message):
    """Owner, type and class (None: an addition) of each update but the SOA, as dnspython reads them."""
    found = dns.message.from_wire(sent(message)).update
    return [(each.name.canonicalize(), each.rdtype, each.deleting) for each in found if each.rdtype != SOA]


# --- The laws


@given(versions(), versions(), every_option)
@some
def test_a_push_makes_the_new_version_of_the_old_one(old, new, options):
    there = Held([*old, soa_line(LEFT)])

    answers = [there.take(sent(message)) for message in planned(old, new, options).messages]

    assert set(answers) <= {"NOERROR"}
    reached = REACHED if options.serial is Serial.OURS else LEFT
    assert there.sets == shown([*new, soa_line(reached)])


@given(versions(), versions(), every_option)
@some
def test_no_message_is_larger_than_it_may_be(old, new, options):
    made = planned(old, new, options)
    proofs = [section for message in made.messages for section in message.proofs(options)]
    asked = [message.applied(options.prerequisites) for message in made.messages]
    unsigned = [*map(sent, made.messages), *(update.message(ZONE.to_wire(), each) for each in [*proofs, *asked])]

    assert all(len(Question(each, LONG_KEY).octets) <= options.octets for each in unsigned)


def test_the_rest_of_a_message_has_room():
    longest = dns.name.from_text(".".join(["z" * 63] * 3) + "." + "z" * 61 + ".")
    soa = rrset.RRset("", SOA, TTL, (longest.to_wire() * 2 + bytes(20),))

    message = update.message(longest.to_wire(), update.exactly(soa), update.added(soa))

    assert len(Question(message, LONG_KEY).octets) <= push.OVERHEAD


@given(versions(), versions(), every_option)
@some
def test_an_owner_name_is_never_split(old, new, options):
    owners = [{owner for owner, *_ in rrs_of(message)} for message in planned(old, new, options).messages]

    assert sum(map(len, owners)) == len(set().union(*owners))


@given(versions(), versions(), every_option)
@some
def test_owners_come_in_canonical_order_and_pure_deletions_last(old, new, options):
    made = planned(old, new, options)
    rrs = [rr for message in made.messages for rr in rrs_of(message)]
    keys = [names.key_of(owner, ZONE) for owner, *_ in rrs]
    stay = {rrset.key(text) for text in new}
    filled = {rrset.key(move.place) for message in made.messages for move in message.moves if move.after}

    order = [(key not in filled, key) for key in keys]

    assert order == sorted(order)
    assert filled <= stay


@given(versions(), versions(), every_option)
@some
def test_deletions_of_an_owner_precede_its_additions(old, new, options):
    for message in planned(old, new, options).messages:
        rrs = [rr for rr in rrs_of(message) if rr[:2] != (ZONE, NS)]
        for (owner, _, one), (next_owner, _, other) in pairwise(rrs):
            assert owner != next_owner or one or not other


@given(versions(), versions(), every_option, st.data())
@some
def test_a_push_that_stopped_anywhere_goes_on_and_ends_alike(old, new, options, data):
    whole, there = Held([*old, soa_line(LEFT)]), Held([*old, soa_line(LEFT)])
    made = planned(old, new, options)
    for message in made.messages:
        whole.take(sent(message))
    stop = data.draw(st.integers(0, len(made.messages)))
    noted = data.draw(st.integers(max(stop - 1, 0), stop))  # the answer of the last message may have been lost
    for message in made.messages[:stop]:
        there.take(sent(message))

    again = planned(old, new, options)
    for message in again.messages[noted:]:
        applied = message.applied(options.prerequisites)
        if there.take(sent(message)) != "NOERROR":
            assert message.number == stop  # only what was applied is refused
            assert there.take(update.message(ZONE.to_wire(), applied)) == "NOERROR"

    assert again == made
    assert there.sets == whole.sets


@given(versions(), versions(), every_option)
@some
def test_the_serial_there_says_which_message_came_last(old, new, options):
    there, made = Held([*old, soa_line(LEFT)]), planned(old, new, options)

    for message in made.messages:
        there.take(sent(message))
        if options.serial is Serial.OURS:
            assert made.arrived(there.serial) == message.number

    assert made.arrived(LEFT) is None


@given(versions(), versions(), every_option)
@some
def test_proofs_hold_after_a_push_and_not_before(old, new, options):
    there, made = Held([*old, soa_line(LEFT)]), planned(old, new, options)
    for message in made.messages:
        there.take(sent(message))
        proofs = [update.message(ZONE.to_wire(), each) for each in message.proofs(options)]
        assert {there.take(proof) for proof in proofs} <= {"NOERROR"}
        if options.prerequisites.of_soa:
            assert Held([*old, soa_line(LEFT)]).take(proofs[0]) == "NXRRSET"


@given(st.lists(st.integers(1, 9)), st.integers(9, 20))
def test_a_cut_keeps_the_order_and_fills_the_room(sizes, room):
    runs = list(push.cut([(size, size) for size in sizes], room))

    assert [size for run in runs for size in run] == sizes
    assert all(sum(run) <= room for run in runs)
    assert all(sum(run) + after[0] > room for run, after in pairwise(runs))


# --- The rules


def updates(*moves, **options):
    """The updates of a push of one message, as dnspython writes them."""
    made = push.plan(moves, soa_line(1), soa_line(100), TTL, Options(**options))
    (message,) = made.messages
    return [each.to_text() for each in dns.message.from_wire(sent(message)).update]


def test_an_rrset_is_deleted_and_added():
    before, after = line("a", A, ["192.0.2.1", "192.0.2.2"]), line("a", A, ["192.0.2.2"], 60)

    assert updates(Move(before, after)) == [
        "a.example.org. ANY A",
        "a.example.org. 60 IN A 192.0.2.2",
        "example.org. 300 IN SOA ns.example.org. joe.example.org. 100 1 2 3 4",
    ]


def test_an_alias_comes_after_what_it_replaces():
    moves = [Move(None, line("a", CNAME, ["b.example.org."])), Move(line("a", TXT, ['"x"']), None)]

    found = updates(*moves, serial=Serial.THEIRS, prerequisites=Prerequisites.NONE)

    assert found == ["a.example.org. ANY TXT", "a.example.org. 300 IN CNAME b.example.org."]


def test_the_apex_never_loses_its_last_name_server():
    before, after = (
        line("", NS, ["a.example.net.", "B.example.net."]),
        line("", NS, ["b.example.net.", "c.example.net."]),
    )
    rest = [Move(line("", MX, ["1 a.example.net."]), None)]

    found = updates(Move(before, after), *rest, serial=Serial.THEIRS, prerequisites=Prerequisites.NONE)

    assert found == [
        "example.org. ANY MX",
        "example.org. 300 IN NS c.example.net.",
        "example.org. 0 NONE NS a.example.net.",
    ]


def test_a_large_rrset_changes_by_single_records():
    rdatas = [f'"{number:04}{"t" * 240}"' for number in range(20)]
    before, after = line("a", TXT, rdatas), line("a", TXT, [*rdatas[1:], '"new"'])

    found = updates(Move(before, after), serial=Serial.THEIRS, prerequisites=Prerequisites.NONE, octets=7000)

    assert found == [f"a.example.org. 0 NONE TXT {rdatas[0]}", 'a.example.org. 300 IN TXT "new"']


def test_a_large_rrset_gets_a_new_ttl_by_one_record():
    rdatas = [f'"{number:04}{"t" * 240}"' for number in range(20)]
    before, after = line("a", TXT, rdatas), line("a", TXT, rdatas, 60)

    found = updates(Move(before, after), serial=Serial.THEIRS, prerequisites=Prerequisites.NONE, octets=7000)

    assert found == [f"a.example.org. 0 NONE TXT {rdatas[0]}", f"a.example.org. 60 IN TXT {rdatas[0]}"]


def test_the_apex_gets_a_new_ttl_by_a_name_server_that_passes():
    before, after = line("", NS, ["a.example.net."]), line("", NS, ["a.example.net."], 60)

    found = updates(Move(before, after), serial=Serial.THEIRS, prerequisites=Prerequisites.NONE)

    assert found == ["example.org. 60 IN NS ttl.invalid.", "example.org. 0 NONE NS ttl.invalid."]


def test_what_belongs_to_a_signer_is_not_pushed():
    signature = rrset.to_line("a", RRSIG, TTL, [bytes.fromhex("0001") + bytes(40)])

    assert not push.plan(
        [Move(None, signature), Move(soa_line(1), soa_line(9))],
        soa_line(9),
        soa_line(9),
        TTL,
        Options(),
    ).messages


def test_what_dns_does_not_show_is_not_pushed():
    plain = line("a", MX, ["1 b.example.org."])
    moves = [
        Move(plain, line("a", MX, ["1 B.example.org."], TTL)),
        Move(plain, rrset.with_notes(plain, '{"description":"x"}')),
    ]

    for move in moves:
        assert not push.plan([move], soa_line(9), soa_line(9), TTL, Options()).messages


def test_a_new_serial_alone_is_a_message():
    (found,) = updates()

    assert found == "example.org. 300 IN SOA ns.example.org. joe.example.org. 100 1 2 3 4"


def test_an_owner_name_that_fits_into_no_message_is_refused():
    huge = line("big sub", TXT, [f'"{number:04}{"t" * 240}"' for number in range(40)])

    with pytest.raises(UpdateTooLarge, match=r"what moves of sub\.big\. takes 10,\d+ octets.* room for 4,952"):
        push.plan([Move(None, huge)], soa_line(1), soa_line(100), TTL, Options(octets=7000))


@pytest.mark.parametrize(("room", "enough"), [(2, True), (1, False), (0, False), (-5, False)])
def test_each_message_needs_a_serial(room, enough):
    moves = [
        Move(None, line(name, TXT, [f'"{"t" * 250}"'] * 1 + [f'"{n}{"t" * 240}"' for n in range(10)])) for name in "ab"
    ]
    left = 4294967295

    def plan():
        return push.plan(moves, soa_line(left), soa_line((left + room) % serial.MODULUS), TTL, Options(octets=7000))

    if enough:
        assert [rrset.serial_of(message.soa) for message in plan().messages] == [0, 1]
    else:
        with pytest.raises(SerialTooNear, match="2 messages need as many serials"):
            plan()


def test_a_new_ttl_of_the_zone_moves_every_rrset_without_its_own():
    old = [line("a", A, ["192.0.2.1"]), line("b", A, ["192.0.2.1"], 60), line("c", A, ["192.0.2.1"], 600)]
    new = [line("a", A, ["192.0.2.1"]), line("b", A, ["192.0.2.1"], 60), line("c", A, ["192.0.2.1"])]

    assert [rrset.key(move.place) for move in push.moves_between(old, new, 300, 600)] == ["a"]
    assert [rrset.key(move.place) for move in push.moves_between(old, new, 300, 300)] == ["c"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"serial": Serial.THEIRS, "prerequisites": Prerequisites.ZONE},
        {"serial": Serial.THEIRS, "prerequisites": Prerequisites.BOTH},
        {"octets": 4095},
        {"octets": 65536},
    ],
)
def test_options_that_cannot_work_are_refused(wrong):
    with pytest.raises(ValueError, match=r"prerequisite|octets"):
        Options(**wrong)
