import itertools
import json
import time
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st
from zonewright.errors import ZoneBusy
from zonewright.model.settings import Settings
from zonewright.service import Service
from zonewright.store import table as store_table
from zonewright.store.conditions import ABSENT, PRESENT, Condition
from zonewright.store.table import Check, ConditionFailed, Delete, Put, Update
from zonewright.store.typed import decode, decode_item, encode, encode_item

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1), inner, max_size=3),
    max_leaves=8,
)


def key(sk, pk="ZONE#1"):
    return {"pk": pk, "sk": sk}


def equals(name, value):
    return Condition(f"#{name} = :{name}", {f"#{name}": name}, {f":{name}": value})


@pytest.fixture
def history(table):
    """A partition with five changes, a zone, and a version; and another partition beside it."""
    for number in range(1, 6):
        table.write(Put(key(f"CHANGE#{number}") | {"number": number}))
    table.write(Put(key("ZONE")), Put(key("VERSION#1")), Put(key("CHANGE#9", "ZONE#2")))
    return table


def sks(items):
    return [item["sk"] for item in items]


@given(st.dictionaries(st.text(min_size=1), values, max_size=5))
def test_an_item_reads_back_as_it_was_written(item):
    assert decode_item(encode_item(item)) == item


def test_a_tuple_reads_back_as_a_list():
    assert decode(encode(("a", 1))) == ["a", 1]


@pytest.mark.parametrize(
    "value", [1.5, datetime(2026, 1, 1, tzinfo=UTC), {1, 2}], ids=lambda value: type(value).__name__
)
def test_what_has_no_place_in_an_item_is_a_bug(value):
    with pytest.raises(TypeError, match=f"{type(value).__name__} has no place in an item"):
        encode(value)


def test_an_item_is_found_by_its_key_or_it_is_none(table):
    item = key("ZONE") | {
        "name": "example.org.",
        "serial": 2**32 - 1,
        "shared": False,
        "chunks": b"\x00\xff",
        "x": None,
    }

    table.write(Put(item))

    assert table.get(key("ZONE")) == item
    assert table.get(key("ZONE", "ZONE#2")) is None


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        pytest.param(
            {}, ["CHANGE#1", "CHANGE#2", "CHANGE#3", "CHANGE#4", "CHANGE#5", "VERSION#1", "ZONE"], id="the partition"
        ),
        pytest.param({"prefix": "V"}, ["VERSION#1"], id="prefix"),
        pytest.param({"prefix": "X"}, [], id="a prefix nothing has"),
        pytest.param({"limit": 2}, ["CHANGE#1", "CHANGE#2"], id="limit"),
        pytest.param({"limit": 4, "step": 3}, ["CHANGE#1", "CHANGE#2", "CHANGE#3", "CHANGE#4"], id="limit in steps"),
        pytest.param(
            {"step": 2, "prefix": "CHANGE#", "after": "CHANGE#2"}, ["CHANGE#3", "CHANGE#4", "CHANGE#5"], id="steps"
        ),
        pytest.param({"limit": 99, "prefix": "V"}, ["VERSION#1"], id="limit beyond the end"),
        pytest.param({"until": "CHANGE#3"}, ["CHANGE#1", "CHANGE#2"], id="until one"),
        pytest.param({"until": "CHANGE#3", "limit": 1}, ["CHANGE#1"], id="limit until one"),
        pytest.param({"until": "A"}, [], id="until one before all"),
        pytest.param({"newest_first": True, "limit": 2}, ["ZONE", "VERSION#1"], id="from the end"),
        pytest.param({"prefix": "CHANGE#", "newest_first": True, "limit": 2}, ["CHANGE#5", "CHANGE#4"], id="newest"),
        pytest.param({"prefix": "CHANGE#", "after": "CHANGE#3"}, ["CHANGE#4", "CHANGE#5"], id="behind one"),
        pytest.param({"prefix": "CHANGE#", "after": "CHANGE#3", "limit": 1}, ["CHANGE#4"], id="one behind one"),
        pytest.param(
            {"prefix": "CHANGE#", "after": "CHANGE#2x", "limit": 1}, ["CHANGE#3"], id="behind what is not there"
        ),
        pytest.param({"prefix": "CHANGE#", "after": "CHANGE#5"}, [], id="behind the last"),
        pytest.param(
            {"prefix": "CHANGE#", "after": "CHANGE#3", "newest_first": True}, ["CHANGE#2", "CHANGE#1"], id="before one"
        ),
        pytest.param(
            {"prefix": "CHANGE#", "after": "CHANGE#3", "newest_first": True, "limit": 1},
            ["CHANGE#2"],
            id="one before one",
        ),
        pytest.param({"prefix": "CHANGE#", "after": "CHANGE#1", "newest_first": True}, [], id="before the first"),
        pytest.param({"until": "CHANGE#1"}, [], id="until the first"),
    ],
)
def test_a_query_reads_a_stretch_of_one_partition(history, arguments, found):
    assert sks(history.query("ZONE#1", **arguments)) == found


