"""Where a transfer may go: the rule that stands between a caller's zone and this service's network."""

from ipaddress import ip_address

import pytest
from zonewright.servers.connection import Reach

ALL = ("0.0.0.0/0", "::/0")
LOOPBACK = ("127.0.0.0/8", "::1/128")


def reach(networks=ALL, ports="53"):
    return Reach(networks, ports, first=1, idle=1, total=1, rate=0, octets=1)


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("1.1.1.1", id="IPv4"),
        pytest.param("11.0.0.0", id="behind a private network"),
        pytest.param("2606:4700::53", id="IPv6"),
        pytest.param("::ffff:1.1.1.1", id="v4-mapped"),
        pytest.param("64:ff9b::1.1.1.1", id="NAT64"),
        pytest.param("2002:101:101::1", id="6to4"),
    ],
)
def test_a_public_address_in_the_networks_is_reached(address):
    assert reach().allows(ip_address(address), 53)


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("127.0.0.1", id="loopback"),
        pytest.param("127.255.255.254", id="end of loopback"),
        pytest.param("::1", id="IPv6 loopback"),
        pytest.param("::ffff:127.0.0.1", id="loopback, v4-mapped"),
        pytest.param("169.254.0.1", id="link-local"),
        pytest.param("169.254.169.254", id="metadata"),
        pytest.param("169.254.170.2", id="container credentials"),
        pytest.param("::ffff:169.254.169.254", id="metadata, v4-mapped"),
        pytest.param("64:ff9b::169.254.169.254", id="metadata, NAT64"),
        pytest.param("::ffff:0:169.254.169.254", id="metadata, translated"),
        pytest.param("2606:4700::5efe:169.254.169.254", id="metadata, ISATAP"),
        pytest.param("2606:4700::200:5efe:127.0.0.1", id="loopback, ISATAP of a global address"),
        pytest.param("64:ff9b::127.0.0.1", id="loopback, NAT64"),
        pytest.param("2002:a9fe:a9fe::1", id="metadata, 6to4"),
        pytest.param("fe80::1", id="IPv6 link-local"),
        pytest.param("fd00:ec2::254", id="IPv6 metadata"),
        pytest.param("224.0.0.251", id="multicast"),
        pytest.param("ff02::fb", id="IPv6 multicast"),
        pytest.param("0.0.0.0", id="unspecified"),
        pytest.param("::", id="IPv6 unspecified"),
        pytest.param("::ffff:0.0.0.0", id="unspecified, v4-mapped"),
        pytest.param("10.0.0.53", id="private"),
        pytest.param("100.64.0.1", id="shared"),
        pytest.param("192.0.2.1", id="documentation"),
        pytest.param("255.255.255.255", id="broadcast"),
        pytest.param("fc00::53", id="IPv6 private"),
        pytest.param("fec0::53", id="IPv6 site-local"),
        pytest.param("fd00:ec2::53", id="IPv6 name server of an instance"),
        pytest.param("2001:db8::53", id="IPv6 documentation"),
        pytest.param("::ffff:10.0.0.53", id="private, v4-mapped"),
        pytest.param("::10.0.0.53", id="private, v4-compatible"),
        pytest.param("64:ff9b::10.0.0.53", id="private, NAT64"),
        pytest.param("::ffff:0:10.0.0.53", id="private, translated"),
        pytest.param("2606:4700::5efe:10.0.0.53", id="private, ISATAP"),
        pytest.param("64:ff9b:1::1.1.1.1", id="NAT64 of a site"),
        pytest.param("2002:a00:35::1", id="private, 6to4"),
    ],
)
def test_networks_that_hold_everything_do_not_hold_these(address):
    assert not reach().allows(ip_address(address), 53)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("169.254.169.254", "169.254.0.0/16"),
        ("169.254.169.254", "169.254.169.254/32"),
        ("fe80::1", "fe80::/10"),
        ("fd00:ec2::254", "fd00:ec2::/32"),
        ("fd00:ec2::53", "fd00:ec2::53/128"),
        ("64:ff9b:1::169.254.169.254", "64:ff9b:1::/48"),
        ("64:ff9b:1:a9fe:a9:fe00::", "64:ff9b:1::/48"),
        ("::169.254.169.254", "::/96"),
        ("224.0.0.251", "224.0.0.0/4"),
        ("0.0.0.0", "0.0.0.0/32"),
        ("0.1.2.3", "0.0.0.0/8"),
        ("240.0.0.1", "240.0.0.0/4"),
        ("255.255.255.255", "255.255.255.255/32"),
    ],
)
def test_naming_a_forbidden_network_does_not_permit_it(address, network):
    assert not reach((network,)).allows(ip_address(address), 53)


