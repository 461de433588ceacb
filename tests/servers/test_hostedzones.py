"""Hosted zones of Route 53 over moto: found by name or id, made, removed, and reached by a role in another account.

Moto knows no CallerReference and no pages of hosted zones; botocore's Stubber answers those.
"""

import contextlib

import boto3
import botocore.session
import dns.name
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from support.hosting import KEYS
from support.updating import TTL, ZONE, line
from zonewright import service as surroundings
from zonewright.errors import AccessDenied, HostedZoneNotFound, HostedZoneUnfit, RequestRefused, RequestsThrottled
from zonewright.model import changebatch
from zonewright.model.diff import Move
from zonewright.model.pool import Route53
from zonewright.protocol.types import TXT, A
from zonewright.servers import changing, hostedzones, route53
from zonewright.servers.hostedzones import find, find_or_make, reference, remove

ZONE_ID = "6c1f0b52-8f3e-4d2a-9b7d-0e5a4c3f2d18"
REGION = "eu-central-1"
PUBLIC, PRIVATE = Route53(create=True), Route53(private=True, vpc_id="vpc-1", create=True)
ALIAS = {"HostedZoneId": "Z1", "DNSName": "b.example.org.", "EvaluateTargetHealth": False}


@pytest.fixture
def client(aws):
    return boto3.client("route53")


def make(client, name="example.org.", *, ref="theirs", vpc=None):
    """Make a hosted zone as somebody else does, and return its id."""
    private = {"HostedZoneConfig": {"PrivateZone": True}, "VPC": {"VPCId": vpc, "VPCRegion": REGION}} if vpc else {}
    made = client.create_hosted_zone(Name=name, CallerReference=ref, **private)
    return made["HostedZone"]["Id"].rpartition("/")[2]


# --- Found


@pytest.mark.parametrize("name", ["example.org.", "Example.ORG."])
def test_a_hosted_zone_is_found_by_exactly_the_zones_name(client, name):
    ids = [make(client, each) for each in ("a.example.org.", "example.org.", "example.org.uk.", "xexample.org.")]

    found = find(client, dns.name.from_text(name), Route53(), ZONE_ID)

    assert (found.id, found.private, found.reference) == (ids[1], False, "theirs")
    assert len(found.name_servers) == 4
    assert all(name.endswith(".") for name in found.name_servers)


def test_a_name_with_escapes_is_found(client):
    zone = dns.name.from_text("0/25.2.0.192.in-addr.arpa.")

    made = find_or_make(client, zone, PUBLIC, ZONE_ID, region=REGION)

    assert client.get_hosted_zone(Id=made.id)["HostedZone"]["Name"] == "0\\05725.2.0.192.in-addr.arpa."
    assert find(client, zone, Route53(), ZONE_ID) == made


def test_a_public_hosted_zone_and_private_ones_have_one_name(client):
    public, one, other = make(client), make(client, vpc="vpc-1"), make(client, vpc="vpc-2")

    assert find(client, ZONE, Route53(), ZONE_ID).id == public
    assert find(client, ZONE, PRIVATE, ZONE_ID).id == one
    assert find(client, ZONE, Route53(private=True, vpc_id="vpc-2"), ZONE_ID).id == other
    with pytest.raises(HostedZoneUnfit, match=f"several hosted zones have the name example.org.: {one}, {other}"):
        find(client, ZONE, Route53(private=True), ZONE_ID)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (Route53(), "no public hosted zone of the name example.org"),
        (Route53(private=True), "no private hosted zone of the name"),
        (Route53(private=True, vpc_id="vpc-9"), "no private hosted zone of vpc-9 of the name"),
        (Route53(hosted_zone_id="Z404", create=True), "NoSuchHostedZone"),
    ],
)
def test_a_hosted_zone_that_is_not_there_is_a_refusal(client, options, words):
    make(client, "a.example.org.")

    with pytest.raises(HostedZoneNotFound, match=words):
        find_or_make(client, ZONE, options, ZONE_ID, region=REGION)


def test_of_several_it_is_the_one_that_was_made_for_the_zone(client):
    make(client)
    ours = make(client, ref=ZONE_ID)

    assert find(client, ZONE, Route53(), ZONE_ID).id == ours
    with pytest.raises(HostedZoneUnfit, match="Set hosted_zone_id"):
        find(client, ZONE, Route53(), "another zone")


