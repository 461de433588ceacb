from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.serial import Serial
from zonewright.errors import OverQuota, TsigKeyChanged, TsigKeyExists, TsigKeyNotFound
from zonewright.model.tsigkey import Places, Scope, TsigKey
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.store import keys, tsigkeys, zones
from zonewright.store.table import ConditionFailed, Put, Table
from zonewright.store.tsigkeys import Chosen, Limits

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
ONE, TWO, THREE = Primary("192.0.2.1"), Primary("192.0.2.2"), Primary("192.0.2.3")


def tsig(key_id, name, scope=Scope.POOL, resource_id="pool", **fields):
    return TsigKey(key_id, name, "hmac-sha256", b"sealed", scope, resource_id, NOW, **fields)


def pools(key_id, name, primaries=(), zones=()):
    return tsig(key_id, name, places=Places(tuple(primaries), tuple(zones)))


def counted(number, zone_id="zone", group_id="dns-id"):
    return replace(
        tsig(f"k{number}", f"k{number}.", Scope.ZONE, zone_id, group_id=group_id, counted=True),
        created=NOW + timedelta(seconds=number),
    )


def zone(zone_id="zone", group_id="dns-id", primaries=(ONE,)):
    return Zone(zone_id, f"{zone_id}.example.org.", group_id, ZoneType.SECONDARY, NOW, primaries=primaries)


def ids(chosen):
    return {str(primary): key.id for primary, key in chosen.keys.items()}


def numbers(table, zone_id="zone", group_id="dns-id"):
    """The numbers of keys that a zone and a group are known to have."""
    found = [table.get(key) or {} for key in (keys.tsig_count(zone_id), keys.tally(group_id))]
    return [each.get("tsig_keys", 0) for each in found]


@pytest.mark.parametrize(("group_id", "signs"), [("dns-id", "k2"), ("other-id", "k1")])
def test_a_tsig_key_signs_only_for_the_owner_who_made_it(table, group_id, signs):
    tsigkeys.create(table, pools("k1", "pool.key.", [ONE]))
    tsigkeys.create(table, tsig("k2", "zone.key.", Scope.ZONE, "zone", group_id="dns-id"))

    assert ids(tsigkeys.for_zone(table, zone(group_id=group_id), "pool")) == {"192.0.2.1": signs}


def test_a_zones_own_tsig_key_comes_before_the_pools(table):
    pooled = pools("k1", "pool.key.", [ONE])
    tsigkeys.create(table, pooled)
    tsigkeys.create(table, tsig("k2", "b.zone.key.", Scope.ZONE, "zone"))
    tsigkeys.create(table, tsig("k3", "a.zone.key.", Scope.ZONE, "zone"))

    assert ids(tsigkeys.for_zone(table, zone(primaries=(ONE, TWO)), "pool")) == {"192.0.2.1": "k3", "192.0.2.2": "k3"}
    assert tsigkeys.for_zone(table, zone("other"), "pool") == Chosen({ONE: pooled}, pooled=True)
    assert tsigkeys.for_zone(table, zone("other"), "elsewhere") == Chosen({})


def test_the_first_key_of_the_pool_that_lists_a_primary_signs_there(table):
    tsigkeys.create(table, pools("k1", "a.", [TWO], ["other.example.org."]))
    tsigkeys.create(table, pools("k2", "b.", [TWO, ONE], ["zone.example.org."]))
    tsigkeys.create(table, pools("k3", "c.", [TWO]))
    tsigkeys.create(table, pools("k4", "d."))

    found = tsigkeys.for_zone(table, zone(primaries=(ONE, TWO, THREE)), "pool")
    other = tsigkeys.for_zone(table, zone("other", primaries=(ONE, TWO, THREE)), "pool")

    assert (ids(found), ids(other)) == ({"192.0.2.1": "k2", "192.0.2.2": "k2"}, {"192.0.2.2": "k1"})
    assert found.pooled


def test_lists_that_changed_are_those_that_count(table):
    old = pools("k1", "a.", [ONE])
    tsigkeys.create(table, old)

    tsigkeys.replace(table, old, old.changed(NOW, places=Places((TWO,))))

    assert ids(tsigkeys.for_zone(table, zone(primaries=(ONE, TWO)), "pool")) == {"192.0.2.2": "k1"}


