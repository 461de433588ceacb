import cProfile
import pstats
from datetime import UTC, datetime

import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st
from zonewright.protocol import names, rrset
from zonewright.protocol.notes import Notes, Written, mark
from zonewright.protocol.rrset import RRset
from zonewright.protocol.types import SIGNATURES

ZONE = names.absolute("example.org.")

labels = st.one_of(st.binary(min_size=1, max_size=5), st.sampled_from([b"www", b"WWW", b"*", b" ", b"\xff"]))
owners = st.lists(labels, max_size=4).map(lambda own: dns.name.Name([*own, *ZONE.labels]))
types = st.integers(1, 65535) | st.sampled_from(sorted(SIGNATURES))
ttls = st.integers(0, 2**31 - 1)
moments = st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1))  # noqa: DTZ001 - hypothesis adds it
marks = st.binary(max_size=8).map(mark)
written = st.builds(Written, st.dictionaries(marks, st.text(), max_size=2), st.lists(marks, max_size=2).map(tuple))
notes = st.builds(
    Notes, st.none() | st.text(), st.none() | moments, st.none() | moments, st.integers(1, 10**6), written
)
rdatas = st.sets(st.binary(max_size=8), min_size=1, max_size=4)


def spelling_of(owner):
    own = owner.labels[: len(owner.labels) - len(ZONE.labels)]
    lowered = all(label == label.lower() for label in own)
    return None if lowered else " ".join(names.escape_label(label) for label in own)


def wire(rdtype, text):
    return dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.from_text(rdtype), text).to_wire()


def line(rdtype, *texts, ttl=60, spelling=None):
    code = dns.rdatatype.from_text(rdtype)
    return rrset.to_line("www", code, ttl, [wire(rdtype, text) for text in texts], spelling)


@given(owners, types, st.none() | ttls, rdatas, st.none() | notes.map(str))
def test_a_line_reads_back_as_the_rrset_it_was_made_of(owner, rdtype, ttl, octets, said):
    key, spelling = names.key_of(owner, ZONE), spelling_of(owner)
    covers = None
    if rdtype in SIGNATURES:
        covers, octets = 1, {b"\x00\x01" + each for each in octets}

    text = rrset.to_line(key, rdtype, ttl, octets, spelling, notes_text=said)

    found = rrset.from_line(text)
    assert found == RRset(key, rdtype, ttl, tuple(sorted(octets)), spelling, said, covers)
    assert found.line() == text
    assert found.owner(ZONE).labels == owner.labels
    assert rrset.records(text) == len(octets)
    assert (rrset.key(text), rrset.type_of(text), rrset.notes_of(text)) == (key, rdtype, said or "")
    assert rrset.place(text) == found.place == f"{key}\t{rdtype}{'.1' if covers else ''}\t"
    assert text.isascii()
    assert "\n" not in text


@given(notes)
def test_notes_read_back_as_they_were_written(said):
    text = str(said)

    assert Notes.parse(text) == said
    assert text.isascii()
    assert text.isprintable()


def test_an_rrset_without_notes_says_nothing():
    assert rrset.from_line(line("A", "192.0.2.1", spelling="WWW")).notes == Notes()


def test_rdatas_that_others_added_follow_those_that_were_written():
    texts = {wire("A", f"192.0.2.{last}"): f"192.0.2.{last}" for last in (9, 5)}
    more = [wire("A", f"192.0.2.{last}") for last in (9, 7, 1)]
    notes = str(Notes(written=Written.of(1, texts)))

    found = rrset.from_line(rrset.to_line("www", 1, 60, more, notes_text=notes))

    assert found.written() == ["192.0.2.9", "192.0.2.1", "192.0.2.7"]
    assert found.texts() == ["192.0.2.1", "192.0.2.7", "192.0.2.9"]