@pytest.mark.parametrize("newest_first", [False, True], ids=["oldest first", "newest first"])
@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6])
def test_pages_hold_everything_once(history, limit, newest_first):
    found, after = [], None
    while page := sks(history.query("ZONE#1", prefix="CHANGE#", after=after, limit=limit, newest_first=newest_first)):
        assert len(page) <= limit
        found += page
        after = page[-1]

    assert found == sorted(found, reverse=newest_first)
    assert len(found) == 5


def test_a_query_follows_dynamodb_over_its_pages(table):
    for number in range(5):
        table.write(Put(key(f"CHANGE#{number}") | {"text": "x" * 300_000}))

    assert sks(table.query("ZONE#1")) == [f"CHANGE#{number}" for number in range(5)]


def test_an_index_is_read_from_a_whole_key_on(table):
    items = [key("ZONE", f"ZONE#{number}") | {"gsi1pk": "GROUP#1", "gsi1sk": f"{9 - number}"} for number in range(3)]
    for item in items:
        table.write(Put(item))

    assert list(table.query("GROUP#1", index="gsi1")) == items[::-1]
    assert list(table.query("GROUP#1", index="gsi1", start=items[2], limit=1)) == [items[1]]
    assert list(table.query("GROUP#1", index="gsi1", start=items[0])) == []


def test_an_update_sets_adds_and_removes(table):
    table.write(Put(key("ZONE") | {"state": "SYNCING", "holder": "me", "lease": 7, "revision": 3}))

    table.write(
        Update(
            key("ZONE"), set={"state": "ACTIVE"}, add={"revision": 1, "zones": 2}, remove=("holder", "lease", "gone")
        )
    )

    assert table.get(key("ZONE")) == key("ZONE") | {"state": "ACTIVE", "revision": 4, "zones": 2}


def test_an_update_returns_the_item_after_it(table):
    table.write(Put(key("ZONE") | {"lease": 1, "order": {"mode": "ixfr"}}))

    after = table.update(Update(key("ZONE"), set={"lease": 2}, remove=("order",), condition=equals("lease", 1)))

    assert after == table.get(key("ZONE")) == key("ZONE") | {"lease": 2}


@pytest.mark.parametrize("there", [None, {"lease": 7}], ids=["missing", "another value"])
def test_an_update_whose_condition_fails_writes_nothing_and_shows_the_item(table, there):
    if there:
        table.write(Put(key("ZONE") | there))

    with pytest.raises(ConditionFailed) as caught:
        table.update(Update(key("ZONE"), set={"lease": 2}, condition=equals("lease", 1)))

    assert caught.value.failed == [True]
    assert table.get(key("ZONE")) == (key("ZONE") | there if there else None)


def test_an_update_waits_for_a_throttled_table(table, pauses):
    with Stubber(table.client) as stub:
        stub.add_client_error("update_item", "ThrottlingException")
        stub.add_response("update_item", {"Attributes": {"lease": {"N": "2"}}})

        assert table.update(Update(key("ZONE"), set={"lease": 2})) == {"lease": 2}

    assert len(pauses) == 1


def test_writes_happen_together(table):
    table.write(Put(key("old")))

    table.write(Put(key("new"), ABSENT), Delete(key("old"), PRESENT), Update(key("tally"), add={"zones": 1}))

    assert sks(table.query("ZONE#1")) == ["new", "tally"]


