"""Writes of VinylDNS's record sets in a copied zone: the primary takes them, and a sync keeps whose they are."""

from dataclasses import replace
from datetime import timedelta

import pytest
from primaries import Bind
from support.delivering import addresses, serving
from support.service import CALLER
from zonewright.actions import recordset_changes, recordset_pages, recordset_writes
from zonewright.errors import RecordChangeNotFound, RecordSetNotFound
from zonewright.http.vinyldns.recordsets import body
from zonewright.model.change import ChangeStatus
from zonewright.model.recordchange import OUT_OF_SYNC
from zonewright.model.recordsetid import id_of
from zonewright.model.users import Group
from zonewright.store import groups

pytestmark = pytest.mark.primary


@pytest.fixture
def server():
    with serving(Bind, "www 60 A 192.0.2.1\n") as server:
        yield server


@pytest.fixture
def zone(service, server):
    """A copy of that zone, whose primary takes updates."""
    return service.copy(server)


def sent(zone, **changed):
    fields = {"zoneId": zone.id, "name": "new", "type": "A", "ttl": 60, "records": [{"address": "192.0.2.7"}]}
    return body.read(fields | changed)


def create(service, zone, **changed):
    return recordset_writes.create(service, sent(zone, **changed), caller=CALLER)


def read(service, zone, record_set_id):
    return recordset_pages.get(service, service.zone(zone.id), record_set_id)


def ended(service, zone, asked):
    """Return a change as it is polled."""
    record_set_id = id_of(zone.id, asked.move.place)
    return recordset_changes.get(service, service.zone(zone.id), record_set_id, asked.change.id, caller=CALLER)


def test_a_write_is_seen_once_the_primary_took_it(service, zone, server):
    asked = create(service, zone)

    with pytest.raises(RecordChangeNotFound):
        ended(service, zone, asked)
    assert service.shown(zone, "new") == []
    service.deliver(zone.id)

    change = ended(service, zone, asked).change
    assert (change.status, change.id) == (ChangeStatus.SYNCED, asked.change.id)
    assert service.shown(zone, "new") == addresses(server, "new") == ["192.0.2.7"]


def test_writes_of_one_record_set_need_not_wait_for_each_other(service, zone, server):
    record_set_id = next(
        each.id
        for each in recordset_pages.of_zone(service, zone, recordset_pages.Wanted(100)).items
        if each.rrset.key == "www"
    )
    changed = sent(zone, name="WWW", records=[{"address": "192.0.2.9"}])

    some = [
        recordset_writes.update(service, zone.id, record_set_id, changed, caller=CALLER),
        recordset_writes.delete(service, zone.id, record_set_id, caller=CALLER),
        recordset_writes.delete(service, zone.id, record_set_id, caller=CALLER),
    ]
    assert service.shown(zone, "www") == ["192.0.2.1"]
    service.deliver(zone.id)

    assert [ended(service, zone, each).change.status for each in some] == [ChangeStatus.SYNCED] * 3
    assert service.shown(zone, "www") == addresses(server, "www") == []
    with pytest.raises(RecordSetNotFound):
        read(service, zone, record_set_id)


def test_a_record_set_that_the_primary_has_otherwise_fails_and_is_listed(service, zone, server):
    service.write_at(server, "new", "192.0.2.200")
    asked = create(service, zone)
    service.deliver(zone.id)

    failed = ended(service, zone, asked)
    assert (failed.change.status, failed.change.reason) == (ChangeStatus.FAILED, OUT_OF_SYNC)
    found = recordset_changes.failed(service, service.zone(zone.id), start=0, limit=10)
    assert [each.change.id for each in found.items] == [asked.change.id]


def test_owner_creation_and_transfer_survive_a_sync_that_changes_the_data(service, zone, server):
    groups.create(service.table, Group("owners", "owners", "o@example.org", service.now()))
    owner = replace(CALLER, group_ids=CALLER.group_ids | {"owners"})
    asked = {"ownershipTransferStatus": "None"}
    fields = sent(zone, ownerGroupId="owners", recordSetGroupChange=asked, records=[{"address": "192.0.2.8"}])
    recordset_writes.create(service, fields, caller=owner)
    service.deliver(zone.id)
    (before,) = [each for each in service.lines(zone.id) if each.startswith("new\t1\t")]
    service.write_at(server, "new", "192.0.2.99")

    service.ahead = timedelta(hours=1)
    service.sync(zone.id)

    (after,) = [each for each in service.lines(zone.id) if each.startswith("new\t1\t")]
    assert service.shown(zone, "new") == ["192.0.2.99"]
    assert before.split("\t")[5] == after.split("\t")[5]
