import ipaddress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zonewright.model.batches import discovery
from zonewright.model.batches.batch import Asked, ChangeType
from zonewright.model.batches.problems import Kind, Problem
from zonewright.model.choices import DEFAULTS, Choices
from zonewright.model.zone import Zone, ZoneType
from zonewright.protocol.reverse import address

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
ZONES = {
    name.lower(): Zone(name, name, "g", ZoneType.PRIMARY, NOW)
    for name in (
        "Example.org.",
        "sub.example.org.",
        "2.0.192.in-addr.arpa.",
        "192/30.2.0.192.in-addr.arpa.",
        "0/25.3.0.192.in-addr.arpa.",
        "0.192.in-addr.arpa.",
        "8.b.d.0.1.0.0.2.ip6.arpa.",
        "0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.",
    )
}


def placed(kind, name, choices=DEFAULTS):
    """The zone and the record name of an addition, or its problem."""
    found = discovery.place(Asked(ChangeType.ADD, name, kind), ZONES, choices)
    return found if isinstance(found, Problem) else (found.zone.name, found.record_name)


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("A", "www.example.org.", ("Example.org.", "www")),
        ("A", "WWW.EXAMPLE.ORG.", ("Example.org.", "WWW")),
        ("A", "example.org.", ("Example.org.", "Example.org.")),
        ("A", "a.B.sub.example.org.", ("sub.example.org.", "a.B")),
        ("TXT", "sub.example.org.", ("sub.example.org.", "sub.example.org.")),
        ("CNAME", "a.example.org.", ("Example.org.", "a")),
        ("CNAME", "5.2.0.192.in-addr.arpa.", ("2.0.192.in-addr.arpa.", "5")),
        ("PTR", "192.0.2.1", ("2.0.192.in-addr.arpa.", "1")),
        ("PTR", "192.0.2.192", ("192/30.2.0.192.in-addr.arpa.", "192")),
        ("PTR", "192.0.2.195", ("192/30.2.0.192.in-addr.arpa.", "195")),
        ("PTR", "192.0.2.196", ("2.0.192.in-addr.arpa.", "196")),
        ("PTR", "192.0.3.127", ("0/25.3.0.192.in-addr.arpa.", "127")),
        ("PTR", "2001:db8::1", ("0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.", "1." + "0." * 18 + "0")),
        ("PTR", "2001:db8:1::", ("8.b.d.0.1.0.0.2.ip6.arpa.", "0." * 20 + "1.0.0.0")),
    ],
)
def test_a_change_belongs_to_the_longest_zone_and_keeps_its_case(kind, name, expected):
    assert placed(kind, name) == expected


@pytest.mark.parametrize(
    ("kind", "name"),
    [("A", "example.net."), ("A", "xexample.org."), ("PTR", "192.0.3.128"), ("PTR", "198.51.100.1"), ("PTR", "::1")],
)
def test_a_change_without_a_zone_has_a_soft_problem(kind, name):
    found = placed(kind, name)

    assert found.soft
    assert found.kind is Kind.NO_ZONE
    assert found.message == (
        f'Zone Discovery Failed: zone for "{name}" does not exist in VinylDNS. If zone exists, then it must be '
        "connected to in VinylDNS."
    )


def test_a_cname_cannot_be_the_zone():
    found = placed("CNAME", "EXAMPLE.org.")

    assert (found.kind, found.soft) == (Kind.CNAME_AT_APEX, False)
    assert found.message == 'CNAME cannot be the same name as zone "Example.org.".'


def test_ipv6_zones_are_looked_for_within_the_bounds():
    assert placed("PTR", "2001:db8::1", Choices(most_nibbles=11))[0] == "8.b.d.0.1.0.0.2.ip6.arpa."
    assert placed("PTR", "2001:db8::1", Choices(least_nibbles=13)).kind is Kind.NO_ZONE


def test_the_zones_of_many_changes_are_looked_up_by_few_names():
    changes = [Asked(ChangeType.ADD, f"host{n}.Example.org.", "A") for n in range(1000)]

    names = discovery.candidates(changes, DEFAULTS)

    assert len(names) == 1002
    assert {"example.org.", "org.", "host7.example.org."} <= set(names)


@given(st.ip_addresses())
def test_the_record_name_of_any_address_stands_for_it_in_every_zone_that_may_hold_it(ip):
    change = Asked(ChangeType.ADD, str(ip), "PTR")
    for name in discovery.candidates([change], DEFAULTS):
        zone = Zone("z", name, "g", ZoneType.PRIMARY, NOW)
        found = discovery.place(change, {name: zone}, DEFAULTS)
        assert address(found.record_name, name) == ipaddress.ip_address(str(ip))
