"""Lists of imports."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from support import people
from support.calls import HOST, NOW, STRANGERS_GROUP, call, event
from support.imports import UNKNOWN, listed, named, post, post_json, seed, shown

from functions.designate.imports import delete_import


@pytest.fixture
def five(service):
    """Five tasks a second apart: COMPLETE, ERROR, ERROR, PENDING, COMPLETE."""
    made = []
    for number, body in enumerate([seed(), seed(), "", None, seed("example.net.")]):
        service.clock.now = NOW + timedelta(seconds=number)
        made.append((post_json() if body is None else post(body)).json)
    return made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("status=ERROR", [1, 2]),
        ("status=complete&sort_dir=desc", [4, 0]),
        ("message=An*", [2]),
        ("message=*imported&limit=1", [0]),
        ("sort_dir=desc&limit=2", [4, 3]),
        ("sort_key=updated_at&limit=max", None),
        ("sort_key=id", None),
    ],
)
def test_tasks_are_filtered_sorted_and_counted(five, query, found):
    answer = listed(query)

    ids = [each["id"] for each in five]
    assert answer.status == 200
    shown = [each["id"] for each in answer.json["imports"]]
    if query == "sort_key=id":
        assert shown == sorted(ids)
    elif found is None:
        assert sorted(shown) == sorted(ids)
    else:
        assert shown == [ids[number] for number in found]
    assert answer.json["metadata"]["total_count"] >= len(shown)
    assert answer.json["links"]["self"] == f"{HOST}/v2/zones/tasks/imports" + (f"?{query}" if query else "")


def test_a_task_is_found_by_its_zone(five):
    answer = listed(f"zone_id={five[4]['zone_id']}")

    assert [each["id"] for each in answer.json["imports"]] == [five[4]["id"]]
    assert answer.json["metadata"] == {"total_count": 1}


@pytest.mark.parametrize("hidden", [False, True])
def test_pages_follow_their_links(five, hidden):
    headers = {"openstack-dns-hide-counts": "true"} if hidden else {}
    seen, query = [], "limit=2"
    while query:
        page = listed(query, **headers).json
        seen += [each["id"] for each in page["imports"]]
        query = urlsplit(page["links"].get("next", "")).query
        assert page["metadata"] == ({} if hidden else {"total_count": 5})

    assert seen == [each["id"] for each in five]


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("name=x", "bad_request"),
        ("sort_key=name", "invalid_sort_key"),
        ("marker=x", "invalid_marker"),
        (f"marker={UNKNOWN}", "marker_not_found"),
        ("limit=0", "invalid_limit"),
    ],
)
def test_a_list_that_means_nothing_is_refused(service, query, kind):
    answer = listed(query)

    assert (answer.status, answer.json["type"]) == (400, kind)


def test_support_users_read_the_tasks_of_all_projects_and_remove_none(service):
    task_id = post().json["id"]
    people.user(service, "helper", STRANGERS_GROUP, is_support=True)
    everywhere = {"x-auth-token": "zw_helper", "x-auth-all-projects": "true"}

    seen, unseen = shown(task_id, **everywhere), shown(task_id, **{"x-auth-token": "zw_helper"})
    gone = call(delete_import.handler, named(event("designate_delete_import", headers=everywhere), task_id))

    assert (seen.status, unseen.status, gone.status) == (200, 404, 404)
    assert shown(task_id).status == 200
