"""Pages end before they are too large, in every list: together they are the whole list, and each can be sent."""

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import people
from support.calls import CONTEXT, GROUP, NOW, STRANGER, STRANGERS_GROUP, TOKEN, call, event
from support.handovers import accept, offer
from support.zones import put
from zonewright.contents.sink import DrySink
from zonewright.http import endpoint
from zonewright.model import payload
from zonewright.model.change import Change, ChangeStatus, ChangeType
from zonewright.model.diff import Difference, Move
from zonewright.model.dryrun import KEPT, Report
from zonewright.model.zone import Zone, ZoneType
from zonewright.protocol import rrset
from zonewright.store import changes, dryruns, zones

from functions.designate import (
    create_recordset,
    create_zone,
    delete_recordset,
    get_recordset,
    list_all_recordsets,
    list_recordsets,
    list_zones,
)
from functions.designate.exports import create_export, list_exports
from functions.designate.imports import create_import, list_imports
from functions.designate.shares import create_share, list_shares
from functions.designate.transfers import list_transfer_accepts, list_transfer_requests
from functions.designate.tsigkeys import create_tsig_key, list_tsig_keys
from functions.vinyldns import get_dry_run, list_recordset_changes, list_zone_changes, show_zone_change

SIZES = [1, 160, 7, 40, 0, 160]
"""Characters of the texts of entries, some of which JSON escapes twice."""

DRY_RUN = "0d4f6c53-63f1-4a5e-9b1d-1d5ac0a4f6b7"
VINYLDNS = {"authorization": None, "x-auth-token": TOKEN}


def text(size):
    return ('"\\é' * size)[:size]


def send(module, name, *, documented=True, **changed):
    answer = call(module.handler, event(name, **changed), documented=documented)
    assert answer.status in (200, 201, 202, 204), answer.body
    return answer.json if answer.body else None


def event_name(module):
    """Return the name of a module's event: its dialect and its own name."""
    words = module.__name__.split(".")
    return f"{words[1]}_{words[-1]}"


def new_zone(number):
    body = {"name": f"z{number}.org.", "email": "joe@example.org", "description": text(SIZES[number])}
    return send(create_zone, "designate_create_zone", json=body)


@pytest.fixture
def lists(service, vault):
    """A project with some of everything that lists show. Return the zone with a history, and one of its changes."""
    made = []
    for number in range(len(SIZES)):
        service.clock.now += timedelta(seconds=1)
        made.append(new_zone(number))
    zone = made[0]
    for number, size in enumerate(SIZES):
        records = [f'"{"x" * size}"', *(f'"{each}"' for each in range(number))]
        body = {"name": f"r{number}.z0.org.", "type": "TXT", "records": records, "description": text(size)}
        part = send(create_recordset, "designate_create_recordset", zone=zone["id"], json=body)
        if number % 2:
            send(delete_recordset, "designate_delete_recordset", zone=zone["id"], part=part["id"])
        key = {"name": f"k{number}.", "algorithm": "hmac-sha256", "secret": "c2VjcmV0", "scope": "ZONE"}
        send(create_tsig_key, "designate_create_tsig_key", json=key | {"resource_id": zone["id"]})
        send(create_export, "designate_create_export", zone=zone["id"])
        send(create_import, "designate_create_import", body=f"$ORIGIN i{number}.org.\n@ 60 SOA ns joe 1 2 3 4 5\n")
        if number > 1:
            offered = offer(made[number], description=text(size)).json
            if number % 2:
                accept(offered)
    for name in ("a", "b" * 30, "c"):
        people.group(service, name)
        send(create_share, "designate_create_share", zone=made[1]["id"], json={"target_project_id": name})
    for zone_id in (made[0]["id"], made[1]["id"]):
        send(create_share, "designate_create_share", zone=zone_id, json={"target_project_id": STRANGERS_GROUP})
    for number, size in enumerate(SIZES):
        failed = Change(f"failed-{number}", zone["id"], ChangeType.SYNC, "ok", NOW, ChangeStatus.FAILED, text(size))
        service.table.write(changes.put(failed))
    moves = [
        Move(None, rrset.to_line(f"n{number}", 16, 60, [b'\x02\\"'] * (size + 1))) for number, size in enumerate(SIZES)
    ]
    found = Change(DRY_RUN, zone["id"], ChangeType.SYNC, "ok", service.clock.now)
    service.table.write(*dryruns.begin(Report(found, service.clock.now + KEPT), service.clock.now))
    parts = (DrySink(service.bucket, zone["id"], DRY_RUN, 100_000).difference(0, Difference(tuple(moves))),)
    done = replace(found, status=ChangeStatus.SYNCED, finished=service.clock.now, differences=parts)
    service.table.write(*dryruns.end(done, 7, None))
    newest = changes.listing(service.table, zone["id"], 1)[0]
    return {
        "zone": zone["id"],
        "shared": made[1]["id"],
        "change": newest.id,
        "dry run": DRY_RUN,
        "version": zones.get(service.table, zone["id"]).version,
    }