def test_an_id_names_one_of_several(client):
    make(client)
    second = make(client)

    assert find(client, ZONE, Route53(hosted_zone_id=second), ZONE_ID).id == second
    with pytest.raises(HostedZoneUnfit, match=r"has the name example\.org\., and the zone is example\.net\."):
        find(client, dns.name.from_text("example.net."), Route53(hosted_zone_id=second), ZONE_ID)


# --- Made and removed


@pytest.mark.parametrize("options", [PUBLIC, PRIVATE], ids=["public", "private"])
def test_a_missing_hosted_zone_is_made_once(client, options):
    made = find_or_make(client, ZONE, options, ZONE_ID, region=REGION)

    assert find_or_make(client, ZONE, options, ZONE_ID, region=REGION) == made
    assert (made.private, made.reference) == (options.private, reference(ZONE_ID, options))
    response = client.get_hosted_zone(Id=made.id)
    assert [each["VPCId"] for each in response.get("VPCs", [])] == (["vpc-1"] if options.private else [])
    assert response["HostedZone"]["Config"]["Comment"] == hostedzones.COMMENT


def test_a_zone_may_have_a_public_and_a_private_one(client):
    assert len({reference(ZONE_ID, each) for each in (PUBLIC, PRIVATE, Route53(private=True, vpc_id="vpc-2"))}) == 3


def filled(client, options=PUBLIC):
    zone = find_or_make(client, ZONE, options, ZONE_ID, region=REGION)
    lines = [line("a", A, ["192.0.2.1"]), line("b", TXT, ['"x"'])]
    for _ in changing.push(zone, changebatch.plan([Move(None, each) for each in lines], ZONE, TTL)):
        pass
    return zone


def test_a_hosted_zone_that_was_made_is_removed_with_its_contents(client):
    zone = filled(client)

    assert remove(zone, ZONE_ID, PUBLIC)
    with pytest.raises(HostedZoneNotFound):
        find(client, ZONE, PUBLIC, ZONE_ID)


@pytest.mark.parametrize("zone_id", [ZONE_ID, "theirs "])
def test_a_hosted_zone_of_somebody_else_is_not_removed(client, zone_id):
    make(client)
    zone = filled(client)

    assert not remove(zone, zone_id, PUBLIC)
    assert len(route53.contents(zone).lines) == 2


def test_what_is_never_touched_keeps_the_hosted_zone(client):
    zone = filled(client)
    alias = {"Name": "c.example.org.", "Type": "A", "AliasTarget": ALIAS}
    changes = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": alias}]}
    client.change_resource_record_sets(HostedZoneId=zone.id, ChangeBatch=changes)

    with pytest.raises(RequestRefused, match="HostedZoneNotEmpty"):
        remove(zone, ZONE_ID, PUBLIC)

    assert route53.contents(zone) == route53.Contents((), {f"c\t{A}\t": "it is an alias"})


# --- A role in another account


@pytest.fixture
def role(aws):
    surroundings._assuming.cache_clear()  # noqa: SLF001 - moto has forgotten the sessions of other tests
    return "arn:aws:iam::222222222222:role/dns"


@contextlib.contextmanager
def assuming(look):
    """Have each request for a session of a role looked at."""
    session, event = surroundings._session(), "provide-client-params.sts.AssumeRole"  # noqa: SLF001 - its STS assumes roles
    session.register(event, look, "looking")
    try:
        yield
    finally:
        session.unregister(event, unique_id="looking")


def test_a_role_reaches_the_hosted_zones_of_its_account(client, role, service):
    theirs = service.route53(role, "external id")

    made = find_or_make(theirs, ZONE, PUBLIC, ZONE_ID, region=REGION)

    assert service.route53(role, "external id") is theirs
    assert find(theirs, ZONE, PUBLIC, ZONE_ID) == made
    with pytest.raises(HostedZoneNotFound):
        find(service.route53(), ZONE, Route53(), ZONE_ID)


