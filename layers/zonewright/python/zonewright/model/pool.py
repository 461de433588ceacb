"""Pools: the name servers of zones, and where what is written to these zones is pushed (contract `backends.md`, 2).

A pool without targets pushes nothing: all that its zones have of it are NS records. The operator writes pools. Until
then there is one, the deployment's, from the parameters `PoolId` and `NameServers`.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from zonewright import clock
from zonewright.model.settings import Settings

if TYPE_CHECKING:
    from zonewright.model.zone import Zone

DEFAULT_NAME = "default"
"""The name of the deployment's pool, as in Designate."""

POOL_ID = "pool_id"
"""The attribute of a new zone that names its pool."""

DNS, DNS_OVER_TLS = 53, 853
"""The ports of DNS (RFC 7766) and of DNS over TLS (RFC 7858 section 3.1)."""

OCTETS = 60_000
"""Octets of an update message, if the target does not say. TCP carries 65,535; a signature needs some of them."""

Serial = Literal["ours", "theirs"]
"""Who sets the SOA serial of the pushed zone: this service, or the server (a signer)."""

Prerequisites = Literal["zone", "recordsets", "none"]
"""What an update message requires of the server (RFC 2136 section 2.4): our last SOA, the RRsets before, or nothing."""

Divergence = Literal["repair", "stop"]
"""What happens if a target has other contents than were pushed: they are overwritten, or the push ends in an error."""


@dataclass(frozen=True, slots=True)
class NsRecord:
    """A name server in the NS records of the zones. `hostname` is absolute. The first is that of lowest `priority`."""

    hostname: str
    priority: int


@dataclass(frozen=True, slots=True)
class Server:
    """A server to ask for the serial, or to send NOTIFY to, signed by the TSIG key `tsigkey_id` if there is one."""

    host: str
    port: int = DNS
    tsigkey_id: str | None = None


@dataclass(frozen=True, slots=True)
class Rfc2136:
    """A primary that takes dynamic updates (RFC 2136). `transfer` says that it allows AXFR to this service."""

    host: str
    port: int = DNS
    tls: bool = False
    serial: Serial = "ours"
    prerequisites: Prerequisites = "zone"
    transfer: bool = True
    octets: int = OCTETS
    divergence: Divergence = "repair"


@dataclass(frozen=True, slots=True)
class Route53:
    """Hosted zones of Amazon Route 53: one by its id, or for each zone the one that has its name.

    With `private` it is a private one, and `vpc_id` says for which VPC. `role_arn` is a role in another account, with
    the `external_id` that its trust policy asks for. With `create` a missing hosted zone is made.
    """

    hosted_zone_id: str | None = None
    private: bool = False
    vpc_id: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
    create: bool = False


Options = Rfc2136 | Route53

TYPES: Mapping[str, type[Options]] = {"rfc2136": Rfc2136, "route53": Route53}
"""The types of targets, by the names that pool files have for them."""


@dataclass(frozen=True, slots=True)
class Target:
    """A place that zones are pushed to. `tsigkey_id` names the key that signs the messages of an rfc2136 target."""

    id: str
    options: Options
    description: str | None = None
    tsigkey_id: str | None = None

    @property
    def type(self) -> str:
        """Return the type, as pool files name it."""
        return next(name for name, kind in TYPES.items() if isinstance(self.options, kind))

    @property
    def compared(self) -> bool:
        """Return whether all that the target serves can be compared with what it was sent."""
        return isinstance(self.options, Route53) or self.options.transfer


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool. Lists are in the order of the file, `ns_records` by priority.

    `threshold` is the percentage of the targets, and of the `nameservers`, that make a zone delivered. Without
    `nameservers` the targets are asked. `catalog_zone` is the name of the catalog of its zones (RFC 9432), and
    `catalog_id` the id of that zone, once it is made. `created` is None for the deployment's pool, which nobody stored.
    """

    id: str
    name: str
    ns_records: tuple[NsRecord, ...]
    description: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    threshold: int = 100
    targets: tuple[Target, ...] = ()
    nameservers: tuple[Server, ...] = ()
    also_notifies: tuple[Server, ...] = ()
    catalog_zone: str | None = None
    catalog_id: str | None = None
    created: datetime | None = None
    updated: datetime | None = None
    revision: int = 0

    @property
    def hosted(self) -> bool:
        """Return whether each of its zones is in a public hosted zone of Route 53, and nowhere else."""
        options = [each.options for each in self.targets]
        return len(options) == 1 and isinstance(options[0], Route53) and not options[0].private

    def name_servers_of(self, zone: "Zone") -> Sequence[NsRecord]:
        """Return the name servers in the NS of a zone, by priority. The first is the MNAME of the SOA.

        Route 53 chooses those of each public hosted zone. They take the place of the pool's.
        """
        if not (self.hosted and zone.name_servers):
            return self.ns_records
        return [NsRecord(host, priority) for priority, host in enumerate(zone.name_servers, 1)]

    @property
    def key_ids(self) -> set[str]:
        """Return the ids of the TSIG keys that the pool names."""
        servers = (*self.nameservers, *self.also_notifies)
        ids = [*(each.tsigkey_id for each in self.targets), *(each.tsigkey_id for each in servers)]
        return set(filter(None, ids))


def of_deployment(settings: Settings) -> Pool:
    """Return the deployment's pool, as the parameters have it."""
    servers = tuple(NsRecord(host, priority) for priority, host in enumerate(settings.name_servers, 1))
    return Pool(settings.pool_id, DEFAULT_NAME, servers)