def test_texts_that_were_kept_without_an_order_are_in_canonical_order():
    octets = [wire("AAAA", text) for text in ("2001:db8::2", "2001:db8::1")]
    notes = f'{{"written":{{"{mark(octets[0])}":"2001:DB8::2"}}}}'

    found = rrset.from_line(rrset.to_line("www", 28, 60, octets, notes_text=notes))

    assert found.written() == ["2001:db8::1", "2001:DB8::2"]


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        pytest.param([b""], "www\t65281\t60\t", id="empty"),
        pytest.param([b"\x01", b""], "www\t65281\t60\t 01", id="empty and another"),
        pytest.param([b"\x02", b"\x01", b"\x02"], "www\t65281\t60\t01 02", id="a duplicate"),
        pytest.param([b"\x02", b"\x01\x00"], "www\t65281\t60\t0100 02", id="left-justified order"),
    ],
)
def test_rdata_is_written_once_each_in_canonical_order(octets, text):
    assert rrset.to_line("www", 65281, 60, octets) == text
    assert rrset.from_line(text).rdatas == tuple(sorted(set(octets)))
    assert rrset.records(text) == len(set(octets))


@given(st.lists(st.tuples(owners, types), min_size=2, max_size=6))
def test_lines_sort_as_their_owner_names_do(places):
    lines = sorted(rrset.to_line(names.key_of(owner, ZONE), rdtype, 60, [b"\x01"]) for owner, rdtype in places)

    assert [rrset.from_line(text).owner(ZONE) for text in lines] == sorted(owner for owner, _ in places)


@pytest.mark.parametrize(
    ("rdtype", "text", "rdata"),
    [
        ("A", "192.0.2.1", "192.0.2.1"),
        ("MX", "10 Mail.example.org.", "10 Mail.example.org."),
        ("TYPE65280", "\\# 1 01", "\\# 1 01"),
    ],
)
def test_an_rrset_reads_as_zone_file_text(rdtype, text, rdata):
    found = rrset.from_line(line(rdtype, text))

    assert (found.type_text(), found.texts()) == (rdtype, [rdata])


