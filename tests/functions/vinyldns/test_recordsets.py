"""Record sets by VinylDNS's rules, in a zone that is kept here: writes, reads, and the change of each write."""

from dataclasses import replace

import pytest
from support.calls import GROUP, NOBODYS, NOW, STRANGERS_GROUP, STRANGERS_TOKEN, TOKEN, call, event
from zonewright.model.choices import Choices
from zonewright.store import settings, users, zones
from zonewright.store.table import Put

from functions.designate import create_zone
from functions.vinyldns.recordsets import routes as reads_of
from functions.vinyldns.recordsetwrites import routes as writes_of


def ask(module, **changes):
    """Send an event of a route of record sets, with a token."""
    headers = {"authorization": None, "x-auth-token": TOKEN} | changes.pop("headers", {})
    handler = writes_of.handler if module in writes_of.handler.routes.values() else reads_of.handler
    return call(handler, event(f"vinyldns_{module}", headers=headers, **changes))


STRANGER = {"x-auth-token": STRANGERS_TOKEN}


@pytest.fixture
def zone(service):
    """A zone that is kept here, of the group of `ok`."""
    made = call(
        create_zone.handler, event("designate_create_zone", json={"name": "ok.org.", "email": "joe@example.org"})
    )
    return zones.get(service.table, made.json["id"])


def set_zone(service, zone, **changed):
    changed = replace(zones.get(service.table, zone.id), **changed)
    service.table.write(Put(zones.to_item(changed)))
    return changed


def choose(service, **chosen):
    settings.put_choices(service.table, Choices(**chosen)) if hasattr(settings, "put_choices") else None
    service._choices = None  # noqa: SLF001 - as after its time


def sent(zone, **changed):
    return {
        "zoneId": zone.id,
        "name": "www",
        "type": "A",
        "ttl": 300,
        "records": [{"address": "192.0.2.1"}],
    } | changed


def create(zone, headers=None, **changed):
    return ask("create_recordset", zone=zone.id, json=sent(zone, **changed), headers=headers or {})


def test_a_record_set_is_created_and_its_change_is_polled(service, zone):
    asked = create(zone, name="Www", records=[{"address": "192.0.2.2"}, {"address": "192.0.2.1"}])

    change = asked.json
    assert asked.status == 202
    assert change["recordSet"].pop("id")
    print(change)
