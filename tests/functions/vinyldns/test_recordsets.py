"""Record sets by VinylDNS's rules: their texts, and their order (contract `vinyldns-writes.md`, sections 1 to 8)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support import people
from support.calls import GROUP, NOBODYS, STRANGERS_GROUP, STRANGERS_TOKEN, TOKEN, call, event
from zonewright.model.acl import AccessLevel, AclRule
from zonewright.model.choices import Choices, DottedHosts, document
from zonewright.model.zone import ZoneType
from zonewright.protocol import names
from zonewright.service import current
from zonewright.store import settings, zones
from zonewright.store.settings import Section, Stored
from zonewright.store.table import Put

from functions.designate import create_zone, update_recordset
from functions.vinyldns import list_recordset_changes
from functions.vinyldns.recordsets import routes as reading
from functions.vinyldns.recordsetwrites import routes as writing

A = [{"address": "192.0.2.1"}]
STRANGER = {"x-auth-token": STRANGERS_TOKEN}
SUPER = {"x-auth-token": "zw_root"}
SUPPORT = {"x-auth-token": "zw_helper"}


def ask(module, **changes):
    """Send the event of a route of record sets, with a token."""
    headers = {"authorization": None, "x-auth-token": TOKEN} | (changes.pop("headers", None) or {})
    handler = writing.handler if module in writing.handler.routes.values() else reading.handler
    return call(handler, event(f"vinyldns_{module}", headers=headers, **changes))


@pytest.fixture
def made(service):
    """Make a zone that is kept here, of the group of `ok`. Designate takes no slash in its name."""

    def make(name="ok.org.", **changed):
        new = {"name": name.replace("/", "-"), "email": "joe@example.org"}
        answer = call(create_zone.handler, event("designate_create_zone", json=new))
        zone = replace(zones.get(service.table, answer.json["id"]), name=name, **changed)
        service.table.write(Put(zones.to_item(zone)))
        return zone

    return make


@pytest.fixture
def zone(made):
    """A zone that is not shared."""
    return made()


@pytest.fixture
def shared(made):
    """A shared zone."""
    return made("shared.org.", shared=True)


@pytest.fixture
def choose(service):
    """Set what the operator chose."""

    def write(**chosen):
        before = settings.read(service.table, Section.CHOICES)[0]
        new = {Section.CHOICES: document(Choices(**chosen))}
        settings.write(service.table, new, {Section.CHOICES: before or Stored()})
        current()._choices = None  # noqa: SLF001 - as after the time for which they are kept

    return write


def body(zone, **changed):
    return {"zoneId": zone.id, "name": "www", "type": "A", "ttl": 300, "records": A} | changed


def create(zone, headers=None, **changed):
    return ask("create_recordset", zone=zone.id, json=body(zone, **changed), headers=headers)


def put(zone, held, headers=None, **changed):
    return ask("update_recordset", zone=zone.id, part=held["id"], json=held | changed, headers=headers)


def delete(zone, held, headers=None):
    return ask("delete_recordset", zone=zone.id, part=held["id"], headers=headers)


def get(zone, record_set_id, headers=None):
    return ask("get_recordset", zone=zone.id, part=record_set_id, headers=headers)


def listed(zone, query="", headers=None):
    return ask("list_recordsets", zone=zone.id, rawQueryString=query, headers=headers)


def polled(zone, change, headers=None):
    sent = event("vinyldns_get_recordset_change", headers={"authorization": None, "x-auth-token": TOKEN})
    named = {"zoneId": zone.id, "recordSetId": change["recordSet"]["id"], "changeId": change["id"]}
    sent["pathParameters"] = named
    sent["rawPath"] = "/zones/{zoneId}/recordsets/{recordSetId}/changes/{changeId}".format(**named)
    sent["headers"] |= headers or {}
    return call(reading.handler, sent)


def held(zone, headers=None, **changed):
    """Create a record set, and return it as it is read."""
    answer = create(zone, headers, **changed)
    assert answer.status == 202, answer.body
    return get(zone, answer.json["recordSet"]["id"]).json["recordSet"]


def apex(zone, kind):
    return next(each for each in listed(zone).json["recordSets"] if each["type"] == kind)


def told(answer):
    return answer.status, answer.json


# --- What is written, and how it is read


def test_a_record_set_is_created_changed_and_deleted_and_each_change_is_polled(service, zone):
    records = [{"address": "192.0.2.2"}, {"address": "192.0.2.1"}]

    asked = create(zone, name="Www", records=records).json
    record_set = asked["recordSet"]

    assert (asked["changeType"], asked["status"], record_set["status"], asked["singleBatchChangeIds"]) == (
        *("Create", "Pending", "Pending"),
        [],
    )
    assert "updates" not in asked
    assert "recordSetGroupChange" not in record_set
    ended = polled(zone, asked).json
    assert (ended["status"], ended["recordSet"]["status"], ended["id"]) == ("Complete", "Active", asked["id"])
    shown = get(zone, record_set["id"]).json["recordSet"]
    assert shown == {
        "type": "A",
        "zoneId": zone.id,
        "name": "Www",
        "ttl": 300,
        "status": "Active",
        "created": "2026-01-15T12:34:56Z",
        "records": records,
        "id": record_set["id"],
        "account": "system",
        "fqdn": "Www.ok.org.",
    }

    service.clock.now += timedelta(seconds=5)
    asked = put(zone, shown, name="wWW", ttl=600, records=records[:1]).json

    assert (asked["changeType"], asked["recordSet"]["status"], asked["updates"]) == ("Update", "PendingUpdate", shown)
    changed = get(zone, record_set["id"]).json["recordSet"]
    wanted = {"name": "wWW", "ttl": 600, "records": records[:1], "updated": "2026-01-15T12:35:01Z"}
    assert changed == shown | wanted | {"fqdn": "wWW.ok.org."}
    assert polled(zone, asked).json["updates"] == shown

    asked = delete(zone, changed).json

    assert (asked["changeType"], asked["recordSet"]["status"], asked["updates"]) == ("Delete", "PendingDelete", changed)
    assert told(get(zone, record_set["id"])) == (404, f"RecordSet with id {record_set['id']} does not exist.")
    assert polled(zone, asked).json["changeType"] == "Delete"


def test_what_is_read_may_be_put_back(service, zone):
    shown = held(zone, type="TXT", records=[{"text": 'a "quoted" é'}], account="mine")

    answer = put(zone, shown | {"accessLevel": "Read", "ownerGroupName": "x"})

    assert answer.status == 202
    assert get(zone, shown["id"]).json["recordSet"] == shown | {"updated": "2026-01-15T12:34:56Z"}


def test_the_zone_of_the_body_counts_and_the_apex_has_three_names(service, made):
    zone, other = made(), made("other.org.")

    for name, kind in (("@", "MX"), ("OTHER.org.", "TXT"), ("other.org", "SPF")):
        records = {"MX": {"preference": 1, "exchange": "a.b."}}.get(kind, {"text": "x"})
        answer = ask("create_recordset", zone=zone.id, json=body(other, name=name, type=kind, records=[records]))
        assert (answer.status, answer.json["recordSet"]["name"]) == (202, "other.org.")


def test_what_the_primary_sent_has_a_transfer_status_and_keeps_it(service, zone):
    ns = apex(zone, "NS")

    assert ns["recordSetGroupChange"] == {"ownershipTransferStatus": "None"}
    assert (ns["name"], ns["fqdn"]) == ("ok.org.", "ok.org.")


# --- Order of checks and their texts


def test_the_body_is_checked_behind_the_credentials_and_before_the_zone(service):
    wrong = {"zoneId": NOBODYS, "type": "A", "ttl": 1}

    assert ask("create_recordset", json=wrong, headers={"x-auth-token": "zw_none"}).status == 401
    assert told(ask("create_recordset", json=wrong)) == (
        400,
        {
            "errors": [
                "Missing RecordSet.name",
                "RecordSet.ttl must be a positive signed 32 bit number greater than or equal to 30",
                "Missing A Records",
            ]
        },
    )
    assert ask("create_recordset", body="{").body.startswith("The request content was malformed:\n")
    assert ask("create_recordset", headers={"content-type": "text/plain"}).status == 415
    answer = ask("create_recordset", json=wrong | {"name": "a", "ttl": 30, "records": A})
    assert told(answer) == (404, f"Zone with id {NOBODYS} does not exists")


CREATE_REFUSALS = {
    "high value, whoever asks": (
        {"name": "High"},
        (422, 'Record name "High.ok.org." is configured as a High Value Domain, so it cannot be modified.'),
    ),
    "there already, whoever asks": (
        {"name": "WWW"},
        (409, "RecordSet with name WWW and type A already exists in zone ok.org."),
    ),
    "of another kind of zone, whoever asks": (
        {"name": "a", "type": "PTR", "records": [{"ptrdname": "a.b."}]},
        (422, "PTR is not valid in forward lookup zone"),
    ),
    "too long, whoever asks": ({"name": "a" * 250}, (422, f"record set name {'a' * 250} is too long")),
    "of a stranger": (
        {"name": "new", "ownerGroupId": NOBODYS},
        (403, "User stranger does not have access to create new.ok.org."),
    ),
}


@pytest.mark.parametrize(("changed", "refusal"), CREATE_REFUSALS.values(), ids=CREATE_REFUSALS)
def test_checks_of_a_creation_come_before_those_of_rights(service, zone, choose, changed, refusal):
    choose(high_value_names=("high.ok.org.",))
    held(zone)

    assert told(create(zone, STRANGER, **changed)) == refusal


def test_the_owner_group_exists_and_is_the_callers(service, zone):
    assert told(create(zone, ownerGroupId=NOBODYS)) == (422, f'Record owner group with id "{NOBODYS}" not found')
    assert told(create(zone, ownerGroupId=STRANGERS_GROUP)) == (
        422,
        f'User not in record owner group with id "{STRANGERS_GROUP}"',
    )

    shown = held(zone, ownerGroupId=GROUP)

    assert (shown["ownerGroupId"], shown["ownerGroupName"]) == (GROUP, "ok-group")
    assert told(put(zone, shown, ownerGroupId=STRANGERS_GROUP))[0] == 422
    assert put(zone, shown, ownerGroupId=None).status == 202
    assert "ownerGroupId" not in get(zone, shown["id"]).json["recordSet"]


def dotted(name, kind):
    return f"Record with name {name} and type {kind} is a dotted host which is not allowed in zone ok.org."


CNAME = [{"cname": "a.b."}]
NS = [{"nsdname": "ns1.approved.org."}]
DS = [{"keytag": 1, "algorithm": 5, "digesttype": 1, "digest": "AB" * 20}]
BY_TYPE = {
    "beside a CNAME": (
        {"name": "alias"},
        (409, "RecordSet with name alias and type CNAME already exists in zone ok.org."),
    ),
    "CNAME at the apex": (
        {"name": "@", "type": "CNAME", "records": CNAME},
        (422, "CNAME RecordSet cannot have name '@' because it points to zone origin"),
    ),
    "CNAME beside another": (
        {"type": "CNAME", "records": CNAME},
        (409, "RecordSet with name www already exists in zone ok.org., CNAME record cannot use duplicate name"),
    ),
    "CNAME to an address": (
        {"name": "c", "type": "CNAME", "records": [{"cname": "192.0.2.1"}]},
        (400, "Invalid CNAME: 192.0.2.1, valid CNAME record data cannot be an IP address."),
    ),
    "CNAME with empty labels": (
        {"name": "c", "type": "CNAME", "records": [{"cname": "a..b"}]},
        (400, "RecordSet Data cannot contain consecutive 'dot' character. RData: 'a..b.'"),
    ),
    "dotted CNAME": ({"name": "c.d", "type": "CNAME", "records": CNAME}, (422, dotted("c.d", "CNAME"))),
    "NS at the apex, which is there": (
        {"name": "@", "type": "NS", "records": NS},
        (409, "RecordSet with name ok.org. and type NS already exists in zone ok.org."),
    ),
    "unapproved NS": (
        {"name": "d", "type": "NS", "records": [{"nsdname": "a.b."}, *NS, {"nsdname": "c.d."}]},
        (422, "Name Server a.b. is not an approved name server., Name Server c.d. is not an approved name server."),
    ),
    "dotted NS": ({"name": "d.e", "type": "NS", "records": NS}, (422, dotted("d.e", "NS"))),
    "DS at the apex": (
        {"name": "@", "type": "DS", "records": DS},
        (422, "Record with name [ok.org.] is an DS record at apex and cannot be added"),
    ),
    "DS without NS": (
        {"name": "d", "type": "DS", "records": DS},
        (422, "DS record [d] is invalid because there is no NS record with that name in the zone [ok.org.]"),
    ),
    "dotted A": ({"name": "a.b"}, (422, dotted("a.b", "A"))),
    "dotted MX": (
        {"name": "a.b", "type": "MX", "records": [{"preference": 1, "exchange": "a.b."}]},
        (422, dotted("a.b", "MX")),
    ),
    "a name that is none": (
        {"name": "a..b", "type": "TXT", "records": [{"text": "x"}]},
        None,
    ),
    "data that no server takes": (
        {"name": "m", "type": "MX", "records": [{"preference": 1, "exchange": f"{'a' * 64}.b."}]},
        None,
    ),
}


@pytest.mark.parametrize(("changed", "refusal"), BY_TYPE.values(), ids=BY_TYPE)
def test_rules_by_type(service, zone, choose, changed, refusal):
    choose(approved_name_servers=(r"ns\d\.approved\.org\.",))
    held(zone)
    held(zone, name="alias", type="CNAME", records=CNAME)

    answer = create(zone, **changed)

    if refusal is None:
        assert answer.status in (400, 422)
    else:
        assert told(answer) == refusal


@pytest.mark.parametrize("name", ["a.b", "_sip._tcp.a"])
def test_some_types_take_dots(service, zone, name):
    assert create(zone, name=name, type="TXT", records=[{"text": "x"}]).status == 202
    srv = [{"priority": 1, "weight": 2, "port": 3, "target": "a.b."}]
    assert create(zone, name=name, type="SRV", records=srv).status == 202


def test_a_ds_stands_beside_an_ns(service, zone):
    held(zone, name="d", type="NS", records=NS)

    assert create(zone, name="D", type="DS", records=DS).status == 202


REVERSE = {
    "10.10.in-addr.arpa.": (["1.2"], ["1", "1.2.3", "1.256", "a.b"]),
    "2.0.192.in-addr.arpa.": (["7"], ["1.2", "256"]),
    "64/26.2.0.192.in-addr.arpa.": (["64", "127"], ["63", "128", "1.64"]),
    "8.b.d.0.1.0.0.2.ip6.arpa.": (
        [".".join(["1"] * 24)],
        [".".join(["1"] * 23), ".".join(["1"] * 25), ".".join(["g"] * 24)],
    ),
}


@pytest.mark.parametrize("name", REVERSE)
def test_a_ptr_makes_an_address(service, made, name):
    zone, (good, bad) = made(name), REVERSE[name]
    records = [{"ptrdname": "host.example.org."}]

    for each in good:
        assert create(zone, name=each, type="PTR", records=records).status == 202
    for each in bad:
        assert told(create(zone, name=each, type="PTR", records=records)) == (
            422,
            f"RecordSet {each} does not specify a valid IP address in zone {name}",
        )
    assert told(create(zone, name="1")) == (422, "A is not valid in reverse lookup zone.")


def test_a_zone_of_four_octets_has_no_ptr(service, made):
    zone = made("1.2.0.192.in-addr.arpa.")

    answer = create(zone, name="1", type="PTR", records=[{"ptrdname": "a.b."}])

    assert told(answer) == (422, "Zone 1.2.0.192.in-addr.arpa. does not have 1-3 octets: illegal")


def test_a_high_value_address_is_found_by_value(service, made, choose):
    choose(high_value_addresses=("192.0.2.252", "fd69:27cc:fe91::ffff"))
    v4, v6 = made("2.0.192.in-addr.arpa."), made("0.0.0.0.1.9.e.f.c.c.7.2.9.6.d.f.ip6.arpa.")
    told_of = 'Record name "{}" is configured as a High Value Domain, so it cannot be modified.'
    records = [{"ptrdname": "a.b."}]

    assert told(create(v4, name="252", type="PTR", records=records)) == (422, told_of.format("192.0.2.252"))
    name = ".".join("ffff" + "0" * 12)
    assert told(create(v6, name=name, type="PTR", records=records)) == (
        422,
        told_of.format("fd69:27cc:fe91:0000:0000:0000:0000:ffff"),
    )


# --- Dotted hosts


def test_dotted_hosts_are_for_those_whom_the_operator_names(service, made, choose):
    people.user(service, "other", GROUP)
    zone, other = made(), {"x-auth-token": "zw_other"}
    choose(dotted_hosts=(DottedHosts("*ok.org.", users=("ok",), types=("A", "CNAME", "MX"), dots=2),))
    forbidden = "Record type is not allowed or the user is not authorized to create a dotted host in the zone 'ok.org.'"

    shown = held(zone, name="a.b")
    held(zone, name="a.b.c", type="CNAME", records=CNAME)

    assert told(create(zone, other, name="c.d")) == (422, forbidden)
    assert told(create(zone, name="c.d", type="AAAA", records=[{"address": "::1"}])) == (422, forbidden)
    assert told(create(zone, name="a.b.c.d")) == (
        422,
        (
            "RecordSet with name a.b.c.d has more dots than that is allowed in config for this zone which is, "
            "'dots-limit = 2'."
        ),
    )
    assert told(create(zone, name="a.", type="TXT", records=[{"text": "x"}])) == (
        422,
        "RecordSet name cannot end with a dot, unless it's an apex record.",
    )
    assert put(zone, shown, headers=other, ttl=600).status == 202


def test_a_dotted_host_that_another_zone_has_is_refused(service, made, choose):
    choose(dotted_hosts=(DottedHosts("ok.org.", users=("ok",), types=("A",), dots=2),))
    parent, child = made(), made("b.ok.org.")
    held(child, name="a")

    answer = create(parent, name="a.b")

    assert told(answer) == (
        422,
        (
            "Record with fqdn 'a.b.ok.org.' cannot be created. Please check if a record with the same FQDN and type "
            "already exist and make the change there."
        ),
    )


def test_a_dotted_host_that_is_there_is_changed_where_none_may_be_made(service, zone, choose):
    choose(dotted_hosts=(DottedHosts("ok.org.", users=("ok",), types=("A",), dots=2),))
    shown = held(zone, name="a.b")
    choose()

    assert put(zone, shown, ttl=600).status == 202


# --- Updates and deletions


def test_what_an_update_may_not_change(service, made):
    zone, other = made(), made("other.org.")
    shown = held(zone)

    answer = ask("update_recordset", zone=other.id, part=shown["id"], json=shown)
    assert told(answer) == (422, "Cannot update RecordSet's zoneId attribute")
    assert told(put(zone, shown, name="other")) == (422, "Cannot update RecordSet's name.")
    changed = {"type": "TXT", "records": [{"text": "x"}]}
    assert told(put(zone, shown, **changed)) == (422, "Cannot update RecordSet's record type.")
    assert told(put(zone, shown, id=NOBODYS)) == (404, f"RecordSet with id {NOBODYS} does not exist.")
    assert told(put(zone, shown, id="no id")) == (404, "RecordSet with id no id does not exist.")
    answer = ask("update_recordset", zone=zone.id, part=NOBODYS, json=shown | {"ttl": 77})
    assert (answer.status, get(zone, shown["id"]).json["recordSet"]["ttl"]) == (202, 77)


def test_a_set_of_another_zone_is_not_found_by_ones_own(service, made):
    zone, other = made(), made("other.org.")
    shown = held(zone)

    assert get(other, shown["id"]).status == 404
    assert delete(other, shown).status == 404


def test_rights_to_update_view_and_delete(service, zone):
    shown = held(zone)

    assert told(put(zone, shown, headers=STRANGER)) == (
        403,
        "User stranger does not have access to update www.ok.org.",
    )
    assert told(delete(zone, shown, STRANGER)) == (403, "User stranger does not have access to delete www.ok.org.")
    assert told(get(zone, shown["id"], STRANGER)) == (403, "User stranger does not have access to view www.ok.org.")


def test_high_value_names_come_before_rights(service, zone, choose):
    shown = held(zone)
    choose(high_value_names=("www.ok.org.",))
    assert get(zone, shown["id"]).status == 200
    refusal = (422, 'Record name "www.ok.org." is configured as a High Value Domain, so it cannot be modified.')

    assert told(put(zone, shown, headers=STRANGER)) == refusal
    assert told(delete(zone, shown, STRANGER)) == refusal


def test_the_apex_keeps_its_ns_and_soa(service, zone):
    ns, soa = apex(zone, "NS"), apex(zone, "SOA")

    assert told(put(zone, ns)) == (422, "Record with name ok.org. is an NS record at apex and cannot be added")
    assert told(delete(zone, ns)) == (422, "Record with name ok.org. is an NS record at apex and cannot be edited")
    assert told(delete(zone, soa)) == (422, "SOA records cannot be deleted")


# --- Access


def test_access_rules_decide_for_a_stranger(service, made):
    rules = (
        AclRule(AccessLevel.WRITE, user_id="stranger", record_types=("A",)),
        AclRule(AccessLevel.READ, group_id=STRANGERS_GROUP, record_mask="r.*"),
    )
    zone = made(acl=rules)

    written = held(zone, STRANGER)
    read = held(zone, name="rr", type="TXT", records=[{"text": "x"}])

    assert put(zone, written, headers=STRANGER, ttl=77).status == 202
    assert delete(zone, written, STRANGER).status == 403
    assert get(zone, read["id"], STRANGER).status == 200
    assert put(zone, read, headers=STRANGER).status == 403
    levels = {each["name"]: each["accessLevel"] for each in listed(zone, headers=STRANGER).json["recordSets"]}
    assert levels == {"ok.org.": "NoAccess", "www": "Write", "rr": "Read"}


def test_a_shared_zone_takes_some_types_of_everybody_and_all_of_owners(service, shared):
    mine = held(shared, STRANGER, ownerGroupId=STRANGERS_GROUP)
    unowned = held(shared, STRANGER, name="free")
    others = held(shared, name="theirs", ownerGroupId=GROUP)

    assert put(shared, mine, headers=STRANGER, ttl=77).status == 202
    assert delete(shared, unowned, STRANGER).status == 202
    assert told(delete(shared, others, STRANGER))[0] == 403
    mx = {"type": "MX", "records": [{"preference": 1, "exchange": "a.b."}]}
    assert told(create(shared, STRANGER, name="mx", **mx))[0] == 403
    levels = {each["name"]: each["accessLevel"] for each in listed(shared, headers=STRANGER).json["recordSets"]}
    assert levels == {"shared.org.": "Delete", "theirs": "NoAccess", "www": "Delete"}


def test_super_and_support_users(service, zone):
    people.user(service, "root", STRANGERS_GROUP, is_super=True)
    people.user(service, "helper", STRANGERS_GROUP, is_support=True)
    shown = held(zone)

    assert put(zone, shown, headers=SUPER, ownerGroupId=GROUP).status == 202
    assert get(zone, shown["id"], SUPPORT).status == 200
    assert put(zone, shown, headers=SUPPORT).status == 403
    assert {each["accessLevel"] for each in listed(zone, headers=SUPPORT).json["recordSets"]} == {"Read"}


# --- Ownership transfer


def ask_for(zone, record_set, status, group=None, headers=None, **changed):
    wanted = {"ownershipTransferStatus": status} | ({"requestedOwnerGroupId": group} if group else {})
    return put(zone, record_set, headers, recordSetGroupChange=wanted, **changed)


def state(zone, record_set):
    shown = get(zone, record_set["id"]).json["recordSet"]
    return shown.get("ownerGroupId"), shown.get("recordSetGroupChange")


def test_a_transfer_is_asked_for_and_approved(service, shared):
    shown = held(shared, ownerGroupId=GROUP)

    answer = ask_for(shared, shown, "Requested", STRANGERS_GROUP, STRANGER)

    assert answer.status == 202
    pending = {"ownershipTransferStatus": "PendingReview", "requestedOwnerGroupId": STRANGERS_GROUP}
    assert answer.json["recordSet"]["recordSetGroupChange"] == pending
    assert state(shared, shown) == (GROUP, pending)

    assert ask_for(shared, shown, "ManuallyApproved", STRANGERS_GROUP).status == 202

    approved = {"ownershipTransferStatus": "ManuallyApproved", "requestedOwnerGroupId": STRANGERS_GROUP}
    assert state(shared, shown) == (STRANGERS_GROUP, approved)


def test_a_transfer_is_rejected_or_cancelled(service, shared):
    shown = held(shared, ownerGroupId=GROUP)
    ask_for(shared, shown, "Requested", STRANGERS_GROUP, STRANGER)

    assert told(ask_for(shared, shown, "Cancelled", STRANGERS_GROUP)) == (
        422,
        "Unauthorised to Cancel the ownership transfer",
    )
    assert ask_for(shared, shown, "Cancelled", STRANGERS_GROUP, STRANGER).status == 202
    assert told(ask_for(shared, shown, "ManuallyApproved", STRANGERS_GROUP)) == (
        422,
        "Cannot update RecordSet Ownership Status when request is cancelled.",
    )
    assert ask_for(shared, shown, "Requested", STRANGERS_GROUP, STRANGER).status == 202
    assert ask_for(shared, shown, "ManuallyRejected", STRANGERS_GROUP).status == 202
    rejected = {"ownershipTransferStatus": "ManuallyRejected", "requestedOwnerGroupId": STRANGERS_GROUP}
    assert state(shared, shown) == (GROUP, rejected)


def test_an_unowned_record_set_is_given_at_once(service, shared):
    shown = held(shared)

    assert ask_for(shared, shown, "Requested", STRANGERS_GROUP, STRANGER).status == 202

    given = {"ownershipTransferStatus": "AutoApproved", "requestedOwnerGroupId": STRANGERS_GROUP}
    assert state(shared, shown) == (STRANGERS_GROUP, given)


def test_refusals_of_transfers(service, shared, zone):
    shown = held(shared, ownerGroupId=GROUP)

    assert told(ask_for(shared, shown, "Requested", STRANGERS_GROUP, STRANGER, ttl=77)) == (
        422,
        (
            "Cannot update RecordSet's if user not a member of ownership group. User can only request for ownership "
            "transfer"
        ),
    )
    assert told(ask_for(shared, shown, "ManuallyApproved", STRANGERS_GROUP)) == (
        422,
        "Unable to ManuallyApproved the Ownership transfer status for the record: None",
    )
    assert told(ask_for(shared, shown, "PendingReview", STRANGERS_GROUP)) == (
        422,
        "Invalid Ownership transfer status: PendingReview",
    )
    assert told(ask_for(shared, shown, "Maybe")) == (422, 'Invalid Ownership transfer status: "Maybe"')
    assert told(ask_for(shared, shown, "Requested", GROUP)) == (
        422,
        f'Record owner group with id {GROUP} already owns the record, new request is not needed"',
    )
    assert told(ask_for(shared, shown, "Cancelled", STRANGERS_GROUP)) == (
        422,
        "Unable to cancel the Ownership transfer. Current status: None",
    )
    assert told(ask_for(shared, shown, "Requested", NOBODYS, STRANGER)) == (
        422,
        f'Record owner group with id "{NOBODYS}" not found',
    )
    ask_for(shared, shown, "Requested", STRANGERS_GROUP, STRANGER)
    assert told(ask_for(shared, shown, "ManuallyApproved", STRANGERS_GROUP, STRANGER)) == (
        403,
        "Unauthorized to change ownership transfer status to 'ManuallyApproved'",
    )
    plain = held(zone, recordSetGroupChange={"ownershipTransferStatus": "None"})
    assert told(ask_for(zone, plain, "AutoApproved", GROUP)) == (
        422,
        "Cannot update RecordSet Ownership Status when zone is not shared.",
    )


# --- Lists


@pytest.fixture
def full(zone):
    """A zone with some record sets."""
    held(zone, name="b", ownerGroupId=GROUP)
    held(zone, name="B", type="TXT", records=[{"text": "x"}])
    held(zone, name="a-1")
    held(zone, name="a")
    return zone


def found(answer):
    return [(each["name"], each["type"]) for each in answer.json["recordSets"]]


def test_a_list_is_ordered_by_fqdn_and_type(service, full):
    answer = listed(full)

    assert found(answer) == [
        ("a-1", "A"),
        ("a", "A"),
        ("b", "A"),
        ("B", "TXT"),
        ("ok.org.", "NS"),
        ("ok.org.", "SOA"),
    ]
    assert {name: value for name, value in answer.json.items() if name != "recordSets"} == {
        "maxItems": 100,
        "nameSort": "ASC",
        "recordTypeSort": "NONE",
    }
    assert ask("count_recordsets", zone=full.id).json == {"count": 6}


@pytest.mark.parametrize(
    ("query", "names_found", "echoed"),
    [
        ("recordNameFilter=B", [("b", "A"), ("B", "TXT")], {"recordNameFilter": "B"}),
        ("recordNameFilter=a*", [("a-1", "A"), ("a", "A")], {"recordNameFilter": "a*"}),
        ("recordNameFilter=a_1", [], {"recordNameFilter": "a_1"}),
        ("recordNameFilter=ok.org.", [("ok.org.", "NS"), ("ok.org.", "SOA")], {"recordNameFilter": "ok.org."}),
        ("recordTypeFilter=TXT,NS,X", [("B", "TXT"), ("ok.org.", "NS")], {"recordTypeFilter": ["TXT", "NS"]}),
        (f"recordOwnerGroupFilter={GROUP}", [("b", "A")], {}),
        (
            "nameSort=DESC&recordTypeFilter=A,TXT",
            [("b", "A"), ("B", "TXT"), ("a", "A"), ("a-1", "A")],
            {"nameSort": "DESC", "recordTypeFilter": ["A", "TXT"]},
        ),
        (
            "recordTypeSort=DESC&recordNameFilter=b",
            [("B", "TXT"), ("b", "A")],
            {"recordTypeSort": "DESC", "recordNameFilter": "b"},
        ),
    ],
)
def test_filters_and_orders(service, full, query, names_found, echoed):
    answer = listed(full, query)

    assert found(answer) == names_found
    shown = {name: value for name, value in answer.json.items() if name != "recordSets"}
    assert shown == {"maxItems": 100, "nameSort": "ASC", "recordTypeSort": "NONE"} | echoed


def test_no_known_type_is_no_filter(service, full):
    answer = listed(full, "recordTypeFilter=X")

    assert len(answer.json["recordSets"]) == 6
    assert "recordTypeFilter" not in answer.json


@pytest.mark.parametrize("order", ["", "nameSort=DESC", "recordTypeSort=ASC", "recordTypeSort=DESC&nameSort=DESC"])
def test_pages_neither_repeat_nor_hide_a_record_set(service, full, order):
    whole, pages, start = listed(full, order).json["recordSets"], [], ""
    while start is not None:
        page = listed(full, f"{order}&maxItems=2" + (f"&startFrom={start}" if start else "")).json
        pages += page["recordSets"]
        assert page.get("startFrom", "") == start.replace("%3C", "<")
        start = page.get("nextId")

    assert pages == whole


@pytest.mark.parametrize("limit", [0, 101])
def test_the_size_of_a_page_is_checked_before_the_credentials(service, zone, limit):
    answer = listed(zone, f"maxItems={limit}", {"x-auth-token": "zw_none"})

    assert told(answer) == (400, f"maxItems was {limit}, maxItems must be between 0 and 100")


def test_a_list_needs_sight_of_the_zone(service, zone):
    assert told(listed(zone, headers=STRANGER)) == (403, "User stranger cannot access zone 'ok.org.'")
    assert ask("count_recordsets", zone=zone.id, headers=STRANGER).status == 403
    assert ask("list_failed_record_changes", zone=zone.id, headers=STRANGER).status == 403


def search(query, headers=None):
    return ask("search_recordsets", rawQueryString=query, headers=headers)


def test_a_search_over_all_zones(service, made, full):
    reverse = made("2.0.192.in-addr.arpa.")
    held(reverse, name="7", type="PTR", records=[{"ptrdname": "a.b."}])

    (first, second) = search("recordNameFilter=b.ok*").json["recordSets"]
    assert (first["fqdn"], first["zoneName"], first["zoneShared"]) == ("b.ok.org.", "ok.org.", False)
    assert (second["fqdn"], second["accessLevel"]) == ("B.ok.org.", "Delete")
    assert found(search("recordNameFilter=b.ok.org&recordTypeFilter=TXT")) == [("B", "TXT")]
    assert found(search("recordNameFilter=192.0.2.7")) == [("7", "PTR")]
    assert found(search("recordNameFilter=*ok.org.&maxItems=1")) == [("a-1", "A")]
    (seen, _) = search("recordNameFilter=b.ok*", STRANGER).json["recordSets"]
    assert seen["accessLevel"] == "NoAccess"


def test_refusals_of_a_search(service):
    assert search("").status == 404
    assert search("").body == "Request is missing required query parameter 'recordNameFilter'"
    wide = "Record Name Filter field must contain at least two letters or numbers to perform a RecordSet Search."
    assert told(search("recordNameFilter=a*")) == (422, wide)
    assert told(search("recordNameFilter=*abc*")) == (422, wide)


# --- Histories


def history(query, headers=None):
    return ask("show_recordset_history", rawQueryString=query, headers=headers)


def test_the_history_of_a_record_set(service, zone):
    shown = held(zone)
    changed = put(zone, shown, ttl=77).json
    held(zone, name="other")

    answer = history(f"zoneId={zone.id}&fqdn=WWW.ok.org&recordType=A&maxItems=1").json

    (entry,) = answer["recordSetChanges"]
    assert (entry["id"], entry["changeType"], entry["userName"], entry["updates"]) == (
        *(changed["id"], "Update", "ok"),
        shown,
    )
    assert (answer["zoneId"], answer["nextId"], answer["maxItems"]) == (zone.id, 1, 1)
    (first,) = history(f"zoneId={zone.id}&fqdn=www.ok.org.&recordType=A&startFrom=1").json["recordSetChanges"]
    assert first["changeType"] == "Create"
    assert history(f"zoneId={zone.id}&fqdn=www.ok.org.&recordType=A&startFrom=9").json["recordSetChanges"] == []
    assert told(history(f"zoneId={zone.id}&fqdn=www.ok.org.")) == (
        400,
        "recordType, fqdn and zoneId cannot be empty",
    )
    assert history(f"zoneId={zone.id}&fqdn=www.ok.org.&recordType=A", STRANGER).status == 403


def test_the_list_of_changes_has_the_ids_that_are_polled(service, zone):
    asked = create(zone).json
    headers = {"authorization": None, "x-auth-token": TOKEN}
    sent = event("vinyldns_list_recordset_changes", zone=zone.id, rawQueryString="", headers=headers)

    answer = call(list_recordset_changes.handler, sent)

    entries = {each["id"]: each for each in answer.json["recordSetChanges"]}
    assert entries[asked["id"]]["recordSet"]["name"] == "www"
    loaded = next(each for each in entries.values() if each["recordSet"]["type"] == "NS")
    assert polled(zone, loaded).json["recordSet"]["type"] == "NS"


def test_a_change_is_that_of_its_record_set(service, zone):
    asked, other = create(zone).json, create(zone, name="other").json

    for change in (asked | {"id": NOBODYS}, asked | {"recordSet": other["recordSet"]}, asked | {"id": "no id"}):
        assert told(polled(zone, change)) == (
            404,
            f"Unable to find record set change with id {change['id']} in zone ok.org.",
        )
    assert told(polled(zone, asked, STRANGER)) == (403, "User stranger does not have access to view www.ok.org.")


def test_no_change_of_a_zone_that_is_kept_here_fails(service, zone):
    create(zone)

    answer = ask("list_failed_record_changes", zone=zone.id, rawQueryString="maxItems=3")

    assert answer.json == {"failedRecordSetChanges": [], "nextId": 0, "startFrom": 0, "maxItems": 3}


def test_a_copy_whose_primary_takes_no_updates_is_not_written(service, made):
    zone = made(type=ZoneType.SECONDARY)

    assert create(zone).status == 403
    assert names.fold(zone.name) == "ok.org."


def test_a_write_below_v2_keeps_whose_a_record_set_is(service, zone):
    shown = held(zone, ownerGroupId=GROUP, account="mine", recordSetGroupChange={"ownershipTransferStatus": "None"})
    changed = {"records": ["192.0.2.9"], "description": "new"}

    answer = call(
        update_recordset.handler, event("designate_update_recordset", zone=zone.id, part=shown["id"], json=changed)
    )

    assert (answer.status, answer.json["id"]) == (200, shown["id"])
    kept = get(zone, shown["id"]).json["recordSet"]
    assert kept == shown | {"records": [{"address": "192.0.2.9"}], "updated": kept["updated"]}


# --- A copy whose primary takes updates


@pytest.fixture
def copied(made):
    """A copied zone whose primary takes updates, by the default backend."""
    return made("copied.org.", type=ZoneType.SECONDARY, backend_id="")


def test_a_write_of_a_copy_waits_and_is_not_shown(service, copied):
    asked = create(copied).json

    assert asked["recordSet"]["status"] == "Pending"
    assert polled(copied, asked).status == 404
    assert get(copied, asked["recordSet"]["id"]).status == 404
    assert found(listed(copied)) == [("copied.org.", "NS"), ("copied.org.", "SOA")]
    assert zones.get(service.table, copied.id).pending == 1


def test_writes_of_a_copy_are_judged_by_what_waits(service, copied):
    asked = create(copied).json
    shown = asked["recordSet"]

    assert told(create(copied)) == (409, "RecordSet with name www and type A already exists in zone copied.org.")
    changed = put(copied, shown, ttl=77)
    assert (changed.status, changed.json["updates"]["ttl"]) == (202, 300)
    assert delete(copied, shown).status == 202
    assert delete(copied, shown).status == 404
    assert create(copied, type="CNAME", records=CNAME).status == 202
    assert zones.get(service.table, copied.id).pending == 4


def test_a_record_set_that_waits_for_its_deletion_stays_until_then(service, made):
    zone = made()
    shown = held(zone)
    waiting = replace(zones.get(service.table, zone.id), type=ZoneType.SECONDARY, backend_id="")
    service.table.write(Put(zones.to_item(waiting)))

    assert delete(zone, shown).status == 202
    assert get(zone, shown["id"]).json["recordSet"] == shown
    assert put(zone, shown, ttl=77).status == 202
    assert delete(zone, shown).status == 202


@pytest.mark.parametrize("module", [*reading.handler.routes.values(), *writing.handler.routes.values()])
def test_a_signed_request_is_answered(service, module):
    handler = writing.handler if module in writing.handler.routes.values() else reading.handler

    answer = call(handler, event(f"vinyldns_{module}"))

    assert answer.status == (200 if module == "search_recordsets" else 404)
