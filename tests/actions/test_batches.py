"""Batch changes that are stored: who sees them, lists, and the end of those that wait for a review."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from zonewright.actions import batches
from zonewright.actions.batches import Page
from zonewright.errors import BatchForbidden, BatchNotFound, BatchNotPending, ZonewrightError
from zonewright.http.vinyldns import dialect
from zonewright.model.batches.batch import Approval, Asked, Batch, BatchStatus, Change, ChangeType, Status
from zonewright.model.batches.problems import Kind, problem
from zonewright.model.users import Caller
from zonewright.protocol.fields import Record
from zonewright.protocol.types import TXT, A
from zonewright.service import Service
from zonewright.store import batches as store

NOW = datetime(2026, 1, 15, 12, 34, 56, 275934, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ADA = Caller("u1", "ada")
BOB = Caller("u2", "bob")
ROOT = Caller("u3", "root", is_super=True)
SUPPORT = Caller("u4", "support", is_support=True)
ADD = Asked(ChangeType.ADD, "a.ok.", "A", Record(A, {"address": "192.0.2.1"}), 300)
CHANGES = (
    Change("c1", ADD, Status.PENDING, 300, "z1", "ok.", "a", message="m"),
    Change(
        "c2",
        Asked(ChangeType.DELETE, "b.no.", "A"),
        Status.NEEDS_REVIEW,
        problems=(problem(Kind.NO_ZONE, name="b.no."),),
    ),
)
BATCH = Batch("b1", "u1", "ada", NOW, CHANGES, Approval.PENDING_REVIEW, comments="why", owner_group_id="g1")


@pytest.fixture(autouse=True)
def later(monkeypatch):
    monkeypatch.setattr(Service, "now", lambda _: LATER)


@pytest.fixture
def batch(service):
    store.create(service.table, BATCH)
    return BATCH


def text(error):
    return dialect.text(error)


def test_a_batch_is_read_as_it_was_stored(service, batch):
    assert batches.get(service, "b1", caller=ADA) == batch


def test_a_batch_may_be_larger_than_an_item(service):
    noise = random.Random(1)
    changes = tuple(
        Change(
            f"c{number}",
            Asked(ChangeType.ADD, "a.ok.", "TXT", Record(TXT, {"text": noise.randbytes(30_000).hex()})),
        )
        for number in range(30)
    )
    large = replace(BATCH, changes=changes)

    store.create(service.table, large)

    assert batches.get(service, "b1", caller=ADA) == large


@pytest.mark.parametrize("caller", [ADA, ROOT, SUPPORT], ids=lambda each: each.user_name)
def test_its_creator_and_operators_see_a_batch(service, batch, caller):
    assert batches.get(service, "b1", caller=caller) == batch


def refused(call):
    with pytest.raises(ZonewrightError) as caught:
        call()
    return type(caught.value), text(caught.value)


NOT_THERE = (BatchNotFound, "Batch change with id b1 cannot be found")
FORBIDDEN = (BatchForbidden, "User does not have access to item b1")
NOT_PENDING = (BatchNotPending, "Batch change b1 is not pending review, so it cannot be rejected.")


def test_what_is_not_there_is_not_found(service):
    assert refused(lambda: batches.get(service, "b1", caller=ROOT)) == NOT_THERE
    assert refused(lambda: batches.reject(service, "b1", None, caller=BOB)) == NOT_THERE
    assert refused(lambda: batches.cancel(service, "b1", caller=BOB)) == NOT_THERE
    with pytest.raises(BatchNotFound):
        batches.get(service, "x" * 3000, caller=ROOT)


def test_who_sees_rejects_and_cancels_a_batch(service, batch):
    assert refused(lambda: batches.get(service, "b1", caller=BOB)) == FORBIDDEN
    assert refused(lambda: batches.reject(service, "b1", None, caller=ADA)) == FORBIDDEN
    assert refused(lambda: batches.cancel(service, "b1", caller=ROOT)) == FORBIDDEN


@pytest.mark.parametrize("caller", [ROOT, SUPPORT], ids=lambda each: each.user_name)
def test_a_rejected_batch_says_so_with_all_its_changes(service, batch, caller):
    found = batches.reject(service, "b1", "no", caller=caller)

    assert found == batches.get(service, "b1", caller=ADA)
    assert (found.status, found.approval) == (BatchStatus.REJECTED, Approval.MANUALLY_REJECTED)
    assert [each.status for each in found.changes] == [Status.REJECTED] * 2
    assert (found.reviewer_id, found.review_comment, found.reviewed) == (caller.user_id, "no", LATER)
    assert found.changes[1].problems == CHANGES[1].problems


def test_a_cancelled_batch_says_so_with_all_its_changes(service, batch):
    found = batches.cancel(service, "b1", caller=ADA)

    assert (found.status, found.approval, found.cancelled) == (BatchStatus.CANCELLED, Approval.CANCELLED, LATER)
    assert [each.status for each in found.changes] == [Status.CANCELLED] * 2
    assert found.reviewer_id is None


def test_a_batch_is_decided_once(service, batch):
    batches.cancel(service, "b1", caller=ADA)

    assert refused(lambda: batches.reject(service, "b1", None, caller=ROOT)) == NOT_PENDING
    assert refused(lambda: batches.cancel(service, "b1", caller=BOB)) == NOT_PENDING
    with pytest.raises(BatchNotPending):
        store.decide(service.table, replace(batch, approval=Approval.MANUALLY_REJECTED))


@pytest.fixture
def many(service):
    """Seven batches, one a minute: those of even numbers are ada's, of which the last was cancelled."""
    for number in range(7):
        user = ADA if number % 2 == 0 else BOB
        store.create(
            service.table,
            replace(
                BATCH,
                id=f"b{number}",
                user_id=user.user_id,
                user_name=user.user_name,
                created=NOW + timedelta(minutes=number),
            ),
        )
    batches.cancel(service, "b6", caller=ADA)