def test_one_condition_that_fails_undoes_all_and_shows_every_item_it_asked_of(table):
    table.write(Put(key("a") | {"n": 1}), Put(key("b") | {"n": 2}), Put(key("d") | {"n": 4}))
    before = list(table.query("ZONE#1"))

    with pytest.raises(ConditionFailed) as failed:
        table.write(
            Put(key("a"), ABSENT),
            Update(key("b"), set={"n": 3}, condition=equals("n", 2)),
            Put(key("c")),
            Check(key("d"), equals("n", 5)),
            Delete(key("e"), PRESENT),
        )

    assert failed.value.failed == [True, False, False, True, True]
    assert failed.value.old == [key("a") | {"n": 1}, None, None, key("d") | {"n": 4}, None]
    assert list(table.query("ZONE#1")) == before


@pytest.mark.parametrize(
    ("there", "condition", "done"),
    [(True, PRESENT, True), (False, PRESENT, False), (True, ABSENT, False), (False, ABSENT, True)],
)
@pytest.mark.parametrize("kind", ["Put", "Update", "Delete", "Check"])
def test_every_kind_of_write_is_conditional(table, kind, there, condition, done):
    if there:
        table.write(Put(key("a") | {"n": 1}))
    write = {
        "Put": Put(key("a") | {"n": 2}, condition),
        "Update": Update(key("a"), set={"n": 2}, condition=condition),
        "Delete": Delete(key("a"), condition),
        "Check": Check(key("a"), condition),
    }[kind]

    with nullcontext() if done else pytest.raises(ConditionFailed) as failed:
        table.write(write)

    found = [key("a") | {"n": 1} if there else None]
    assert done or (failed.value.old, failed.value.failed) == (found, [True])


def cancelled(*codes):
    """DynamoDB's answer to a transaction that was cancelled for these reasons."""
    return {"CancellationReasons": [{"Code": code} for code in codes]}


def stubbed(table, *answers):
    stub = Stubber(table.client)
    for code, extra in answers:
        if code:
            stub.add_client_error("transact_write_items", code, modeled_fields=extra)
        else:
            stub.add_response("transact_write_items", {})
    return stub


def refused(*codes):
    return ("TransactionCanceledException", cancelled(*codes))


TWO = Put({"pk": "ZONE#1", "sk": "a"}), Put({"pk": "ZONE#1", "sk": "b"})
"""Writes of a transaction."""

CONFLICT = refused("None", "TransactionConflict")
IN_PROGRESS = ("TransactionInProgressException", {})
TRANSIENT = {
    "conflict": CONFLICT,
    "in progress": IN_PROGRESS,
    "throttled": refused("None", "ThrottlingError"),
    "throughput": refused("ProvisionedThroughputExceeded", "None"),
    "throttled at once": ("ThrottlingException", {}),
    "throughput at once": ("ProvisionedThroughputExceededException", {}),
    "too many requests": ("RequestLimitExceeded", {}),
    "fault": ("InternalServerError", {}),
}


@pytest.fixture
def pauses(monkeypatch):
    """The pauses that were made, of which none took any time."""
    made = []
    monkeypatch.setattr(time, "sleep", made.append)
    return made


@contextmanager
def during(table, moment, act):
    """Call `act` at a moment of every write, before others do."""
    events = [f"{moment}.dynamodb.{each}" for each in ("TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem")]
    for event in events:
        table.client.meta.events.register_first(event, act)
    try:
        yield
    finally:
        for event in events:
            table.client.meta.events.unregister(event, act)


@pytest.fixture
def tokens(table):
    """The tokens of all transactions that were sent."""
    sent = []
    with during(table, "before-parameter-build", lambda params, **_: sent.append(params.get("ClientRequestToken"))):
        yield sent


