"""Where a TSIG key signs, and which of its changes make it another key."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from zonewright.model.tsigkey import Places, Scope, TsigKey
from zonewright.model.zone import Primary, Zone, ZoneType

NOW = datetime(2026, 1, 15, tzinfo=UTC)
ZONE = Zone("zone-id", "Example.org.", "group-id", ZoneType.SECONDARY, NOW)
HERE, THERE = Primary("192.0.2.1"), Primary("192.0.2.2")
KEY = TsigKey("key-id", "key.", "hmac-sha256", b"sealed", Scope.ZONE, "zone-id", NOW, "group-id")


@pytest.mark.parametrize(
    ("places", "signs"),
    [
        pytest.param(Places(), False, id="nothing"),
        pytest.param(Places((HERE,)), True, id="its primary, any zone"),
        pytest.param(Places((THERE,)), False, id="another primary"),
        pytest.param(Places((THERE, HERE)), True, id="several primaries"),
        pytest.param(Places((), ("example.org.",)), True, id="its zone, any primary"),
        pytest.param(Places((), ("www.example.org.", "org.")), False, id="zones above and below"),
        pytest.param(Places((HERE,), ("example.org.",)), True, id="both"),
        pytest.param(Places((THERE,), ("example.org.",)), False, id="the zone at another primary"),
        pytest.param(Places((HERE,), ("example.net.",)), False, id="another zone at the primary"),
    ],
)
def test_a_key_of_the_pool_signs_where_it_lists_something(places, signs):
    key = replace(KEY, scope=Scope.POOL, resource_id="pool-id", group_id=None, places=places)

    assert key.signs(ZONE, HERE) is signs


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("192.0.2.1", "192.0.2.1:53", True, id="the usual port"),
        pytest.param("192.0.2.1", "192.0.2.1:54", False, id="another port"),
        pytest.param("tls://192.0.2.1", "tls://192.0.2.1:853", True, id="TLS"),
        pytest.param("tls://192.0.2.1", "192.0.2.1", False, id="the port of TLS"),
        pytest.param("192.0.2.1", "0xc0.0.2.1", True, id="hexadecimal"),
        pytest.param("192.0.2.1", "192.0.513", True, id="short"),
        pytest.param("192.0.2.1", "::ffff:192.0.2.1", True, id="mapped into IPv6"),
        pytest.param("2001:db8::1", "[2001:DB8:0::0:1]:53", True, id="IPv6"),
        pytest.param("NS1.example.org", "ns1.EXAMPLE.org.", True, id="a name"),
        pytest.param("ns1.example.org", "ns2.example.org", False, id="another name"),
        pytest.param("ns1.bücher.example", "ns1.xn--bcher-kva.EXAMPLE", True, id="beyond ASCII"),
        pytest.param("192.0.2.1", "192.0.2.1.example.org", False, id="an address and a name"),
    ],
)
def test_primaries_are_compared_by_host_and_port(one, other, same):
    places = Places((Primary.parse(one),))

    assert places.allow(ZONE, Primary.parse(other)) is same
    assert Places((Primary.parse(other),)).allow(ZONE, Primary.parse(one)) is same


def test_a_primary_that_is_listed_with_tls_is_meant_over_tls_only():
    plain, secured = Primary.parse("192.0.2.1:853"), Primary.parse("tls://192.0.2.1")

    assert [Places((secured,)).allow(ZONE, each) for each in (plain, secured)] == [False, True]
    assert [Places((plain,)).allow(ZONE, each) for each in (plain, secured)] == [True, True]


def test_a_key_of_a_zone_signs_for_its_zone_and_owner_at_every_primary():
    assert KEY.signs(ZONE, HERE)
    assert KEY.signs(ZONE, THERE)
    assert replace(KEY, group_id=None).signs(ZONE, HERE)
    assert not KEY.signs(replace(ZONE, id="other-id"), HERE)
    assert not KEY.signs(replace(ZONE, group_id="other-group"), HERE)


@pytest.mark.parametrize(
    ("change", "edition"),
    [
        pytest.param({"name": "new."}, 4, id="name"),
        pytest.param({"algorithm": "hmac-md5"}, 4, id="algorithm"),
        pytest.param({"secret": b"other"}, 4, id="secret"),
        pytest.param({"places": Places((HERE,))}, 2, id="lists"),
        pytest.param({}, 2, id="nothing"),
    ],
)
def test_only_what_a_primary_notices_makes_another_edition(change, edition):
    key = replace(KEY, revision=3, edition=2, updated=NOW + timedelta(seconds=9))

    changed = key.changed(NOW, **change)

    expected = replace(key, **change, revision=4, edition=edition, updated=NOW + timedelta(seconds=9, microseconds=1))
    assert changed == expected
