import pytest
from zonewright.model.batches import alone
from zonewright.model.batches.batch import Asked, ChangeType
from zonewright.model.batches.problems import SOFT, TEXTS, Kind
from zonewright.model.choices import DEFAULTS, Choices
from zonewright.protocol.fields import Record
from zonewright.protocol.types import AAAA, CNAME, MX, NAPTR, NS, PTR, SRV, TXT, A

NUMBERS = {"A": A, "AAAA": AAAA, "CNAME": CNAME, "MX": MX, "NAPTR": NAPTR, "NS": NS, "PTR": PTR, "SRV": SRV, "TXT": TXT}
DATA = {
    "A": {"address": "192.0.2.1"},
    "AAAA": {"address": "2001:db8::1"},
    "CNAME": {"cname": "target.example.org."},
    "MX": {"preference": 10, "exchange": "mail.example.org."},
    "NAPTR": {"order": 1, "preference": 2, "flags": "U", "service": "x", "regexp": "", "replacement": "a.b."},
    "NS": {"nsdname": "ns1.example.org."},
    "PTR": {"ptrdname": "www.example.org."},
    "SRV": {"priority": 1, "weight": 2, "port": 3, "target": "a.b."},
    "TXT": {"text": "some text"},
}
LONG = "a" * 64 + "."
WRONG = 'Invalid domain name: "{}", valid domain names must be letters, numbers, underscores, and hyphens, '
WRONG += "joined by dots, and terminated with a dot."
WRONG_CNAME = 'Invalid Cname: "{}", valid cnames must be letters, numbers, {}, and hyphens, '
WRONG_CNAME += "joined by dots, and terminated with a dot."
REVERSE = 'Invalid Record Type In Reverse Zone: record with name "{}" and type "{}" is not allowed in a reverse zone.'
HIGH = 'Record name "{}" is configured as a High Value Domain, so it cannot be modified.'
REVIEW = 'Record set with name "{}" requires manual review.'
CHOICES = Choices(
    high_value_names=("high-value-domain.*",),
    high_value_addresses=("192.0.2.252", "fd69:27cc:fe91::ffff"),
    review_names=("needs-review.*",),
    review_addresses=("192.0.2.254",),
)


def asked(kind, name="www.example.org.", *, ttl=300, change=ChangeType.ADD, record=True, **fields):
    values = DATA[kind] | fields
    return Asked(change, name, kind, Record(NUMBERS[kind], values) if record else None, ttl)


def messages(change, choices=DEFAULTS, *, reviewed=False):
    return [each.message for each in alone.problems(change, choices, reviewed=reviewed)]


