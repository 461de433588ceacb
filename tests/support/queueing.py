"""The zone service in one process, for the tests of record changes: ask, bring them to a primary, read both."""

from dataclasses import replace

from zonewright.actions import moves, queue, zones
from zonewright.actions.judging import Asked
from zonewright.delivery import reaching
from zonewright.model import recordchange
from zonewright.model.connection import Connection
from zonewright.model.diff import Move
from zonewright.model.moves import Side, Wanted
from zonewright.protocol import records, rrset, update
from zonewright.protocol.types import A
from zonewright.servers import updating
from zonewright.store import connections, keys, recordchanges
from zonewright.store import zones as store
from zonewright.store.table import Update
from zonewright.store.vault import Purpose

from support.delivering import KEY, NAME, Pushing
from support.service import CALLER, primary


class Queueing(Pushing):
    """The service in one process, with verbs for tests of record changes."""

    def ask_for_deletion(self, zone_id):
        """Delete a zone for its owner."""
        return zones.delete(self, self.zone(zone_id), caller=CALLER)

    def copy(self, server, way=None, **new):
        """Create a copy of the zone of a server, and sync it. Updates go `way`, if that is not the server itself."""
        zone = self.create(NAME, primary(server), **new)
        self.connect(zone.id, way or server, server)
        status, change = self.work()
        assert status == "SUCCEEDED", change.reason
        return self.zone(zone.id)

    def connect(self, zone_id, way, server=None):
        """Give a zone connections: for updates, and for transfers."""
        sealed = self.vault.seal(KEY.secret, zone_id, Purpose.TSIG)
        to, transfers = (
            Connection("primary", KEY.name, KEY.algorithm, sealed, zone_id, f"{each.host}:{each.port}")
            for each in (way, server or way)
        )
        self.table.write(Update(keys.zone(zone_id), set=connections.attributes(to, transfers)))

    def ask(self, zone, *wanted, caller=CALLER, **asked):
        """Ask for moves. Return the change that waits, or None if nothing moves."""
        asked = Asked([Wanted(*each) for each in wanted], **asked)
        return moves.apply(self, self.zone(zone.id), asked, caller=caller).change

    def want(self, zone, owner, before, after):
        """Ask as VinylDNS's callers do, who do not say what they saw. Both sides are texts of A records, or nothing."""
        found, lines = self.zone(zone.id), [_line(owner, texts) if texts else None for texts in (before, after)]
        now = found.moment(self.now())
        queue.contents(self, found, "", now)
        return queue.add(self, found, [Move(*lines)], caller=CALLER, now=now, exact=False)[1]

    def change(self, change):
        """Return a record change as it is by now."""
        return recordchanges.get(self.table, change.zone_id, change.id)

    def ends(self, *some):
        """Return how record changes are by now."""
        return [str(recordchange.status(self.change(each))) for each in some]

    def waiting(self, zone):
        """Return the record changes that wait."""
        return list(recordchanges.every(self.table, zone.id))

    def shown(self, zone, owner, rdtype=A):
        """Return the texts of the records that the service shows at an owner name."""
        place = f"{owner}\t{rdtype}\t"
        found = [rrset.from_line(line) for line in self.lines(zone.id) if line.startswith(place)]
        return [text for each in found for text in each.texts()]

    def write_at(self, server, owner, *texts, ttl=60):
        """Put an A RRset, or nothing, in the place of whatever a server has at an owner name, as others do."""
        found = rrset.from_line(_line(owner, texts or ["192.0.2.255"], ttl))
        parts = [update.deleted(found), *([update.added(found)] if texts else [])]
        target = replace(reaching.primary(self, store.named(self.table, NAME)), server=primary(server))
        updating._exchange(target, update.Section(), update.joined(parts))  # noqa: SLF001 - an update


def _line(owner, texts, ttl=60):
    return rrset.to_line(owner, A, ttl, [records.rdata_of(A, each) for each in texts])


def side(owner, *texts, ttl=60, rdtype=A):
    """One side of a move: an RRset of the zone, an A one by default."""
    name = f"{owner}.{NAME}" if owner else NAME
    rdatas = tuple(sorted(records.rdata_of(rdtype, each) for each in texts))
    return Side(name, rdtype, rdatas, ttl, given=frozenset({"ttl"}))


def created(owner, *texts, **more):
    """A move that creates a record set."""
    return None, side(owner, *texts, **more)


def deleted(owner, *texts, **more):
    """A move that deletes a record set."""
    return side(owner, *texts, **more), None


def changed(owner, before, after, **more):
    """A move that changes a record set of one record."""
    return side(owner, before, **more), side(owner, after, **more)
