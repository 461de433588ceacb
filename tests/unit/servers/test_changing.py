"""Pushes to a hosted zone of Route 53, in this process: what is done once, what is refused, and what goes on.

Route 53 is MiniStack's, whose batches are atomic. What it lacks, throttling and busy hosted zones, botocore's Stubber
answers.
"""

import botocore.session
import pytest
from botocore.stub import ANY, Stubber
from hypothesis import given, settings
from hypothesis import strategies as st
from support.hosting import KEYS, Hosting, hosted, versions
from support.updating import TTL, ZONE, line, shown
from zonewright.errors import (
    AccessDenied,
    DeliveryDelayed,
    DeliveryRefused,
    HostedZoneBusy,
    HostedZoneNotFound,
    RecordSetsRefused,
    RequestRefused,
    RequestsThrottled,
    ServerFailed,
    ServerSilent,
    ServerUnreachable,
    TargetDiverged,
)
from zonewright.model import changebatch, diff
from zonewright.protocol import rrset
from zonewright.protocol.types import CNAME, LOC, MX, NS, TXT, A
from zonewright.servers import changing, route53
from zonewright.servers.route53 import HostedZone

some = settings(max_examples=20, deadline=None)
APEX = line("", NS, ["ns1.example.net."])
ALIAS = {"HostedZoneId": "Z1", "DNSName": "b.example.org.", "EvaluateTargetHealth": False}


@pytest.fixture(scope="module")
def in_process():
    return Hosting()


@pytest.fixture
def hosting(in_process):
    in_process.reset()
    return in_process


@pytest.fixture(scope="module")
def client():
    return botocore.session.get_session().create_client("route53", **KEYS)


def plan(old, new, room=None):
    planned = changebatch.plan(diff.exact_moves(old, new), ZONE, TTL)
    return planned if room is None else small(planned, room)


def small(planned, room):
    """The same push with batches of so many parts."""
    parts = [part for batch in planned.batches for part in batch.parts]
    cuts = [tuple(parts[at : at + room]) for at in range(0, len(parts), room)]
    batches = [changebatch.Batch(number, cut) for number, cut in enumerate(cuts, 1)]
    return changebatch.Push(tuple(batches), planned.refused)


def done(zone, planned, behind=0):
    """How many batches the hosted zone has after each."""
    return [progress.done for progress in changing.push(zone, planned, behind)]


def filled(hosting, lines):
    """A new hosted zone that has these lines."""
    hosting.reset()
    zone = hosting.zone()
    done(zone, plan([], lines))
    hosting.batches.clear()
    hosting.requests.clear()
    return zone


def there(zone):
    return shown(route53.contents(zone).lines)


def hosts(count, version=1):
    return sorted([APEX, *(line(f"host-{n:03}", A, [f"192.0.2.{version}"]) for n in range(count))])


def written(zone, action, **record_set):
    """Change a hosted zone as another writer does."""
    found = {"Name": "host-000.example.org.", "Type": "A", **record_set}
    changes = [{"Action": action, "ResourceRecordSet": found}]
    zone.client.change_resource_record_sets(HostedZoneId=zone.id, ChangeBatch={"Changes": changes})


# --- The laws


@given(old=versions(), new=versions())
@some
def test_a_push_makes_the_new_version_of_the_old_one(in_process, old, new):
    zone = filled(in_process, old)

    numbers = done(zone, plan(old, new))

    assert there(zone) == hosted(new)
    assert numbers == list(range(1, len(numbers) + 1))
    assert in_process.requests.count("ChangeResourceRecordSets") == len(numbers)


