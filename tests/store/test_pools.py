from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from zonewright.errors import NoValidPool, PoolChanged, PoolInUse, TsigKeyNotFound
from zonewright.model.pool import NsRecord, Pool, Rfc2136, Target
from zonewright.model.states import State
from zonewright.model.tsigkey import Places, Scope, TsigKey
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.store import claims, keys, pools, tsigkeys, zones
from zonewright.store.conditions import PRESENT
from zonewright.store.table import ConditionFailed

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
GOLD = Pool(
    "10000000-0000-4000-8000-000000000000",
    "gold",
    (NsRecord("ns1.example.net.", 1), NsRecord("ns2.example.net.", 2)),
    attributes={"tier": "gold"},
    targets=(Target("t1", Rfc2136("192.0.2.53"), tsigkey_id="k1"),),
)
PLAIN = replace(GOLD, targets=())
ZONE = Zone("z1", "example.org.", "dns-id", ZoneType.PRIMARY, NOW, pool_id=GOLD.id)


@pytest.fixture
def key(table):
    made = TsigKey("k1", "push.", "hmac-sha256", b"", Scope.POOL, "pool", NOW, places=Places((Primary("192.0.2.53"),)))
    tsigkeys.create(table, made)
    return made


def test_a_pool_is_stored_with_its_time_and_found(table, key):
    made = pools.put(table, GOLD, None, NOW)

    assert made == replace(GOLD, created=NOW, revision=1)
    assert pools.get(table, GOLD.id) == made
    assert pools.listing(table) == [made]
    assert pools.get(table, "another") is None


def test_pools_are_listed_in_the_order_of_creation(table):
    second = replace(PLAIN, id="0", name="second")
    pools.put(table, PLAIN, None, NOW)
    pools.put(table, second, None, LATER)

    assert [each.name for each in pools.listing(table)] == ["gold", "second"]


def test_a_changed_pool_takes_the_place_of_the_one_that_was_read(table):
    old = pools.put(table, PLAIN, None, NOW)

    new = pools.put(table, replace(old, threshold=50), old, LATER)

    assert (new.threshold, new.revision, new.created, new.updated) == (50, 2, NOW, LATER)
    with pytest.raises(PoolChanged):
        pools.put(table, replace(old, threshold=60), old, LATER)
    assert pools.get(table, PLAIN.id) == new


def test_a_name_is_had_by_one_pool_and_free_after_a_rename(table):
    old = pools.put(table, PLAIN, None, NOW)
    other = replace(PLAIN, id="20000000-0000-4000-8000-000000000000", name="Gold")
    with pytest.raises(PoolChanged):
        pools.put(table, other, None, NOW)

    pools.put(table, replace(old, name="silver"), old, LATER)
    pools.put(table, other, None, LATER)

    assert [each.name for each in pools.listing(table)] == ["silver", "Gold"]


def test_two_makers_of_one_pool_make_one(table):
    pools.put(table, PLAIN, None, NOW)

    with pytest.raises(PoolChanged):
        pools.put(table, replace(PLAIN, threshold=50), None, NOW)
    assert pools.get(table, PLAIN.id).threshold == 100


def test_a_pool_whose_tsig_key_is_gone_is_not_stored(table):
    with pytest.raises(TsigKeyNotFound):
        pools.put(table, GOLD, None, NOW)

    assert pools.listing(table) == []


def test_zones_count_in_their_pool_until_they_are_deleted(table):
    pools.put(table, PLAIN, None, NOW)
    for number in range(3):
        table.write(*zones.create(replace(ZONE, id=f"z{number}", name=f"z{number}.org.")))
    assert pools.count(table, PLAIN.id) == 3

    gone = replace(ZONE, name="z1.org.", state=State.DELETED, updated=LATER)
    with claims.announced(table, replace(ZONE, name="z1.org.")) as announced:
        table.write(*zones.delete(gone, PRESENT, announced))

    assert pools.count(table, PLAIN.id) == 2
    assert zones.get(table, "z0").pool_id == PLAIN.id


def test_zones_of_the_deployments_pool_do_not_count(table):
    pools.put(table, PLAIN, None, NOW)

    table.write(*zones.create(replace(ZONE, pool_id=None)))

    assert pools.count(table, PLAIN.id) == 0
    assert "pool_id" not in table.get(keys.zone("z1"))


def test_a_pool_is_deleted_when_it_has_no_zones(table):
    made = pools.put(table, PLAIN, None, NOW)
    table.write(*zones.create(ZONE))
    with pytest.raises(PoolInUse) as raised:
        pools.delete(table, made)
    assert raised.value.zones == 1

    with claims.announced(table, ZONE) as announced:
        table.write(*zones.delete(replace(ZONE, state=State.DELETED, updated=LATER), PRESENT, announced))
    pools.delete(table, made)

    assert pools.listing(table) == []
    assert list(table.query(keys.POOLS)) == []
    assert table.get_all(keys.pool_counts(PLAIN.id)) == [None] * keys.COUNT_SHARDS


def test_a_pool_that_changed_is_not_deleted(table):
    old = pools.put(table, PLAIN, None, NOW)
    pools.put(table, replace(old, threshold=50), old, LATER)

    with pytest.raises(PoolChanged):
        pools.delete(table, old)
    assert pools.get(table, PLAIN.id).threshold == 50


def test_no_zone_is_created_in_a_pool_that_was_deleted(table):
    pools.delete(table, pools.put(table, PLAIN, None, NOW))

    with pytest.raises(ConditionFailed) as raised:
        table.write(*zones.create(ZONE))

    assert isinstance(zones.refusal(ZONE, raised.value), NoValidPool)
    assert zones.get(table, "z1") is None
    assert table.get_all(keys.pool_counts(PLAIN.id)) == [None] * keys.COUNT_SHARDS
