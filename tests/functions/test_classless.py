"""Zones of classless reverse delegation (RFC 2317) in both dialects: their names have a slash or a range."""

import dataclasses

import pytest
from support.calls import CONTEXT, GROUP, TOKEN, call, event, refused, sample
from zonewright.actions import zones
from zonewright.model.users import Caller
from zonewright.model.zone import Primary, ZoneType
from zonewright.protocol.zonefile import reader
from zonewright.store import zones as store
from zonewright.store.table import Put

from functions.designate import (
    create_recordset,
    create_zone,
    get_zone,
    list_all_recordsets,
    list_recordsets,
    list_zones,
)
from functions.sync import announced
from functions.vinyldns import get_zone as vinyldns_get_zone
from functions.vinyldns import list_recordset_changes, list_zone_changes

SLASH = "192/30.2.0.192.in-addr.arpa."
RANGE = "0-26.2.0.192.in-addr.arpa."
CALLER = Caller("ok", "ok", frozenset({GROUP}), GROUP)
SIGNED = {"authorization": None, "x-auth-token": TOKEN}
FILE = """\
$TTL 600
@ SOA ns joe 7 3600 600 86400 300
@ NS ns.example.org.
193 PTR www.example.org.
a/b CNAME 193
"""


@pytest.fixture
def zone(service):
    """A zone with a slash in its name. It has contents, and is a copy."""
    file = reader.read(FILE, origin=SLASH)
    new = zones.NewZone(SLASH, contents=zones.Contents(file.contents(), 7), email="joe@example.org")
    made = zones.create(service, new, caller=CALLER)
    copy = dataclasses.replace(made, type=ZoneType.SECONDARY, synced=None)
    service.table.write(Put(store.to_item(copy)))
    return copy


@pytest.mark.parametrize("release", ["seed", "current"])
def test_designate_takes_a_range_and_no_slash(service, monkeypatch, release):
    monkeypatch.setenv("DESIGNATE_RELEASE", release)

    def create(name):
        new = {"name": name, "email": "joe@example.org"}
        return call(create_zone.handler, event("designate_create_zone", json=new))

    assert create(RANGE).status in (201, 202)
    refused(create(SLASH), "invalid_object", f"Domain {SLASH} is invalid")


def test_data_may_name_what_has_a_slash(service):
    parent = {"name": "2.0.192.in-addr.arpa.", "email": "joe@example.org"}
    zone_id = call(create_zone.handler, event("designate_create_zone", json=parent)).json["id"]
    new = {"name": f"193.{parent['name']}", "type": "CNAME", "records": [f"193.{SLASH}"]}

    answer = call(create_recordset.handler, event("designate_create_recordset", zone=zone_id, json=new))

    assert (answer.status, answer.json["records"]) == (201, [f"193.{SLASH}"])


def test_designate_shows_a_zone_with_a_slash(zone):
    def show(handler, name, **changes):
        answer = call(handler, event(name, zone=zone.id, **changes))
        assert answer.status == 200, answer.body
        return answer

    assert show(get_zone.handler, "designate_get_zone").json["name"] == SLASH
    text = show(get_zone.handler, "designate_get_zone", headers={"accept": "text/dns"}).body
    assert f"$ORIGIN {SLASH}\n" in text
    assert f"\na/b.{SLASH} IN CNAME 193.{SLASH}\n" in text
    for query in (f"name={SLASH}", "name=192%2F30.2.0.192.in-addr.arpa.", "name=192%2F30*"):
        listed = call(list_zones.handler, event("designate_list_zones", rawQueryString=query)).json
        assert [each["name"] for each in listed["zones"]] == [SLASH]
    names = [each["name"] for each in show(list_recordsets.handler, "designate_list_recordsets").json["recordsets"]]
    assert names == [SLASH, SLASH, f"193.{SLASH}", f"a/b.{SLASH}"]
    query = f"name=a%2Fb.{SLASH}"
    found = call(list_all_recordsets.handler, event("designate_list_all_recordsets", rawQueryString=query)).json
    assert [each["name"] for each in found["recordsets"]] == [f"a/b.{SLASH}"]


def test_vinyldns_shows_a_zone_with_a_slash(zone):
    def show(handler, name):
        answer = call(handler, event(name, zone=zone.id, rawQueryString="", headers=SIGNED))
        assert answer.status == 200, answer.body
        return answer.json

    assert show(vinyldns_get_zone.handler, "vinyldns_get_zone")["zone"]["name"] == SLASH
    (change,) = show(list_zone_changes.handler, "vinyldns_list_zone_changes")["zoneChanges"]
    assert change["zone"]["name"] == SLASH
    moves = show(list_recordset_changes.handler, "vinyldns_list_recordset_changes")["recordSetChanges"]
    fqdns = {each["recordSet"]["name"]: each["recordSet"]["fqdn"] for each in moves}
    assert fqdns["a/b"] == f"a/b.{SLASH}"
    assert fqdns[SLASH] == SLASH


def test_an_event_may_name_a_zone_with_a_slash(service, zone):
    service.table.write(Put(store.to_item(dataclasses.replace(zone, primaries=(Primary("192.0.2.1"),)))))

    answer = announced.handler(sample("sync_announced") | {"detail": {"zone_name": SLASH.removesuffix(".")}}, CONTEXT)

    assert answer["zone_id"] == zone.id