@pytest.mark.parametrize(
    ("rrs", "gathered"),
    [
        pytest.param([], ([], 0, 0), id="nothing"),
        pytest.param(["a\t1\t60\t01"], (["a\t1\t60\t01"], 1, 0), id="one"),
        pytest.param(["a\t1\t60\t01", "a\t1\t60\t02"], (["a\t1\t60\t01 02"], 2, 0), id="two of one RRset"),
        pytest.param(["a\t1\t60\t01", "a\t1\t60\t01"], (["a\t1\t60\t01"], 1, 0), id="a duplicate"),
        pytest.param(["a\t1\t60\t02", "a\t1\t70\t01"], (["a\t1\t70,60\t01 02"], 2, 1), id="TTLs differ"),
        pytest.param(["a\t1\t60\t01", "a\t1\t9\t01"], (["a\t1\t9\t01"], 1, 1), id="a duplicate with another TTL"),
        pytest.param(["a\t1\t60\t01", "a\t1\t60\t02\tA"], (["a\t1\t60\t01 02\t~~A"], 2, 0), id="two spellings"),
        pytest.param(["a\t1\t60\t01\tA", "a\t1\t60\t01"], (["a\t1\t60\t01\tA"], 1, 0), id="a duplicate spelt twice"),
        pytest.param(
            ["a\t46.1\t60\t000101", "a\t46.28\t9\t001c01"],
            (["a\t46.1\t60\t000101", "a\t46.28\t9\t001c01"], 2, 0),
            id="signatures of two RRsets",
        ),
        pytest.param(["a\t65281\t60\t", "a\t65281\t60\t00"], (["a\t65281\t60\t 00"], 2, 0), id="empty rdata"),
        pytest.param(
            ["\t6\t60\t01", "a\t1\t60\t01", "a\t1\t60\t02", "a\t16\t60\t01", "a b\t1\t60\t01"],
            (["\t6\t60\t01", "a\t1\t60\t01 02", "a\t16\t60\t01", "a b\t1\t60\t01"], 5, 0),
            id="several places",
        ),
    ],
)
def test_rrs_of_one_place_become_one_rrset(rrs, gathered):
    assert rrset.gather(rrs) == gathered


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "a", "a b", "b"]),
            st.sampled_from([1, 16, 2]),
            st.sampled_from([5, 60, 3600]),
            st.sampled_from([b"", b"\x01", b"\x02", b"\x02\x00"]),
        ),
        max_size=20,
    )
)
def test_gathering_keeps_every_rr_with_its_ttl_and_shows_the_lowest(rrs):
    lines = sorted(rrset.to_line(key, rdtype, ttl, [octets]) for key, rdtype, ttl, octets in rrs)

    gathered, records, mixed = rrset.gather(lines)

    places = {(key, rdtype): [rr for rr in rrs if rr[:2] == (key, rdtype)] for key, rdtype, _, _ in rrs}
    found = {(each.key, each.type): each for each in map(rrset.from_line, gathered)}
    assert (list(map(rrset.place, gathered)), found.keys()) == (sorted(map(rrset.place, gathered)), places.keys())
    for place, group in places.items():
        each = found[place]
        kept = {octets: min(rr[2] for rr in group if rr[3] == octets) for octets in sorted({rr[3] for rr in group})}
        assert each.ttl == min(rr[2] for rr in group)
        assert dict(zip(each.rdatas, each.ttls or [each.ttl] * len(each.rdatas), strict=True)) == kept
        assert each.line() in gathered
    assert records == len({(rr[0], rr[1], rr[3]) for rr in rrs})
    assert mixed == sum(len({rr[2] for rr in group}) > 1 for group in places.values())


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        pytest.param(line("A", "192.0.2.1"), line("A", "192.0.2.1"), True, id="equal"),
        pytest.param(line("A", "192.0.2.1"), line("A", "192.0.2.2"), False, id="another address"),
        pytest.param(line("A", "192.0.2.1"), line("A", "192.0.2.1", ttl=61), False, id="another TTL"),
        pytest.param(line("A", "192.0.2.1"), line("A", "192.0.2.1", "192.0.2.2"), False, id="one more"),
        pytest.param(line("A", "192.0.2.1"), line("A", "192.0.2.1", spelling="WWW"), True, id="case of the owner"),
        pytest.param(line("A", "192.0.2.1"), line("A", "192.0.2.1") + '\t\t{"version":2}', True, id="notes"),
        pytest.param(line("NS", "Ns.example.org."), line("NS", "nS.EXAMPLE.org."), True, id="case of a name in rdata"),
        pytest.param(
            line("NS", "a.example.", "B.example."), line("NS", "A.example.", "b.example."), True, id="order by case"
        ),
        pytest.param(line("SRV", "1 2 3 A.example."), line("SRV", "1 2 3 a.example."), True, id="case of a target"),
        pytest.param(line("SRV", "1 2 3 A.example."), line("SRV", "1 2 4 A.example."), False, id="another port"),
        pytest.param(line("TXT", "Text"), line("TXT", "text"), False, id="case of a text"),
        pytest.param("a\t1\t60,9\t01 02", "a\t1\t9\t01 02", True, id="a TTL that is not shown"),
        pytest.param("a\t1\t60,9\t01 02", "a\t1\t9,70\t01 02\tA~~", True, id="other TTLs that are not shown"),
        pytest.param("a\t1\t60,9\t01 02", "a\t1\t60\t01 02", False, id="the lowest TTL"),
        pytest.param(line("TYPE65280", "\\# 1 41"), line("TYPE65280", "\\# 1 61"), False, id="case in an unknown type"),
    ],
)
def test_two_rrsets_are_equivalent_where_only_the_case_of_names_differs(left, right, same):
    assert rrset.equivalent(left, right) is same
    assert rrset.equivalent(right, left) is same


@pytest.mark.parametrize(
    ("rdtype", "texts", "kept"),
    [
        pytest.param("NS", ["ns.example.", "NS.example.", "a.example."], ["a.example.", "NS.example."], id="name"),
        pytest.param("MX", ["65 a.", "65 A.", "97 a."], ["65 A.", "97 a."], id="numbers are no letters"),
        pytest.param("SRV", ["1 2 65 Ab.", "1 2 65 aB."], ["1 2 65 Ab."], id="after six octets"),
        pytest.param("TXT", ["a", "A"], ["a", "A"], id="text is no name"),
        pytest.param("RP", ["a. b.", "A. B.", "c. d."], ["A. B.", "c. d."], id="two names"),
    ],
)
def test_rrs_that_differ_in_the_case_of_a_name_are_one(rdtype, texts, kept):
    rrs = sorted(line(rdtype, text) for text in texts)

    assert rrset.gather(rrs) == ([line(rdtype, *kept)], len(kept), 0)


