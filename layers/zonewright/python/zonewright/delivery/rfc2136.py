"""Push to a name server by dynamic updates (RFC 2136): plan what moved, send it, prove it, and repair what diverged.

    base known ──▶ what moved since, message by message ──▶ proven ──▶ the target has the version
                        └ a prerequisite fails: somebody else wrote there
    base unknown ──▶ AXFR from the target ──▶ what differs from the version, as it is there ──▶ the same

The first push to a target overwrites nothing that it finds there beside SOA and apex NS, unless the operator allows it:
the address may be wrong. After that the option `divergence` says whether what others wrote is overwritten. Contract
backends.md, sections 4 and 7.
"""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import dns.exception
import dns.message
import dns.rdataclass
import dns.rdatatype

from zonewright.delivery import contents, reaching, repairs
from zonewright.delivery.told import differing, limited, named, repair_of, report_of
from zonewright.errors import (
    ClocksApart,
    DeliveryError,
    KeyRefused,
    ServerSilent,
    TargetDiverged,
    TargetForeign,
    TransferError,
    TransferForbidden,
    TransferRefused,
    UpdateForbidden,
    UpdateIgnored,
    UpdateMisread,
    ZoneNotServed,
)
from zonewright.log import log
from zonewright.model import diff, push
from zonewright.model.delivery import Standing
from zonewright.model.diff import Move
from zonewright.model.pool import Rfc2136, Target
from zonewright.model.push import Options, Prerequisites, Push, Serial
from zonewright.model.version import Version
from zonewright.model.zone import Zone
from zonewright.protocol import rrset, update
from zonewright.protocol.transfer import Transfer
from zonewright.protocol.tsig import Key
from zonewright.protocol.types import NS
from zonewright.protocol.update import Section
from zonewright.protocol.wire import without_last
from zonewright.servers import connection, updating
from zonewright.service import Service
from zonewright.store import versions
from zonewright.sync import load

SIGNING = 1
"""Seconds after which a target that serves something else than it took is asked again."""

TRANSFER = 120
"""Seconds of the transfer that a repair begins with."""