@pytest.mark.parametrize("in_the_way", TRANSIENT.values(), ids=TRANSIENT)
def test_what_passes_is_waited_for_with_one_token_and_growing_pauses(table, in_the_way, pauses, tokens):
    with stubbed(table, *[in_the_way] * 6, (None, None), (None, None)) as stub:
        table.write(*TWO)
        table.write(*TWO)

        stub.assert_no_pending_responses()
    assert len(pauses) == 6
    assert pauses[0] < pauses[2] < pauses[4]
    first, *rest, other = tokens
    assert (len(rest), set(rest), first is None, first == other) == (6, {first}, False, False)


@pytest.mark.parametrize(
    ("in_the_way", "told"),
    [(CONFLICT, "others are changing the same zone"), (TRANSIENT["throttled"], "the service has too much to do")],
    ids=["conflict", "throttled"],
)
def test_what_stays_in_the_way_is_told(table, pauses, in_the_way, told):
    with stubbed(table, *[in_the_way] * 8) as stub:
        with pytest.raises(ZoneBusy, match=told):
            table.write(*TWO)

        stub.assert_no_pending_responses()
    assert 2 < sum(pauses) < 6


def test_a_transaction_whose_answer_was_lost_is_no_obstacle_to_itself(table, pauses):
    """As DynamoDB, answer a token that was committed with success. As a network, lose the first answer."""
    committed = set()

    def known(params, **_):
        token = json.loads(params["body"])["ClientRequestToken"]
        if token in committed:
            return SimpleNamespace(status_code=200), {}
        committed.add(token)
        return None

    def lose(**_):
        if len(committed) == 1 and not pauses:
            raise ConnectionClosedError(endpoint_url="https://dynamodb")

    with during(table, "before-call", known), during(table, "after-call", lose):
        table.write(Put(key("a"), ABSENT), Put(key("b")))

        assert (len(pauses), table.get(key("a"))) == (1, key("a"))
        with pytest.raises(ConditionFailed):
            table.write(Put(key("a"), ABSENT), Put(key("b")))


def test_answers_that_stay_lost_are_an_error(table, pauses):
    def lose(**_):
        raise ConnectionClosedError(endpoint_url="https://dynamodb")

    with during(table, "before-call", lose), pytest.raises(ConnectionClosedError):
        table.write(*TWO)

    assert len(pauses) == 7


@pytest.mark.parametrize("in_the_way", [CONFLICT, TRANSIENT["throttled"]], ids=["conflict", "throttled"])
def test_after_a_lost_answer_nobody_is_told_that_nothing_was_written(table, pauses, in_the_way):
    with stubbed(table, TRANSIENT["fault"], *[in_the_way] * 7), pytest.raises(ClientError, match=in_the_way[0]):
        table.write(*TWO)

    assert len(pauses) == 7


@pytest.mark.parametrize(
    ("first", "raised"),
    [((500, "InternalServerError"), ClientError), ((400, "ThrottlingException"), ZoneBusy)],
    ids=["lost", "throttled"],
)
@pytest.mark.usefixtures("pauses")
def test_nor_if_botocore_itself_retried_after_the_lost_answer(table, first, raised):
    watched = Service(Settings(table.name, "")).table
    answers = itertools.chain([first], itertools.repeat((400, "ThrottlingException")))

    def answer(request, **_):
        status, code = next(answers)
        raw = SimpleNamespace(stream=lambda: iter([json.dumps({"__type": f"x#{code}", "message": "no"}).encode()]))
        return AWSResponse(request.url, status, {}, raw)

    with during(watched, "before-send", answer), pytest.raises(raised):
        watched.write(*TWO)


def test_a_throttle_that_botocore_waits_for_too_ends_before_a_function_does(table, pauses, monkeypatch):
    monkeypatch.setattr(store_table, "_PATIENCE", 0)  # as if the retries of botocore had taken longer

    with stubbed(table, TRANSIENT["throttled at once"]), pytest.raises(ZoneBusy, match="too much to do"):
        table.write(*TWO)

    assert pauses == []


def test_a_failed_condition_beside_a_conflict_is_a_failed_condition(table):
    reasons = cancelled("TransactionConflict", "ConditionalCheckFailed")

    with stubbed(table, ("TransactionCanceledException", reasons)), pytest.raises(ConditionFailed) as failed:
        table.write(Put(key("a")), Put(key("b"), ABSENT))

    assert (failed.value.old, failed.value.failed) == ([None, None], [False, True])