def test_a_key_of_the_pool_that_an_earlier_release_stored_signs_nothing_until_it_has_a_list(table):
    stored = stored_before("k1", "POOL", "pool")
    table.write(Put(stored), Put(keys.tsig_name("pool", "k1.") | {"id": "k1"}))
    old = tsigkeys.get(table, "k1")

    assert tsigkeys.for_zone(table, zone(), "pool") == Chosen({}, pooled=True)
    assert (old.edition, old.counted, old.places) == (3, False, Places())
    tsigkeys.replace(table, old, old.changed(NOW, places=Places((ONE,))))
    assert tsigkeys.for_zone(table, zone(), "pool").keys[ONE].edition == 3


def stored_before(key_id, scope, resource_id, **more):
    """The item of a key as earlier releases stored it."""
    place = {"gsi1pk": "TSIGKEYS", "gsi1sk": f"2026-01-15T12:34:56.000000Z#{key_id}"}
    fields = {"name": f"{key_id}.", "algorithm": "hmac-sha256", "secret": b"sealed", "created": place["gsi1sk"][:27]}
    named = {"id": key_id, "scope": scope, "resource_id": resource_id, "revision": 3}
    return {**keys.tsig_key(key_id), **place, **fields, **named, **more}


def test_a_tsig_key_is_made_once_and_deleted_once(table):
    key = tsig("k1", "pool.key.")
    tsigkeys.create(table, key)
    with pytest.raises(TsigKeyExists):
        tsigkeys.create(table, tsig("k1", "other.key."))

    tsigkeys.delete(table, key)

    assert tsigkeys.listing(table, "pool") == []
    with pytest.raises(TsigKeyNotFound):
        tsigkeys.delete(table, key)


def made(table, number, limits):
    try:
        tsigkeys.create(table, counted(number), limits=limits)
    except OverQuota as error:
        return error.message
    return ""


@pytest.mark.parametrize(
    ("limits", "said"),
    [(Limits(group=6), "project dns-id may have 6"), (Limits(zone=6), "zone zone may have 6")],
    ids=["project", "zone"],
)
def test_of_many_keys_made_at_once_as_many_as_the_limit_are(table, limits, said):
    raced = Table(Serial(table.client), table.name)
    with ThreadPoolExecutor(4) as pool:
        messages = list(pool.map(lambda number: made(raced, number, limits), range(11)))

    assert sorted(messages) == [""] * 6 + [f"over quota: quota tsigkeys: {said}"] * 5
    assert (len(tsigkeys.listing(table, "zone")), numbers(table)) == (6, [6, 6])


def test_a_deleted_key_makes_room_and_one_that_never_counted_does_not(table):
    limits = Limits(1, 1)
    tsigkeys.create(table, counted(1), limits=limits)
    table.write(
        Put(stored_before("old", "ZONE", "zone", group_id="dns-id")),
        Put(keys.tsig_name("zone", "old.") | {"id": "old"}),
    )

    tsigkeys.delete(table, tsigkeys.get(table, "old"))
    with pytest.raises(OverQuota):
        tsigkeys.create(table, counted(2), limits=limits)
    tsigkeys.delete(table, counted(1))
    tsigkeys.create(table, counted(2), limits=limits)

    assert numbers(table) == [1, 1]


def test_no_room_is_no_room(table):
    with pytest.raises(OverQuota, match="zone zone may have 0"):
        tsigkeys.create(table, counted(1), limits=Limits(zone=0))

    assert tsigkeys.get(table, "k1") is None