@given(old=versions(), new=versions(), room=st.integers(1, 4), data=st.data())
@some
def test_a_push_that_stopped_goes_on_wherever_it_was(in_process, old, new, room, data):
    zone, planned = filled(in_process, old), plan(old, new, room)
    sent = data.draw(st.integers(0, len(planned.batches)))
    noted = data.draw(st.integers(0, sent))
    for _, progress in zip(range(sent), changing.push(zone, planned), strict=False):
        assert progress.change

    numbers = done(zone, plan(old, new, room), noted)

    assert numbers == list(range(noted + 1, len(planned.batches) + 1))
    assert there(zone) == hosted(new)


def test_the_apex_ns_and_the_soa_stay(hosting):
    zone = filled(hosting, hosts(2))

    done(zone, plan(hosts(2), []))

    listed = zone.client.list_resource_record_sets(HostedZoneId=zone.id)["ResourceRecordSets"]
    assert sorted(each["Type"] for each in listed) == ["NS", "SOA"]
    assert route53.contents(zone) == route53.Contents((), {})


# --- Done once


def test_a_change_whose_answer_was_lost_is_made_once():
    hosting = Hosting(attempts=2)  # botocore sends it again
    zone = filled(hosting, hosts(3))
    hosting.lost = 1

    assert done(zone, plan(hosts(3), hosts(3, 2))) == [1]
    assert there(zone) == hosted(hosts(3, 2))
    assert hosting.requests.count("ChangeResourceRecordSets") == 1


def test_a_lost_answer_is_a_delay_and_the_next_push_finds_it_done(hosting):
    zone, planned = filled(hosting, hosts(3)), plan(hosts(3), hosts(3, 2))
    hosting.lost = 1
    with pytest.raises(ServerSilent, match="no answer from Route 53"):
        done(zone, planned)

    assert done(zone, planned) == [1]
    assert there(zone) == hosted(hosts(3, 2))
    assert len(hosting.batches) == 2


@pytest.mark.parametrize(("count", "lists"), [(3, 3), (700, 3)], ids=["few by name", "many by pages of 300"])
def test_what_was_done_is_read_sparingly(hosting, count, lists):
    zone, planned = filled(hosting, hosts(count)), plan([], hosts(count))

    assert done(zone, planned) == [1]
    assert hosting.requests == ["ChangeResourceRecordSets", *["ListResourceRecordSets"] * lists]


def test_half_a_push_that_another_way_brought_is_completed(hosting):
    zone = filled(hosting, hosts(4))
    done(zone, plan(hosts(4), [*hosts(4)[:3], *hosts(4, 2)[3:]]))
    hosting.batches.clear()

    assert done(zone, plan(hosts(4), hosts(4, 2))) == [1]
    assert there(zone) == hosted(hosts(4, 2))
    assert [len(batch) for batch in hosting.batches] == [8, 4]


def test_texts_of_another_writer_are_deleted_as_they_are(hosting):
    zone = filled(hosting, [])
    written(zone, "CREATE", Type="TXT", TTL=60, ResourceRecords=[{"Value": '"a""\\142"'}])
    old, new = line("host-000", TXT, ['"a" "b"'], 60), line("host-000", TXT, ['"c"'], 60)
    assert there(zone) == shown([old])

    assert done(zone, plan([old], [new])) == [1]
    assert there(zone) == shown([new])


# --- Refused


def test_record_sets_that_route_53_refuses_are_found_and_named_and_the_rest_is_pushed(hosting):
    bad = {"host-003.example.org.", "host-017.example.org."}
    zone = filled(hosting, hosts(20))
    hosting.refuse = lambda change: change["ResourceRecordSet"]["Name"] in bad and "Invalid Resource Record: FATAL"

    with pytest.raises(RecordSetsRefused) as refusal:
        done(zone, plan(hosts(20), hosts(20, 2)))

    assert refusal.value.places == ("host-003\t1\t", "host-017\t1\t")
    assert refusal.value.message == (
        "Route 53 does not take A of host-003.example.org.: [Invalid Resource Record: FATAL, Invalid Resource Record: "
        "FATAL]; A of host-017.example.org.: [Invalid Resource Record: FATAL, Invalid Resource Record: FATAL]"
    )
    kept = [text for text in hosts(20) if rrset.key(text) in ("host-003", "host-017")]
    rest = [text for text in hosts(20, 2) if rrset.key(text) not in ("host-003", "host-017")]
    assert there(zone) == hosted([*kept, *rest])
    assert len(hosting.batches) < 22


