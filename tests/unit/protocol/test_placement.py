"""Where record sets may stand, beside what, and how large they may be."""

import pytest
from zonewright.errors import RecordSetMisplaced
from zonewright.protocol import names, placement, rrset, types

ZONE = names.absolute("example.org.")


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("example.org.", ("", None)),
        ("EXAMPLE.org.", ("", None)),
        ("www.example.org.", ("www", None)),
        ("WWW.Eu.example.ORG.", ("eu www", "WWW Eu")),
        ("*.example.org.", ("*", None)),
    ],
)
def test_a_name_has_a_place_in_its_zone(name, place):
    assert placement.place_of(name, ZONE) == place


@pytest.mark.parametrize(
    ("key", "rdtype", "others", "allowed"),
    [
        ("a", types.A, [types.AAAA], True),
        ("a", types.CNAME, [], True),
        ("a", types.CNAME, [types.RRSIG, types.NSEC], True),
        ("a", types.CNAME, [types.A], False),
        ("a", types.A, [types.CNAME], False),
        ("a", types.RRSIG, [types.CNAME], True),
        ("a", types.KEY, [types.CNAME], False),
        ("a", types.CNAME, [types.KEY], False),
        ("a", types.DNAME, [types.NS], False),
        ("a", types.NS, [types.DNAME], False),
        ("a", types.DNAME, [types.A, types.DS], True),
        ("a", types.A, [types.NS, types.DNAME], True),
        ("", types.DNAME, [types.NS, types.SOA], True),
    ],
)
def test_some_types_exclude_others(key, rdtype, others, allowed):
    if allowed:
        placement.check_company("a", key, rdtype, others)
    else:
        with pytest.raises(RecordSetMisplaced):
            placement.check_company("a", key, rdtype, others)


@pytest.mark.parametrize(
    ("key", "rdtype", "allowed"),
    [
        ("", types.CNAME, False),
        ("a", types.CNAME, True),
        ("", types.DS, False),
        ("*", types.DS, True),
        ("*", types.NS, False),
        ("b a *", types.NS, False),
        ("a* *a", types.NS, True),
        ("* a", types.NS, True),
        ("", types.CDS, False),
        ("a", types.CDS, True),
        ("", types.DNSKEY, True),
        ("a", types.NSEC3, False),
    ],
)
def test_some_types_do_not_stand_everywhere(key, rdtype, allowed):
    assert (placement.wrong_place(key, rdtype) is None) == allowed


@pytest.mark.parametrize(
    ("owner", "rdatas", "fits"),
    [
        (13, [65_494], True),
        (13, [65_495], False),
        (255, [65_252], True),
        (255, [65_253], False),
        (13, [4] * 4094, True),
        (13, [4] * 4095, False),
        (13, [0], True),
    ],
)
def test_a_message_has_room_for_so_many_octets(owner, rdatas, fits):
    assert (placement.wrong_size(owner, rdatas) is None) == fits


@pytest.mark.parametrize("size", [1, 2, 4, 200])
def test_no_large_set_is_overlooked_among_lines(size):
    count = (65_535 - 12 - 19) // (12 + size) + 1
    rdatas = [number.to_bytes(3)[-size:].rjust(size, b"x") for number in range(min(count, 256**size))]
    line = rrset.to_line("www", 65280, None, rdatas)

    found = [why for _, why in placement.problems([line], ZONE)]

    assert found == ([placement.wrong_size(17, [size] * count)] if len(rdatas) == count else [])


def test_what_is_below_a_dname_is_found_until_its_names_end():
    held = [("a", types.DNAME), ("a b", types.A), ("a b c", types.DNAME), ("a-", types.A), ("b", types.A)]
    lines = sorted(rrset.to_line(key, rdtype, None, [b"\x00"]) for key, rdtype in held)

    assert [rrset.key(lines[at]) for at, _ in placement.problems(lines, ZONE)] == ["a b", "a b c"]


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("www.example.org.", True),
        ("0/26.example.org.", True),
        ("-a.*.b-.example.org.", True),
        (r"a\.b\032c\255.example.org.", True),
        (r"a\ b.example.org.", True),
        ("www.example.org", False),
        (r"www.example.org\.", False),
        ("a b.example.org.", False),
        ("a(b).example.org.", False),
        ('a"b.example.org.', False),
        ("a;b.example.org.", False),
        (r"a\256.example.org.", False),
        (r"a\12.example.org.", False),
        ("a..example.org.", False),
        ("b\u00fccher.example.org.", False),
        ("x" * 64 + ".example.org.", False),
        (".".join(["x" * 63] * 4) + ".", False),
        ("www.example.org.\n", False),
        ("", False),
        ("@", False),
    ],
)
def test_an_owner_name_is_a_word_of_a_master_file(text, taken):
    if taken:
        assert names.owner(text).is_absolute()
    else:
        with pytest.raises(ValueError, match=r"it is|is not"):
            names.owner(text)
