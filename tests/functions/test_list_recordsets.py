import uuid

import pytest
from calls import GROUP, call, event

from functions.designate import create_zone, list_recordsets

BASE = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/v2/zones"


@pytest.fixture
def zone(service):
    return call(create_zone.handler, event("designate_create_zone")).json["zone"]


def recordsets(zone, query=""):
    return call(list_recordsets.handler, event("designate_list_recordsets", zone=zone["id"], rawQueryString=query))


def recordset(zone, item, **fields):
    return {
        "id": item["id"],
        "zone_id": zone["id"],
        "zone_name": "example.org.",
        "project_id": GROUP,
        "name": "example.org.",
        "ttl": 7200,
        "description": None,
        "status": "ACTIVE",
        "action": "NONE",
        "version": 1,
        "created_at": zone["created_at"],
        "updated_at": None,
        "links": {"self": f"{BASE}/{zone['id']}/recordsets/{item['id']}"},
    } | fields


def test_a_new_zone_holds_its_soa_and_ns(zone):
    answer = recordsets(zone)

    found = answer.json["recordsets"]
    soa = f"ns1.example.net. joe.example.org. {zone['serial']} 3600 600 86400 3600"
    assert answer.status == 200
    assert answer.json == {
        "recordsets": [
            recordset(zone, found[0], type="NS", records=["ns1.example.net.", "ns2.example.net."]),
            recordset(zone, found[1], type="SOA", records=[soa]),
        ],
        "links": {"self": f"{BASE}/{zone['id']}/recordsets"},
        "metadata": {"total_count": 2},
    }
    assert all(str(uuid.UUID(each["id"])) == each["id"] for each in found)


def test_pages_follow_each_other_by_link_and_by_id(zone):
    first = recordsets(zone, "limit=1")
    second = recordsets(zone, first.json["links"]["next"].partition("?")[2])
    by_id = recordsets(zone, f"marker={first.json['recordsets'][0]['id']}")

    types = [[each["type"] for each in answer.json["recordsets"]] for answer in (first, second, by_id)]
    assert types == [["NS"], ["SOA"], ["SOA"]]
    assert "next" not in second.json["links"]


@pytest.mark.parametrize(
    ("marker", "kind"),
    [("x", "invalid_marker"), (".%%%", "invalid_marker"), ("a86dba58-0043-4cc6-a1bb-69d5e86f3ca3", "marker_not_found")],
)
def test_a_marker_that_is_none_is_refused(zone, marker, kind):
    answer = recordsets(zone, f"marker={marker}")

    assert (answer.status, answer.json["type"]) == (400, kind)
