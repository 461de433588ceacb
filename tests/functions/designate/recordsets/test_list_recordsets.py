import base64
import itertools
import uuid
from dataclasses import replace

import dns.name
import dns.zone
import pytest
from support.calls import BASE, GROUP, NOW, call, event
from zonewright.contents import chunks
from zonewright.model.version import Version
from zonewright.protocol import names, rrset
from zonewright.store import versions, zones
from zonewright.store.table import Put

from functions.designate import get_recordset, list_recordsets


def recordsets(zone, query="", **headers):
    sent = event("designate_list_recordsets", zone=zone["id"], rawQueryString=query, headers=headers)
    return call(list_recordsets.handler, sent)


def by_id(zone, part):
    return call(get_recordset.handler, event("designate_get_recordset", zone=zone["id"], part=part))


def recordset(zone, item, **fields):
    return {
        "id": item["id"],
        "zone_id": zone["id"],
        "zone_name": "example.org.",
        "project_id": GROUP,
        "name": "example.org.",
        "ttl": None,
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


CONTENTS = """
@            7200 SOA  ns1.example.net. joe.example.org. 1 3600 600 86400 3600
@            7200 NS   ns1.example.net.
@            60   TXT  "50% off" "B"
*            300  A    192.0.2.9
a            300  A    192.0.2.1
a            300  A    192.0.2.2
a            60   AAAA 2001:db8::1
Mail         300  A    192.0.2.3
x_y          300  CNAME a
deep.a       300  A    192.0.2.4
"""


@pytest.fixture
def full(service, zone):
    """The zone with these contents instead, in chunks of one owner name each."""
    origin = dns.name.from_text("example.org.")
    found = dns.zone.from_text(CONTENTS, origin, relativize=False, check_origin=False)
    lines = sorted(
        rrset.to_line(
            names.key_of(name, origin),
            int(rdataset.rdtype),
            rdataset.ttl,
            [rdata.to_wire() for rdata in rdataset],
            None if name.canonicalize().labels == name.labels else names.escape_label(name.labels[0]),
        )
        for name, rdataset in found.iterate_rdatasets()
    )
    made = []
    for key, group in itertools.groupby(lines, rrset.key):
        kept = list(group)
        made.append((chunks.describe(key, kept, chunks.to_text(kept), "change-id"), chunks.to_text(kept)))
    chunks.write(service.bucket, zone["id"], made)
    version = Version(zone["id"], 2, 1, NOW, "change-id", tuple(chunk for chunk, _ in made))
    stored = zones.get(service.table, zone["id"])
    service.table.write(*versions.publish(version, ()), Put(zones.to_item(replace(stored, version=2, serial=1))))
    return zone


def shown(answer):
    """Owner name below the zone and type of each, in a line."""
    assert answer.status == 200, answer.body
    found = [(each["name"].replace("example.org.", "").rstrip("."), each["type"]) for each in answer.json["recordsets"]]
    return " ".join(f"{name or '@'}/{kind}" for name, kind in found)


ALL = "@/TXT @/NS @/SOA */A a/A a/AAAA deep.a/A Mail/A x_y/CNAME"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ALL),
        ("name=a.example.org.", "a/A a/AAAA"),
        ("name=A.EXAMPLE.org.", "a/A a/AAAA"),
        ("name=mail.example.org.", "Mail/A"),
        ("name=a.example.org", ""),
        ("name=\\097.example.org.", "a/A a/AAAA"),
        ("name=%5C120_y.Example.org.", "x_y/CNAME"),
        ("name=nobody.example.org.", ""),
        ("name=example.org.", "@/TXT @/NS @/SOA"),
        ("name=example.net.", ""),
        ("name=", ""),
        ("name=..", ""),
        ("name=" + "x" * 5000 + ".", ""),
        ("name=*a.example.org.", "a/A a/AAAA deep.a/A"),
        ("name=*_*", "x_y/CNAME"),
        ("name=_.example.org.", ""),
        ("type=A", "*/A a/A deep.a/A Mail/A"),
        ("type=a", "*/A a/A deep.a/A Mail/A"),
        ("type=A*", "*/A a/A a/AAAA deep.a/A Mail/A"),
        ("type=TYPE1", ""),
        ("ttl=60", "@/TXT a/AAAA"),
        ("data=192.0.2.2", "a/A"),
        ("data=192.0.2.*", "*/A a/A deep.a/A Mail/A"),
        ("data=*50%25*", "@/TXT"),
        ("data=*5_%25*", ""),
        ("status=ACTIVE", ALL),
        ("status=ERROR", ""),
        ("description=*", ""),
        ("name=a.example.org.&type=AAAA", "a/AAAA"),
        ("type=A&data=*.3", "Mail/A"),
    ],
)
def test_a_list_holds_what_every_filter_lets_through(full, query, found):
    answer = recordsets(full, query)

    assert shown(answer) == found
    assert answer.json["metadata"] == {"total_count": len(found.split())}
    assert "next" not in answer.json["links"]


