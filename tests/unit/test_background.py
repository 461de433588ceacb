import pytest
from support.calls import CONTEXT
from zonewright import background as edge
from zonewright.errors import Invalid, RecentlySynced, SyncLost, TaskFault, TransferRefused, ZoneBusy, ZoneSyncing
from zonewright.model.order import Order
from zonewright.service import Service

EVENT = {
    "order": {"zone_id": "6a4fd4c5", "sync_id": "0d3e5b7a", "created": "2026-01-15T12:34:56.000000Z"},
    "prefix": "staging/0d3e5b7a/1/",
}
ORDER = Order("6a4fd4c5", "0d3e5b7a", "2026-01-15T12:34:56.000000Z", "request")


def failing(error):
    """A task that fails so."""

    @edge.task
    def handler(service, order, event):
        raise error

    return handler


def test_an_order_is_read_from_what_every_state_passes_on():
    assert edge.order_of(EVENT) == ORDER


@pytest.mark.parametrize("field", ["zone_id", "sync_id", "created"])
def test_an_event_without_a_field_of_the_order_is_a_bug(field):
    order = {name: value for name, value in EVENT["order"].items() if name != field}

    with pytest.raises(TypeError, match=field):
        edge.order_of({"order": order})


def test_an_order_with_a_field_that_only_a_newer_release_knows_waits_for_its_function():
    with pytest.raises(ZoneBusy, match="an order has the field colour: the service is being upgraded; try again"):
        edge.order_of({"order": EVENT["order"] | {"colour": "blue"}})


def test_a_task_is_given_the_service_its_order_and_its_event(caplog):
    given = []

    @edge.task
    def handler(service, order, event):
        given.append((type(service), order, event))
        return {"batches": [0, 1], "version": 3}

    answer = handler(EVENT, CONTEXT)

    assert answer == {"batches": [0, 1], "version": 3}
    assert given == [(Service, ORDER, EVENT | {"attempt": "request-7"})]
    (line,) = caplog.records
    assert (line.message, line.zone_id, line.sync_id, line.task) == (
        "task done",
        "6a4fd4c5",
        "0d3e5b7a",
        "test_background",
    )
    assert (line.version, hasattr(line, "batches")) == (3, False)
    assert line.seconds >= 0
    assert line.peak_rss_mb >= 0


@pytest.mark.parametrize("error", [TransferRefused("192.0.2.1: the primary answered REFUSED"), SyncLost("lost")])
def test_an_error_with_a_name_keeps_it(error, caplog):
    with pytest.raises(type(error)) as raised:
        failing(error)(EVENT, CONTEXT)

    assert raised.value is error
    (line,) = caplog.records
    assert (line.levelname, line.error, line.reason) == ("WARNING", type(error).__name__, error.message)


def test_what_is_staged_is_said_by_an_error_and_is_none(caplog):
    with pytest.raises(edge.Staged, match=r"^staging/0d3e5b7a/1/$"):
        failing(edge.Staged("staging/0d3e5b7a/1/"))(EVENT, CONTEXT)

    (line,) = caplog.records
    assert (line.levelname, line.message, line.staged) == ("INFO", "task done", "staging/0d3e5b7a/1/")