@pytest.mark.parametrize(
    ("text", "ttl", "without"),
    [
        ("www\t1\t300\tc0000201", 300, "www\t1\t\tc0000201"),
        ("www\t1\t300\tc0000201", 30, "www\t1\t300\tc0000201"),
        ("www\t60\t300\tab\tWWW", 60, "www\t60\t300\tab\tWWW"),
        ("\t60\t60\t60", 60, "\t60\t\t60"),
        ("www\t1\t\tc0000201", 60, "www\t1\t\tc0000201"),
        ("www\t1\t60,70\t01 02", 60, "www\t1\t\t01 02"),
        ("www\t1\t60,50\t01 02\tWww~~WWW\t{}", 60, "www\t1\t50\t01 02\tWWW\t{}"),
    ],
)
def test_a_ttl_that_is_the_zones_is_left_out(text, ttl, without):
    assert rrset.without_ttl(text, ttl) == without


OTHER_CASE = {
    "owners": ("h{}\t1\t60\tc0000201", "h{}\t1\t60\tc0000201\tH{}"),
    "names in rdata": ("h{}\t15\t60\t000a016100", "h{}\t15\t60\t000a014100"),
}


@pytest.mark.parametrize(("old", "new"), OTHER_CASE.values(), ids=OTHER_CASE)
def test_lines_in_another_case_are_compared_in_few_steps(old, new):
    pairs = [(old.format(number), new.format(number, number)) for number in range(1000)]
    profiler = cProfile.Profile()

    alike = profiler.runcall(lambda: [rrset.equivalent(one, other) for one, other in pairs])

    assert all(alike)
    assert pstats.Stats(profiler).total_calls < 20 * len(pairs)


def test_an_rrset_of_several_ttls_and_owners_shows_one_of_each():
    text = 'a\t1\t60,9,60\t01 02 03\tA~~~~a\t{"version":2}'

    found = rrset.from_line(text)

    assert (found.ttl, found.ttls, found.spelling, found.spellings) == (9, (60, 9, 60), "A", ("A", "", "a"))
    assert found.line() == text
    assert rrset.heads(text) == {"01": ("60", "A"), "02": ("9", ""), "03": ("60", "a")}
    assert rrset.of_heads("a\t1\t", rrset.heads(text)) == text.removesuffix('\t{"version":2}')


OLD_SIGNATURES = {
    "several types": (
        ["a\t46\t60\t000101 000102 001c03 003004"],
        ["a\t46.1\t60\t000101 000102", "a\t46.28\t60\t001c03", "a\t46.48\t60\t003004"],
    ),
    "sorted as text": (["a\t46\t60\t000201 000f02"], ["a\t46.15\t60\t000f02", "a\t46.2\t60\t000201"]),
    "SIG, owner and notes": (
        ["a\t24\t\t000101 000202\tA\t{}"],
        ["a\t24.1\t\t000101\tA\t{}", "a\t24.2\t\t000202\tA\t{}"],
    ),
    "too short to say": (["a\t46\t60\t00"], ["a\t46\t60\t00"]),
    "a TTL of 46": (["a\t1\t46\tc0000201", "a\t46.1\t46\t000101"], ["a\t1\t46\tc0000201", "a\t46.1\t46\t000101"]),
}


@pytest.mark.parametrize(("old", "new"), OLD_SIGNATURES.values(), ids=OLD_SIGNATURES)
def test_signatures_stored_as_one_rrset_are_one_for_each_type_covered(old, new):
    assert rrset.has_whole_signatures("\n".join(old))
    assert rrset.split_signatures(old) == new
    assert rrset.split_signatures(new) == new


ROWS = st.tuples(
    st.sampled_from(["", "a", "b c"]),
    st.sampled_from(["1", "46.1"]),
    st.sampled_from(["", "60,300"]),
    st.sampled_from(["", "c0000201", "00 01"]),
    st.sampled_from([[], ["A"], ["", "{}"], ["A~~", "{}"]]),
)


@given(st.lists(ROWS, max_size=4))
def test_columns_are_the_fields_of_all_lines(rows):
    lines = ["\t".join([*fields, *more]) for *fields, more in rows]

    columns = rrset.columns(lines)

    assert list(zip(*columns, strict=True)) == [(*fields, *[*more, "", ""][:2]) for *fields, more in rows]