BY_TTL = "@/TXT a/AAAA */A a/A deep.a/A Mail/A x_y/CNAME @/NS @/SOA"


@pytest.mark.parametrize(
    ("key", "order"),
    [
        *((key, ALL) for key in ("created_at", "updated_at", "zone_id", "tenant_id", "name")),
        ("type", "*/A a/A deep.a/A Mail/A a/AAAA x_y/CNAME @/NS @/SOA @/TXT"),
        ("ttl", BY_TTL),
        ("records", "@/TXT a/A Mail/A deep.a/A */A a/AAAA x_y/CNAME @/NS @/SOA"),
    ],
)
@pytest.mark.parametrize("extra", ["", "&name=*"], ids=["all", "filtered"])
def test_pages_of_every_order_follow_each_other_both_ways(full, key, order, extra):
    for direction in ("asc", "desc"):
        found, query = [], f"sort_key={key}&sort_dir={direction}&limit=4{extra}"
        while query:
            answer = recordsets(full, query)
            found += shown(answer).split()
            assert answer.json["metadata"] == {"total_count": 9}
            query = answer.json["links"].get("next", "").partition("?")[2]

        assert found == (order.split() if direction == "asc" else order.split()[::-1])


@pytest.mark.parametrize("extra", ["", "&name=*"], ids=["all", "filtered"])
@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize("code_bits", [72, 8, 0], ids=["apart", "some alike", "all alike"])
def test_an_order_by_id_is_one(full, monkeypatch, direction, extra, code_bits):
    monkeypatch.setattr("zonewright.model.recordsetid._CODE_BITS", code_bits)
    found, query = [], f"sort_key=id&sort_dir={direction}&limit=2{extra}"
    while query:
        answer = recordsets(full, query)
        assert answer.json["metadata"] == {"total_count": 9}
        found += [each["id"] for each in answer.json["recordsets"]]
        query = answer.json["links"].get("next", "").partition("?")[2]

    assert len(found) == 9
    assert found == sorted(found, reverse=direction == "desc")


def test_an_id_is_a_good_marker_in_any_order(full):
    fourth = recordsets(full, "sort_key=ttl&limit=4").json["recordsets"][-1]["id"]

    assert shown(recordsets(full, f"sort_key=ttl&marker={fourth}")) == " ".join(BY_TTL.split()[4:])


def test_a_cursor_of_a_record_set_that_is_gone_goes_on_behind_its_place(full):
    behind_b = "." + base64.urlsafe_b64encode(b"b\t1\t").decode().rstrip("=")

    assert shown(recordsets(full, f"marker={behind_b}")) == "Mail/A x_y/CNAME"
    assert shown(recordsets(full, f"marker={behind_b}&type=A")) == "Mail/A"
    lost = recordsets(full, f"marker={behind_b}&sort_key=ttl")
    assert (lost.status, lost.json["type"]) == (400, "marker_not_found")


@pytest.mark.parametrize("query", ["", "type=A", "name=a.example.org."])
def test_counts_may_be_hidden(full, query):
    assert recordsets(full, query, **{"openstack-dns-hide-counts": "1"}).json["metadata"] == {}


KEPT = "zonewright.contents.chunks._kept"


@pytest.fixture
def objects(service, full, monkeypatch):
    """The keys of the objects that are read, with nothing in memory before."""
    monkeypatch.setattr(KEPT, {})
    got = []
    events = service.bucket.client.meta.events
    count = lambda params, **_: got.append(params["Key"])  # noqa: E731
    events.register("provide-client-params.s3.GetObject", count)
    yield got
    events.unregister("provide-client-params.s3.GetObject", count)


