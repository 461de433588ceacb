"""A stranger learns nothing from any route, not even whether a thing exists.

A stranger calls each route that names a thing twice: with the id of another project's thing, and with an id that nobody
has. Both answers are the same and cost the same reads, and nothing changes. A new route needs a place here. If its path
names a thing, the fixture `belongings` makes the thing, by the parameter of the path. Any other route stands in a table
below.
"""

import json
import re

import pytest
from support import people
from support.calls import GROUP, NOBODYS, NOW, STRANGER, call, event
from support.entries import ANSWERING, event_name, handler
from support.logins import make_credential
from zonewright.actions import namelists
from zonewright.http.routes import ROUTES
from zonewright.model.change import Change, ChangeType
from zonewright.model.dryrun import KEPT, Report
from zonewright.model.namelists import NameList
from zonewright.store import changes, dryruns, groups

from functions.designate import create_zone, list_recordsets
from functions.designate.exports import create_export
from functions.designate.imports import create_import
from functions.designate.shares import create_share
from functions.designate.transfers import create_transfer_accept, create_transfer_request
from functions.designate.tsigkeys import create_tsig_key
from functions.vinyldns.groups import create_group


def answering(route):
    """Return the module that answers a route."""
    return ANSWERING[f"{route.method} {route.path}"]


THIRD = "third"

NAMES_NOTHING = {
    "vinyldns/list_zones",
    "vinyldns/list_backend_ids",
    "vinyldns/list_deleted_zones",
    "vinyldns/service/ping",
    "vinyldns/service/color",
    "vinyldns/service/health",
    "vinyldns/service/get_status",
    "vinyldns/service/prometheus",
    "vinyldns/service/list_failed_changes",
    "edge/service/docs",
    "edge/service/openapi",
    "edge/service/versions",
    "designate/imports/create_import",
    "designate/create_zone",
    "designate/list_all_recordsets",
    "designate/exports/list_exports",
    "designate/imports/list_imports",
    "designate/tsigkeys/list_tsig_keys",
    "designate/list_zones",
    "designate/quotas/limits",
    "vinyldns/recordsets/search_recordsets",
    "designate/transfers/list_transfer_requests",
    "designate/transfers/list_transfer_accepts",
    "vinyldns/connect_zone",
    "vinyldns/groups/create_group",
    "vinyldns/groups/list_groups",
    "vinyldns/groups/list_email_domains",
    "keystone/version",
    "keystone/create_token",
    "keystone/show_token",
    "keystone/revoke_token",
    "keystone/show_catalog",
    "keystone/list_projects",
}
"""Routes for the caller's own project, or for everybody. Tests of their own check what their lists show."""

OPERATORS = {
    *(
        f"designate/namelists/{verb}_{kind}"
        for verb in ("create", "get", "update", "delete")
        for kind in ("tld", "blacklist")
    ),
    "designate/namelists/list_tlds",
    "designate/namelists/list_blacklists",
    "designate/pools/list_pools",
    "designate/pools/get_pool",
    "designate/abandon_zone",
    "designate/quotas/reset_quotas",
    "designate/quotas/update_quotas",
    "vinyldns/users/lock_user",
    "vinyldns/users/unlock_user",
    "vinyldns/service/set_status",
}
"""Routes for operators only."""

BY_PROJECT = {"designate/quotas/get_quotas"}
"""Routes that name a project. They refuse another project by name."""

RECORD_SET = {"name": "@", "type": "NS", "ttl": 60, "records": [{"nsdname": "a.b."}]}
KEY = {"name": "k.", "algorithm": "hmac-sha256", "secret": "c2VjcmV0", "scope": "ZONE"}
GROUP_BODY = {"name": "new", "email": "new@example.org", "members": [], "admins": [{"id": "ok"}]}
ZONE_BODY = {"name": "example.org.", "email": "joe@example.org", "adminGroupId": GROUP}
BY_BODY = {
    "designate/transfers/create_transfer_accept": ("zone_transfer_request_id", {"key": "ABCDEFGH"}),
    "designate/tsigkeys/create_tsig_key": ("resource_id", KEY),
    "vinyldns/groups/update_group": ("id", GROUP_BODY),
    "vinyldns/update_zone": ("id", ZONE_BODY, "zoneId"),
    "vinyldns/recordsetwrites/create_recordset": ("zoneId", RECORD_SET | {"name": "new"}),
    "vinyldns/recordsetwrites/update_recordset": ("zoneId", RECORD_SET),
}
"""Routes that name a thing in their body: the field, the other fields to send, and the parameter of another name."""

