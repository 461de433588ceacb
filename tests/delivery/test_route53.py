"""Deliveries to hosted zones of Route 53, as the emulator in this process has them."""

from datetime import timedelta

import pytest
from support.delivering import NAME, write
from support.hosting import Hosting
from support.service import CALLER
from zonewright.actions import moves, pools, recordset_lists, recordsets, zones
from zonewright.errors import Invalid, MovesRefused
from zonewright.model import pool
from zonewright.model.columns import Query
from zonewright.model.moves import Side, Wanted
from zonewright.model.pool import Target
from zonewright.model.recordset import Content
from zonewright.protocol import names, records
from zonewright.protocol.types import LOC, NS
from zonewright.servers import hostedzones, route53
from zonewright.store import deliveries

_hosting = Hosting()


@pytest.fixture
def hosting(service):
    """Route 53, which the service uses."""
    _hosting.reset()
    service.route53 = lambda role_arn=None, external_id=None: _hosting.client  # noqa: ARG005 - as the service has it
    return _hosting


@pytest.fixture
def zone(service, hosting):
    """A zone in a hosted zone that was made for it."""
    service.pool(Target("t", pool.Route53(create=True), "cloud"))
    made = service.make(NAME)
    _settled(service, made)
    return made


def _settled(service, zone):
    """Deliver until Route 53 says that all of its name servers have it."""
    end = service.deliver(zone.id)
    while end == "waiting":
        service.ahead = (service.ahead or timedelta()) + timedelta(minutes=2)
        end = service.deliver(zone.id)
    return end


def _apex_ns(service, zone):
    (found,) = recordset_lists.listing(service, service.zone(zone.id), Query(patterns={"type": "NS"})).items
    return set(found.rrset.written())


def _addresses(hosting, zone, owner):
    hosted = hostedzones.find(hosting.client, names.absolute(NAME), pool.Route53(), zone.id)
    key = names.key_of(names.absolute(f"{owner}.{NAME}"), names.absolute(NAME))
    return [line for line in route53.contents(hosted).lines if line.startswith(f"{key}\t")]


def test_record_sets_are_in_the_hosted_zone_and_the_zone_waits_for_all_name_servers(service, hosting, zone):
    write(service, zone, "www", "192.0.2.1")
    service.ahead = timedelta(minutes=1)
    assert service.zone(zone.id).undelivered

    assert _settled(service, zone) == "delivered"
    assert "GetChange" in hosting.requests
    assert not service.zone(zone.id).undelivered
    assert len(_addresses(hosting, zone, "www")) == 1


def test_a_record_set_that_route_53_refuses_is_named_and_the_others_are_there(service, hosting, zone):
    hosting.refuse = lambda change: "no" if change["ResourceRecordSet"]["Name"].startswith("bad.") else ""
    for owner in ("bad", "good"):
        write(service, zone, owner, "192.0.2.1")
    service.deliver(zone.id)
    service.ahead = timedelta(minutes=2)
    service.deliver(zone.id)

    assert "Route 53 does not take A of bad.example.org." in service.zone(zone.id).trouble(service.now())
    assert _addresses(hosting, zone, "good")
    hosting.refuse = lambda _: ""
    service.ahead = timedelta(minutes=30)
    assert _settled(service, zone) == "delivered"
    assert _addresses(hosting, zone, "bad")


def test_what_somebody_else_wrote_is_found_and_repaired(service, hosting, zone):
    hosted = hostedzones.find(hosting.client, names.absolute(NAME), pool.Route53(), zone.id)
    record = {"Name": f"theirs.{NAME}", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.66"}]}
    change = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    hosting.client.change_resource_record_sets(HostedZoneId=hosted.id, ChangeBatch=change)
    service.ahead = timedelta(days=2)

    assert _settled(service, zone) == "delivered"
    assert not _addresses(hosting, zone, "theirs")
    assert service.standing(zone.id)[0].repair.first == ("theirs.example.org. A",)


def test_a_hosted_zone_that_was_made_for_a_zone_ends_with_it(service, hosting, zone):
    write(service, zone, "www", "192.0.2.1")
    _settled(service, zone)
    zones.delete(service, service.zone(zone.id), caller=CALLER)
    hosting.away = True
    assert service.deliver(zone.id) == "waiting"
    hosting.away = False
    service.ahead = (service.ahead or timedelta()) + timedelta(minutes=20)

    assert service.deliver(zone.id) == "ended"
    assert deliveries.get(service.table, zone.id) is None
    assert hosting.client.list_hosted_zones()["HostedZones"] == []


def test_a_type_that_route_53_lacks_is_refused_when_it_is_written(service, hosting, zone):
    content = Content((records.rdata_of(LOC, "1 N 1 E 0m"),), 60)

    with pytest.raises(Invalid, match="Route 53, which has no record sets of type LOC"):
        recordsets.create(service, service.zone(zone.id), f"x.{NAME}", LOC, content, caller=CALLER)
    asked = moves.Asked([Wanted(None, Side(f"x.{NAME}", LOC, content.rdatas))])
    with pytest.raises(MovesRefused, match="no record sets of type LOC"):
        moves.apply(service, service.zone(zone.id), asked, caller=CALLER)


def test_the_name_servers_of_the_hosted_zone_become_those_of_the_zone(service, hosting, zone):
    hosted = hostedzones.find(hosting.client, names.absolute(NAME), pool.Route53(), zone.id)

    assert hosted.name_servers
    assert _settled(service, zone) == "delivered"
    assert _apex_ns(service, zone) == set(hosted.name_servers)
    assert [each.hostname for each in pools.name_servers(service, service.zone(zone.id))] == list(hosted.name_servers)
    version = service.zone(zone.id).version
    write(service, zone, "www", "192.0.2.1")
    _settled(service, zone)
    assert service.zone(zone.id).version == version + 1  # they are published once


def test_an_ns_of_the_apex_that_a_super_user_wrote_stays(service, hosting):
    service.pool(Target("t", pool.Route53(create=True), "cloud"))
    made = service.make(NAME)
    (ns,) = recordset_lists.listing(service, made, Query(patterns={"type": "NS"})).items
    own = Content((records.rdata_of(NS, "ns.example.com."),), None)
    recordsets.update(service, ns, own, caller=CALLER, managed=True)
    _settled(service, made)

    assert _apex_ns(service, made) == {"ns.example.com."}
