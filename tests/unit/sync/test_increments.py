"""Increments against RRsets: what an IXFR says is what a comparison of the two zones would say."""

import cProfile
import pstats
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zonewright.errors import IncrementUnfit
from zonewright.model.diff import diff
from zonewright.protocol import rrset
from zonewright.sync import increments
from zonewright.sync.increments import Increment

SOA = "\t6\t3600\t0000{:08x}" + "00" * 16
"""The SOA of a serial, names and timers nothing."""
HOLD = "www\t1\t60\tc0000201"


def zone(serial, rrs):
    """RR lines of a zone: its SOA and some addresses."""
    return sorted([SOA.format(serial), *rrs])


def gathered(rrs):
    return rrset.gather(sorted(rrs))[0]


def step(old, new):
    """The increment between two zones, both SOAs first."""
    return Increment(
        sorted(set(old) - set(new), key=lambda line: (not line.startswith("\t6"), line)),
        sorted(set(new) - set(old), key=lambda line: (not line.startswith("\t6"), line)),
    )


def sent(steps, last):
    """The RR lines of an IXFR."""
    body = [line for each in steps for line in (*each.removed, *each.added)]
    return [last, *body, last]


@st.composite
def zones(draw):
    """RRs, of which those of one RRset have one TTL."""
    ttls = draw(st.fixed_dictionaries({owner: st.sampled_from([60, 300]) for owner in ["a", "b", "b c", "d"]}))
    found = draw(st.sets(st.tuples(st.sampled_from(sorted(ttls)), st.integers(1, 5)), max_size=12))
    return [f"{owner}\t1\t{ttls[owner]}\tc00002{number:02x}" for owner, number in found]


@given(st.lists(zones(), min_size=2, max_size=5))
def test_increments_move_what_a_comparison_finds(states):
    history = [zone(serial, rrs) for serial, rrs in enumerate(states)]
    steps = [step(old, new) for old, new in pairwise(history)]
    before, after = gathered(history[0]), gathered(history[-1])
    held = {rrset.place(line): line for line in before}

    read = increments.read(sent(steps, history[-1][0]))
    moves = increments.moves(increments.by_rrset(read), held.get)

    assert read == steps
    assert moves == list(diff(before, after)[0].moves)


def test_a_removed_record_may_be_spelt_differently():
    held = "mx\t15\t60\t000a" + b"\x04Mail\x00".hex()
    gone = "mx\t15\t60\t000a" + b"\x04mail\x00".hex()
    step = Increment([SOA.format(1), gone], [SOA.format(2)])

    moves = increments.moves(increments.by_rrset([step]), {rrset.place(held): held, "\t6\t": SOA.format(1)}.get)

    assert [move.after for move in moves] == [SOA.format(2), None]


def test_a_record_that_was_added_may_be_removed_spelt_differently():
    held = "mx\t15\t60\t000a" + b"\x04mail\x00".hex()
    other, spelt = ("mx\t15\t60\t000a" + name.hex() for name in (b"\x05Other\x00", b"\x05oTHER\x00"))
    first = Increment([SOA.format(1)], [SOA.format(2), other])
    second = Increment([SOA.format(2), spelt], [SOA.format(3), spelt])

    moves = increments.moves(
        increments.by_rrset([first, second]), {rrset.place(held): held, "\t6\t": SOA.format(1)}.get
    )

    assert moves[1].after == f"{held} {spelt.split(rrset.TAB)[3]}"


def test_a_text_in_another_case_is_another_record():
    held = "note\t16\t60\t0141"
    step = Increment([SOA.format(1)], [SOA.format(2), "note\t16\t60\t0161"])

    moves = increments.moves(increments.by_rrset([step]), {rrset.place(held): held, "\t6\t": SOA.format(1)}.get)

    assert moves[1].after == "note\t16\t60\t0141 0161"


def test_each_rr_keeps_the_spelling_of_its_owner():
    held = HOLD + "\tWWW"
    step = Increment([SOA.format(1)], [SOA.format(2), "www\t1\t60\tc0000202"])

    moves = increments.moves(increments.by_rrset([step]), {rrset.place(held): held, "\t6\t": SOA.format(1)}.get)

    assert moves[1].after == "www\t1\t60\tc0000201 c0000202\tWWW~~"


@pytest.mark.parametrize(
    ("held", "gone", "come", "after"),
    [
        pytest.param(HOLD, HOLD, HOLD + "\tWww", HOLD + "\tWww", id="owner"),
        pytest.param("mx\t2\t60\t016100", "mx\t2\t60\t014100", "mx\t2\t60\t014100", "mx\t2\t60\t014100", id="rdata"),
        pytest.param("a\t1\t60,9\t01 02", "a\t1\t60\t01", "a\t1\t70\t01", "a\t1\t70,9\t01 02", id="a higher TTL"),
        pytest.param(HOLD + "\t\t{}", HOLD, HOLD + "\tWww", HOLD + "\tWww\t{}", id="notes stay"),
    ],
)
def test_what_is_not_shown_changes_without_a_move(held, gone, come, after):
    step = Increment([SOA.format(1), gone], [SOA.format(2), come])

    moves = increments.moves(increments.by_rrset([step]), {rrset.place(held): held, "\t6\t": SOA.format(1)}.get)

    assert (moves[1].before, moves[1].after, moves[1].hidden) == (held, after, True)


