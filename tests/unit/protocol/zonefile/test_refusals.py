"""Wrong, hostile and huge master files are refused, in bounded time and memory."""

import re
import time
import tracemalloc

import pytest
from support.zonefiles import HEAD, outcome, read, refusal
from zonewright.protocol.zonefile import reader

LONG = "l" * 64
SOA = "@ 300 SOA ns joe 7 7200 900 1209600 300\n"


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("www IN A 300.1.2.3", 'line 4: "www IN A 300.1.2.3": not an IPv4 address'),
        ("www A 192.0.2.01", "not an IPv4 address"),
        ("www A 192.0.2.1 192.0.2.2", "not an IPv4 address"),
        ("www A", "not an IPv4 address|not A rdata"),
        ("www AAAA fe80::1%eth0", "not an IPv6 address"),
        ("www", "no type"),
        ("www 300 IN", "no type"),
        ("www BOGUS x", "BOGUS is not a type"),
        ("www TYPE70000 \\# 0", "TYPE70000 is not a type"),
        ("www ANY x", "type ANY is no data"),
        ("www TYPE200 \\# 0", "type TYPE200 is no data"),
        ("www OPT \\# 0", "type OPT is no data"),
        ("www IN IN A 192.0.2.1", "IN is not a type"),
        ("www CH A 192.0.2.1", "class CH"),
        ("www CLASS3 A 192.0.2.1", "class CLASS3"),
        ("www 2147483648 A 192.0.2.1", "not a number from 0 to 2147483647"),
        ("www 9999999999999999999999999 A 192.0.2.1", "not a number from 0"),
        ("www 1x A 192.0.2.1", "1x is not a TTL"),
        ("www 99999w A 192.0.2.1", "over 2147483647 seconds"),
        (f"{LONG} A 192.0.2.1", "is not a name: .*63 octets"),
        ("a..b A 192.0.2.1", "is not a name"),
        (f"{'.'.join(['l' * 60] * 5)} A 192.0.2.1", "is not a name: .*255"),
        (f"www CNAME {LONG}.", "is not a name: .*63 octets"),
        (f"www CNAME {'x.' * 600}", "255 octets at most"),
        ("a\\999 A 192.0.2.1", "is not a name"),
        ("bücher A 192.0.2.1", "write it in punycode"),
        ("www CNAME bücher", "write it in punycode"),
        ("www RP bücher .", "write names in punycode"),
        ('"www" A 192.0.2.1', "a name in quotes"),
        ('www CNAME "x"', "a name in quotes"),
        ("www.example.net. A 192.0.2.1", r"www.example.net. is not in the zone example.org."),
        ("example. A 192.0.2.1", "is not in the zone"),
        ("notexample.org. A 192.0.2.1", "is not in the zone"),
        ("@ CNAME x", "a CNAME at the apex"),
        ("www CNAME x\nwww CNAME y", 'line 5: "www CNAME y": a second CNAME .* line 4'),
        ("www CNAME x\nWWW A 192.0.2.1", 'line 4: "www CNAME x": a CNAME beside A'),
        ("WWW A 192.0.2.1\nwww CNAME x", 'line 5: "www CNAME x": a CNAME beside A'),
        ("www DNAME x\nwww DNAME y", "a second DNAME"),
        ("@ SOA ns joe 8 7200 900 1209600 300", "a second SOA"),
        ("sub SOA ns joe 8 7200 900 1209600 300", "a SOA that is not at the zone's name"),
        ("@ SOA ns joe 8 7200 900 1209600", "7 fields, not 6"),
        ("www MX mail", "a number and a name"),
        ("www MX 65536 mail", "65536 is not a number from 0 to 65535"),
        ("www SRV 1 2 mail", "priority, weight, port and name"),
        ("www NS", "not NS rdata"),
        ("www NS a b", "one name expected, not 2"),
        (f'www TXT "{"x" * 256}"', "a character-string of 256 octets"),
        ("www TXT \\256", "is not an octet"),
        ("www TXT \\1", "is not an octet"),
        ("www TXT", "not TXT rdata"),
        ('www TXT "open', "a quote is not closed"),
        ("www TXT back\\", "a backslash ends the line"),
        ("www CAA 0 is-sue x", "is not a CAA tag"),
        ("www CAA 256 issue x", "256 is not a number"),
        ("www LOC 52 N 4 E 42849672.96m", "not LOC rdata"),
        ("www LOC 52 N 4 E infm", "not LOC rdata"),
        ("www L64 10 2001:db8::", "four groups"),
        ("www TYPE65280 x", "not TYPE65280 rdata"),
        ("www TYPE65280 \\# 2 00", "not TYPE65280 rdata"),
        ("www A \\# 3 010203", "not A rdata"),
        (f"www TXT {' '.join(['x' * 255] * 257)}", "rdata of 65792 octets"),
        ("www A ( 192.0.2.1", 'line 4: "www A \\( 192.0.2.1": a parenthesis is never closed'),
        ("www A 192.0.2.1 )", "never opened"),
        ("www A 192.0.2.1\0", "a NUL octet"),
        ("www A 192.0.2.1 ; \0", "a NUL octet"),
        ("\x07 A 192.0.2.1", r'line 4: "\\x07 A 192.0.2.1": a control character; write \\007'),
        ("$INCLUDE /etc/passwd", r'line 4: "\$INCLUDE /etc/passwd": \$INCLUDE is not allowed'),
        ("$include x", "is not allowed"),
        ("$UNICODE 2008", "is not a directive"),
        ("$FOO", "is not a directive"),
        ("$TTL", "takes one value"),
        ("$TTL 1 2", "takes one value"),
        ("$TTL x", "x is not a TTL"),
        ("$ORIGIN a..b", "is not a name"),
        ("$GENERATE 1-1000000000 h$ A 192.0.2.1", "makes more than 65536 records"),
        ("$GENERATE 1-40000 h$ A 192.0.2.1\n$GENERATE 1-40000 i$ A 192.0.2.1", "line 5.*makes more than 65536"),
        ("$GENERATE 1-99999999999 h$ A 192.0.2.1", "is not a range"),
        ("$GENERATE 1-4294967295 h$ A 192.0.2.1", "is not a range"),
        ("$GENERATE 5-1 h$ A 192.0.2.1", "is not a range"),
        ("$GENERATE 1-5/0 h$ A 192.0.2.1", "is not a range"),
        ("$GENERATE -1-5 h$ A 192.0.2.1", "is not a range"),
        ("$GENERATE 1-5 h$", "takes a range"),
        ("$GENERATE 1-5 h$ A", "takes a range"),
        ("$GENERATE 1-5 h${1 A 192.0.2.1", "does not begin with"),
        ("$GENERATE 1-5 h${0,128} A 192.0.2.1", "a width of 128"),
        ("$GENERATE 0-5 h${-1,0,x} A 192.0.2.1", "-1 in base x"),
        ("$GENERATE 1-5 h CNAME x$", "a second CNAME"),
        ("$GENERATE 1-5 h$ A 192.0.2.1(", "never closed"),
        ('$GENERATE 1-5 h$ A "192.0.2.1 ("', "never closed"),
        ('www CAA 0 issue a="b"', "a quote within"),
        ("$GENERATE 1-5 h$ A 192.0.$", 'line 4: "\\$GENERATE 1-5 .*not an IPv4'),
        (f'$GENERATE 1-65000 h$ TXT "{"x" * 3000}"', "more than 2048 octets"),
    ],
)
def test_a_wrong_record_is_refused_with_line_and_reason(record, said):
    error = refusal(HEAD + record + "\n")

    assert error.line >= 4
    assert re.search(said, error.message), error.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no soa"),
        ("; nothing\n\n  ; here\n", "no soa"),
        ("$ORIGIN example.org.\nwww 60 A 192.0.2.1\n", "no soa"),
        ("www.example.org. 60 A 192.0.2.1\n" + SOA, "line 1: .*which zone"),
        ("www 60 A 192.0.2.1\n", "line 1: .*which zone"),
        (SOA, "line 1: .*which @"),
        (
            "$ORIGIN example.org\n",
            "line 1: .*example.org is relative, and no origin comes before it: write example.org\\.",
        ),
        (" 60 A 192.0.2.1\n", "no owner name"),
        ("$ORIGIN example.org.\n@ A 192.0.2.1\n", "no TTL"),
        ("$ORIGIN example.org.\n@ SOA ns joe 7 7200 900 1209600 4294967295\n", "no TTL"),
        ("$ORIGIN example.org.\n@ SOA ns joe x 7200 900 1209600 300\nwww A 192.0.2.1\n", "x is not a number"),
        (b"\xff\xfe$\0O\0R\0", "line 1: .*not UTF-8: octet 0xff"),
        (HEAD.encode() + b'www TXT "caf\xe9"\n', "line 4: .*not UTF-8: octet 0xe9"),
        ("\ud800", "not UTF-8"),
        (bytes(range(256)) * 100, "line 1"),
        (b"\x7fELF\x02\x01\x01\0\0\0", "line 1: .*a NUL octet"),
        (b"PK\x03\x04\x14\x00", "line 1: .*a NUL octet"),
    ],
)
def test_a_file_that_is_no_zone_is_refused(text, said):
    message = refusal(text).message

    assert re.search(said, message), message


