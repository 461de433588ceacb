from support.calls import GROUP, STRANGERS_TOKEN, call, event
from support.zones import placed, unplaced
from zonewright.store import keys
from zonewright.store.table import Put, Table

from functions.designate import create_zone, delete_zone, get_zone, update_zone


def test_a_deleted_zone_is_gone_and_its_name_is_free(service):
    zone = call(create_zone.handler, event("designate_create_zone")).json["zone"]

    answer = call(delete_zone.handler, event("designate_delete_zone", zone=zone["id"]))

    assert (answer.status, answer.body) == (204, "")
    assert call(get_zone.handler, event("designate_get_zone", zone=zone["id"])).status == 404
    again = event("designate_create_zone", headers={"x-auth-token": STRANGERS_TOKEN})
    assert call(create_zone.handler, again).status == 201


def test_a_zone_of_an_earlier_release_is_deleted_too(service):
    zone = call(create_zone.handler, event("designate_create_zone")).json["zone"]
    unplaced(service, zone["name"], GROUP)

    assert call(delete_zone.handler, event("designate_delete_zone", zone=zone["id"])).status == 204

    tally = service.table.get(keys.tally(GROUP))
    assert (tally["zones"], tally["placed"], placed(service)) == (0, 0, [])


def test_todays_release_answers_202_and_the_zones_last_words(service, monkeypatch):
    monkeypatch.setenv("DESIGNATE_RELEASE", "current")
    zone = call(create_zone.handler, event("designate_create_zone")).json["zone"]

    answer = call(delete_zone.handler, event("designate_delete_zone", zone=zone["id"]))

    gone = zone | {"status": "PENDING", "action": "DELETE", "version": 2, "updated_at": "2026-01-15T12:34:56.275935"}
    assert answer.status == 202
    assert answer.json == {**gone, "zone": gone}


def test_a_zone_of_a_name_that_was_deleted_goes_on_from_its_last_serial(service):
    zone = call(create_zone.handler, event("designate_create_zone")).json["zone"]
    for ttl in (600, 700, 800):
        changed = call(update_zone.handler, event("designate_update_zone", zone=zone["id"], json={"ttl": ttl})).json
    call(delete_zone.handler, event("designate_delete_zone", zone=zone["id"]))

    again = call(create_zone.handler, event("designate_create_zone")).json

    assert (changed["serial"], again["serial"]) == (zone["serial"] + 3, zone["serial"] + 4)


def test_a_zone_made_below_while_its_parent_is_deleted_keeps_the_parent(service, monkeypatch):
    zone = call(create_zone.handler, event("designate_create_zone")).json["zone"]
    plain, made = Table.write, []

    def write(table, *writes):
        if not made and any(isinstance(each, Put) and each.item.get("state") == "DELETED" for each in writes):
            made.append(None)
            body = {"name": f"www.{zone['name']}", "email": "joe@example.org"}
            made.append(call(create_zone.handler, event("designate_create_zone", json=body)))
        plain(table, *writes)

    monkeypatch.setattr(Table, "write", write)

    answer = call(delete_zone.handler, event("designate_delete_zone", zone=zone["id"]))

    assert (made[1].status, answer.status, answer.json["type"]) == (201, 400, "zone_has_sub_zone")
    assert call(get_zone.handler, event("designate_get_zone", zone=zone["id"])).status == 200