@pytest.mark.parametrize(
    ("query", "found", "read"),
    [
        ("name=mail.example.org.", "Mail/A", 1),
        ("name=*.a.example.org.", "deep.a/A", 2),
        ("name=*eep.A.example.org.&type=A", "deep.a/A", 2),
        ("name=*.example.net.", "", 0),
        ("name=Mail*", "Mail/A", 1),
        ("name=d*p.a.*", "deep.a/A", 1),
        ("name=ex*", "@/TXT @/NS @/SOA", 2),
        ("name=n*", "", 1),
        ("limit=3", "@/TXT @/NS @/SOA", 3),
        ("limit=1&type=A", "*/A", 6),
        ("sort_key=name&sort_dir=desc&limit=1", "x_y/CNAME", 3),
        ("sort_key=name&sort_dir=desc&limit=1&type=A", "Mail/A", 6),
        ("sort_key=id&limit=2", "@/TXT @/NS", 3),
    ],
)
def test_a_page_without_counts_reads_few_chunks(objects, full, query, found, read):
    answer = recordsets(full, query, **{"openstack-dns-hide-counts": "1"})

    assert sorted(shown(answer).split()) == sorted(found.split())
    assert len(objects) <= read


def test_an_id_is_found_in_the_one_chunk_that_holds_it(objects, full, monkeypatch):
    for each in recordsets(full).json["recordsets"]:
        monkeypatch.setattr(KEPT, {})
        objects.clear()

        assert by_id(full, each["id"]).json == each
        assert len(objects) <= 2


def test_an_id_of_an_earlier_release_names_its_record_set_still(full):
    where = {"deep.a.example.org.": "a deep\t1\t", "example.org.": "\t16\t"}
    for name, place in where.items():
        earlier = str(uuid.uuid5(uuid.UUID(full["id"]), place))

        answer = by_id(full, earlier)

        assert (answer.status, answer.json["name"]) == (200, name)
        assert answer.json["id"] != earlier
    assert shown(recordsets(full, f"marker={earlier}")) == ALL.partition(" ")[2]


@pytest.mark.parametrize("query", ["type=A", "name=*a*", "data=*", "sort_key=ttl", "sort_key=records", "marker={id}"])
def test_a_search_that_takes_too_long_is_refused_with_the_way_out(full, monkeypatch, query):
    earlier = str(uuid.uuid5(uuid.UUID(full["id"]), "x_y\t5\t"))
    monkeypatch.setattr("zonewright.actions.recordset_search.SECONDS", -1)

    answer = recordsets(full, query.format(id=earlier))

    assert (answer.status, answer.json["type"]) == (413, "over_quota")
    assert "ask in one zone, for an exact name or names that end with whole labels" in answer.json["message"]


def test_a_zone_that_never_loaded_has_no_record_sets(service, zone):
    stored = zones.get(service.table, zone["id"])
    service.table.write(Put(zones.to_item(replace(stored, version=0))))

    assert recordsets(zone, "type=A").json["metadata"] == {"total_count": 0}
    answer = call(get_recordset.handler, event("designate_get_recordset", zone=zone["id"]))
    assert (answer.status, answer.json["type"]) == (404, "recordset_not_found")


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        pytest.param("sort_key=serial", "invalid_sort_key", id="sort key"),
        pytest.param("sort_dir=up", "invalid_sort_dir", id="sort direction"),
        pytest.param("email=a", "bad_request", id="filter of zones"),
        pytest.param("type=A&type=NS", "bad_request", id="twice"),
        pytest.param("limit=0", "invalid_limit", id="limit"),
    ],
)
def test_a_query_that_means_nothing_is_refused(zone, query, kind):
    answer = recordsets(zone, query)

    assert (answer.status, answer.json["type"]) == (400, kind)


def test_each_record_set_is_shown_by_its_id_as_in_the_list(full):
    for listed in recordsets(full).json["recordsets"]:
        answer = by_id(full, listed["id"])

        assert (answer.status, answer.json) == (200, listed)


def test_a_record_set_that_is_not_there_is_a_404(full):
    answer = call(get_recordset.handler, event("designate_get_recordset", zone=full["id"]))

    assert (answer.status, answer.json["type"]) == (404, "recordset_not_found")


@pytest.mark.parametrize("part", ["x", "a.example.org.", "{a86dba58-0043-4cc6-a1bb-69d5e86f3ca}"])
def test_a_record_sets_id_that_is_no_uuid_is_refused(full, part):
    answer = call(get_recordset.handler, event("designate_get_recordset", zone=full["id"], part=part))

    assert (answer.status, answer.json["type"]) == (400, "invalid_uuid")
    assert answer.json["message"] == f"Invalid UUID recordset_id: {part}"