def test_a_role_is_assumed_once_with_its_external_id(client, role, service):
    asked = []
    theirs = service.route53(role, "external id")

    with assuming(lambda params, **_: asked.append(params)):
        for _ in range(3):
            theirs.list_hosted_zones_by_name()

    assert asked == [{"RoleArn": role, "RoleSessionName": "zonewright", "ExternalId": "external id"}]


def test_a_role_that_does_not_let_us_in_is_a_refusal(role, service):
    error = {"Error": {"Code": "AccessDenied", "Message": "not authorized to perform: sts:AssumeRole"}}

    def refuse(**_):
        raise ClientError(error, "AssumeRole")

    with assuming(refuse), pytest.raises(AccessDenied, match="not authorized to perform: sts:AssumeRole"):
        find(service.route53(role), ZONE, PUBLIC, ZONE_ID)


def test_a_client_slows_down_where_route_53_throttles(service):
    surroundings._route53.cache_clear()  # noqa: SLF001 - other tests share a client of their own
    config = surroundings._paced()  # noqa: SLF001

    assert config.retries == {"mode": "adaptive", "total_max_attempts": surroundings.TRIES_CHANGES}
    assert service.route53().meta.service_model.service_name == "route53"


# --- What moto lacks, answered by botocore's Stubber


@pytest.fixture(scope="module")
def alone():
    return botocore.session.get_session().create_client("route53", **KEYS)


@pytest.fixture
def stubber(alone):
    with Stubber(alone) as made:
        yield made
        made.assert_no_pending_responses()


def listed(*names, more=False):
    zones = [{"Id": f"/hostedzone/Z{n}", "Name": name, "CallerReference": "x"} for n, name in enumerate(names)]
    rest = {"NextDNSName": names[-1], "NextHostedZoneId": "Z9"} if more else {}
    found = [{**each, "Config": {"PrivateZone": False}} for each in zones]
    return {"HostedZones": found, "IsTruncated": more, "MaxItems": "100", **rest}


def shown(number, ref="x"):
    found = {"Id": f"/hostedzone/Z{number}", "Name": "example.org.", "CallerReference": ref}
    return {"HostedZone": found, "DelegationSet": {"NameServers": ["ns-1.awsdns.com"]}}


def test_only_hosted_zones_of_the_name_are_listed(stubber):
    stubber.add_response("list_hosted_zones_by_name", listed("example.org.", "example.org.uk.", more=True))
    stubber.add_response("get_hosted_zone", shown(0))

    assert find(stubber.client, ZONE, Route53(), ZONE_ID).name_servers == ("ns-1.awsdns.com.",)


def test_hosted_zones_of_one_name_may_fill_a_page(stubber):
    expected = {"DNSName": "example.org.", "HostedZoneId": "Z9"}
    stubber.add_response("list_hosted_zones_by_name", listed("example.org.", more=True), {"DNSName": "example.org."})
    stubber.add_response("list_hosted_zones_by_name", listed("other."), expected)
    stubber.add_response("get_hosted_zone", shown(0))

    assert find(stubber.client, ZONE, Route53(), ZONE_ID).id == "Z0"


def test_a_hosted_zone_whose_making_was_not_answered_is_found(stubber):
    stubber.add_response("list_hosted_zones_by_name", listed())
    stubber.add_client_error("create_hosted_zone", "HostedZoneAlreadyExists", "the reference was used", 409)
    stubber.add_response("list_hosted_zones_by_name", listed("example.org."))
    stubber.add_response("get_hosted_zone", shown(0, ZONE_ID))

    assert find_or_make(stubber.client, ZONE, PUBLIC, ZONE_ID, region=REGION).id == "Z0"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("TooManyHostedZones", RequestRefused),
        ("ConflictingDomainExists", RequestRefused),
        ("InvalidVPCId", RequestRefused),
        ("AccessDenied", AccessDenied),
        ("Throttling", RequestsThrottled),
    ],
)
def test_a_hosted_zone_that_is_not_made_is_a_refusal_or_a_delay(stubber, code, error):
    stubber.add_response("list_hosted_zones_by_name", listed())
    stubber.add_client_error("create_hosted_zone", code, "the reason", 400)

    with pytest.raises(error, match=f"AWS answered {code}: the reason"):
        find_or_make(stubber.client, ZONE, PUBLIC, ZONE_ID, region=REGION)
