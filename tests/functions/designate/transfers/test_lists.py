"""Lists of offers and of acceptances."""

from datetime import timedelta

from support.calls import NOBODYS, STRANGER, STRANGERS_GROUP, call, event
from support.handovers import accept, accepts, offer, offers

from functions.designate import create_zone


def test_offers_are_filtered_sorted_and_paged(service, third):
    made = []
    for n, target in enumerate((STRANGERS_GROUP, "third", None)):
        service.clock.now += timedelta(seconds=1)
        body = {"name": f"z{n}.org.", "email": "joe@example.org"}
        zone = call(create_zone.handler, event("designate_create_zone", json=body)).json
        made.append(offer(zone, target_project_id=target, description=f"d{n}").json)
    accept(made[0])

    def ids(query="", headers=None):
        return [each["id"] for each in offers(query, headers).json["transfer_requests"]]

    first, second, last = (each["id"] for each in made)
    page = offers("limit=2").json
    assert ids() == [first, second, last]
    assert ids("sort_dir=desc") == [last, second, first]
    assert ids("sort_dir=desc", STRANGER) == ids(headers=STRANGER) == [first]
    assert ids("status=COMPLETE") == [first]
    assert ids("status=ACTIVE&limit=1") == [second]
    assert ids("target_project_id=third") == [second]
    assert ids("description=d*&zone_id=" + made[2]["zone_id"]) == [last]
    assert ids("sort_key=id") == sorted((first, second, last))
    assert [each["id"] for each in page["transfer_requests"]] == [first, second]
    assert ids(page["links"]["next"].partition("?")[2]) == [last]
    assert ids(f"marker={first}", STRANGER) == []
    for marker in (second, NOBODYS):
        answer = offers(f"marker={marker}", STRANGER)
        assert (answer.status, answer.json["type"]) == (400, "marker_not_found")
    assert offers("sort_key=key").json["type"] == "invalid_sort_key"
    assert offers("name=x").json["type"] == "bad_request"
    assert offers("marker=x").json["type"] == "invalid_marker"


def test_acceptances_are_filtered_sorted_and_paged(service):
    made = []
    for n in range(3):
        service.clock.now += timedelta(seconds=1)
        body = {"name": f"z{n}.org.", "email": "joe@example.org"}
        made.append(accept(offer(call(create_zone.handler, event("designate_create_zone", json=body)).json).json).json)

    def ids(query=""):
        return [each["id"] for each in accepts(query).json["transfer_accepts"]]

    expected = [each["id"] for each in made]
    page = accepts("limit=2").json
    assert ids() == expected
    assert ids("sort_dir=desc") == expected[::-1]
    assert ids("sort_key=id") == sorted(expected)
    assert ids("status=COMPLETE&zone_id=" + made[1]["zone_id"]) == [expected[1]]
    assert ids("zone_transfer_request_id=" + made[2]["zone_transfer_request_id"]) == [expected[2]]
    assert page["metadata"] == {"total_count": 3}
    assert ids(page["links"]["next"].partition("?")[2]) == expected[2:]
    hidden = accepts(headers=STRANGER | {"openstack-dns-hide-counts": "true"}).json
    assert hidden["metadata"] == {}
    for headers, marker in (({}, expected[0]), (STRANGER, NOBODYS)):
        answer = accepts(f"marker={marker}", headers)
        assert (answer.status, answer.json["type"]) == (400, "marker_not_found")


def test_a_page_of_offers_costs_what_it_shows(service, reads):
    for n in range(8):
        body = {"name": f"z{n}.org.", "email": "joe@example.org"}
        zone = call(create_zone.handler, event("designate_create_zone", json=body)).json
        offer(zone, target_project_id=STRANGERS_GROUP)
    reads.clear()

    answer = offers("limit=3", STRANGER)

    assert len(answer.json["transfer_requests"]) == 3
    assert (reads.queries, reads.items, reads.gets) == (1, 3, 2)