@pytest.mark.parametrize(
    ("networks", "allowed"),
    [
        pytest.param(LOOPBACK, True, id="named"),
        pytest.param((*ALL, *LOOPBACK), True, id="named beside everything"),
        pytest.param(("127.0.0.1/32", "::1"), True, id="named alone"),
        pytest.param(ALL, False, id="everything"),
        pytest.param(("0.0.0.0/1", "::/64"), False, id="a network around it"),
        pytest.param(("192.0.2.0/24", "2001:db8::/32"), False, id="another network"),
    ],
)
@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_loopback_has_to_be_named(networks, allowed, address):
    assert reach(networks).allows(ip_address(address), 53) is allowed


@pytest.mark.parametrize(
    ("networks", "address", "allowed"),
    [
        pytest.param(("192.0.2.0/24",), "192.0.2.255", True, id="inside"),
        pytest.param(("192.0.2.0/24",), "192.0.3.0", False, id="next to it"),
        pytest.param(("192.0.2.0/24",), "::ffff:192.0.2.9", True, id="inside, v4-mapped"),
        pytest.param(("192.0.2.0/24",), "::ffff:192.0.3.9", False, id="outside, v4-mapped"),
        pytest.param(("192.0.2.7/24",), "192.0.2.1", True, id="network with host bits"),
        pytest.param(("192.0.2.0/24", "198.51.100.0/24"), "198.51.100.1", True, id="the second one"),
        pytest.param(("::/0",), "192.0.2.1", False, id="the other family"),
        pytest.param(("::/0",), "::ffff:192.0.2.1", False, id="v4-mapped is IPv4"),
        pytest.param((), "192.0.2.1", False, id="none"),
        pytest.param((*ALL, "10.0.0.0/8"), "10.1.2.3", True, id="a private network, named"),
        pytest.param(("10.1.0.0/16",), "10.1.2.3", True, id="a part of a private network"),
        pytest.param(("8.0.0.0/6",), "10.1.2.3", False, id="a network around a private one"),
        pytest.param((*ALL, "10.0.0.0/8"), "172.16.0.1", False, id="another private network"),
        pytest.param((*ALL, "10.0.0.0/8"), "64:ff9b::10.1.2.3", True, id="named, NAT64"),
        pytest.param(("::/0",), "64:ff9b::1.1.1.1", False, id="NAT64 of the other family"),
        pytest.param(("64:ff9b:1::/48", "10.0.0.0/8"), "64:ff9b:1::10.1.2.3", True, id="named, NAT64 of a site"),
        pytest.param(("64:ff9b:1::/48",), "64:ff9b:1::10.1.2.3", False, id="NAT64 of a site to another network"),
        pytest.param(("fd00::/8",), "fd12::53", True, id="a private network of IPv6"),
    ],
)
def test_an_address_is_held_against_the_networks(networks, address, allowed):
    assert reach(networks).allows(ip_address(address), 53) is allowed


@pytest.mark.parametrize(
    ("ports", "port", "allowed"),
    [
        ("53", 53, True),
        ("53", 54, False),
        ("53", 530, False),
        ("53,5300-5399", 53, True),
        ("53,5300-5399", 5299, False),
        ("53,5300-5399", 5300, True),
        ("53,5300-5399", 5399, True),
        ("53,5300-5399", 5400, False),
        ("53, 5300 - 5399", 5350, True),
        ("1-65535", 65535, True),
    ],
)
def test_a_port_is_one_of_the_ports_or_in_a_span(ports, port, allowed):
    assert reach(ports=ports).allows(ip_address("1.1.1.1"), port) is allowed