KINDS = {
    "zones": (list_zones, "", (), {}),
    "zones, newest first": (list_zones, "sort_dir=desc", (), {}),
    "zones by name": (list_zones, "sort_key=name&name=*", (), {}),
    "zones and shared ones": (list_zones, "", (), STRANGER),
    "record sets": (list_recordsets, "", ("zone",), {}),
    "record sets by id": (list_recordsets, "sort_key=id&sort_dir=desc", ("zone",), {}),
    "record sets of all zones": (list_all_recordsets, "", (), {}),
    "texts of all zones": (list_all_recordsets, "type=TXT", (), {}),
    "imports": (list_imports, "", (), {}),
    "exports": (list_exports, "sort_dir=desc", (), {}),
    "shares": (list_shares, "", ("shared",), {}),
    "transfer requests": (list_transfer_requests, "", (), {}),
    "transfer accepts": (list_transfer_accepts, "", (), STRANGER),
    "TSIG keys": (list_tsig_keys, "sort_key=name", (), {}),
    "changes": (list_zone_changes, "", ("zone",), VINYLDNS),
    "moves": (list_recordset_changes, "", ("zone",), VINYLDNS),
    "moves between versions": (list_recordset_changes, "from=1&to={version}", ("zone",), VINYLDNS),
    "moves of a change": (show_zone_change, "", ("zone", "change"), VINYLDNS),
    "moves of a dry run": (get_dry_run, "", ("zone", "dry run"), VINYLDNS),
}
"""Of each kind of list: the route's module, the query, what the path names, and the caller's headers."""


def pages(kind, lists, limit, *, documented=False):
    """Return the pages of a list, as their links lead from one to the next."""
    module, query, named, headers = KINDS[kind]
    name = "maxItems" if headers is VINYLDNS else "limit"
    path = dict(zip(("zone", "part"), (lists[each] for each in named), strict=False))
    first = "".join(f"{each.format(**lists)}&" for each in [query] if each) + f"{name}={limit}"
    found, following = [], first
    while following:
        sent = {"rawQueryString": following, "headers": headers, **path}
        page = send(module, event_name(module), documented=documented, **sent)
        found.append(page)
        following = page.get("links", {}).get("next", "").partition("?")[2]
        if "nextId" in page:
            following = f"{first}&{urlencode({'startFrom': page['nextId']})}"
    return found


def entries(page):
    """Return the entries of a page: its only list."""
    (found,) = [value for value in page.values() if isinstance(value, list)]
    return found


def check_pages(kind, lists):
    """Assert that the pages of a list are together the list, whatever the budget of a page and the limit are."""
    (whole,) = pages(kind, lists, 100, documented=True)
    every = entries(whole)
    sizes = [payload.octets(json.dumps(entry)) for entry in every]
    assert len(every) > 1, kind

    @settings(max_examples=4, deadline=None)
    @given(st.integers(1, sum(sizes) + 100), st.integers(1, 100))
    def law(budget, limit):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(payload, "PAGE", budget)
            found = pages(kind, lists, limit)
        shown = [entries(page) for page in found]
        assert [entry for page in shown for entry in page] == every, kind
        for page in shown:
            assert len(page) <= limit
            assert len(page) <= 1 or payload.octets(json.dumps(page)[1:-1]) <= budget
        assert all(shown[:-1])
        assert all(page.get("metadata") == whole.get("metadata") for page in found)

    law()


def test_pages_of_any_size_are_together_the_list(lists):
    """All kinds are in one test, because it takes long to make something of each."""
    for kind in KINDS:
        check_pages(kind, lists)


