"""Pool files: what an operator says of pools, as YAML or JSON has it, read to pools with every reason why it is wrong.

The form is that of Designate's `pools.yaml`, without the types of targets that only tell a server to pull from
Designate (contract `backends.md`, 1.9), and with what a push needs to know. A field of null is a field left out.
"""

import ipaddress
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast, get_args

from zonewright.errors import Invalid
from zonewright.model import addresses, pool
from zonewright.model.filereading import Path, Read, Reading, among, flag, number, short, text
from zonewright.model.ids import is_id
from zonewright.model.pool import NsRecord, Pool, Rfc2136, Route53, Server, Target
from zonewright.model.settings import Settings
from zonewright.model.zone import Primary

LEAST_OCTETS, MOST_OCTETS = 4096, 65_000
"""Octets of an update message: room for one RR of common types, and for a signature in the 65,535 that TCP carries."""

MOST_ATTRIBUTES = 20

MOST_KEYS = 50
"""TSIG keys that a pool names. The transaction that stores it checks each, and has at most 100 writes."""

_TEXT = 50
"""Characters of a name, and of the name or value of an attribute, as in Designate."""


def read(document: Any, present: Sequence[Pool], settings: Settings) -> list[Pool]:
    """Return the pools of a file. One that has the id or, without an id, the name of a `present` pool is that pool.

    Times and revision are those of the present pool. Raise Invalid with every reason.
    """
    found = _Reading(settings)
    entries = document if isinstance(document, list) else [document]
    pools = [each for at, entry in enumerate(entries) if (each := found.pool(entry, ("pools", at), present))]
    found.repeated(("pools",), "id", [each.id for each in pools])
    after = {each.id.lower(): each.name for each in (*present, *pools)}
    found.repeated(("pools",), "name", [name.casefold() for name in after.values()])
    found.repeated(("pools",), "target id", [target.id for each in pools for target in each.targets])
    if found.reasons:
        raise Invalid(reasons=found.reasons)
    return pools