def test_the_lowest_ttl_goes_with_its_record():
    held = "a\t1\t300,60\tc0000201 c0000202"
    step = Increment([SOA.format(1), "a\t1\t60\tc0000202"], [SOA.format(2)])

    moves = increments.moves(increments.by_rrset([step]), {rrset.place(held): held, "\t6\t": SOA.format(1)}.get)

    assert (moves[1].after, moves[1].hidden) == ("a\t1\t300\tc0000201", False)


SPELT = {
    1: ["c0000201", "c0000202", "c0000203"],
    2: ["026e7300", "024e5300", "016100", "014100"],
    17: ["01610000", "01410000", "0161016200"],
    "46.1": ["0001aa", "0001bb"],
    "46.47": ["002faa", "002fbb"],
    65280: ["41", "61"],
}
"""Rdatas by type field. Some differ only in the case of a name."""


@st.composite
def spelt_zones(draw):
    """RRs with any TTL and owner each, in any case. No two of them are equal to DNS."""
    found = {}
    for _ in range(draw(st.integers(0, 10))):
        owner, field = draw(st.sampled_from(["a", "b a"])), draw(st.sampled_from(list(SPELT)))
        text = draw(st.sampled_from(SPELT[field]))
        spelling = draw(st.sampled_from(["", "", "\tA", "\tA B"][: 3 if owner == "a" else 4]))
        line = f"{owner}\t{field}\t{draw(st.sampled_from([0, 60, 300]))}\t{text}{spelling if owner == 'a' else ''}"
        found[owner, field, rrset.folded(str(field), text)] = line
    return sorted(found.values())


@given(st.lists(spelt_zones(), min_size=2, max_size=6), st.booleans())
def test_increments_one_by_one_make_line_by_line_what_a_transfer_makes(states, at_once):
    history = [zone(serial, rrs) for serial, rrs in enumerate(states)]
    steps = [step(old, new) for old, new in pairwise(history)]
    held = {rrset.place(line): line for line in gathered(history[0])}
    before = sorted(held.values())

    for some in [steps] if at_once else [[each] for each in steps]:
        for move in increments.moves(increments.by_rrset(some), held.get):
            assert held.get(move.place) == move.before
            if move.after is None:
                del held[move.place]
            else:
                held[move.place] = move.after

    assert sorted(held.values()) == gathered(history[-1])
    assert diff(before, gathered(history[-1]))[1] == gathered(history[-1])


GROWN = {
    "addresses": (1, lambda number: f"{number:08x}"),
    "texts": (16, lambda number: "0e" + f"{number:014b}".translate({48: "41", 49: "61"})),
    "mail servers": (15, lambda number: f"000a08{f'{number:08}'.encode().hex()}00"),
    "signatures": ("46.1", lambda number: f"0001{number:08}"),
}


@pytest.mark.parametrize(("rdtype", "text"), GROWN.values(), ids=GROWN)
def test_the_time_of_a_growing_rrset_grows_with_its_records(rdtype, text):
    start = f"www\t{rdtype}\t60\t"
    held = {f"www\t{rdtype}\t": start + " ".join(map(text, range(500))), "\t6\t": SOA.format(1)}
    step = Increment([SOA.format(1)], [SOA.format(2), *(start + text(number) for number in range(500, 2500))])

    calls = profile(lambda: increments.moves(increments.by_rrset([step]), held.get))

    assert calls < 50 * 2500


def profile(work):
    """How many function calls some work takes."""
    profiler = cProfile.Profile()
    profiler.runcall(work)
    return pstats.Stats(profiler).total_calls


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Increment([SOA.format(1), "www\t1\t60\tc0000202"], []), "removes www A 192.0.2.2, which is not there"),
        (Increment([SOA.format(1)], ["a b\t1\t60\tc0000202"] * 2), "adds b.a A 192.0.2.2, which is there"),
        (Increment([SOA.format(9)], [SOA.format(2)]), "removes the apex SOA"),
    ],
    ids=["removes what is not there", "adds what is there", "begins with another SOA"],
)
def test_what_does_not_fit_is_not_believed(step, said):
    held = {rrset.place(HOLD): HOLD, "\t6\t": SOA.format(1)}

    with pytest.raises(IncrementUnfit, match=said):
        increments.moves(increments.by_rrset([step]), held.get)