BY_QUERY = {"vinyldns/recordsets/show_recordset_history": "zoneId={zoneId}&fqdn=example.org.&recordType=NS"}
"""Routes that name a thing in their query."""

VINYLDNS = {
    "vinyldns/get_zone": 403,
    "vinyldns/update_zone": 403,
    "vinyldns/delete_zone": 403,
    "vinyldns/get_zone_by_name": 200,
    "vinyldns/get_zone_details": 200,
    "vinyldns/put_acl_rule": 403,
    "vinyldns/delete_acl_rule": 403,
    "vinyldns/sync_zone": 403,
    "vinyldns/list_zone_changes": 403,
    "vinyldns/show_zone_change": 403,
    "vinyldns/list_recordset_changes": 403,
    "vinyldns/get_dry_run": 403,
    "vinyldns/recordsets/list_recordsets": 403,
    "vinyldns/recordsets/count_recordsets": 403,
    "vinyldns/recordsets/get_recordset": 403,
    "vinyldns/recordsets/get_recordset_change": 404,
    "vinyldns/recordsets/show_recordset_history": 403,
    "vinyldns/recordsets/list_failed_record_changes": 403,
    "vinyldns/recordsetwrites/create_recordset": 403,
    "vinyldns/recordsetwrites/update_recordset": 403,
    "vinyldns/recordsetwrites/delete_recordset": 403,
    "vinyldns/groups/get_group": 200,
    "vinyldns/groups/update_group": 403,
    "vinyldns/groups/delete_group": 403,
    "vinyldns/groups/list_group_members": 200,
    "vinyldns/groups/list_group_admins": 200,
    "vinyldns/groups/list_group_activity": 403,
    "vinyldns/groups/get_group_change": 403,
    "vinyldns/users/get_user": 200,
}
"""VinylDNS tells a stranger that a zone exists (contract `vinyldns.md`), and no more. An unknown zone is a 404.

Any user may see groups and users. Only members read the changes of a group.
"""

UNKNOWN = {"vinyldns/groups/get_group_change": 400}
"""What VinylDNS says of things that are not there, where it is no 404."""

KEYSTONE = {
    "keystone/get_project": 404,
    "keystone/list_own_projects": 403,
    "keystone/get_user": 403,
    "keystone/list_credentials": 403,
    "keystone/create_credential": 403,
    "keystone/get_credential": 403,
    "keystone/delete_credential": 403,
}
"""Keystone tells a stranger nothing either, and refuses whatever is below another user before it looks."""

NAMING = [
    pytest.param(route, id=f"{route.method} {route.path}")
    for route in ROUTES
    if answering(route) not in NAMES_NOTHING | OPERATORS | BY_PROJECT | VINYLDNS.keys() | KEYSTONE.keys()
]