def listed(service, caller, **page):
    some, following = batches.listing(service, Page(**page), caller=caller)
    return [each.batch.id for each in some], following


@pytest.mark.usefixtures("many")
def test_batches_are_listed_newest_first_in_pages(service):
    assert listed(service, ADA) == (["b6", "b4", "b2", "b0"], None)
    assert listed(service, ADA, limit=3) == (["b6", "b4", "b2"], 3)
    assert listed(service, ADA, limit=3, start=3) == (["b0"], None)
    assert listed(service, ADA, limit=2, start=2) == (["b2", "b0"], None)
    assert listed(service, ADA, start=9) == ([], None)
    assert listed(service, Caller("u9", "zoe")) == ([], None)


@pytest.mark.usefixtures("many")
def test_only_operators_list_those_of_others(service):
    everything = [f"b{number}" for number in range(6, -1, -1)]

    assert listed(service, ROOT, everybody=True)[0] == everything
    assert listed(service, SUPPORT, everybody=True)[0] == everything
    assert listed(service, ROOT)[0] == []
    assert listed(service, BOB, everybody=True)[0] == ["b5", "b3", "b1"]


@pytest.mark.usefixtures("many")
def test_a_list_is_filtered_by_approval_user_and_time(service):
    whole = NOW.replace(microsecond=0)

    assert listed(service, ADA, approval=Approval.CANCELLED) == (["b6"], None)
    assert listed(service, ROOT, everybody=True, user_name="bob", limit=2) == (["b5", "b3"], 2)
    assert listed(service, ROOT, everybody=True, user_name="Bob") == ([], None)
    between = {"since": whole + timedelta(minutes=1), "until": whole + timedelta(minutes=3)}
    assert listed(service, ROOT, everybody=True, **between) == (["b3", "b2", "b1"], None)


@pytest.mark.usefixtures("many")
def test_an_entry_of_a_list_has_the_number_of_changes_and_the_status(service):
    (newest, next_one), _ = batches.listing(service, Page(limit=2), caller=ADA)

    assert (newest.total, newest.status) == (2, BatchStatus.CANCELLED)
    assert (next_one.total, next_one.status) == (2, BatchStatus.PENDING_REVIEW)
    assert (next_one.batch.comments, next_one.batch.changes) == ("why", ())