class _Reading(Reading):
    """The reading of one pool file."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._networks = [ipaddress.ip_network(text, strict=False) for text in settings.transfer_networks]
        self._ports = settings.transfer_ports

    def pool(self, entry: Any, path: Path, present: Sequence[Pool]) -> Pool | None:
        """Return the pool of an entry, or None if something is wrong."""
        before = len(self.reasons)
        found = self.fields(
            entry, path, {**_POOL, **dict.fromkeys(_LISTS, lambda value: value)}, ("name", "ns_records")
        )
        if not isinstance(entry, dict):
            return None
        records = list(self.read_all(self._ns_record, entry, path, "ns_records"))
        nameservers = list(self.read_all(self._server, entry, path, "nameservers"))
        notified = list(self.read_all(self._server, entry, path, "also_notifies"))
        targets = list(self.read_all(self._target, entry, path, "targets"))
        if entry.get("ns_records") == []:
            self.wrong((*path, "ns_records"), "is empty: a zone has a name server at least")
        self.repeated((*path, "ns_records"), "hostname", [each.hostname for each in records])
        self.repeated((*path, "nameservers"), "server", [f"{each.host} port {each.port}" for each in nameservers])
        self.repeated((*path, "also_notifies"), "server", [f"{each.host} port {each.port}" for each in notified])
        self.repeated((*path, "targets"), "place", [pool.place(each.options) for each in targets])
        if entry.get("catalog_zone") is not None and not targets:
            self.wrong((*path, "catalog_zone"), "is pushed to targets, and there are none")
        if found is None or len(self.reasons) > before:
            return None
        old = _same(found, present)
        pool_id = found.get("id") or (old.id.lower() if old else str(uuid.uuid4()))
        made = Pool(
            id=pool_id,
            name=found["name"],
            description=found.get("description"),
            attributes=found.get("attributes", {}),
            ns_records=tuple(sorted(records, key=lambda each: (each.priority, each.hostname))),
            threshold=found.get("threshold", 100),
            targets=tuple(replace(each, id=each.id or pool.target_id(pool_id, each.options)) for each in targets),
            nameservers=tuple(nameservers),
            also_notifies=tuple(notified),
            catalog_zone=found.get("catalog_zone"),
            catalog_id=old.catalog_id if old and old.catalog_zone == found.get("catalog_zone") else None,
            created=old.created if old else None,
            updated=old.updated if old else None,
            revision=old.revision if old else 0,
        )
        if len(made.key_ids) > MOST_KEYS:
            self.wrong(path, f"names {len(made.key_ids)} TSIG keys, and may name {MOST_KEYS}")
        return made

    def _ns_record(self, entry: Any, path: Path) -> NsRecord | None:
        found = self.fields(entry, path, {"hostname": _hostname, "priority": number(0, 65_535)}, ("hostname",))
        *_, at = path
        return NsRecord(found["hostname"], found.get("priority", int(at) + 1)) if found else None

    def _server(self, entry: Any, path: Path) -> Server | None:
        found = self.fields(entry, path, {"host": _host, "port": _PORT, "tsigkey_id": _key_id}, ("host",))
        if found is None:
            return None
        server = Server(**found)
        self._reach(server.host, server.port, path)
        return server

    def _target(self, entry: Any, path: Path) -> Target | None:
        """Return the target of an entry, with an empty id if it has none, or None if something is wrong."""
        before = len(self.reasons)
        readers = {
            "id": _id,
            "type": _type,
            "description": text(160),
            "tsigkey_id": _key_id,
            "options": lambda each: each,
        }
        found = self.fields(entry, path, readers, ("type",))
        if found is None:
            return None
        sent, within = found.get("options", {}), (*path, "options")
        options = self._rfc2136(sent, within) if found["type"] == "rfc2136" else self._route53(sent, within)
        if found["type"] == "route53" and "tsigkey_id" in found:
            self.wrong((*path, "tsigkey_id"), "signs DNS messages, and Route 53 gets none: use role_arn")
        if options is None or len(self.reasons) > before:
            return None
        return Target(found.get("id", ""), options, found.get("description"), found.get("tsigkey_id"))

    def _rfc2136(self, entry: Any, path: Path) -> Rfc2136 | None:
        found = self.fields(entry, path, _RFC2136, ("host",))
        if found is None:
            return None
        theirs = found.get("serial") == "theirs"
        if theirs and found.get("prerequisites") == "zone":
            self.wrong(
                (*path, "prerequisites"), "zone needs the serial ours: a server that counts moves its SOA itself"
            )
        found.setdefault("prerequisites", "recordsets" if theirs else "zone")
        found.setdefault("port", pool.DNS_OVER_TLS if found.get("tls") else pool.DNS)
        self._reach(found["host"], found["port"], path)
        return Rfc2136(**found)

    def _route53(self, entry: Any, path: Path) -> Route53 | None:
        found = self.fields(entry, path, _ROUTE53)
        if found is None:
            return None
        options = Route53(**found)
        for name, bad, problem in (
            ("create", options.create and options.hosted_zone_id, "is for hosted zones that are found by name"),
            ("vpc_id", options.vpc_id and not options.private, "is for private hosted zones: private is not true"),
            (
                "vpc_id",
                options.create and options.private and not options.vpc_id,
                "is required: a private hosted zone is made for a VPC",
            ),
            ("external_id", options.external_id and not options.role_arn, "is for a role: there is no role_arn"),
        ):
            if bad:
                self.wrong((*path, name), problem)
        return options

    def _reach(self, host: str, port: int, path: Path) -> None:
        """Note an address or a port that the operator's parameters forbid. Names are checked when they are resolved."""
        address = addresses.literal(host)
        if address is not None and not addresses.allowed(address, self._networks):
            self.wrong((*path, "host"), f"TransferNetworks do not allow {host}")
        if not addresses.port_allowed(port, self._ports):
            self.wrong((*path, "port"), f"TransferPorts do not allow {port}")