def test_zones_with_large_attributes_make_pages_that_can_be_sent(service):
    made = [
        Zone(
            f"{number:08}-0000-4000-8000-000000000000",
            f"z{number}.org.",
            GROUP,
            ZoneType.PRIMARY,
            NOW + timedelta(seconds=number),
            attributes={"long": "é" * 30_000},
        )
        for number in range(32)
    ]
    put(service, [zones.to_item(zone) for zone in made])

    for query in ("limit=max", "limit=max&sort_key=name", "limit=max&name=*"):
        found, sizes, following = [], [], query
        while following:
            sent = event("designate_list_zones", rawQueryString=following)
            answer = call(list_zones.handler, sent, documented=False)  # no request makes an attribute so long
            assert answer.status == 200
            sizes.append(len(json.dumps(answer.body)))
            found += [zone["name"] for zone in answer.json["zones"]]
            following = answer.json["links"].get("next", "").partition("?")[2]
        assert sorted(found) == sorted(zone.name for zone in made)
        assert sum(sizes) > payload.MOST > max(sizes)
        assert len(sizes) == 2


@pytest.fixture
def large(service, monkeypatch):
    """A zone with a record set that no response can hold, as a copy may have, and others around it."""
    monkeypatch.setattr("zonewright.protocol.placement.LARGEST_MESSAGE", 1 << 30)
    strings = "".join(f'l 60 TXT "{number:04}{quotes}"\n' for number in range(4000) for quotes in ['\\"' * 250])
    head = "$ORIGIN i.org.\n@ 60 SOA ns joe 1 2 3 4 5\n"
    sent = event("designate_create_import", body=f"{head}a 60 A 192.0.2.1\n{strings}z 60 A 192.0.2.2\n")
    answer = call(create_import.handler, sent)
    assert answer.json["status"] == "COMPLETE", answer.body
    return answer.json["zone_id"]


def test_a_response_that_is_too_large_is_refused_with_another_way(large):
    def listed(query):
        return call(list_recordsets.handler, event("designate_list_recordsets", zone=large, rawQueryString=query))

    first = listed("").json
    refused = listed(first["links"]["next"].partition("?")[2])

    assert [each["name"] for each in first["recordsets"]][-1] == "a.i.org."
    assert (refused.status, refused.json["type"]) == (413, "over_quota")
    message = refused.json["message"]
    assert f"octets, and at most {payload.MOST} can be sent" in message
    assert "GET /v2/zones/{zone_id} with Accept: text/dns" in message
    assert refused.headers["x-openstack-request-id"] == refused.json["request_id"]
    behind = listed(f"marker={message.rpartition('marker=')[2]}")
    assert [each["name"] for each in behind.json["recordsets"]] == ["z.i.org."]

    assert first["metadata"] == behind.json["metadata"] == {"total_count": 5}


def test_a_record_set_that_is_too_large_is_refused(large, service):
    from zonewright.model.recordsetid import id_of

    part = id_of(large, "l\t16\t")

    answer = call(get_recordset.handler, event("designate_get_recordset", zone=large, part=part))

    assert (answer.status, answer.json["type"]) == (413, "over_quota")
    assert "with Accept: text/dns" in answer.json["message"]
    assert int(answer.json["message"].split()[3]) > payload.MOST


def test_a_write_whose_response_is_too_large_says_that_it_was_done(service, monkeypatch):
    monkeypatch.setattr(endpoint, "MOST", 100)

    answer = call(create_zone.handler, event("designate_create_zone"))

    assert answer.status == 413
    assert answer.json["message"].startswith("the request was done, but the response has ")
    assert zones.count(service.table, GROUP) == 1


def test_vinyldns_refuses_what_is_too_large_in_its_own_form(large, service):
    def listed(query):
        sent = event("vinyldns_list_recordset_changes", zone=large, rawQueryString=query, headers=VINYLDNS)
        return call(list_recordset_changes.handler, sent)

    first = listed("").json
    refused = listed(f"startFrom={first['nextId']}")

    assert (refused.status, refused.headers["content-type"]) == (413, "text/plain; charset=UTF-8")
    assert f"at most {payload.MOST} can be sent" in refused.body
    behind = listed(f"startFrom={refused.body.rpartition('startFrom=')[2]}").json
    assert len(first["recordSetChanges"]) + 1 + len(behind["recordSetChanges"]) == 5


@pytest.mark.parametrize("more", [-1, 0])
def test_a_response_of_exactly_the_most_is_sent(service, monkeypatch, more):
    sent = event("designate_list_zones", rawQueryString="")
    new_zone(0)
    size = len(json.dumps(list_zones.handler(sent, CONTEXT)))
    monkeypatch.setattr(endpoint, "MOST", size + more)

    assert list_zones.handler(sent, CONTEXT)["statusCode"] == (413 if more < 0 else 200)
