import ipaddress

import pytest
from zonewright.protocol import reverse


@pytest.mark.parametrize(
    ("name", "zone", "address"),
    [
        ("4", "2.0.192.in-addr.arpa.", "192.0.2.4"),
        ("4.2", "0.192.in-addr.arpa.", "192.0.2.4"),
        ("4.2.0", "192.IN-ADDR.arpa.", "192.0.2.4"),
        ("65", "64/26.2.0.192.in-addr.arpa.", "192.0.2.65"),
        ("127", "64/26.2.0.192.in-addr.arpa.", "192.0.2.127"),
        ("1.0.0.0", f"{'0.' * 20}8.b.d.0.1.0.0.2.ip6.arpa.", "2001:db8::1"),
        ("A.0.0.0", f"{'0.' * 20}8.b.d.0.1.0.0.2.ip6.arpa.", "2001:db8::a"),
    ],
)
def test_a_name_in_a_reverse_zone_is_an_address(name, zone, address):
    assert reverse.is_reverse(zone)
    assert reverse.address(name, zone) == ipaddress.ip_address(address)


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("4", "0.192.in-addr.arpa."),
        ("4.3.2.1", "2.0.192.in-addr.arpa."),
        ("256", "2.0.192.in-addr.arpa."),
        ("0004", "2.0.192.in-addr.arpa."),
        ("x", "2.0.192.in-addr.arpa."),
        ("²", "2.0.192.in-addr.arpa."),
        ("2.0.192.in-addr.arpa.", "2.0.192.in-addr.arpa."),
        ("128", "64/26.2.0.192.in-addr.arpa."),
        ("63", "64/26.2.0.192.in-addr.arpa."),
        ("70.1", "64/26.2.0.192.in-addr.arpa."),
        ("4", "0/16.2.0.192.in-addr.arpa."),
        ("4", "x/26.2.0.192.in-addr.arpa."),
        ("1.0.0", f"{'0.' * 20}8.b.d.0.1.0.0.2.ip6.arpa."),
        ("10.0.0.0", f"{'0.' * 20}8.b.d.0.1.0.0.2.ip6.arpa."),
        ("g.0.0.0", f"{'0.' * 20}8.b.d.0.1.0.0.2.ip6.arpa."),
        ("4", "example.org."),
    ],
)
def test_other_names_are_no_address(name, zone):
    assert reverse.address(name, zone) is None


def test_other_zones_are_not_reverse():
    assert not reverse.is_reverse("in-addr.arpa.example.org.")