@pytest.mark.parametrize("kind", DATA)
def test_a_usual_change_has_no_problem(kind):
    name = "192.0.2.1" if kind == "PTR" else "www.example.org."

    assert messages(asked(kind, name)) == []
    assert messages(asked(kind, name, change=ChangeType.DELETE, record=False, ttl=None)) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (asked("A", ttl=29), ['Invalid TTL: "29", must be a number between 30 and 2147483647.']),
        (asked("A", ttl=2147483648), ['Invalid TTL: "2147483648", must be a number between 30 and 2147483647.']),
        (asked("A", ttl=30), []),
        (asked("A", ttl=2147483647), []),
        (asked("A", ttl=None), []),
        (asked("A", ttl=1, change=ChangeType.DELETE), []),
        (asked("A", address="2001:db8::1"), ['Invalid IPv4 address: "2001:db8::1".']),
        (asked("AAAA", address="192.0.2.1"), ['Invalid IPv6 address: "192.0.2.1".']),
        (
            asked("CNAME", cname="192.0.2.1."),
            ['Invalid Cname: "Fqdn(192.0.2.1.)", Valid CNAME record data should not be an IP address'],
        ),
        (asked("CNAME", cname="a/b.example."), [WRONG_CNAME.format("a/b.example.", "underscores")]),
        (asked("CNAME", "1.2.0.192.in-addr.arpa.", cname="1.0/25.2.0.192.in-addr.arpa."), []),
        (asked("CNAME", "1.2.0.192.in-addr.arpa.", cname="/-.a."), []),
        (
            asked("CNAME", "1.2.0.192.in-addr.arpa.", cname="a b."),
            [WRONG_CNAME.format("a b.", "slashes, underscores")],
        ),
        (asked("CNAME", cname="-a.b."), [WRONG_CNAME.format("-a.b.", "underscores")]),
        (
            asked("CNAME", cname="."),
            [
                WRONG_CNAME.format(".", "underscores"),
                'Invalid length: ".", length needs to be between 2 and 255 characters.',
            ],
        ),
        (asked("MX", exchange="foo$.bar."), [WRONG.format("foo$.bar.")]),
        (asked("NS", nsdname="a..b."), [WRONG.format("a..b.")]),
        (asked("SRV", target="-a."), [WRONG.format("-a.")]),
        (asked("NAPTR", replacement="a-."), [WRONG.format("a-.")]),
        (asked("PTR", "192.0.2.1", ptrdname=LONG), [WRONG.format(LONG)]),
        (
            asked("PTR", "192.0.2.1", ptrdname="a." * 128),
            [f'Invalid length: "{"a." * 128}", length needs to be between 2 and 255 characters.'],
        ),
        (asked("TXT", text=""), ['Invalid length: "", length needs to be between 1 and 64764 characters.']),
        (asked("TXT", text="x" * 64764), []),
        (asked("MX", preference=65536), ['Invalid MX preference: "65536", must be a number between 0 and 65535.']),
        (asked("NAPTR", order=-1), ['Invalid NAPTR order: "-1", must be a number between 0 and 65535.']),
        (asked("NAPTR", preference=-1), ['Invalid NAPTR preference: "-1", must be a number between 0 and 65535.']),
        (asked("SRV", priority=-1), ['Invalid SRV priority: "-1", must be a number between 0 and 65535.']),
        (asked("SRV", weight=-1), ['Invalid SRV weight: "-1", must be a number between 0 and 65535.']),
        (asked("SRV", port=-1), ['Invalid SRV port: "-1", must be a number between 0 and 65535.']),
        (
            asked("NAPTR", flags="X", regexp="!a"),
            [
                "Invalid NAPTR flag value: 'X'. Valid NAPTR flag value must be U, S, A or P.",
                "Invalid NAPTR regexp value: '!a'. Valid NAPTR regexp value must start and end with '!'.",
            ],
        ),
        (asked("NAPTR", regexp="!a!b!"), []),
        (asked("PTR", "XXX"), ['Invalid IP address: "XXX".']),
        (asked("PTR", "2001:DB8::1"), []),
        (asked("A", "foo$.bar."), [WRONG.format("foo$.bar.")]),
        (asked("TXT", "a/b.example."), []),
        (asked("TXT", "*.example."), []),
        (asked("TXT", "a.*.example."), [WRONG.format("a.*.example.")]),
        (asked("A", "a.*."), [WRONG.format("a.*.")]),
        (asked("A", "9.2.0.192.in-addr.arpa."), [REVERSE.format("9.2.0.192.in-addr.arpa.", "A")]),
        (asked("SRV", "a.IP6.ARPA."), [REVERSE.format("a.IP6.ARPA.", "SRV")]),
        (asked("NS", "a.ip6.arpa."), [REVERSE.format("a.ip6.arpa.", "NS")]),
        (asked("TXT", "a.ip6.arpa."), []),
        (
            asked("A", "$x.ip6.arpa.", ttl=1, address="x"),
            [
                'Invalid TTL: "1", must be a number between 30 and 2147483647.',
                'Invalid IPv4 address: "x".',
                WRONG.format("$x.ip6.arpa."),
                REVERSE.format("$x.ip6.arpa.", "A"),
            ],
        ),
    ],
)
def test_each_problem_has_its_text_and_its_place(change, expected):
    assert messages(change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (asked("A", "High-Value-Domain.example.org."), [HIGH.format("High-Value-Domain.example.org.")]),
        (asked("PTR", "192.0.2.252"), [HIGH.format("192.0.2.252")]),
        (
            asked("PTR", "fd69:27cc:fe91:0:0:0:0:ffff"),
            [HIGH.format("fd69:27cc:fe91:0:0:0:0:ffff")],
        ),
        (asked("TXT", "needs-review.example.org."), [REVIEW.format("needs-review.example.org.")]),
        (asked("PTR", "192.0.2.254"), [REVIEW.format("192.0.2.254")]),
        (asked("A", "www.example.org."), []),
    ],
)
@pytest.mark.parametrize("change_type", ChangeType)
def test_high_value_and_review_are_checked_for_additions_and_deletions(change, expected, change_type):
    change = Asked(change_type, change.name, change.record_type, change.record, change.ttl)

    assert messages(change, CHOICES) == expected


def test_what_was_reviewed_needs_no_review_and_is_of_high_value_still():
    assert messages(asked("A", "needs-review."), CHOICES, reviewed=True) == []
    assert messages(asked("A", "high-value-domain."), CHOICES, reviewed=True) == [HIGH.format("high-value-domain.")]


def test_every_kind_has_a_text_and_two_are_soft():
    assert TEXTS.keys() == set(Kind)
    assert {"RecordRequiresManualReview", "ZoneDiscoveryError"} == SOFT