def test_a_refused_record_set_does_not_stop_others_of_its_owner_name(hosting):
    zone = filled(hosting, [])
    hosting.refuse = lambda change: change["ResourceRecordSet"]["Type"] == "MX" and "FATAL"
    a, mx = line("a", A, ["192.0.2.1"]), line("a", MX, ["1 b.example.org."])

    with pytest.raises(RecordSetsRefused, match=r"MX of a\.example\.org\."):
        done(zone, plan([], [a, mx]))

    assert there(zone) == shown([a])


def test_a_cname_and_what_it_replaces_move_together_or_not_at_all(hosting):
    old, new = [line("a", A, ["192.0.2.1"]), line("a", TXT, ['"x"'])], [line("a", CNAME, ["b.example.org."])]
    zone = filled(hosting, old)
    hosting.refuse = lambda change: change["ResourceRecordSet"]["Type"] == "CNAME" and "FATAL"

    with pytest.raises(RecordSetsRefused):
        done(zone, plan(old, new))

    assert there(zone) == shown(old)


def test_a_push_does_not_count_a_batch_with_something_refused(hosting):
    zone, planned = filled(hosting, []), plan([], hosts(6), 2)
    hosting.refuse = lambda change: change["ResourceRecordSet"]["Name"] == "host-002.example.org." and "FATAL"
    numbers = []
    with pytest.raises(RecordSetsRefused):
        numbers.extend(progress.done for progress in changing.push(zone, planned))
    assert numbers == [1, 1, 1]
    for _ in range(2):
        with pytest.raises(RecordSetsRefused) as refusal:
            done(zone, planned, 1)
        assert refusal.value.places == ("host-002\t1\t",)
    hosting.refuse = lambda _: ""

    assert done(zone, planned, 1) == [2, 3]
    assert there(zone) == hosted(hosts(6))


def test_what_is_refused_for_a_common_reason_is_not_tried_one_by_one(hosting):
    zone = filled(hosting, [])
    hosting.refuse = lambda _: "Number of records limit of 10000 exceeded."

    with pytest.raises(RecordSetsRefused, match=r"limit of 10000 exceeded.*; and 17 more"):
        done(zone, plan([], hosts(900), 100))

    assert len(hosting.batches) < 60
    assert all(len(batch) <= 100 for batch in hosting.batches)
    asked = {change["ResourceRecordSet"]["Name"] for batch in hosting.batches for change in batch}
    assert len(asked) == 100


def test_what_route_53_cannot_have_is_named_after_the_rest_is_pushed(hosting):
    zone, odd = filled(hosting, []), line("l", LOC, ["0 N 0 E 0m"])

    with pytest.raises(
        RecordSetsRefused, match=r"LOC of l\.example\.org\.: Route 53 does not have this type"
    ) as refusal:
        done(zone, plan([], [*hosts(1), odd]))

    assert refusal.value.places == (rrset.place(odd),)
    assert there(zone) == hosted(hosts(1))


# --- What others wrote

FOREIGN = {
    "an alias": {"AliasTarget": ALIAS},
    "a routing policy": {"SetIdentifier": "x", "Weight": 1, "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.9"}]},
    "a health check": {"HealthCheckId": "h", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.9"}]},
}


