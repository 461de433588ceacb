"""VinylDNS's own Python client over zones, their lists and their access rules, on the deployed stack."""

import http.client
import json
import uuid
from contextlib import closing
from urllib.parse import urlsplit

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore")]


@pytest.fixture
def suffix():
    return f"{uuid.uuid4().hex[:12]}.example."


@pytest.fixture
def made(api, suffix):
    """Three zones, by name."""
    sent = [{"name": f"{label}.{suffix}", "email": "joe@example.org"} for label in ("a", "b", "c")]
    answers = [api.call("POST", "/v2/zones", zone) for zone in sent]
    return [answer.body["id"] for answer in answers]


def test_the_client_lists_and_shows_zones(vinyldns, made, suffix):
    client = vinyldns()

    first = client.list_zones(name_filter=f"*.{suffix}", max_items=2)
    second = client.list_zones(name_filter=f"*.{suffix}", max_items=2, start_from=first.next_id)
    shown = client.get_zone(made[0])

    assert [zone.id for zone in [*first.zones, *second.zones]] == made
    assert (first.next_id, second.next_id) == (f"b.{suffix}", None)
    assert client.get_zone_by_name(f"a.{suffix}").id == shown.id == made[0]
    assert client.get_zone_details(made[0]).name == shown.name == f"a.{suffix}"
    assert client.list_zone_backend_ids() is not None
    assert client.list_zone_changes_failure(max_items=1) is not None


def test_the_client_adds_and_deletes_access_rules(vinyldns, made, suffix):
    from vinyldns.zone import ACLRule

    client = vinyldns()
    group = client.get_zone(made[0]).admin_group_id
    rule = ACLRule("Read", "readers", group_id=group, record_mask="www.*", record_types=["A"])

    added = client.add_zone_acl_rule(made[0], rule)
    shown = client.get_zone(made[0]).acl.rules
    deleted = client.delete_zone_acl_rule(made[0], rule)

    assert (added.change_type, added.status) == (deleted.change_type, deleted.status) == ("Update", "Pending")
    assert [vars(each) for each in shown] == [vars(rule)]
    assert client.get_zone(made[0]).acl.rules == []


def test_a_deleted_zone_is_listed_as_deleted(api, vinyldns, made, suffix):
    api.call("DELETE", f"/v2/zones/{made[1]}")
    client = vinyldns()

    listed = client.list_zones(name_filter=f"*.{suffix}")
    page = client.list_deleted_zones(name_filter=f"b.{suffix}")

    assert [zone.name for zone in listed.zones] == [f"a.{suffix}", f"c.{suffix}"]
    assert [each.zone_change.zone.id for each in page.zones_deleted_info] == [made[1]]


def test_the_service_tells_its_state_to_everybody(api):
    def get(path):
        with closing(http.client.HTTPConnection(urlsplit(api.url).netloc, timeout=60)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()

    assert get("/ping") == (200, "PONG")
    assert get("/color") == (200, "green")
    assert get("/health") == (200, "")
    assert json.loads(get("/status")[1])["processingDisabled"] is False
    assert "zonewright_processing_disabled 0" in get("/metrics/prometheus")[1]