@pytest.mark.parametrize(
    "answer",
    [
        ("ResourceNotFoundException", {}),
        ("TransactionCanceledException", cancelled("ValidationError")),
    ],
    ids=str,
)
def test_any_other_error_goes_up_as_it_is(table, answer):
    with stubbed(table, answer), pytest.raises(ClientError, match=answer[0]):
        table.write(*TWO)


# --- One write, without a transaction


ONE = {
    "put": Put(key("a") | {"n": 2}, equals("n", 1)),
    "update": Update(key("a"), set={"n": 2}, remove=("m",), condition=equals("n", 1)),
    "delete": Delete(key("a"), equals("n", 1)),
}
LEFT = {"put": key("a") | {"n": 2}, "update": key("a") | {"n": 2}, "delete": None}
"""What each write leaves."""
BEFORE = key("a") | {"n": 1, "m": 1}


@pytest.fixture
def sent(table):
    """The names of the operations of all writes that were sent."""
    names = []
    with during(table, "before-call", lambda model, **_: names.append(model.name)):
        yield names


@pytest.mark.parametrize("kind", ONE)
def test_one_write_is_no_transaction(table, sent, kind):
    table.write(Put(BEFORE))

    table.write(ONE[kind])
    with pytest.raises(ConditionFailed) as failed:
        table.write(ONE[kind])

    operation = f"{kind.title()}Item"
    assert sent == ["PutItem", operation, operation]
    assert table.get(key("a")) == LEFT[kind]
    assert (failed.value.old, failed.value.failed) == ([LEFT[kind]], [True])


@pytest.mark.parametrize(
    "write", [Update(key("a"), add={"n": 1}), Check(key("a"), PRESENT)], ids=["that adds", "that only checks"]
)
def test_one_write_that_may_not_be_made_twice_is_a_transaction(table, sent, write):
    table.write(Put(BEFORE))

    table.write(write)

    assert sent == ["PutItem", "TransactWriteItems"]


def lose_first(pauses):
    """A handler that loses the answers until the first pause."""

    def lose(**_):
        if not pauses:
            raise ConnectionClosedError(endpoint_url="https://dynamodb")

    return lose


@pytest.mark.parametrize("kind", ONE)
@pytest.mark.parametrize("moment", ["after-call", "before-call"], ids=["done", "not done"])
def test_a_write_whose_answer_was_lost_is_no_obstacle_to_itself(table, pauses, kind, moment):
    table.write(Put(BEFORE))

    with during(table, moment, lose_first(pauses)):
        table.write(ONE[kind])

    assert (len(pauses), table.get(key("a"))) == (1, LEFT[kind])


def test_an_update_whose_answer_was_lost_returns_the_item_it_left(table, pauses):
    table.write(Put(BEFORE))

    with during(table, "after-call", lose_first(pauses)):
        assert table.update(ONE["update"]) == LEFT["update"]


@pytest.mark.parametrize("kind", ONE)
def test_after_a_lost_answer_another_item_tells_nothing_of_the_write(table, pauses, kind):
    """The first try may have been done, and others may have written since."""
    table.write(Put(BEFORE))

    def lose_and_let_others_write(**_):
        if not pauses:
            pauses.append(0)
            table.write(Put(key("a") | {"n": 3}))
            raise ConnectionClosedError(endpoint_url="https://dynamodb")

    with (
        during(table, "after-call", lose_and_let_others_write),
        pytest.raises(ClientError, match="ConditionalCheckFailed"),
    ):
        table.write(ONE[kind])

    assert table.get(key("a")) == key("a") | {"n": 3}


def test_a_write_that_botocore_itself_retried_after_a_lost_answer_is_no_obstacle_to_itself(table):
    watched = Service(Settings(table.name, "")).table
    item = encode_item(LEFT["put"])
    answers = iter(
        [
            (500, {"__type": "x#InternalServerError"}),
            (400, {"__type": "x#ConditionalCheckFailedException", "Item": item}),
            (400, {"__type": "x#ConditionalCheckFailedException", "Item": item}),
        ]
    )

    def answer(request, **_):
        status, body = next(answers)
        return AWSResponse(request.url, status, {}, SimpleNamespace(stream=lambda: iter([json.dumps(body).encode()])))

    with during(watched, "before-send", answer):
        watched.write(ONE["put"])
        with pytest.raises(ConditionFailed):
            watched.write(ONE["put"])


