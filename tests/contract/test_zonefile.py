"""Every name server loads the files we write, and we read files as BIND does."""

import pytest
from primaries import corpus
from primaries.canonical import folded, from_lines
from support.judges import judge
from zonewright.protocol import rrset
from zonewright.protocol.zonefile import reader, writer

JUDGES = ("named-checkzone", "named-compilezone", "nsd-checkzone", "kzonecheck")
ZONES = {**corpus.zones(), "big.example.": corpus.big(5000, 7)}

SYNTAX = {
    "directives": "$TTL 1h\na A 192.0.2.1\n$ORIGIN sub\nb A 192.0.2.2\n$TTL 5\nc A 192.0.2.3\n 60 AAAA ::\n",
    "class and TTL": "a 60 IN A 192.0.2.1\nb IN 1h1m1s A 192.0.2.2\nc in A 192.0.2.3\nd 7 A 192.0.2.4\n",
    "parentheses": "a TXT ( one ; first\n\n  two ) three\n( b A 192.0.2.1 )\nc ( ( MX ) 10 ( m ) )\n",
    "text": 'a TXT "one;two" three\\ four \\"five "\\065\\\\ (" "" \\;\nb TXT "a""b"\nc HINFO "é" x\n',
    "names": "\\065\\.b\\032c CNAME \\@.\\$\n@ MX 10 @\n\\@ A 192.0.2.1\n*.x MX 0 Mx.Example.net.\n",
    "unknown": "a TYPE65280 \\# 3 01 02 03\nb TYPE1 \\# 4 c0000201\nc TYPE28 ::\nd CLASS1 TYPE65281 \\# 0\n",
    "generate": "$GENERATE 1-3 h$ A 192.0.2.$\n$GENERATE 0-20/10 h${5,3,x}-$$ 60 IN CNAME ${-3,4}.x\n",
    "generate nibbles": "$GENERATE 0-500/50 ${0,7,n}.a PTR h${0,5,N}.b\n$GENERATE 9-9 ${0,1,X}.${0,0,o} TXT $\n",
    "generate quoted": '$GENERATE 1-2 h$ MX "10 m$"\n$GENERATE 1-2 i$ TXT "\\"a $\\" b"\n',
    "owner after generate": "a A 192.0.2.1\n$GENERATE 1-2 h$ A 192.0.2.$\n TXT x\n",
}


def lines_of(text, zone):
    return rrset.gather(sorted(reader.read(text, origin=zone).lines))[0]


@pytest.mark.primary
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("command", JUDGES)
def test_what_we_write_is_loaded(command, zone, tmp_path):
    file = tmp_path / "zone"
    lines = lines_of(ZONES[zone], zone)
    file.write_text("".join(writer.write(lines, zone, 3600)))

    code, said = judge(command, zone, file)

    assert code == 0, said
    if command == "named-compilezone":
        compiled = reader.read((tmp_path / "zone.compiled").read_bytes(), origin=zone)
        assert from_lines(compiled.lines, zone) == from_lines(lines, zone)


@pytest.mark.primary
@pytest.mark.parametrize("text", SYNTAX.values(), ids=SYNTAX)
def test_a_file_is_read_as_bind_reads_it(text, tmp_path):
    zone = "example.org."
    file = tmp_path / "zone"
    text = f"$TTL 300\n@ SOA ns joe 7 7200 900 1209600 300\n NS ns.example.net.\n{text}"
    file.write_text(text)

    code, said = judge("named-compilezone", zone, file)

    assert code == 0, said
    compiled = reader.read((tmp_path / "zone.compiled").read_bytes(), origin=zone)
    assert folded(from_lines(lines_of(text, zone), zone)) == folded(from_lines(compiled.lines, zone))