def test_up_to_ten_problems_are_told_at_once():
    error = refusal(HEAD + "".join(f"h{n} A 192.0.2.{n}\n" for n in range(250, 300)))

    assert error.line == 10
    assert error.why == 'line 10: "h256 A 192.0.2.256": not an IPv4 address (and 9 more)'
    assert [reason.message.split(":")[0] for reason in error.reasons] == [f"line {n}" for n in range(10, 20)]


def test_a_quoted_line_is_short_and_printable():
    message = refusal(HEAD + f"www\tA  \u202e{'x' * 500}\n").why

    assert message.startswith('line 4: "www A \\u202exxx')
    assert '...": ' in message
    assert len(message) < 250


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (reader.Limits(records=4), "more than 4 records"),
        (reader.Limits(octets=200), "records of more than 200 octets"),
        (reader.Limits(generated=4), "makes more than 4 records"),
    ],
)
def test_what_a_file_may_make_is_bounded(limits, said):
    text = HEAD + "$GENERATE 1-5 h$ A 192.0.2.$\n"

    assert said in refusal(text, limits=limits).message
    assert len(reader.read(text, limits=reader.Limits(records=6, generated=5)).lines) == 6


HUGE = {
    "comments": ("; " + "c" * 78 + "\n") * 125_000,
    "empty lines": "\n" * 500_000,
    "one comment": ";" + "c" * 10_000_000,
    "open parentheses": "www A " + "(" * 10_000_000,
    "open parentheses on lines": "www A " + "(\n" * 2_000_000,
    "lines in a parenthesis": "www A (" + "\n" * 2_000_000,
    "words in a parenthesis": "www TXT (" + "word word word\n" * 700_000,
    "pairs of parentheses": "() " * 170_000,
    "one word": "w" * 10_000_000,
    "one line of 1 MB": "www A " + "x" * 1_000_000,
    "one line of words": "www TXT " + "x " * 260_000,
    "escapes": "www TXT " + "\\" * 500_000,
    "quotes": "www TXT " + '"' * 500_001,
    "quotes that are escaped": 'www TXT "' + '\\"' * 250_000,
    "hexadecimal": "www TYPE65280 \\# 65535 " + "ab " * 65_535,
    "base64": "www OPENPGPKEY " + "A " * 200_000,
    "labels": "a." * 250_000 + " A 192.0.2.1",
    "digits": "1" * 500_000 + " A 192.0.2.1\nwww " + "1" * 500_000 + " A 192.0.2.1\n",
    "dollars": "$GENERATE 1-65536 h$ TXT " + "$" * 2000,
    "ranges": "$GENERATE 0-65535 h$ A 192.0.2.1\n",
    "origins": "$ORIGIN a.example.org.\n" * 20_000,
    "garbage": "\u0080\u00ff\u0100" * 80_000,
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_a_huge_file_is_answered_in_bounded_time_and_memory(text):
    octets = (HEAD + text).encode()
    tracemalloc.start()
    begun = time.process_time()

    found = outcome(octets)

    took = time.process_time() - begun
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(found, reader.ZoneFile) or len(found.message) < 1000
    assert took < 10  # of the processor, under tracemalloc; a tenth of it otherwise
    assert peak < 3 * len(octets) + (64 << 20)


def test_a_line_of_64_kilobytes_is_read():
    text = HEAD + "www TXT " + " ".join([f'"{"x" * 255}"'] * 250) + "; " + "c" * 2000 + "\n"

    assert len(read(text)[-1]) > 2 * 64_000


@pytest.mark.parametrize("depth", [10, 10_000])
def test_deep_parentheses_are_counted(depth):
    assert read(f"{HEAD}www A {'(' * depth} 192.0.2.1 {')' * depth}\n")[-1] == "www\t1\t300\tc0000201"