@pytest.mark.parametrize(
    "code", ["TransactionConflictException", "ThrottlingException", "InternalServerError"], ids=str
)
def test_one_write_waits_for_what_passes(table, pauses, code):
    with Stubber(table.client) as stub:
        stub.add_client_error("put_item", code)
        stub.add_response("put_item", {})

        table.write(Put(key("a")))

        stub.assert_no_pending_responses()
    assert len(pauses) == 1


def test_any_number_of_items_is_read_in_the_order_asked_for(table):
    for at in range(0, 230, 100):
        table.write(*[Put(key(str(number)) | {"number": number}) for number in range(at, min(at + 100, 230), 2)])

    found = table.get_all([key(str(number)) for number in reversed(range(230))])

    assert [item["number"] if item else None for item in found] == [
        None if number % 2 else number for number in reversed(range(230))
    ]
    assert table.get_all([]) == []


def test_what_a_read_of_many_left_over_is_read_again(table, pauses):
    def wanted(*sks):
        return {table.name: {"Keys": [encode_item(key(sk)) for sk in sks], "ConsistentRead": True}}

    def answer(*sks, rest=()):
        items = {table.name: [encode_item(key(sk)) for sk in sks]}
        return {"Responses": items, "UnprocessedKeys": wanted(*rest) if rest else {}}

    with Stubber(table.client) as stub:
        stub.add_response("batch_get_item", answer("b", rest=("a",)), {"RequestItems": wanted("a", "b")})
        stub.add_response("batch_get_item", answer("a"), {"RequestItems": wanted("a")})
        found = table.get_all([key("a"), key("b")])

    assert found == [key("a"), key("b")]
    assert len(pauses) == 1


def test_a_read_that_dynamodb_leaves_over_again_and_again_waits_longer_and_ends(table, pauses):
    rest = {table.name: {"Keys": [encode_item(key("a"))], "ConsistentRead": True}}
    with Stubber(table.client) as stub:
        for _ in range(8):
            stub.add_response("batch_get_item", {"Responses": {}, "UnprocessedKeys": rest})
        with pytest.raises(ZoneBusy, match="the service has too much to do"):
            table.get_all([key("a")])
        stub.assert_no_pending_responses()

    assert pauses[0] < pauses[2] < pauses[4]


def test_many_items_are_deleted_and_those_that_are_not_there(table):
    for number in range(30):
        table.write(Put(key(f"CHANGE#{number:02d}")))

    table.delete(key(f"CHANGE#{number:02d}") for number in range(1, 60))

    assert sks(table.query("ZONE#1")) == ["CHANGE#00"]


def test_a_batch_that_is_never_deleted_ends(table, pauses):
    rest = {table.name: [{"DeleteRequest": {"Key": encode_item(key("ZONE"))}}]}
    with Stubber(table.client) as stub:
        for _ in range(8):
            stub.add_response("batch_write_item", {"UnprocessedItems": rest})
        with pytest.raises(ZoneBusy, match="the service has too much to do"):
            table.delete([key("ZONE")])
        stub.assert_no_pending_responses()

    assert len(pauses) == 7


def test_what_dynamodb_leaves_over_of_a_batch_is_deleted_again(table):
    rest = {table.name: [{"DeleteRequest": {"Key": encode_item(key("ZONE"))}}]}
    with Stubber(table.client) as dynamodb:
        dynamodb.add_response("batch_write_item", {"UnprocessedItems": rest})
        dynamodb.add_response("batch_write_item", {"UnprocessedItems": {}}, {"RequestItems": rest})
        table.delete([key("CHANGE#1"), key("ZONE")])
        dynamodb.assert_no_pending_responses()


def test_an_event_of_the_stream_has_binary_values_in_base64():
    assert decode({"B": "AAH/"}) == decode({"B": b"\x00\x01\xff"}) == b"\x00\x01\xff"