@pytest.fixture
def belongings(service):
    """The ids of a project's zone and of one thing of each kind, by the parameter that names it."""
    people.group(service, THIRD)
    people.user(service, "third", THIRD)
    offered = make(create_zone, "designate_create_zone", json={"name": "offered.org.", "email": "joe@example.org"})
    request = make(
        create_transfer_request,
        "designate_create_transfer_request",
        zone=offered["id"],
        json={"target_project_id": THIRD},
    )
    taken = make(
        create_zone,
        "designate_create_zone",
        json={"name": "taken.org.", "email": "joe@example.org"},
        headers={"x-auth-token": "zw_third"},
    )
    key = make(
        create_transfer_request,
        "designate_create_transfer_request",
        zone=taken["id"],
        json={},
        headers={"x-auth-token": "zw_third"},
    )
    accepted = make(
        create_transfer_accept,
        "designate_create_transfer_accept",
        json={"key": key["key"], "zone_transfer_request_id": key["id"]},
    )
    zone = make(create_zone, "designate_create_zone")
    share = make(create_share, "designate_create_share", zone=zone["id"], json={"target_project_id": THIRD})
    held = make(list_recordsets, "designate_list_recordsets", zone=zone["id"])
    imported = make(create_import, "designate_create_import", body="$ORIGIN i.org.\n@ 60 SOA ns joe 1 2 3 4 5\n")
    exported = make(create_export, "designate_create_export", zone=zone["id"])
    signing = make(create_tsig_key, "designate_create_tsig_key", json=KEY | {"resource_id": zone["id"]})
    found = Change("e8a5f0f0-2f0c-4a5c-9b53-6b6ce0c8a5c1", zone["id"], ChangeType.SYNC, "ok", NOW)
    dry_run = Report(found, NOW + KEPT)
    service.table.write(*dryruns.begin(dry_run, NOW))
    team = make(create_group, "vinyldns_create_group")
    (newest,) = groups.changes(service.table, team["id"], 1)
    assert {zone["project_id"], offered["project_id"], accepted["project_id"]} == {GROUP}
    return {
        "zone_id": zone["id"],
        "zoneId": zone["id"],
        "name": zone["name"],
        "changeId": changes.listing(service.table, zone["id"], 1)[0].id,
        "change_id": changes.listing(service.table, zone["id"], 1)[0].id,
        "recordset_id": held["recordsets"][0]["id"],
        "recordSetId": next(each["id"] for each in held["recordsets"] if each["type"] == "NS"),
        "share_id": share["id"],
        "transfer_request_id": request["id"],
        "transfer_accept_id": accepted["id"],
        "zone_transfer_request_id": request["id"],
        "resource_id": zone["id"],
        "import_id": imported["id"],
        "export_id": exported["id"],
        "tsigkey_id": signing["id"],
        "dryRunId": dry_run.id,
        "groupId": team["id"],
        "id": team["id"],
        "groupChangeId": newest.id,
        "userId": "ok",
    }


def make(module, name, **changes):
    answer = call(module.handler, event(name, **changes))
    assert answer.status in (200, 201, 202), answer.body
    return answer.json


def asked(route, named):
    """Call a route as a stranger, with the ids in `named`. Return the answer."""
    module = answering(route)
    sent = event(event_name(module), headers=STRANGER)
    parameters = re.findall(r"\{(\w+)\}", route.path)
    sent["rawPath"], sent["pathParameters"] = route.path, {}
    for parameter in parameters:
        sent["rawPath"] = sent["rawPath"].replace(f"{{{parameter}}}", named[parameter])
        sent["pathParameters"][parameter] = named[parameter]
    if module in BY_BODY:
        field, others, *kind = BY_BODY[module]
        sent["body"] = json.dumps(others | {field: named[(kind or [field])[0]]})
    if module in BY_QUERY:
        sent["rawQueryString"] = BY_QUERY[module].format(**named)
    return call(handler(module), sent)


def everything(service):
    """Return everything stored: the items of the table and the objects of the bucket."""
    items = service.table.client.scan(TableName=service.table.name)["Items"]
    objects = service.bucket.client.list_objects_v2(Bucket=service.bucket.name).get("Contents", [])
    return sorted(map(str, items)), sorted((each["Key"], each["ETag"]) for each in objects)


def without_ids(text):
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", text)


@pytest.mark.parametrize("route", NAMING)
def test_a_stranger_cannot_tell_what_is_anothers_from_what_is_not_there(service, belongings, reads, route):
    before = everything(service)

    reads.clear()
    theirs = asked(route, belongings)
    cost = (reads.gets, reads.queries, reads.items)
    reads.clear()
    nobodys = asked(route, dict.fromkeys(belongings, NOBODYS))

    assert theirs.status == nobodys.status == (400 if answering(route) == "designate/tsigkeys/create_tsig_key" else 404)
    assert without_ids(theirs.body) == without_ids(nobodys.body)
    assert theirs.headers == nobodys.headers
    assert (reads.gets, reads.queries, reads.items) == cost
    assert everything(service) == before


