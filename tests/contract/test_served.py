"""Rules of NAPTR and paths of DNS over HTTPS: what a caller may write is what BIND serves."""

from support.judges import judge
from zonewright.protocol import records, types

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