def _same(found: Mapping[str, Any], present: Sequence[Pool]) -> Pool | None:
    """Return the present pool that an entry means, by its id or else by its name."""
    name = found["name"].casefold()
    if "id" in found:
        return next((each for each in present if each.id.lower() == found["id"]), None)
    return next((each for each in present if each.name.casefold() == name), None)


def _like(pattern: str, what: str) -> Read:
    def read_matching(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
            raise ValueError(f"{short(value)} is no {what}")
        return value

    return read_matching


def _id(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", value):
        raise ValueError(f"{short(value)} is no UUID")
    return value.lower()


def _key_id(value: Any) -> str:
    """Return the id of a TSIG key. The command may give a key any word as its id."""
    if not isinstance(value, str) or not value.strip() or not is_id(value):
        raise ValueError(f"{short(value)} is no id")
    return value


def _type(value: Any) -> str:
    if value not in pool.TYPES:
        text = f"{short(value)} is none of {', '.join(pool.TYPES)}"
        raise ValueError(f"{text}; Designate's bind9, nsd4 and others only tell a server to pull from Designate")
    return cast("str", value)


def _host(value: Any) -> str:
    """Return the one spelling of a host, an address or a name."""
    if not isinstance(value, str) or value.count(":") == 1 or value.startswith("["):
        raise ValueError(f"{short(value)} is no host: an address, or a name")
    try:
        primary = Primary.parse(f"[{value}]" if ":" in value else value)
    except ValueError:
        raise ValueError(f"{short(value)} is no host: an address, or a name") from None
    if primary.never:
        raise ValueError(f"{value} is an address that no server may have")
    return addresses.normal(primary.host)


def _hostname(value: Any) -> str:
    if not isinstance(value, str) or not value.endswith(".") or not addresses.is_name(value) or not value.isascii():
        raise ValueError(f"{short(value)} is no host name with a dot at its end")
    return value.lower()


def _attributes(value: Any) -> dict[str, str]:
    """Return attributes as texts. YAML reads `true` and `1` as other than text."""
    if not isinstance(value, dict) or len(value) > MOST_ATTRIBUTES:
        raise ValueError(f"{short(value)} is no mapping of at most {MOST_ATTRIBUTES} names to texts")
    found = {str(name): str(text).lower() if isinstance(text, bool) else text for name, text in value.items()}
    texts = {name: str(text) if type(text) is int else text for name, text in found.items()}
    for name, each in texts.items():
        if not isinstance(each, str) or max(len(name), len(each)) > _TEXT:
            raise ValueError(
                f"{short({name: each})} has a name or a value that is no text of at most {_TEXT} characters"
            )
        if name == pool.POOL_ID:
            raise ValueError(f"{pool.POOL_ID} is the attribute by which a zone names its pool")
    return texts


_PORT = number(1, 65_535)

_POOL: dict[str, Read] = {
    "id": _id,
    "name": text(_TEXT),
    "description": text(160),
    "attributes": _attributes,
    "threshold": number(1, 100),
    "catalog_zone": _hostname,
}
"""The fields of a pool that have one value."""

_LISTS = ("ns_records", "targets", "nameservers", "also_notifies")

_RFC2136: dict[str, Read] = {
    "host": _host,
    "port": _PORT,
    "tls": flag,
    "serial": among(get_args(pool.Serial)),
    "prerequisites": among(get_args(pool.Prerequisites)),
    "transfer": flag,
    "octets": number(LEAST_OCTETS, MOST_OCTETS),
    "divergence": among(get_args(pool.Divergence)),
}

_ROUTE53: dict[str, Read] = {
    "hosted_zone_id": _like(r"[A-Z0-9]{1,32}", "id of a hosted zone, such as Z0123456789ABCDEFGHIJ"),
    "private": flag,
    "vpc_id": _like(r"vpc-[0-9a-f]{8,17}", "id of a VPC, such as vpc-0a1b2c3d4e5f67890"),
    "role_arn": _like(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]{1,512}", "ARN of a role"),
    "external_id": _like(r"[\w+=,.@:/-]{2,1224}", "external id of a role"),
    "create": flag,
}
