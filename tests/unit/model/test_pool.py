from dataclasses import replace

import pytest
from zonewright.model import pool
from zonewright.model.pool import NsRecord, Pool, Rfc2136, Route53, Server, Target
from zonewright.model.settings import Settings

SETTINGS = Settings("t", "b", name_servers=("ns1.example.net.", "ns2.example.net."))
NS = (NsRecord("ns1.example.net.", 1),)
DEFAULT = Pool(Settings.pool_id, "default", NS, attributes={"tier": "basic"})
GOLD = Pool("10000000-0000-4000-8000-000000000000", "gold", NS, attributes={"tier": "gold", "anycast": "true"})
PLAIN = Pool("20000000-0000-4000-8000-000000000000", "plain", NS, attributes={"tier": "gold"})


def test_the_deployments_pool_has_the_name_servers_of_the_parameters():
    made = pool.of_deployment(SETTINGS)

    assert (made.id, made.name, made.targets) == (Settings.pool_id, "default", ())
    assert [each.hostname for each in made.ns_records] == ["ns1.example.net.", "ns2.example.net."]
    assert [each.priority for each in made.ns_records] == [1, 2]


def test_the_deployments_pool_is_there_until_one_of_its_id_is_stored():
    assert [each.name for each in pool.with_default([GOLD], SETTINGS)] == ["default", "gold"]
    assert pool.with_default([GOLD, DEFAULT], SETTINGS) == [GOLD, DEFAULT]
    assert pool.default_of([GOLD, DEFAULT], SETTINGS) is DEFAULT


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        pytest.param({}, "default", id="none"),
        pytest.param({"tier": "gold", "anycast": "true"}, "gold", id="all"),
        pytest.param({"anycast": "True"}, "gold", id="some"),
        pytest.param({"anycast": "yes"}, "gold", id="another word for true"),
        pytest.param({"anycast": "false"}, "default", id="another value"),
        pytest.param({"tier": "GOLD"}, "default", id="another case"),
        pytest.param({"tier": "gold", "color": "red"}, "default", id="more than any pool has"),
        pytest.param({"tier": "gold"}, "plain", id="of several that with the fewest"),
        pytest.param({"tier": "basic"}, "default", id="the default itself"),
        pytest.param({"tier": "gold", "pool_id": "x"}, "plain", id="the attribute that names a pool does not count"),
    ],
)
def test_a_zone_gets_the_pool_that_has_all_its_attributes(attributes, name):
    assert pool.fitting([DEFAULT, GOLD, PLAIN], attributes, DEFAULT).name == name


def test_of_pools_with_as_many_attributes_the_first_by_name_is_chosen():
    other = replace(PLAIN, id=GOLD.id, name="a")

    assert pool.fitting([DEFAULT, PLAIN, other], {"tier": "gold"}, DEFAULT).name == "a"


def test_a_target_keeps_its_id_while_its_place_stays():
    first = Rfc2136("192.0.2.53")

    assert pool.target_id("p", first) == pool.target_id("p", replace(first, octets=9000, transfer=False))
    ids = {
        pool.target_id(pool_id, options)
        for pool_id in ("p", "q")
        for options in (first, replace(first, port=5300), Route53(), Route53(private=True), Route53("Z1"))
    }
    assert len(ids) == 10


FULL = Pool(
    id=GOLD.id,
    name="full",
    ns_records=NS,
    description="all fields",
    attributes={"tier": "gold"},
    threshold=50,
    targets=(
        Target("t1", Rfc2136("192.0.2.53", 853, tls=True, serial="theirs", prerequisites="none"), "one", "k1"),
        Target("t2", Route53(private=True, vpc_id="vpc-12345678", create=True)),
    ),
    nameservers=(Server("192.0.2.54", 53, "k2"),),
    also_notifies=(Server("192.0.2.55"),),
)


def test_a_pool_is_read_from_its_document():
    assert pool.from_document(pool.document(FULL)) == FULL
    assert [each.type for each in FULL.targets] == ["rfc2136", "route53"]
    assert FULL.key_ids == {"k1", "k2"}


def test_differences_are_told_by_field():
    assert pool.differences(FULL, FULL) == {}
    assert pool.differences(FULL, replace(FULL, threshold=100)) == {"threshold": {"before": 50, "after": 100}}
    assert pool.differences(None, FULL)["name"] == {"before": None, "after": "full"}
