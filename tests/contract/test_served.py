"""What a caller may write is what name servers load: rules of NAPTR, paths of DNS over HTTPS, forms of rdata."""

import itertools
import random

import pytest
from support.judges import judge
from support.octets import LOADED, REFUSED
from zonewright.protocol import placement, rdata, records, rrset, types
from zonewright.protocol.zonefile import reader, writer

RULES = [
    "!x!!",
    "!x!y!",
    "!x!y!i",
    "!x!y!ii",
    "!(x)!\\\\1!",
    "!x)!y!",
    "!x\\\\!z!y!",
    "!a{2}!y!",
    "!()!y!",
    "!\\\\d!y!",
    "![[:alpha:]]!y!",
    "!^.*$!sip:\\\\!x!",
    "!.!!",
    "!a(b)(c)!\\\\2\\\\1!",
    "!a\\\\(b!y!",
    "!a]!y!",
    "!a}!y!",
    "!a{!y!",
    "![^]a-z]+!y!",
    "/a|(b|c)*/d/",
    "!!x!",
    "!x!y!I",
    "!x!y!g",
    "!x!y",
    "!x!y!!",
    "ixiyi",
    "1x1y1",
    "0x0y0",
    "!x!\\\\1!",
    "!(x)!\\\\0!",
    "!(x)!\\\\2!",
    "!(x!y!",
    "![x!y!",
    "!a{2,1}!y!",
    "!*a!y!",
    "!a**!y!",
    "!a|!y!",
    "!a+?!y!",
    "![z-a]!y!",
    "!?!y!",
    "!(?:a)!y!",
    "!a||b!y!",
    "!(|a)!y!",
    "!(a|)!y!",
    "\\\\x\\\\y\\\\",
]
PATHS = [
    "/q{?dns}",
    "/{?a,dns}",
    "/{&dns}",
    "/{dns}",
    "/{+dns}",
    "/{?dns*}",
    "/{?dns:3}",
    "/\\195\\169{?dns}",
    "q{?dns}",
    "/q",
    "/{?dnsx}",
    "/{?dns}/{x",
    "/{?dns}{",
    "/\\195{?dns}",
]
DATA = [("NAPTR", f'1 1 "u" "" "{rule}" .') for rule in ("", *RULES)] + [
    ("SVCB", f'1 . key7="{path}"') for path in PATHS
]
ZONE = "example.org."
HEAD = "$ORIGIN example.org.\n$TTL 300\n@ SOA ns joe 1 2 3 4 5\n@ NS ns.example.net.\n"


def test_a_caller_may_write_what_bind_serves(tmp_path):
    file, allowed, served = tmp_path / "zone", [], []

    for kind, text in DATA:
        file.write_text(f"{HEAD}x {kind} {text}\n")
        if judge("named-checkzone", ZONE, file)[0] == 0:
            served.append(text)
        if not records.wrong_records(types.type_of(kind), [text]):
            allowed.append(text)

    assert allowed == served
    assert 0 < len(served) < len(DATA)


JUDGES = ("named-checkzone", "nsd-checkzone", "kzonecheck", "pdnsutil")
APEX = [
    rrset.to_line("", types.NS, 300, [records.rdata_of(types.NS, "ns.example.net.")]),
    rrset.to_line("", types.SOA, 300, [records.rdata_of(types.SOA, "ns.example.net. joe.example.net. 1 2 3 4 5")]),
]


def file_of(held):
    """Return the export of a zone that has each of `held`, pairs of type and octets, at an owner of its own."""
    lines = [rrset.to_line(f"x{number:05}", rdtype, 300, [octets]) for number, (rdtype, octets) in enumerate(held)]
    return "".join(writer.write([*APEX, *lines], ZONE, 300))


def why_not(rdtype, octets):
    """Return why a caller may not write octets in the generic form, or None."""
    try:
        assert records.rdata_of(rdtype, rdata.generic(octets)) == octets
    except ValueError as error:
        return str(error)
    return placement.wrong_type(rdtype)


def altered(octets, chance):
    """Yield octets that differ a little."""
    for _ in range(12):
        other = bytearray(octets)
        for _ in range(chance.choice((1, 1, 2))):
            at = chance.randrange(len(other) + 1)
            match chance.randrange(4):
                case 0:
                    del other[at:]
                case 1:
                    other[at:at] = chance.randbytes(chance.choice((1, 4)))
                case 2:
                    other[at : at + 1] = bytes([chance.choice((0, 1, 2, 3, 8, 128, 255))])
                case _:
                    del other[at : at + 1]
        yield bytes(other)


def allowed():
    """The octets that a caller may write, of all types with a form."""
    chance = random.Random(7)
    found = {(rdtype, octets) for rdtype, known in LOADED.items() for octets in known}
    found |= {(rdtype, other) for rdtype, octets in sorted(found) for other in altered(octets, chance)}
    return sorted((rdtype, octets) for rdtype, octets in found if why_not(rdtype, octets) is None)


@pytest.mark.parametrize("program", JUDGES)
def test_every_server_loads_the_octets_that_a_caller_may_write(tmp_path, program):
    file, held = tmp_path / "zone", allowed()
    file.write_text(file_of(held))

    assert {rdtype for rdtype, _ in held} == LOADED.keys()
    assert len(held) > 400
    assert judge(program, ZONE, file)[0] == 0, judge(program, ZONE, file)[1]


@pytest.mark.parametrize(("rdtype", "octets", "program"), REFUSED, ids=[f"{one}-{two}" for one, two, _ in REFUSED])
def test_octets_that_a_server_does_not_load_are_refused_with_the_reason(tmp_path, rdtype, octets, program):
    file, octets = tmp_path / "zone", bytes.fromhex(octets)
    file.write_text(file_of([(rdtype, octets)]))

    assert why_not(rdtype, octets)
    assert judge(program, ZONE, file)[0] == 1


def test_what_is_allowed_is_imported_from_its_export():
    held = allowed()

    read = reader.read(file_of(held))

    found = [line.split("\t") for line in read.lines if line.startswith("x")]
    assert [(int(field), bytes.fromhex(text)) for _, field, _, text in found] == held


ODD_NAMES = [f"a\\{ord(char):03}b." for char in map(chr, range(33, 127)) if not char.isalnum()]
NAMED = {
    "AFSDB": "1 {}",
    "DNAME": "{}",
    "HTTPS": "1 {}",
    "IPSECKEY": "10 3 2 {} AQNR",
    "KX": "1 {}",
    "LP": "1 {}",
    "MX": "1 {}",
    "NAPTR": '1 1 "" "" "" {}',
    "NS": "{}",
    "PTR": "{}",
    "RP": "{0} {0}",
    "RT": "1 {}",
    "SRV": "1 2 3 {}",
    "SVCB": "0 {}",
}


@pytest.mark.parametrize("program", JUDGES)
def test_every_server_reads_any_name_in_rdata(tmp_path, program):
    pairs = itertools.product(NAMED.items(), ODD_NAMES)
    held = [
        (types.type_of(kind), records.rdata_of(types.type_of(kind), text.format(name))) for (kind, text), name in pairs
    ]
    file = tmp_path / "zone"
    file.write_text(file_of(held))

    assert judge(program, ZONE, file)[0] == 0, judge(program, ZONE, file)[1]
    found = [line.split("\t") for line in reader.read(file.read_bytes()).lines if line.startswith("x")]
    assert [(int(field), bytes.fromhex(text)) for _, field, _, text in found] == held
