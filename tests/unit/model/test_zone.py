from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zonewright.model.states import Hold, State
from zonewright.model.zone import Primary, Zone, ZoneType

hosts = st.one_of(
    st.ip_addresses(v=4).map(str), st.ip_addresses(v=6).map(str), st.sampled_from(["ns1.example.org", "ns1", "a.b."])
)


@pytest.mark.parametrize(
    ("text", "primary"),
    [
        pytest.param("192.0.2.1", Primary("192.0.2.1", 53), id="address"),
        pytest.param("192.0.2.1:5353", Primary("192.0.2.1", 5353), id="address and port"),
        pytest.param("ns1.example.org", Primary("ns1.example.org", 53), id="name"),
        pytest.param("ns1.example.org.:65535", Primary("ns1.example.org.", 65535), id="absolute name and port"),
        pytest.param("ns_1.a-b.example.org", Primary("ns_1.a-b.example.org", 53), id="name with hyphen and underscore"),
        pytest.param("ns1.bücher.example", Primary("ns1.bücher.example", 53), id="name beyond ASCII"),
        pytest.param(f"{'a' * 63}.example", Primary(f"{'a' * 63}.example", 53), id="longest label"),
        pytest.param("a." * 126 + "a.", Primary("a." * 126 + "a.", 53), id="longest name"),
        pytest.param("2001:db8::1", Primary("2001:db8::1", 53), id="IPv6"),
        pytest.param("[2001:db8::1]", Primary("2001:db8::1", 53), id="IPv6 in brackets"),
        pytest.param("[2001:db8::1]:5353", Primary("2001:db8::1", 5353), id="IPv6 and port"),
        pytest.param("::1", Primary("::1", 53), id="IPv6 loopback"),
        pytest.param("tls://ns1.example.org", Primary("ns1.example.org", 853, tls=True), id="over TLS"),
        pytest.param("TLS://[::1]:8853", Primary("::1", 8853, tls=True), id="over TLS, IPv6 and port"),
        pytest.param(" 192.0.2.1 ", Primary("192.0.2.1", 53), id="space around"),
    ],
)
def test_a_primary_is_read(text, primary):
    assert Primary.parse(text) == primary


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ":53",
        "[]:53",
        "[2001:db8::1",
        "[2001:db8::1]5353",
        "2001:db8::1]",
        "2001:db8:::1",
        "1:2:3",
        "192.0.2.1:0",
        "192.0.2.1:65536",
        "192.0.2.1:-1",
        "192.0.2.1:dns",
        "192.0.2.1:５３",  # noqa: RUF001 - digits, but not ours
        "192.0.2.0/24",
        "user@192.0.2.1",
        "ns1 example",
        "http://example.org",
        "192.0.2.1#53",
        "127.0.0.1:",
        "[2001:db8::1]:",
        "tls://ns1.example.org:",
        "192.0.2.300",
        "192.0.2.1,192.0.2.2",
        "ns1..example.org",
        ".",
        "ns1.example.org..",
        "a" * 256,
        "a" * 64,
        "ü" * 60,
        "a." * 126 + "ab",
        "-",
        "-ns1.example.org",
        "ns1-.example.org",
        "ns1.-.example.org",
        "ns1.example.\0",
        "ns\x1b.example.org",
        "ns\x7f.example.org",
        "ns\x85x.example.org",
        "ns\xa0x.example.org",
        "①②⑦.0.0.1",
        "\uff11\uff12\uff17.0.0.1",
        "169。254。169。254",
    ],
)
def test_what_is_no_primary_is_refused(text):
    with pytest.raises(ValueError, match=r"\S"):
        Primary.parse(text)


@pytest.mark.parametrize(
    "text", ["192.0.2.1#53", "ns1..example.org:5300", "192.0.2.300", "-", "ns\0.", "a" * 64, "240.0.0.1"]
)
def test_a_primary_stored_before_it_was_refused_is_still_read(text):
    assert str(Primary.stored(text)) == text


@pytest.mark.parametrize(
    ("host", "never"),
    [
        ("169.254.10.53", True),
        ("0xa9fea9fe", True),
        ("fe80::1", True),
        ("fe80::1%eth0", True),
        ("::ffff:169.254.1.1", True),
        ("64:ff9b::127.0.0.1", True),
        ("224.0.0.251", True),
        ("0.0.0.0", True),
        ("0.1.2.3", True),
        ("240.0.0.1", True),
        ("0xffffffff", True),
        ("::ffff:255.255.255.255", True),
        ("64:ff9b::240.0.0.1", True),
        ("127.0.0.1", False),
        ("::1", False),
        ("10.0.0.53", False),
        ("ns1.example.org", False),
    ],
)
def test_addresses_that_no_primary_has_are_known(host, never):
    assert Primary(host).never is never


@given(hosts, st.integers(1, 65535))
def test_a_primary_reads_back_from_its_text(host, port):
    primary = Primary(host, port)

    assert Primary.parse(str(primary)) == primary


@pytest.mark.parametrize(
    ("primary", "text"),
    [
        (Primary("192.0.2.1"), "192.0.2.1"),
        (Primary("192.0.2.1", 5353), "192.0.2.1:5353"),
        (Primary("2001:db8::1"), "2001:db8::1"),
        (Primary("2001:db8::1", 5353), "[2001:db8::1]:5353"),
        (Primary("2001:db8::1", 853, tls=True), "tls://2001:db8::1"),
        (Primary("192.0.2.1", 53, tls=True), "tls://192.0.2.1:53"),
    ],
    ids=str,
)
def test_a_port_is_shown_where_it_is_not_53(primary, text):
    assert str(primary) == text


@pytest.mark.parametrize(("version", "loaded"), [(0, False), (1, True), (9, True)])
def test_a_zone_has_loaded_once_it_has_a_version(version, loaded):
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    zone = Zone(
        "id",
        "example.org.",
        "group",
        ZoneType.SECONDARY,
        moment,
        state=State.SYNCING,
        holder="sync",
        lease=7,
        version=version,
    )

    assert zone.hold == Hold(State.SYNCING, "sync", 7, loaded)


@pytest.mark.parametrize(
    ("serial", "newest", "following", "had"),
    [
        pytest.param(None, None, 5, None, id="the first contents"),
        pytest.param(5, None, 5, None, id="the same"),
        pytest.param(5, None, 6, None, id="newer"),
        pytest.param(5, None, 4, 5, id="older"),
        pytest.param(4, 5, 3, 5, id="older again"),
        pytest.param(3, 5, 4, 5, id="newer, but not as new as before"),
        pytest.param(3, 5, 5, None, id="as new as before"),
        pytest.param(3, 5, 6, None, id="newer than ever"),
        pytest.param(2**32 - 1, None, 1, None, id="wrapped"),
        pytest.param(1, None, 2**32 - 1, 1, id="back before it wrapped"),
        pytest.param(1, None, 2**31 + 1, 1, id="not to be compared"),
    ],
)
def test_a_zone_keeps_the_newest_serial_that_its_contents_went_back_from(serial, newest, following, had):
    zone = Zone(
        "id",
        "example.org.",
        "group",
        ZoneType.SECONDARY,
        datetime(2026, 1, 1, tzinfo=UTC),
        serial=serial,
        newest=newest,
    )

    assert zone.went_back_from(following) == had
