import json
from datetime import timedelta
from types import SimpleNamespace

from support.places import EVENTS
from zonewright.contents.chunks import describe, to_text, write
from zonewright.model.version import Version
from zonewright.store import leftovers, versions
from zonewright.store.leftovers import Stage

from functions.sweep.contents import handler

EVENT = json.loads((EVENTS / "sweep_contents.json").read_text())


def context(seconds):
    return SimpleNamespace(aws_request_id="request-1", get_remaining_time_in_millis=lambda: seconds * 1000)


def publish(service, number):
    """A version of its own contents over the one before."""
    lines = [f"a\t1\t60\tc000020{number}"]
    made = describe("", lines, to_text(lines), f"change-{number}")
    write(service.bucket, "zone-id", [(made, to_text(lines))])
    version = Version("zone-id", number, number, service.clock.now, f"change-{number}", (made,))
    base = versions.get(service.table, "zone-id", number - 1)
    service.table.write(*versions.publish(version, base.chunks if base else ()))


def test_what_is_due_is_swept_and_told(service):
    for number in (1, 2):
        publish(service, number)
    service.clock.now += timedelta(days=31)

    assert handler(EVENT, context(900)) == {
        "versions": 1,
        "zones": 0,
        "changes": 0,
        "objects": 0,
        "octets": 0,
        "failed": 0,
    }
    assert [each.stage for each in leftovers.every(service.table, "zone-id")] == [Stage.REMOVED]


def test_without_five_minutes_left_one_thing_is_done_and_no_more(service):
    for number in (1, 2, 3):
        publish(service, number)
    service.clock.now += timedelta(days=31)

    assert handler(EVENT, context(299))["versions"] == 1
    assert handler(EVENT, context(299))["versions"] == 1
    assert len(list(versions.every(service.table, "zone-id"))) == 1


def test_what_is_not_removed_is_counted_and_logged(service, caplog):
    for number in (1, 2):
        publish(service, number)
    service.clock.now += timedelta(days=31)

    def refuse(**_):
        raise OSError("not today")

    events = service.table.client.meta.events
    refused = [f"before-call.dynamodb.{operation}" for operation in ("TransactWriteItems", "PutItem")]
    for operation in refused:
        events.register(operation, refuse)
    answer = handler(EVENT, context(900))
    for operation in refused:
        events.unregister(operation, refuse)

    assert (answer["versions"], answer["failed"]) == (0, 3)
    first, placing, second, _ = caplog.records
    assert (first.message, first.zone_id, first.what) == ("not removed", "zone-id", "version 1")
    assert str(first.exc_info[1]) == "not today"
    assert (placing.zone_id, placing.what) == ("", "the list of zones without places")
    assert (second.zone_id, second.what) == ("", "the list of the pass")
    assert handler(EVENT, context(900))["versions"] == 1


def test_the_event_says_nothing_that_is_heard(service):
    for number in (1, 2):
        publish(service, number)

    answer = handler(EVENT | {"time": "2036-01-15T12:00:00Z", "now": "2036-01-15T12:00:00Z"}, context(900))

    assert answer["versions"] == 0
