"""A zone as the service knows it: its settings, its state, and the version it shows."""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from zonewright import clock
from zonewright.model import addresses
from zonewright.model.acl import AclRule
from zonewright.model.delivery import Delivered
from zonewright.model.failure import Failure, shown
from zonewright.model.guards import OwnGuards
from zonewright.model.order import Order
from zonewright.model.schedule import DEFAULT_TIMERS, Schedule, Timers
from zonewright.model.source import Source, unfit
from zonewright.model.states import Hold, State
from zonewright.protocol import serial as serials

if TYPE_CHECKING:
    from zonewright.model.connection import Connection

_TLS = "tls://"
_PORTS = {False: 53, True: 853}
"""The port of DNS over TCP (RFC 7766) and over TLS (RFC 7858 section 3.1)."""


class ZoneType(StrEnum):
    """The owner of the contents: this service (PRIMARY), or a primary that we copy from (SECONDARY)."""

    PRIMARY = "PRIMARY"
    SECONDARY = "SECONDARY"


@dataclass(frozen=True, slots=True)
class Primary:
    """A server to transfer zones from. `host` is an address or a host name, `port` 1-65535.

    With `tls` the transfer goes over TLS (RFC 9103), and the certificate must be for `host`.
    """

    host: str
    port: int = 53
    tls: bool = False

    @classmethod
    def parse(cls, text: str) -> "Primary":
        """Return the primary that `text` names: `host`, `host:port`, `[v6]:port` or a bare IPv6 address.

        `tls://` may precede each form. Raise ValueError with the reason.
        """
        primary = cls.stored(text)
        host = primary.host
        if ":" in host:
            return primary
        odd = not host.isascii() and addresses.literal(addresses.normal(host)) is not None
        if odd or not addresses.is_name(host) or (not host.strip("0123456789.") and addresses.literal(host) is None):
            raise ValueError(f"{text!r} is not host or host:port")
        return primary

    @classmethod
    def stored(cls, text: str) -> "Primary":
        """Return the primary of a stored zone. Hosts that were accepted once are read, also if `parse` refuses them.

        Raises ValueError with the reason.
        """
        host, colon, port = text.strip(), "", ""
        tls = host.lower().startswith(_TLS)
        if tls:
            host = host[len(_TLS) :]
        if host.startswith("["):
            host, closed, rest = host[1:].partition("]")
            if not closed or (rest and not rest.startswith(":")):
                raise ValueError(f"{text!r} is not host or host:port")
            colon, port = rest[:1], rest[1:]
        elif host.count(":") == 1:
            host, colon, port = host.partition(":")
        if not host or any(c.isspace() or c in "/@[]" for c in host) or len(host) > 255:
            raise ValueError(f"{text!r} is not host or host:port")
        if ":" in host:
            ipaddress.IPv6Address(host)
        if colon and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise ValueError(f"{text!r} has no port from 1 to 65535")
        return cls(host, int(port) if port else _PORTS[tls], tls)

    @property
    def never(self) -> bool:
        """Return whether the host is an address that no setting allows, such as a link-local one."""
        address = addresses.literal(self.host)
        return address is not None and addresses.never(address)

    @property
    def endpoint(self) -> tuple[str, int]:
        """Return the host in its one spelling, and the port."""
        return addresses.normal(self.host), self.port

    def is_at(self, listed: "Primary") -> bool:
        """Return whether this is the `listed` server, over TLS if it is listed with TLS."""
        return self.endpoint == listed.endpoint and (self.tls or not listed.tls)

    def __str__(self) -> str:
        usual = self.port == _PORTS[self.tls]
        host = f"[{self.host}]" if ":" in self.host and not usual else self.host
        return (_TLS if self.tls else "") + (host if usual else f"{host}:{self.port}")


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone. `revision` counts every stored change (Designate's `version`). `version` numbers its contents.

    `version` is 0 until the first contents are published. `holder`, `lease` (epoch seconds) and `held_since` are set in
    SYNCING and PENDING_UPDATE. `order` is that of a sync which no execution has taken up yet. `slot` is the slot of the
    group that the sync has (`store/slots.py`). `synced` is the time of the last successful sync. `shared` is VinylDNS's
    flag: shared with everybody. `is_test` is the flag of the user who made it. `shares` counts the groups that the zone
    is shared with (`share.py`). `newest` is the newest serial that the name had, in this zone or a former one, if the
    contents are not as new. `source` says where the contents came from. Zones stored by older deployments have none
    until their next sync. `failure` is the last one
    of a look or a sync (`failure.py`). `timers` come from the SOA of a copy.

    The other fields are for a zone with a `schedule`. `requestor` is the name of the user who set it. `due` is when the
    dispatcher looks at it next. `confirmed` is when a look last found the serial of the contents. `guards` are the
    owner's, for its syncs. `pool_id` is None in the deployment's pool (`pool.py`). `delivered` says what name servers
    have of it (`delivery.py`), and is None for a zone that is not pushed anywhere. `name_servers` are those of its
    hosted zone, if that alone serves it (`Pool.name_servers_of`). `acl` has the access rules (`acl.py`).

    A copy whose primary takes updates has a `connection`, or else a `backend_id`, which is empty for the default
    backend (`connection.py`). Its `primaries` are then the one that transfers came from when it was last connected.
    `pending` is the number of record changes that wait for that primary (`recordchange.py`).
    """

    id: str
    name: str
    group_id: str
    type: ZoneType
    created: datetime
    email: str = ""
    ttl: int = 3600
    description: str | None = None
    primaries: tuple[Primary, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)
    shared: bool = False
    is_test: bool = False
    shares: int = 0
    state: State = State.ACTIVE
    holder: str | None = None
    lease: int | None = None
    held_since: datetime | None = None
    order: Order | None = None
    slot: int | None = None
    version: int = 0
    serial: int | None = None
    newest: int | None = None
    records: int = 0
    rrsets: int = 0
    revision: int = 1
    updated: datetime | None = None
    synced: datetime | None = None
    source: Source | None = None
    schedule: Schedule | None = None
    requestor: str | None = None
    timers: Timers = DEFAULT_TIMERS
    due: datetime | None = None
    confirmed: datetime | None = None
    failure: Failure | None = None
    guards: OwnGuards | None = None
    pending: int = 0
    pool_id: str | None = None
    delivered: Delivered | None = None
    name_servers: tuple[str, ...] = ()
    connection: "Connection | None" = None
    transfer_connection: "Connection | None" = None
    backend_id: str | None = None
    acl: tuple[AclRule, ...] = ()

    @property
    def updatable(self) -> bool:
        """Return whether it is a copy whose primary takes updates from this service."""
        connected = self.connection is not None or self.backend_id is not None
        return connected and self.type is ZoneType.SECONDARY

    @property
    def hold(self) -> Hold:
        """Return the fields that `states.py` reads."""
        return Hold(self.state, self.holder, self.lease, loaded=self.version > 0, pending=self.pending)

    @property
    def deleted(self) -> bool:
        """Return whether the zone is deleted. Its history remains."""
        return self.state is State.DELETED

    @property
    def fingerprint(self) -> str:
        """Return a text that changes with every change of the zone.

        It includes the holder, because holds don't raise `revision`.
        """
        return f"{self.revision}-{self.holder}" if self.holder else str(self.revision)

    def moment(self, now: datetime) -> datetime:
        """Return the time of the zone's next change: `now`, or just after its last change (`clock.after`).

        Every write that sets `updated`, or adds to the history, takes its time from here.
        """
        return clock.after(self.updated or self.created, now)

    def ahead_of(self, serial: int) -> bool:
        """Return whether a serial is older than the one of the contents, or cannot be compared with it (RFC 1982)."""
        held = self.serial if self.version else None
        return held is not None and serial != held and not serials.newer(serial, held)

    @property
    def transferred(self) -> tuple[int, int | None]:
        """Return the version that the last transfer left, and its serial. Record changes may have followed."""
        if self.source is None or self.source.version is None:
            return self.version, self.serial
        return self.source.version, self.source.serial

    @property
    def unconfirmed(self) -> bool:
        """Return whether the contents have record changes that no transfer has brought yet, nor what others did."""
        return self.source is not None and self.source.version is not None

    def after_record_changes(self) -> Source:
        """Return the source of the contents after record changes that the primary took."""
        unknown = Source("", self.serial or 0, broken="is not known")
        return (self.source or unknown).followed(self.version)

    def went_back_from(self, serial: int | None) -> int | None:
        """Return the newest serial that the name had, or None if contents with `serial` are as new (RFC 1982).

        `serial` is that of the next contents, None for none. A serial that cannot be compared is not as new.
        """
        had = self.newest_serial
        if had is None or serial is None:
            return had
        return None if serial == had or serials.newer(serial, had) else had

    @property
    def newest_serial(self) -> int | None:
        """Return the newest serial that the name ever had, or None without contents."""
        return self.serial if self.newest is None else self.newest

    def expired(self, now: datetime) -> bool:
        """Return whether EXPIRE has passed since a primary last confirmed the contents, while failures last.

        RFC 1035 section 3.3.13: the contents are no longer authoritative. They stay readable.
        """
        last = self._last_confirmed
        return bool(self.failure and self.version and last and now >= last + timedelta(seconds=self.timers.expire))

    @property
    def undelivered(self) -> bool:
        """Return whether name servers do not have the contents yet."""
        return self.delivered is not None and self.delivered.version < self.version

    def trouble(self, now: datetime) -> str | None:
        """Return the lasting failure of a zone as a text for people, or None."""
        if self.delivered and self.delivered.failure:
            return self.delivered.failure.text
        if self.failure is None:
            return None
        if not self.expired(now):
            return self.failure.text
        assert self._last_confirmed is not None
        since, expire = shown(self._last_confirmed), self.timers.expire
        return f"expired: no primary has confirmed it since {since} (EXPIRE {expire} s); {self.failure.text}"

    @property
    def _last_confirmed(self) -> datetime | None:
        """Return when a sync or a look last succeeded."""
        return max(filter(None, (self.synced, self.confirmed)), default=None)

    @property
    def failed_looks(self) -> int:
        """Return how many looks have failed one after another, since the last success or change of the zone."""
        return self.failure.looks if self.failure and self.failure.revision == self.revision else 0

    def unfit(self, primary: Primary) -> str | None:
        """Return why increments from a primary may not fit the contents, or None if they do (`source.py`)."""
        return unfit(self.source, primary, self.serial)

    def signed_by(self, signers: Mapping[str, str]) -> "Zone":
        """Return the zone as it is for transfers that these TSIG keys sign, by primary (`Source.asked_by`)."""
        if self.source is None or self.source.primary not in signers:
            return self
        return replace(self, source=self.source.asked_by(signers[self.source.primary]))

    def seen(self, serials: Iterable[tuple[Primary, int]]) -> "Zone":
        """Return the zone after primaries were seen with these serials. An older one breaks the source that has it."""
        zone = self
        for primary, serial in serials:
            if zone.source and zone.source.primary == str(primary) and zone._transferred_after(serial):
                zone = replace(zone, source=zone.source.seen_older(serial))
        return zone

    def _transferred_after(self, serial: int) -> bool:
        """Return whether a serial is older than that of the last transfer."""
        return replace(self, serial=self.transferred[1]).ahead_of(serial)

    def freed(self, state: State, now: datetime) -> "Zone":
        """Return the zone after a change at `now` that leaves it in `state`, without a holder."""
        revision = self.revision + 1
        unheld = replace(self, holder=None, lease=None, held_since=None, order=None, slot=None)
        return replace(unheld, state=state, updated=now, revision=revision)