def test_any_other_error_is_a_fault_that_names_the_request_only(caplog):
    with pytest.raises(TaskFault) as raised:
        failing(RuntimeError("secret"))(EVENT, CONTEXT)

    assert str(raised.value) == "an internal error, logged under request request-7"
    (line,) = caplog.records
    assert (line.levelname, line.message, line.exc_info[0]) == ("ERROR", "task fault", RuntimeError)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        pytest.param(
            {"Error": "TransferRefused", "Cause": '{"errorMessage": "192.0.2.1: REFUSED", "errorType": "x"}'},
            "192.0.2.1: REFUSED",
            id="our own",
        ),
        pytest.param({"Error": "States.Timeout", "Cause": ""}, "it took longer than a sync may", id="whole sync"),
        pytest.param(
            {"Error": "Sandbox.Timedout", "Cause": '{"errorMessage": "Task timed out after 900.00 seconds"}'},
            "a step took longer than it may",
            id="one step",
        ),
        pytest.param(
            {"Error": "Runtime.ExitError", "Cause": '{"errorMessage": "RequestId: 7 Error: signal: killed"}'},
            "a worker died, most likely for want of memory",
            id="killed",
        ),
        pytest.param(
            {"Error": "Lambda.Unknown", "Cause": "The cause could not be determined"}, "a worker died", id="unknown"
        ),
        pytest.param({"Error": "States.Runtime", "Cause": "no such path"}, "no such path", id="cause in plain text"),
        pytest.param({"Error": "States.DataLimitExceeded"}, "States.DataLimitExceeded", id="name only"),
        pytest.param({"Error": "X", "Cause": "[]"}, "[]", id="cause of another form"),
        pytest.param({"Error": "X", "Cause": "{}"}, "{}", id="cause without a message"),
        pytest.param({"Error": "X", "Cause": '{"errorMessage": ""}'}, "X", id="empty message"),
        pytest.param({"Error": "X", "Cause": None}, "X", id="no cause"),
        pytest.param({}, "it failed without a reason", id="nothing"),
    ],
)
def test_a_caught_error_says_why(error, reason):
    assert edge.reason_of(error) == reason


def signalled(verb):
    """What a handler that follows a signal answers."""
    return edge.signal(verb)({"id": "event-1", "detail": {"zone_id": "6a4fd4c5"}}, CONTEXT)


def test_a_signal_is_followed_and_its_numbers_are_logged(caplog):
    assert signalled(lambda _, event: {"started": 2, "zones": [event["id"]]}) == {"started": 2, "zones": ["event-1"]}

    (line,) = caplog.records
    assert (line.message, line.event_id, line.task, line.started) == ("event done", "event-1", "test_background", 2)
    assert not hasattr(line, "zones")


def test_a_signal_that_cannot_be_followed_is_over(caplog):
    def refuse(_event, _run):
        raise RecentlySynced("too soon")

    assert signalled(refuse) == {"refused": "too soon"}
    (line,) = caplog.records
    assert (line.levelname, line.message, line.error, line.reason) == (
        "WARNING",
        "event refused",
        "RecentlySynced",
        "too soon",
    )


def test_a_signal_that_met_a_busy_zone_may_be_tried_again_but_not_one_that_a_sync_holds(caplog):
    def refuse(error):
        def follow(_event, _run):
            raise error

        return follow

    with pytest.raises(TaskFault, match="others are changing it"):
        signalled(refuse(ZoneBusy("others are changing it")))
    assert signalled(refuse(ZoneSyncing("it syncs"))) == {"refused": "it syncs"}
    assert [line.error for line in caplog.records] == ["ZoneBusy", "ZoneSyncing"]


def test_a_fault_behind_a_signal_may_be_tried_again(caplog):
    def fail(_event, _run):
        raise RuntimeError("secret")

    with pytest.raises(TaskFault, match="an internal error, logged under request request-7"):
        signalled(fail)
    (line,) = caplog.records
    assert (line.levelname, line.message) == ("ERROR", "event fault")


@pytest.mark.parametrize(
    ("detail", "named"),
    [
        ({"zone_id": "6a4fd4c5"}, ("6a4fd4c5", "")),
        ({"zone_name": "example.org."}, ("", "example.org.")),
        ({"zone_name": "example.org.", "commit": "beef"}, ("", "example.org.")),
    ],
)
def test_an_event_names_a_zone(detail, named):
    assert edge.named_zone({"detail": detail}) == named


@pytest.mark.parametrize(
    "event", [{}, {"detail": None}, {"detail": []}, {"detail": {}}, {"detail": {"zone_id": ["a"], "zone_name": "a."}}]
)
def test_an_event_without_a_zone_is_refused(event):
    with pytest.raises(Invalid, match="has to have a zone_id or a zone_name"):
        edge.named_zone(event)
