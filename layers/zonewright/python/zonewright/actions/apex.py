"""Apex of a PRIMARY zone: the SOA and NS records that the service writes, and the versions that hold them.

The SOA contains settings of the zone, so a change of these settings publishes a new version.
"""

from collections.abc import Sequence
from dataclasses import replace

from zonewright.actions import edit, pools
from zonewright.contents import chunks, rewrite
from zonewright.contents.merge import merge
from zonewright.contents.sink import Sink
from zonewright.errors import ZoneChanged
from zonewright.model.change import Change
from zonewright.model.diff import Move
from zonewright.model.pool import Pool
from zonewright.model.ranges import Piece
from zonewright.model.version import Chunk, Version
from zonewright.model.zone import Zone
from zonewright.protocol import names, records, rrset
from zonewright.protocol.types import NS, SOA
from zonewright.service import Service
from zonewright.store import versions

REFRESH, RETRY, EXPIRE, MINIMUM = 3600, 600, 86400, 3600
"""SOA timers of PRIMARY zones, in seconds. They are those of Designate's first release (contract, section 5)."""


def first_version(service: Service, zone: Zone, change: Change, pool: Pool, lines: Sequence[str] = ()) -> Version:
    """Store and return the first version of a zone of a pool: SOA, apex NS, and imported `lines` in canonical order."""
    managed = _managed_lines(zone, pool)
    sink = Sink.of(service.bucket, service.settings, zone.id, change.id, len(lines))
    if not lines:
        return _version(zone, change, sink.chunks([Piece("", managed, changed=True)], ()))
    return _version(zone, change, merge(sink, (), sorted([*managed, *lines])).chunks)


def next_version(service: Service, base: Version, changed: Zone, change: Change) -> tuple[Version, Change]:
    """Store the version after `base`, with a new SOA and the apex NS of the zone's pool as it is now.

    Return it, and the change with its counts.

    An apex NS that a super user changed stays as it is.
    """
    held = {rrset.place(line): line for line in chunks.read(service.bucket, base.zone_id, base.chunks[0])}
    anew = [Move(held.get(rrset.place(line)), line) for line in _managed_lines(changed, pools.of(service, changed))]
    moves = [move for move in anew if move.before is None or not rrset.from_line(move.before).notes_text]
    difference = rewrite.against((move for move in moves if move.before != move.after), base)
    sink = Sink.of(service.bucket, service.settings, base.zone_id, change.id, base.records)
    version = _version(changed, change, rewrite.apply(sink, base, difference.moves))
    change = replace(
        change,
        version=version.number,
        serial=version.serial,
        records=version.records,
        counts=difference.counts(),
        differences=(sink.difference(0, difference),),
    )
    return version, change


def delegate(service: Service, zone: Zone, servers: tuple[str, ...]) -> Zone:
    """Publish the zone with the name servers of its hosted zone as its NS. Return the zone.

    An apex NS that a super user changed stays as it is. Raise as `edit.begin` and `edit.commit` do.
    """
    shown = versions.get(service.table, zone.id, zone.version)
    if shown is None:
        raise ZoneChanged(f"zone {zone.name} changed at this moment")
    delegated = replace(zone, name_servers=servers)
    ns, _ = _managed_lines(delegated, pools.of(service, zone))
    first = chunks.read(service.bucket, zone.id, shown.chunks[0])
    held = next(line for line in first if line.startswith(rrset.place(ns)))
    moves = [] if rrset.from_line(held).notes_text else [Move(held, ns)]
    comment = "Route 53 chose the name servers of the hosted zone"
    now = zone.moment(service.now())
    return edit.publish(service, delegated, shown, moves, caller=edit.NOBODY, now=now, comment=comment)


def _version(zone: Zone, change: Change, made: Sequence[Chunk]) -> Version:
    assert zone.serial is not None
    return Version(
        zone_id=zone.id,
        number=zone.version,
        serial=zone.serial,
        created=change.created,
        change_id=change.id,
        chunks=tuple(made),
        ttl=zone.ttl,
    )


def _managed_lines(zone: Zone, pool: Pool) -> list[str]:
    """Return the lines of SOA and apex NS, from the zone's settings and the name servers of its pool."""
    timers = f"{zone.serial} {REFRESH} {RETRY} {EXPIRE} {MINIMUM}"
    hosts = [each.hostname for each in pool.name_servers_of(zone)]
    soa = f"{hosts[0]} {names.rname(zone.email)} {timers}"
    return [
        rrset.to_line("", NS, None, [records.rdata_of(NS, host) for host in hosts]),
        rrset.to_line("", SOA, None, [records.rdata_of(SOA, soa)]),
    ]
