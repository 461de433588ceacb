from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from zonewright.model.change import Change, ChangeStatus, ChangeType, Counts
from zonewright.store import changes, keys
from zonewright.store.table import ConditionFailed, Put

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
PENDING = Change("change-id", "zone-id", ChangeType.SYNC, "ada-id", NOW, base=2)
SYNCED = replace(
    PENDING,
    status=ChangeStatus.SYNCED,
    reason="3 RRsets had records with different TTLs: the lowest was taken",
    counts=Counts(1, 2, 3, 4),
    records=100,
    serial=2**32 - 1,
    finished=NOW + timedelta(seconds=1.5),
    version=3,
    differences=("zones/zone-id/changes/change-id/000000-5",),
)
FAILED = replace(PENDING, status=ChangeStatus.FAILED, reason="192.0.2.1: REFUSED", finished=NOW + timedelta(seconds=2))


@pytest.mark.parametrize("change", [PENDING, SYNCED, FAILED], ids=lambda change: change.status.value)
def test_a_change_reads_back_as_it_was_written(table, change):
    table.write(changes.put(change))

    assert changes.get(table, "zone-id", NOW, "change-id") == change


@pytest.mark.parametrize(
    ("zone_id", "created", "change_id"),
    [("other", NOW, "change-id"), ("zone-id", NOW + timedelta(microseconds=1), "change-id"), ("zone-id", NOW, "other")],
)
def test_another_change_is_none(table, zone_id, created, change_id):
    table.write(changes.put(PENDING))

    assert changes.get(table, zone_id, created, change_id) is None


@pytest.mark.parametrize("ended", [SYNCED, FAILED], ids=lambda change: change.status.value)
def test_the_end_of_a_change_keeps_who_began_it(table, ended):
    table.write(changes.put(PENDING))

    table.write(changes.end(replace(ended, user_id="")))

    assert changes.get(table, "zone-id", NOW, "change-id") == ended
    assert ended.seconds == (ended.finished - NOW).total_seconds()


@pytest.mark.parametrize(("length", "shown"), [(1_000, 1_000), (1_001, 1_000), (300_000, 1_000)])
def test_a_reason_has_a_limit(table, length, shown):
    table.write(changes.put(PENDING))

    table.write(changes.end(replace(FAILED, reason="x" * length)))

    reason = changes.get(table, "zone-id", NOW, "change-id").reason
    assert (len(reason), reason.endswith("...")) == (shown, length > shown)


@pytest.mark.parametrize(("first", "second"), [(SYNCED, FAILED), (FAILED, SYNCED), (SYNCED, SYNCED)])
def test_a_change_ends_once(table, first, second):
    table.write(changes.put(PENDING))
    table.write(changes.end(first))

    with pytest.raises(ConditionFailed):
        table.write(changes.end(second))

    assert changes.get(table, "zone-id", NOW, "change-id") == first


def test_a_change_that_never_began_does_not_end(table):
    with pytest.raises(ConditionFailed):
        table.write(changes.end(SYNCED))

    assert changes.get(table, "zone-id", NOW, "change-id") is None


def test_a_pending_change_has_taken_no_time_yet():
    assert PENDING.seconds is None


@pytest.fixture
def history(table):
    """Five changes of a zone, two of them of one moment; a zone item and another zone's change beside them."""
    moments = [0, 1, 2, 2, 3]
    made = [
        replace(PENDING, id=f"change-{number}", created=NOW + timedelta(microseconds=moment))
        for number, moment in enumerate(moments)
    ]
    for change in (*made, replace(PENDING, zone_id="other")):
        table.write(changes.put(change))
    table.write(Put(keys.zone("zone-id")), Put(keys.version("zone-id", 1)))
    return made


def test_a_history_is_listed_newest_first(table, history):
    assert changes.listing(table, "zone-id", 10) == history[::-1]
    assert changes.listing(table, "zone-id", 2) == history[:2:-1]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6])
def test_pages_of_a_history_hold_every_change_once(table, history, limit):
    found, before = [], None
    while page := changes.listing(table, "zone-id", limit, before):
        assert len(page) <= limit
        found += page
        before = page[-1].created, page[-1].id

    assert found == history[::-1]


def test_a_zone_without_history_has_none(table):
    assert changes.listing(table, "zone-id", 10) == []
