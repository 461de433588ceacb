"""Steps that are tried again: after a fault, and after an answer that was lost."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from primaries import Hostile, hostile
from support.service import loaded, primary
from support.texts import LARGE, SECOND, ZONE
from zonewright.contents import differences
from zonewright.contents.merge import Outside
from zonewright.errors import SyncLost
from zonewright.model.change import ChangeStatus
from zonewright.model.order import INCREMENTAL
from zonewright.sync import steps


def test_a_transfer_that_staged_the_zone_and_is_tried_again_stages_it_anew(service):
    service.settings = replace(service.settings, inline_bytes=1000, batch_bytes=5000)
    with Hostile({ZONE: LARGE}, hostile.messages_of(50)) as server:
        zone = service.create(ZONE, primary(server))
        service.machine.repeated = {"transfer", "plan"}
        status, change = service.work()

    staged = {key.split("/")[2] for key in service.bucket.keys("staging/")}
    read = {key.split("/")[2] for key in service.bucket.keys("staging/") if "/range/" in key}
    assert (status, change.status, change.records) == ("SUCCEEDED", ChangeStatus.SYNCED, 2009)
    assert (len(staged), len(read), service.zone(zone.id).version) == (2, 1, 1)


def test_every_retry_of_a_step_does_the_same_again(service):
    service.settings = replace(service.settings, inline_bytes=1000, batch_bytes=5000, chunk_bytes=4000)
    with Hostile({ZONE: LARGE}, hostile.messages_of(50)) as server:
        zone = service.create(ZONE, primary(server))
        service.machine.repeated = {"parse_batch", "merge_range", "publish"}
        status, change = service.work()

    assert (status, change.status, change.records) == ("SUCCEEDED", ChangeStatus.SYNCED, 2009)
    assert service.zone(zone.id).version == 1


def test_a_transfer_that_published_and_is_tried_again_ends_well(service, server):
    zone = service.create(ZONE, primary(server))
    service.machine.repeated = {"transfer"}

    status, change = service.work()

    assert (status, change.status) == ("SUCCEEDED", ChangeStatus.SYNCED)
    assert (service.zone(zone.id).version, service.zone(zone.id).revision) == (1, 2)


def test_a_sync_that_published_ends_well_even_where_every_answer_is_lost(path, service, server):
    zone = service.create(ZONE, primary(server))

    def lose(task):
        if task == ("transfer" if path == "inline" else "publish"):
            raise ConnectionError("the answer is lost")

    service.machine.after = lose
    status, change = service.work()

    assert (status, change.status, change.reason) == ("SUCCEEDED", ChangeStatus.SYNCED, None)
    assert service.machine.visited[-3:] == ["Fail", "Ended", "Done"]
    assert service.zone(zone.id).version == 1


@pytest.mark.parametrize("trigger", ["refresh", "schedule"])
def test_a_transfer_that_found_nothing_new_and_is_tried_again_ends_well(service, server, trigger):
    zone = service.create(ZONE, primary(server))
    service.work()
    service.request(zone.id, options=INCREMENTAL)
    service.machine.repeated = {"transfer"}

    status, change = service.work(trigger=trigger)

    assert (status, change.status, change.reason) == ("SUCCEEDED", ChangeStatus.SYNCED, "the serial has not moved")
    assert service.zone(zone.id).version == 1


def test_publishing_twice_publishes_once(service, server, monkeypatch):
    zone = service.create(ZONE, primary(server))
    published = []
    plain = steps.publish

    def twice(run, plan, base, merged, outside):
        published.append(plain(run, plan, base, merged, outside))
        published.append(plain(run, plan, base, merged, Outside()))
        return published[-1]

    monkeypatch.setattr(steps, "publish", twice)
    status, _ = service.work()

    assert status == "SUCCEEDED"
    assert [each.version for each in published] == [1, 1]
    assert service.zone(zone.id).revision == 2
    assert SyncLost.__name__ not in str(published)


LATE = SECOND.replace("new     TXT", "late    TXT")
"""As many moves as SECOND makes of FIRST, and one of them differs."""


@contextmanager
def before_storing(service, folder, act):
    """Call `act` once, before the first object of a folder is written."""
    seen = []

    def hook(params, **_):
        if f"/{folder}/" in params["url_path"] and not seen:
            seen.append(params["url_path"])
            act()

    service.bucket.client.meta.events.register("before-call.s3.PutObject", hook)
    yield
    service.bucket.client.meta.events.unregister("before-call.s3.PutObject", hook)
    assert seen


def moved(service, change):
    moves = [move for key in change.differences for move in differences.read(service.bucket, key)]
    return {line.partition("\t")[0] for move in moves for line in (move.before, move.after) if line}


def test_an_attempt_that_loses_leaves_the_winners_moves(path, service, server):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    _, asked = service.request(zone.id)
    order = service.orders[0]

    def win():
        server.reload(ZONE, LATE)
        service.execute(order)

    with before_storing(service, "changes", win):
        _, change = service.work()

    assert 'late 300 TXT "to be deleted"' in service.texts(zone.id)
    assert (change.id, change.status) == (asked.id, ChangeStatus.SYNCED)
    assert {"late", "new"} & moved(service, change) == {"late"}


def test_an_attempt_that_comes_too_late_leaves_the_moves_of_a_finished_dry_run(path, service, server):
    zone = loaded(service, server)
    server.reload(ZONE, SECOND)
    asked = service.ask(zone.id)
    order = service.orders.pop(0)

    def win():
        server.reload(ZONE, LATE)
        service.execute(order)

    with before_storing(service, "dryruns", win):
        service.execute(order)

    change = service.report(asked).change
    assert {"late", "new"} & moved(service, change) == {"late"}