BELOW = [each for each in NAMING if each.values[0].path.count("{") > 1]


@pytest.mark.parametrize("route", BELOW)
def test_what_is_anothers_is_not_found_below_ones_own_zone(service, belongings, route):
    own = make(
        create_zone,
        "designate_create_zone",
        json={"name": "own.org.", "email": "joe@example.org"},
        headers=STRANGER,
    )
    before = everything(service)

    answer = asked(route, belongings | {"zone_id": own["id"]})

    assert (answer.status, answer.json["type"] != "zone_not_found") == (404, True)
    assert everything(service) == before


@pytest.mark.parametrize(
    "route", [pytest.param(each, id=answering(each)) for each in ROUTES if answering(each) in VINYLDNS]
)
def test_a_stranger_to_vinyldns_gets_what_its_contract_says(service, belongings, route):
    before = everything(service)

    theirs = asked(route, belongings)
    nobodys = asked(route, dict.fromkeys(belongings, NOBODYS))

    unknown = UNKNOWN.get(answering(route), 404)
    assert (theirs.status, nobodys.status) == (VINYLDNS[answering(route)], unknown)
    assert everything(service) == before


@pytest.mark.parametrize(
    "route", [pytest.param(each, id=answering(each)) for each in ROUTES if answering(each) in OPERATORS]
)
def test_what_is_the_operators_is_refused_to_all_others(service, route):
    named = {
        "pool_id": "794ccc2c-d751-44fe-b57f-8894c9f5c842",
        "project_id": GROUP,
        **dict.fromkeys(("tld_id", "blacklist_id"), namelists.create(service, NameList.TLDS, "org", None).id),
        "zone_id": make(create_zone, "designate_create_zone")["id"],
        "userId": "ok",
    }

    theirs, nobodys = asked(route, named), asked(route, dict.fromkeys(named, NOBODYS))

    assert (theirs.status, theirs.body) == (403, nobodys.body)


def test_of_projects_that_are_not_ones_own_nothing_is_told(service):
    (route,) = [each for each in ROUTES if answering(each) in BY_PROJECT and "{" in each.path]

    theirs, nobodys = asked(route, {"project_id": GROUP}), asked(route, {"project_id": NOBODYS})

    assert (theirs.status, nobodys.status) == (403, 403)
    assert theirs.body.replace(GROUP, "ID") == nobodys.body.replace(NOBODYS, "ID")


@pytest.mark.parametrize(
    "route",
    [
        pytest.param(each, id=f"{each.method} {each.path}")
        for each in ROUTES
        if answering(each) in KEYSTONE and "{" in each.path
    ],
)
def test_a_stranger_to_keystone_cannot_tell_what_is_anothers(service, reads, route):
    make_credential(service)
    named = {"user_id": "ok", "project_id": GROUP, "application_credential_id": "ci"}
    before = everything(service)

    answers, costs = [], []
    for each in (named, dict.fromkeys(named, NOBODYS)):
        reads.clear()
        answers.append(asked(route, each))
        costs.append((reads.gets, reads.queries, reads.batches))

    theirs, nobodys = answers
    assert theirs.status == nobodys.status == KEYSTONE[answering(route)]
    assert without_ids(theirs.body) == without_ids(nobodys.body)
    assert costs[0] == costs[1]
    assert everything(service) == before


def test_every_route_has_its_place():
    known = {"zone_id", "zoneId", "recordset_id", "share_id", "transfer_request_id", "transfer_accept_id"}
    known |= {"import_id", "export_id", "tsigkey_id", "change_id"}
    placed = NAMES_NOTHING | OPERATORS | BY_PROJECT | BY_BODY.keys() | VINYLDNS.keys() | KEYSTONE.keys()

    for route in ROUTES:
        parameters = set(re.findall(r"\{(\w+)\}", route.path))
        assert answering(route) in placed or (parameters and parameters <= known), f"{route} is not tested here"
    assert placed <= {answering(route) for route in ROUTES}
