"""The sweeper against random histories."""

from contextlib import suppress

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from support.sweeping import DAY, HOUR, MINUTE, World, dated, hosts
from zonewright.errors import SyncInProgress, SyncLost, VersionNotFound, ZoneSyncing

steps = st.one_of(
    st.tuples(st.just("sync"), st.sets(st.integers(0, 15))),
    st.tuples(st.just("sync"), st.sets(st.integers(0, 15))),
    st.tuples(st.just("crash"), st.sets(st.integers(0, 15))),
    st.tuples(st.just("fail"), st.sets(st.integers(0, 15))),
    st.tuples(st.just("lose"), st.sets(st.integers(0, 15))),
    st.tuples(st.just("put"), st.integers(0, 15)),
    st.tuples(st.just("put"), st.integers(0, 15)),
    st.tuples(st.just("restore"), st.integers(1, 6)),
    st.tuples(st.just("restore"), st.integers(1, 6)),
    st.tuples(st.sampled_from(["edit", "late", "delete", "sweep", "sweep", "sweep"]), st.none()),
    st.tuples(st.just("wait"), st.sampled_from([MINUTE, HOUR, HOUR, 3 * HOUR, DAY, 8 * DAY, 31 * DAY])),
    st.tuples(st.just("wait"), st.sampled_from([MINUTE, HOUR, HOUR, 3 * HOUR, DAY, 8 * DAY, 31 * DAY])),
)


def take(world, step, given):
    """One step of a history; a refusal is a step too."""
    match step:
        case "wait":
            world.moment += given
        case "crash":
            world.begin()
            world.merge(hosts(*given))
        case "fail":
            world.begin()
            world.merge(hosts(*given))
            world.fail()
        case "late" if world.running:
            world.publish(0)
        case "delete":
            world.delete()
            world.create()
        case "sync" | "lose":
            getattr(world, step)(hosts(*given))
        case "put" | "restore":
            getattr(world, step)(given)
        case "edit" | "sweep":
            getattr(world, step)()


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(st.lists(steps, min_size=5, max_size=15), st.sampled_from([0, 1, 30]))
def test_through_any_history_what_is_kept_reads_back_and_the_rest_is_gone_in_the_end(table, bucket, history, retention):
    world = World(table, bucket, version_retention=retention)
    table.delete(world.places())
    bucket.delete(bucket.keys(""))
    with dated(world):
        made = {world.create()}
        for step, given_ in history:
            world.moment += MINUTE
            with suppress(SyncInProgress, ZoneSyncing, SyncLost, VersionNotFound):
                take(world, step, given_)
            made.add(world.zone_id)
            world.check()
        while world.running:
            world.fail()
        world.sweep_all()
        world.check()

        objects, items = world.stored()
        needed = world.needed(zone_id for zone_id in made if world.zone(zone_id))
        assert {key for key in objects if key.split("/")[1] in made} == needed[0]
        assert {item for item in items if item[0].partition("#")[2] in made} == needed[1]
