"""Hosted zones of Amazon Route 53: find the one of a zone, make it, and remove it again.

An account may have thousands of hosted zones, so they are never listed. ListHostedZonesByName begins at a name. Several
hosted zones may have one name: public ones, and private ones of different VPCs.

The CallerReference that a hosted zone was made with tells whether this service made it. No other one is removed.
Contract backends.md, section 5.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dns.name
from botocore.exceptions import ClientError

from zonewright.errors import HostedZoneNotFound, HostedZoneUnfit, RequestRefused
from zonewright.model import changebatch
from zonewright.model.diff import Move
from zonewright.model.pool import Route53
from zonewright.protocol import route53
from zonewright.servers import changing
from zonewright.servers.route53 import HostedZone, asked, code_of, contents

COMMENT = "Made by Zonewright, which removes it with the zone."


def reference(zone_id: str, options: Route53) -> str:
    """Return the CallerReference of the hosted zone that is made for a zone.

    One account may have a public hosted zone of a zone, and private ones of VPCs.
    """
    return f"{zone_id} {options.vpc_id}" if options.private else zone_id


def find(client: Any, zone: dns.name.Name, options: Route53, zone_id: str) -> HostedZone:
    """Return the hosted zone of a zone. Raise HostedZoneNotFound, HostedZoneUnfit, or another DeliveryError.

    If several have its name, it is the one that was made for the zone.
    """
    if options.hosted_zone_id:
        return _settled(client, zone, asked(client, "get_hosted_zone", Id=options.hosted_zone_id))
    found = [each for each in _of_name(client, zone) if bool(each["Config"].get("PrivateZone")) == options.private]
    known = [asked(client, "get_hosted_zone", Id=each["Id"]) for each in found]
    if options.vpc_id:
        known = [each for each in known if any(vpc["VPCId"] == options.vpc_id for vpc in each.get("VPCs", ()))]
    ours = [each for each in known if each["HostedZone"]["CallerReference"] == reference(zone_id, options)]
    if not known:
        raise HostedZoneNotFound(f"there is no {_kind(options)} of the name {zone}")
    if len(known) > 1 and not ours:
        ids = ", ".join(_id(each["HostedZone"]) for each in known)
        raise HostedZoneUnfit(f"several hosted zones have the name {zone}: {ids}. Which one? Set hosted_zone_id")
    return _settled(client, zone, (ours or known)[0])


def find_or_make(client: Any, zone: dns.name.Name, options: Route53, zone_id: str, *, region: str) -> HostedZone:
    """Return the hosted zone of a zone. With the option `create`, make a missing one.

    `region` is that of the VPC of a private hosted zone. Raise a DeliveryError.
    """
    try:
        return find(client, zone, options, zone_id)
    except HostedZoneNotFound:
        if not options.create or options.hosted_zone_id:
            raise
    vpc = {"VPC": {"VPCRegion": region, "VPCId": options.vpc_id}} if options.private else {}
    try:
        made = asked(
            client,
            "create_hosted_zone",
            Name=route53.name_text(zone),
            CallerReference=reference(zone_id, options),
            HostedZoneConfig={"Comment": COMMENT, "PrivateZone": options.private},
            **vpc,
        )
    except RequestRefused as refusal:
        cause = refusal.__cause__
        if isinstance(cause, ClientError) and code_of(cause) == "HostedZoneAlreadyExists":
            return find(client, zone, options, zone_id)  # an earlier try made it, and the answer was lost
        raise
    return _settled(client, zone, made)


def remove(hosted: HostedZone, zone_id: str, options: Route53) -> bool:
    """Remove a hosted zone that was made for a zone, and its record sets. Return whether it was.

    Record sets that this service never touches keep it. Raise a DeliveryError.
    """
    if hosted.reference != reference(zone_id, options):
        return False
    planned = changebatch.plan([Move(line, None) for line in contents(hosted).lines], hosted.zone, 0)
    for _ in changing.push(hosted, planned):
        pass
    asked(hosted.client, "delete_hosted_zone", Id=hosted.id)
    return True


def _of_name(client: Any, zone: dns.name.Name) -> Iterator[Mapping[str, Any]]:
    """Yield the hosted zones of exactly this name."""
    more: dict[str, str] = {"DNSName": route53.name_text(zone)}
    while True:
        page = asked(client, "list_hosted_zones_by_name", **more)
        same = [each for each in page["HostedZones"] if route53.name_of(each["Name"]) == zone]
        yield from same
        if not page.get("IsTruncated") or len(same) < len(page["HostedZones"]):
            return
        more = {"DNSName": page["NextDNSName"], "HostedZoneId": page["NextHostedZoneId"]}


def _settled(client: Any, zone: dns.name.Name, response: Mapping[str, Any]) -> HostedZone:
    """Return the hosted zone of a response, if it has the zone's name."""
    found = response["HostedZone"]
    if route53.name_of(found["Name"]) != zone:
        raise HostedZoneUnfit(f"the hosted zone {_id(found)} has the name {found['Name']}, and the zone is {zone}")
    servers = response.get("DelegationSet", {}).get("NameServers", [])
    return HostedZone(
        client=client,
        zone=zone,
        id=_id(found),
        private=bool(found.get("Config", {}).get("PrivateZone")),
        reference=found["CallerReference"],
        name_servers=tuple(name.rstrip(".") + "." for name in servers),
    )


def _id(found: Mapping[str, Any]) -> str:
    """Return the id of a hosted zone without its path."""
    return str(found["Id"]).rpartition("/")[2]


def _kind(options: Route53) -> str:
    if not options.private:
        return "public hosted zone"
    return f"private hosted zone of {options.vpc_id}" if options.vpc_id else "private hosted zone"