@pytest.mark.parametrize(("why", "record_set"), FOREIGN.items(), ids=FOREIGN)
def test_what_is_never_touched_is_not_overwritten(hosting, why, record_set):
    zone = filled(hosting, [])
    written(zone, "CREATE", **record_set)
    hosting.refuse = lambda change: change["ResourceRecordSet"]["Name"] == "host-000.example.org." and "it exists"

    with pytest.raises(RecordSetsRefused, match=rf"A of host-000\.example\.org\.: it .*{why[2:]}, which is never"):
        done(zone, plan([], hosts(3)))

    found = route53.contents(zone)
    assert shown(found.lines) == hosted(hosts(3)[2:])
    assert list(found.kept) == ["host-000\t1\t"]


def test_what_is_never_touched_is_not_deleted(hosting):
    zone = filled(hosting, [])
    written(zone, "CREATE", AliasTarget=ALIAS)

    assert done(zone, plan(hosts(1), [])) == [1]
    assert list(route53.contents(zone).kept) == ["host-000\t1\t"]


@pytest.mark.parametrize("wanted", [2, 3], ids=["update", "the same"])
def test_what_another_writer_wrote_is_noticed_and_the_rest_is_pushed(hosting, wanted):
    zone = filled(hosting, hosts(3))
    written(zone, "UPSERT", TTL=60, ResourceRecords=[{"Value": "203.0.113.1"}])

    with pytest.raises(TargetDiverged, match=r"somebody else changed A of host-000\.example\.org\."):
        done(zone, plan(hosts(3), hosts(3, wanted)))

    foreign = line("host-000", A, ["203.0.113.1"], 60)
    assert there(zone) == hosted([foreign, *hosts(3, wanted)[2:]])
    repair = plan(route53.contents(zone).lines, hosts(3, wanted))
    assert done(zone, repair) == [1]
    assert there(zone) == hosted(hosts(3, wanted))


def test_a_record_set_of_another_writer_is_no_creation_of_ours(hosting):
    zone = filled(hosting, [])
    written(zone, "CREATE", TTL=60, ResourceRecords=[{"Value": "203.0.113.1"}])

    with pytest.raises(TargetDiverged):
        done(zone, plan([], hosts(1)))


def test_what_somebody_else_wrote_comes_before_what_is_refused(hosting):
    zone = filled(hosting, hosts(2))
    written(zone, "UPSERT", TTL=60, ResourceRecords=[{"Value": "203.0.113.1"}])
    hosting.refuse = lambda change: change["ResourceRecordSet"]["Name"] == "host-001.example.org." and "FATAL"

    with pytest.raises(TargetDiverged, match=r"somebody else changed A of host-000\.example\.org\.$"):
        done(zone, plan(hosts(2), hosts(2, 2)))
    with pytest.raises(RecordSetsRefused, match=r"A of host-001\.example\.org\.: \[FATAL, FATAL\]$"):
        done(zone, plan(route53.contents(zone).lines, hosts(2, 2)))


# --- Delays and refusals, which botocore's Stubber answers

ANSWERS = {
    "Throttling": (400, RequestsThrottled),
    "ThrottlingException": (400, RequestsThrottled),
    "PriorRequestNotComplete": (400, HostedZoneBusy),
    "ServiceUnavailable": (503, ServerFailed),
    "InternalFailure": (500, ServerFailed),
    "AccessDenied": (403, AccessDenied),
    "InvalidClientTokenId": (403, AccessDenied),
    "NoSuchHostedZone": (404, HostedZoneNotFound),
    "NoSuchHealthCheck": (404, RequestRefused),
}


@pytest.fixture
def stubbed(client):
    with Stubber(client) as stubber:
        yield stubber, HostedZone(client, ZONE, "Z1", private=False, reference="r", name_servers=())
        stubber.assert_no_pending_responses()


@pytest.mark.parametrize(("code", "status", "error"), [(code, *each) for code, each in ANSWERS.items()], ids=ANSWERS)
def test_an_answer_of_aws_is_a_delay_or_a_refusal(stubbed, code, status, error):
    stubber, zone = stubbed
    stubber.add_client_error("change_resource_record_sets", code, "the reason", status)

    with pytest.raises(error, match=f"AWS answered {code}: the reason") as raised:
        done(zone, plan([], hosts(1)))

    delay = error in (RequestsThrottled, HostedZoneBusy, ServerFailed)
    assert isinstance(raised.value, DeliveryDelayed if delay else DeliveryRefused)