@dataclass(frozen=True, slots=True)
class Dynamic:
    """A target that is written to by dynamic updates, and the zone that is written."""

    service: Service
    zone: Zone
    options: Rfc2136
    server: updating.Target

    @classmethod
    def of(cls, service: Service, zone: Zone, target: Target) -> "Dynamic":
        """Return a target of a pool, with its key in clear."""
        assert isinstance(target.options, Rfc2136)
        server = reaching.target(service, zone, target.options, target.tsigkey_id)
        return cls(service, zone, target.options, server)

    def bring(self, standing: Standing, wanted: int) -> Iterator[Standing]:
        """Bring the target nearer to a version: to where an earlier push was going, or else to `wanted`.

        Yield the standing before the first message and after each. It has to be stored before the next step. Raise a
        DeliveryError.
        """
        base, goal = (self._version(number) for number in (standing.base, standing.to or wanted))
        if base is None or goal is None or standing.soa is None:
            yield from self._repair(standing, wanted)
            return
        if standing.to and standing.cut != self._cut:
            yield standing.lost()  # the options changed: how far the push came is not known
            return
        moved = contents.moves(self.service.bucket, base, goal, self.zone.ttl)
        planned = self._planned(moved, standing.soa, goal, self._options())
        standing = standing.under_way(goal.number, standing.message if standing.to else 0, self._cut)
        try:
            yield from self._pushed(standing, planned, goal)
        except (TargetDiverged, UpdateIgnored) as error:
            if self.options.divergence == "stop":
                raise TargetForeign(self._told(error, wanted)) from error
            yield standing.lost()
            yield from self._repair(standing.lost(), wanted)

    def check(self, standing: Standing) -> Iterator[Standing]:
        """Compare all that the target serves with what it was sent. Yield the standing at the end.

        If something differs, the contents are not known any more. The next step repairs them. Raise a DeliveryError.
        """
        now = self.service.now()
        moved = self.differing(standing.base)
        if not moved:
            yield standing.as_checked(now)
        elif self.options.divergence == "stop":
            raise TargetForeign(differing(self.zone.name, moved))
        else:
            log().warning("target drifted", extra={"zone_id": self.zone.id, "reason": differing(self.zone.name, moved)})
            yield standing.lost()

    def differing(self, number: int) -> list[Move]:
        """Return what a repair would do: the moves from what the target serves to a version. Raise a DeliveryError."""
        goal = contents.goal(self.service.table, self.zone.id, number)
        return self._moves(self._served(), goal)

    def report(self, number: int) -> dict[str, Any]:
        """Return what a repair would change, as JSON: the numbers of record sets, and the first names."""
        return report_of(self.zone.name, self.differing(number))

    def _pushed(self, standing: Standing, planned: Push, goal: Version) -> Iterator[Standing]:
        """Send what is left of a push, and yield the standings. Raise a DeliveryError."""
        if planned.messages:
            yield standing
        try:
            for number in self._sent(planned, standing.message):
                standing = standing.under_way(goal.number, number, self._cut)
                if number < len(planned.messages):
                    yield standing
        except (UpdateForbidden, UpdateMisread, ZoneNotServed):
            if self._unchanged(planned.messages[standing.message].prerequisites):
                yield standing.withdrawn()  # a version that is refused is not on the way of later ones
            raise
        if not updating.proven(self.server, planned):
            raise UpdateIgnored(f"the name server answered NOERROR, and does not have {self._missing(planned)}")
        soa = contents.soa(self.service.bucket, goal, self.zone.ttl)
        checked = (standing.checked or self.service.now()) if len(planned.messages) <= 1 else None
        yield standing.under_way(goal.number, 0).arrived(soa, checked)

    def _repair(self, standing: Standing, wanted: int) -> Iterator[Standing]:
        """Bring a target to a version, whose contents are not known. Yield the standings. Raise a DeliveryError.

        A repair that is stopped begins again. So nothing of it is stored before its end, but every message asks before
        whether the delivery is still held.
        """
        goal = contents.goal(self.service.table, self.zone.id, wanted)
        there = self._served() if self.options.transfer else self._name_servers()
        moved = self._moves(there, goal)
        foreign = [move for move in moved if move.before and not move.before.startswith(push.APEX_NS)]
        found = next(filter(contents.is_soa, there), None)
        known = self._left_by_us(standing, found, goal)
        repairs.check(self.service, self.zone, standing, foreign, known=known, served=len(there))
        options = replace(self._options(), prerequisites=self._asked_by_repair(found))
        planned = self._planned(moved, found or self._left(goal), goal, options)
        standing = standing.lost()
        for _ in itertools.chain((0,), self._sent(planned)):
            yield standing
        for message in planned.messages:
            shown = message if message.number == message.of else replace(message, soa=None)
            part = replace(planned, messages=(shown,))
            if not updating.proven(self.server, part):
                raise UpdateIgnored(f"the name server answered NOERROR, and does not have {self._missing(part)}")
        if moved and self.options.transfer:
            self._prove(goal)
        soa, now = contents.soa(self.service.bucket, goal, self.zone.ttl), self.service.now()
        done = standing.under_way(goal.number, 0).arrived(soa, now)
        yield replace(done, repair=repair_of(self.zone.name, foreign, now)) if foreign else done

    def _left_by_us(self, standing: Standing, found: str | None, goal: Version) -> bool:
        """Return whether a zone whose SOA is `found` may be the one that we left. A server's own SOA tells nothing."""
        if found is None or self.options.serial == "theirs":
            return True
        ours = contents.soa(self.service.bucket, goal, self.zone.ttl)
        return repairs.same_owner(found, standing.soa, ours)

    def _asked_by_repair(self, found: str | None) -> Prerequisites:
        """Return what the messages of a repair ask for: record sets as they were found, and the SOA if that holds.

        The SOA keeps out messages that come late, after another turn has gone on. A server that signs what it takes
        serves another SOA than it asks for. Raise a DeliveryError.
        """
        if not self.options.transfer:
            return Prerequisites.NONE
        if found is None or self.options.prerequisites != "zone":
            return Prerequisites.RECORDSETS
        holds = updating.holds(self.server, update.exactly(rrset.from_line(found)))
        return Prerequisites.BOTH if holds else Prerequisites.RECORDSETS

    def _prove(self, goal: Version) -> None:
        """Raise UpdateIgnored if the target serves something else than a version. A signer may need a moment."""
        left = self._moves(self._served(), goal)
        if left:
            time.sleep(SIGNING)
            left = self._moves(self._served(), goal)
        if left:
            raise UpdateIgnored(limited(self.zone.name, left))

    def _sent(self, planned: Push, begun: int = 0) -> Iterator[int]:
        """Send the messages behind the first `begun`, as `updating.push` does. A refusal names the record sets."""
        done = begun
        try:
            for number in updating.push(self.server, planned, begun):
                done = number
                yield done
        except (UpdateForbidden, UpdateMisread, ZoneNotServed) as error:
            moved = planned.messages[done].moves
            refused = list(updating.refused(self.server, moved))
            if not moved or (isinstance(error, ZoneNotServed) and not refused):
                raise
            which = named(self.zone.name, refused) if refused else f"an update of {named(self.zone.name, moved)}"
            raise type(error)(f"{error.message} It concerns {which}") from error

    def _unchanged(self, prerequisites: Section) -> bool:
        """Return whether a target that refused a message says that it is as before. A frozen zone says nothing."""
        try:
            return updating.holds(self.server, prerequisites)
        except DeliveryError:
            return False

    def _planned(self, moved: list[Move], left: str, goal: Version, options: Options) -> Push:
        line = contents.soa(self.service.bucket, goal, self.zone.ttl)
        ttl = self.zone.ttl if goal.ttl is None else goal.ttl
        return push.plan(moved, left, line, ttl, options)

    def _moves(self, there: list[str], goal: Version) -> list[Move]:
        """Return the moves from lines that the target serves to a version, without those that are not ours."""
        wanted = contents.served(self.service.bucket, goal, self.zone.ttl)
        found = diff.exact_moves(there, wanted)
        ours = [move for move in found if rrset.type_of(move.after or move.before or "") not in push.NOT_OURS]
        return [move for move in ours if not (move.before and move.after and rrset.equivalent(move.before, move.after))]

    def _served(self) -> list[str]:
        """Return the lines of the zone as the target serves it, by AXFR. Raise a DeliveryError."""
        machine = Transfer(self.server.zone, self.server.key)
        where = replace(self.server.reach, total=TRANSFER, octets=self.service.settings.transfer_bytes)
        try:
            came = connection.transfer(machine, self.server.server, where)
            messages = [without_last(message) if machine.done else message for message in came]
            rrs, _ = load.parse(self.zone.name, messages)
        except TransferError as error:
            raise _meaning(error, self.server.key) from error
        return rrset.gather(rrs)[0]

    def _name_servers(self) -> list[str]:
        """Return the line of the apex NS that the target has: all that is known without a transfer.

        Raise a DeliveryError.
        """
        question = dns.message.make_query(self.server.zone, dns.rdatatype.NS, flags=0)
        try:
            octets = connection.exchange(self.server.server, question.to_wire(), self.server.reach)
            answer = dns.message.from_wire(octets)
        except TransferError as error:
            raise _meaning(error, self.server.key) from error
        except dns.exception.DNSException as error:
            raise ServerSilent(f"the answer cannot be read: {error}") from error
        found = answer.get_rrset(answer.answer, self.server.zone, dns.rdataclass.IN, dns.rdatatype.NS)
        if found is None:
            raise ZoneNotServed("it does not serve the zone: it has no NS of the apex")
        return [rrset.to_line("", NS, found.ttl, [each.to_wire() for each in found])]

    def _left(self, goal: Version) -> str:
        """Return a line of the SOA that the target has now, with its serial only. Raise a DeliveryError."""
        server = self.server
        try:
            found = connection.soa(server.zone, server.server, server.key, server.reach)
        except TransferError as error:
            raise _meaning(error, self.server.key) from error
        return rrset.with_serial(contents.soa(self.service.bucket, goal, self.zone.ttl), found.serial)

    def _told(self, error: DeliveryError, wanted: int) -> str:
        """Return what differs at the target, for people."""
        if not self.options.transfer:
            return f"somebody else wrote there: {error.message}"
        return differing(self.zone.name, self.differing(wanted))

    def _missing(self, planned: Push) -> str:
        """Return which of the record sets of a push's last message the target does not have as it should."""
        moved = planned.messages[-1].moves
        alone = [replace(planned.messages[-1], moves=(move,), soa=None) for move in moved[:500]]
        parts = ((each, list(each.proofs(planned.options))) for each in alone)
        ignored = [each.moves[0] for each, some in parts if not all(updating.holds(self.server, part) for part in some)]
        return named(self.zone.name, ignored) if ignored else "the SOA that it was sent"

    @property
    def _cut(self) -> str:
        """Return the options that say where a push is cut into messages."""
        return f"{self.options.serial} {self.options.prerequisites} {self.options.octets}"

    def _options(self) -> Options:
        own = self.options
        return Options(Serial(own.serial), Prerequisites(own.prerequisites), own.octets)

    def _version(self, number: int) -> Version | None:
        return versions.get(self.service.table, self.zone.id, number)


def _meaning(error: TransferError, key: Key | None) -> DeliveryError:
    if isinstance(error, TransferRefused) and "NOTAUTH" in error.message:
        return ZoneNotServed(f"it does not serve the zone, or allows no transfer of it: {error.message}")
    if "BADTIME" in error.message:
        return ClocksApart(f"its contents could not be transferred: {error.message}")
    if key and ("BADSIG" in error.message or "BADKEY" in error.message):
        return KeyRefused(f"the name server has no TSIG key {key.name}, or another secret for it: {error.message}")
    if type(error) in updating.NO_CONNECTION:
        return updating.NO_CONNECTION[type(error)](error.message)
    meaning = TransferForbidden if isinstance(error, TransferRefused) else ServerSilent
    return meaning(f"its contents could not be transferred: {error.message}")