def default_of(stored: Sequence[Pool], settings: Settings) -> Pool:
    """Return the pool of zones that ask for no other: the stored one whose id is `PoolId`, or the deployment's."""
    return next((each for each in stored if each.id == settings.pool_id.lower()), None) or of_deployment(settings)


def with_default(stored: Sequence[Pool], settings: Settings) -> list[Pool]:
    """Return all pools: the stored ones, after the deployment's if that is not stored."""
    default = default_of(stored, settings)
    return [*stored] if default in stored else [default, *stored]


def fitting(pools: Sequence[Pool], attributes: Mapping[str, str], default: Pool) -> Pool:
    """Return the pool of a new zone with these attributes: the one that has them all, or else the default.

    Among several it is the default, or else the one of fewest attributes, and of these the first by name. `true`,
    `yes`, `on` and `1` are one value, as in Designate, and so are their opposites.
    """
    wanted = _values(attributes)
    found = [each for each in pools if wanted.items() <= _values(each.attributes).items()]
    if not found or default in found:
        return default
    return min(found, key=lambda each: (len(each.attributes), each.name))


_TRUE, _FALSE = frozenset({"1", "t", "true", "on", "y", "yes"}), frozenset({"0", "f", "false", "off", "n", "no"})


def _values(attributes: Mapping[str, str]) -> dict[str, str | bool]:
    """Return attributes in the form in which they are compared, without the one that names a pool."""
    return {name: _value(text) for name, text in attributes.items() if name != POOL_ID}


def _value(text: str) -> str | bool:
    plain = text.strip().lower()
    if plain in _TRUE:
        return True
    return False if plain in _FALSE else text


def place(options: Options) -> str:
    """Return the words for where a target is, whatever its other options."""
    if isinstance(options, Rfc2136):
        return f"rfc2136 {options.host} port {options.port}"
    zones = f"hosted zone {options.hosted_zone_id}" if options.hosted_zone_id else "hosted zones by name"
    private = f" private {options.vpc_id or 'anywhere'}" if options.private else ""
    return f"route53 {zones}{private} as {options.role_arn or 'this account'}"


def target_id(pool_id: str, options: Options) -> str:
    """Return the id of a target that the file gives none: the same for the same place in the same pool."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{pool_id} {place(options)}"))


def document(pool: Pool) -> dict[str, Any]:
    """Return a pool in the form of a pool file, with all defaults. Times and revision are left out."""
    return {
        "id": pool.id,
        "name": pool.name,
        "description": pool.description,
        "attributes": dict(pool.attributes),
        "ns_records": [asdict(each) for each in pool.ns_records],
        "threshold": pool.threshold,
        "targets": [
            {
                "id": each.id,
                "type": each.type,
                "description": each.description,
                "tsigkey_id": each.tsigkey_id,
                "options": asdict(each.options),
            }
            for each in pool.targets
        ],
        "nameservers": [asdict(each) for each in pool.nameservers],
        "also_notifies": [asdict(each) for each in pool.also_notifies],
        "catalog_zone": pool.catalog_zone,
    }


def from_document(found: Mapping[str, Any]) -> Pool:
    """Return the pool of a `document`, which the store keeps with its times and its revision."""
    return Pool(
        id=found["id"],
        name=found["name"],
        description=found["description"],
        attributes=found["attributes"],
        ns_records=tuple(NsRecord(**each) for each in found["ns_records"]),
        threshold=found["threshold"],
        targets=tuple(
            Target(each["id"], TYPES[each["type"]](**each["options"]), each["description"], each["tsigkey_id"])
            for each in found["targets"]
        ),
        nameservers=tuple(Server(**each) for each in found["nameservers"]),
        also_notifies=tuple(Server(**each) for each in found["also_notifies"]),
        catalog_zone=found.get("catalog_zone"),
        catalog_id=found.get("catalog_id"),
        created=clock.from_text(found["created"]) if "created" in found else None,
        updated=clock.from_text(found["updated"]) if "updated" in found else None,
        revision=found.get("revision", 0),
    )


def differences(before: Pool | None, after: Pool) -> dict[str, dict[str, Any]]:
    """Return the fields that differ between two pools, each with its value before and after. All of a new pool."""
    old, new = document(before) if before else {}, document(after)
    return {name: {"before": old.get(name), "after": new[name]} for name in new if old.get(name) != new[name]}