def test_a_delay_on_the_way_leaves_the_batches_before_it_done(stubbed):
    stubber, zone = stubbed
    change = {"Id": "/change/C1", "Status": "PENDING", "SubmittedAt": "2026-11-28T00:00:00Z"}
    stubber.add_response("change_resource_record_sets", {"ChangeInfo": change})
    stubber.add_client_error("change_resource_record_sets", "Throttling", "Rate exceeded", 400)
    under_way = changing.push(zone, plan([], hosts(2), 1))

    assert next(under_way) == changing.Progress(1, "/change/C1")
    with pytest.raises(RequestsThrottled):
        next(under_way)


def test_a_delay_while_it_reads_is_a_delay(stubbed):
    stubber, zone = stubbed
    stubber.add_client_error("change_resource_record_sets", "InvalidChangeBatch", "[it exists]", 400)
    stubber.add_client_error("list_resource_record_sets", "Throttling", "Rate exceeded", 400)

    with pytest.raises(RequestsThrottled):
        done(zone, plan([], hosts(1)))


def test_input_that_is_invalid_is_that_of_a_record_set(stubbed):
    stubber, zone = stubbed
    nothing = {"ResourceRecordSets": [], "IsTruncated": False, "MaxItems": "300"}
    stubber.add_client_error("change_resource_record_sets", "InvalidInput", "[no]", 400)
    stubber.add_response("list_resource_record_sets", nothing)
    stubber.add_client_error("change_resource_record_sets", "InvalidInput", "[no]", 400)

    with pytest.raises(RecordSetsRefused, match=r"A of host-000\.example\.org\.: \[no\]"):
        done(zone, plan([], hosts(1)))


def test_a_delay_while_it_halves_stops_it(stubbed):
    stubber, zone = stubbed
    nothing = {"ResourceRecordSets": [], "IsTruncated": False, "MaxItems": "300"}
    stubber.add_client_error("change_resource_record_sets", "InvalidChangeBatch", "[FATAL]", 400)
    for _ in range(2):
        stubber.add_response("list_resource_record_sets", nothing)
    stubber.add_client_error("change_resource_record_sets", "InvalidChangeBatch", "[FATAL]", 400)
    stubber.add_client_error("change_resource_record_sets", "PriorRequestNotComplete", "busy", 400)

    with pytest.raises(HostedZoneBusy):
        done(zone, plan([], hosts(2)))


@pytest.mark.parametrize(("status", "known"), [("PENDING", False), ("INSYNC", True)])
def test_a_change_is_in_sync_or_not(stubbed, status, known):
    stubber, zone = stubbed
    change = {"Id": "C1", "Status": status, "SubmittedAt": "2026-11-28T00:00:00Z"}
    stubber.add_response("get_change", {"ChangeInfo": change}, {"Id": ANY})

    assert route53.insync(zone.client, "/change/C1") is known


def test_a_change_that_is_no_longer_known_is_done(stubbed):
    stubber, zone = stubbed
    stubber.add_client_error("get_change", "NoSuchChange", "gone", 404)
    stubber.add_client_error("get_change", "AccessDenied", "no", 403)
    stubber.add_client_error("get_change", "InvalidInput", "no", 400)

    assert route53.insync(zone.client, "C1")
    for error in (AccessDenied, RequestRefused):
        with pytest.raises(error):
            route53.insync(zone.client, "C1")


def test_no_connection_is_a_delay(hosting):
    zone = filled(hosting, [])
    hosting.away = True

    with pytest.raises(ServerUnreachable, match="no connection to Route 53"):
        done(zone, plan([], hosts(1)))