def test_a_key_counts_where_it_moves(table):
    tsigkeys.create(table, counted(1))
    tsigkeys.create(table, counted(2, "other", "other-id"), limits=Limits(1, 1))
    old = counted(1)
    moved = old.changed(NOW, resource_id="other", group_id="other-id")

    with pytest.raises(OverQuota, match="zone other may have 1"):
        tsigkeys.replace(table, old, moved, limits=Limits(2, 1))
    with pytest.raises(OverQuota, match="project other-id may have 1"):
        tsigkeys.replace(table, old, moved, limits=Limits(1, 2))
    tsigkeys.replace(table, old, moved, limits=Limits(2, 2))
    pooled = moved.changed(NOW, scope=Scope.POOL, resource_id="pool", group_id=None, counted=False)

    assert numbers(table) == [0, 0]
    assert numbers(table, "other", "other-id") == [2, 2]
    tsigkeys.replace(table, moved, pooled, limits=Limits(0, 0))
    assert numbers(table, "other", "other-id") == [1, 1]


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda table: tsigkeys.create(table, counted(2)), id="made"),
        pytest.param(lambda table: tsigkeys.delete(table, counted(1)), id="deleted"),
        pytest.param(lambda table: tsigkeys.replace(table, counted(1), counted(1).changed(NOW, name="n.")), id="named"),
        pytest.param(
            lambda table: tsigkeys.replace(table, counted(1), counted(1).changed(NOW, resource_id="other")), id="moved"
        ),
    ],
)
def test_keys_that_changed_since_they_were_read_do_not_end(table, act):
    tsigkeys.create(table, counted(1))
    ended = tsigkeys.end(table, "zone", names=True)
    act(table)

    with pytest.raises(ConditionFailed):
        table.write(*ended.writes)

    again = tsigkeys.end(table, "zone", names=True)
    table.write(*again.writes)
    assert tsigkeys.listing(table, "zone") == []


def test_the_first_key_of_a_zone_does_not_escape(table):
    ended = tsigkeys.end(table, "zone", names=False)
    tsigkeys.create(table, counted(1))

    with pytest.raises(ConditionFailed):
        table.write(*ended.writes)


def many(table):
    """Keys of two groups, of the pool and of an earlier release, a second apart."""
    tsigkeys.create(table, counted(1))
    tsigkeys.create(table, counted(2, "other", "other-id"))
    tsigkeys.create(table, replace(tsig("k3", "pool."), created=NOW + timedelta(seconds=3)))
    tsigkeys.create(table, counted(4))
    table.write(Put(stored_before("k0", "ZONE", "zone")))
    for group_id in ("dns-id", "other-id"):
        table.write(*zones.create(zone(group_id, group_id)))


@pytest.mark.parametrize(
    ("group_id", "found"),
    [(None, ["k0", "k1", "k2", "k3", "k4"]), ("dns-id", ["k0", "k1", "k3", "k4"]), ("other-id", ["k0", "k2", "k3"])],
)
def test_keys_are_listed_in_the_order_of_creation(table, group_id, found):
    many(table)

    listed = list(tsigkeys.every(table, group_id))

    assert [key.id for key in listed] == found
    for at, key in enumerate(listed):
        assert [each.id for each in tsigkeys.every(table, group_id, key, limit=1)] == found[at + 1 :]
        back = tsigkeys.every(table, group_id, key, newest_first=True, limit=1)
        assert [each.id for each in back] == found[:at][::-1]


def test_a_list_reads_no_key_of_another_group(table, monkeypatch):
    many(table)
    read, plain = [], type(table).query

    def query(self, pk, **options):
        for item in plain(self, pk, **options):
            read.append(item["id"])
            yield item

    monkeypatch.setattr(type(table), "query", query)

    list(tsigkeys.every(table, "other-id"))

    assert sorted(read) == ["k0", "k2", "k3"]


def test_what_a_deleted_zone_left_is_swept_and_no_more(table):
    """A zone that an earlier release deleted still has its keys. One of them was made again, for another zone."""
    for key_id in ("old", "moved"):
        table.write(
            Put(stored_before(key_id, "ZONE", "zone")), Put(keys.tsig_name("zone", f"{key_id}.") | {"id": key_id})
        )
    table.write(Put(stored_before("moved", "ZONE", "other")))

    tsigkeys.sweep(table, "zone")

    assert (tsigkeys.get(table, "old"), tsigkeys.get(table, "moved").resource_id) == (None, "other")
    assert list(table.query(keys.tsig_names("zone"))) == []


def test_a_write_whose_check_fails_is_told_as_a_change(table):
    with pytest.raises(TsigKeyChanged):
        tsigkeys.create(table, counted(1), zones.still_owned(zone()))

    assert numbers(table) == [0, 0]
