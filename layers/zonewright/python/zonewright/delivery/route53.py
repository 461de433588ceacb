"""Push to a hosted zone of Amazon Route 53: send what moved, and wait until all name servers of Route 53 have it.

A hosted zone whose contents are not known is listed, and what differs is pushed. The first push overwrites nothing that
it finds there, unless the operator allows it, as in `rfc2136.py`. Contract backends.md, section 5.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

import dns.name

from zonewright.actions import pools
from zonewright.delivery import contents, repairs
from zonewright.delivery.told import differing, repair_of, report_of
from zonewright.errors import DelegationDiffers, HostedZoneNotFound, TargetDiverged
from zonewright.log import log
from zonewright.model import changebatch, diff, pool
from zonewright.model.delivery import Standing
from zonewright.model.diff import Move
from zonewright.model.pool import Target
from zonewright.model.version import Version
from zonewright.model.zone import Zone
from zonewright.protocol import names
from zonewright.servers import changing, hostedzones, route53
from zonewright.servers.route53 import Contents, HostedZone
from zonewright.service import Service
from zonewright.store import versions

ASKED = (5, 10, 20, 40, 60)
"""Seconds until Route 53 is asked again whether all of its name servers have a change. The last one is repeated."""


@dataclass(frozen=True)
class Hosted:
    """A target that is a hosted zone, and the zone that is written."""

    service: Service
    zone: Zone
    options: pool.Route53

    @classmethod
    def of(cls, service: Service, zone: Zone, target: Target) -> "Hosted":
        """Return a target of a pool."""
        assert isinstance(target.options, pool.Route53)
        return cls(service, zone, target.options)

    def bring(self, standing: Standing, wanted: int) -> Iterator[Standing]:
        """Bring the hosted zone nearer to a version, as `rfc2136.Dynamic.bring` does. Raise a DeliveryError."""
        if standing.change and standing.to is None:
            yield self._asked(standing, standing.change)
            if standing.base == wanted:
                return
        base, goal = (self._version(number) for number in (standing.base, standing.to or wanted))
        if base is None or goal is None:
            yield from self._repair(standing, wanted)
            return
        moved = contents.moves(self.service.bucket, base, goal, self.zone.ttl)
        standing = standing.under_way(goal.number, standing.message if standing.to else 0)
        try:
            yield from self._pushed(standing, moved, goal)
        except TargetDiverged:
            yield standing.lost()

    def check(self, standing: Standing) -> Iterator[Standing]:
        """Compare what the hosted zone holds with what it was sent, as `rfc2136.Dynamic.check` does."""
        now, goal = self.service.now(), self._goal(standing.base)
        moved = self._moves(goal)
        if not moved:
            yield standing.as_checked(now)
            return
        why = differing(self.zone.name, moved)
        log().warning("target drifted", extra={"zone_id": self.zone.id, "reason": why})
        yield standing.lost()

    def report(self, number: int) -> dict[str, Any]:
        """Return what a repair would change, as JSON. Raise a DeliveryError."""
        return report_of(self.zone.name, self._moves(self._goal(number)))

    def remove(self) -> bool:
        """Remove the hosted zone if it was made for the zone. Return whether it was. Raise a DeliveryError."""
        try:
            hosted = hostedzones.find(self._client, self._origin, self.options, self.zone.id)
        except HostedZoneNotFound:
            return False
        return hostedzones.remove(hosted, self.zone.id, self.options)

    def _pushed(self, standing: Standing, moved: list[Move], goal: Version) -> Iterator[Standing]:
        """Send what is left of a push, and yield the standings. Raise a DeliveryError."""
        planned = changebatch.plan(moved, self._origin, self._ttl(goal))
        if planned.batches:
            yield standing
        for progress in changing.push(self._hosted, planned, standing.message):
            change = progress.change or standing.change
            standing = replace(standing.under_way(goal.number, progress.done), change=change, asks=0)
            if progress.done < len(planned.batches):
                yield standing
        yield standing.arrived(None, standing.checked or self.service.now())

    def _repair(self, standing: Standing, wanted: int) -> Iterator[Standing]:
        """Bring the hosted zone to a version, whatever it holds. Yield the standing at the end."""
        self._check_delegation()
        goal = self._goal(wanted)
        there = route53.contents(self._hosted)
        moved = self._moves_from(there, goal)
        foreign = [move for move in moved if move.before]
        repairs.check(self.service, self.zone, standing, foreign, known=True, served=len(there.lines))
        done = standing
        for done in self._pushed(replace(standing.lost(), to=wanted), moved, goal):
            if done.to is not None:
                yield standing.lost()  # only the holder of the delivery goes on
        now = self.service.now()
        yield replace(done, checked=now, repair=repair_of(self.zone.name, foreign, now) if foreign else done.repair)

    def _check_delegation(self) -> None:
        """Raise DelegationDiffers if the NS of the zone are not the name servers of the hosted zone that serves it."""
        servers = self._hosted.name_servers
        if servers and servers != self.zone.name_servers and pools.of(self.service, self.zone).hosted:
            raise DelegationDiffers(f"the name servers of its hosted zone are {', '.join(servers)}", servers)

    def _moves(self, goal: Version) -> list[Move]:
        """Return the moves from what the hosted zone holds to a version. Raise a DeliveryError."""
        return self._moves_from(route53.contents(self._hosted), goal)

    def _moves_from(self, there: Contents, goal: Version) -> list[Move]:
        wanted = contents.served(self.service.bucket, goal, self.zone.ttl)
        found = changebatch.moves_of(diff.exact_moves(there.lines, wanted), self._ttl(goal))
        return [move for move in found if move.place not in there.kept]

    def _asked(self, standing: Standing, change: str) -> Standing:
        """Return the standing after a question whether all name servers have a change. Raise a DeliveryError."""
        if route53.insync(self._client, change):
            return replace(standing.as_checked(standing.checked or self.service.now()), change=None)
        pause = timedelta(seconds=ASKED[min(standing.asks, len(ASKED) - 1)])
        return replace(standing, asks=standing.asks + 1, next=self.service.now() + pause)

    def _goal(self, number: int) -> Version:
        """Return a version to bring or to compare. Raise VersionGone."""
        return contents.goal(self.service.table, self.zone.id, number)

    def _version(self, number: int) -> Version | None:
        return versions.get(self.service.table, self.zone.id, number)

    def _ttl(self, version: Version) -> int:
        return self.zone.ttl if version.ttl is None else version.ttl

    @property
    def _origin(self) -> dns.name.Name:
        return names.absolute(self.zone.name)

    @property
    def _client(self) -> Any:
        return self.service.route53(self.options.role_arn, self.options.external_id)

    @cached_property
    def _hosted(self) -> HostedZone:
        region = self.service.table.client.meta.region_name
        return hostedzones.find_or_make(self._client, self._origin, self.options, self.zone.id, region=region)
