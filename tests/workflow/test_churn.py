"""IXFR equals AXFR: a zone changes at random at real primaries; one copy takes increments, another the whole zone.

After each round both copies have the same lines, and keep each RR as the server itself sends it by AXFR: octets, TTLs
and the case of names. NSD 4.6 puts RRsets that stay among what it adds if their owner has several. Such increments are
not believed, so its zone has one RRset an owner, unless it is signed.

A failure shows the seed. `ZONEWRIGHT_CHURN_SEED` repeats a run, and `ZONEWRIGHT_CHURN_ROUNDS` makes more rounds.
"""

import os
import random
import sys
import time
from contextlib import nullcontext
from dataclasses import replace

import dns.query
import dns.rcode
import dns.update
import pytest
from conftest import make_table
from primaries import REAL, Bind, Nsd, require, require_signing, sent
from primaries.churn import Churn
from primaries.signing import Signer
from support.service import Driven, primary
from zonewright.model.change import ChangeStatus
from zonewright.model.order import SyncOptions

ZONE = "churn.example."
ROUNDS = int(os.environ.get("ZONEWRIGHT_CHURN_ROUNDS", "0"))
"""Rounds for each server and each kind of changes. By default 3, and none begins after `SECONDS`."""
SECONDS = 6
SEED = int(os.environ.get("ZONEWRIGHT_CHURN_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)


class Copy:
    """A copy of the zone, in a service with a table of its own, because a table holds a name once."""

    def __init__(self, service, server, monkeypatch):
        self.service, self.monkeypatch = service, monkeypatch
        self.zone = service.create(ZONE, primary(server))
        self._work()

    def sync(self, mode, **settings):
        """Sync the copy. Return the change."""
        self.service.settings = replace(self.service.settings, **settings)
        self.service.request(self.zone.id, options=SyncOptions(mode))
        return self._work()

    def _work(self):
        self.monkeypatch.setattr("zonewright.background.current", lambda: self.service)
        _, change = self.service.work()
        assert change.status is ChangeStatus.SYNCED, change.reason
        return change

    @property
    def lines(self):
        """The lines of the copy."""
        return self.service.lines(self.zone.id)


class Changing:
    """A zone that changes at a primary, by new master files or by dynamic updates (RFC 2136)."""

    def __init__(self, kind, signer, *, updates=False):
        self.signer = signer
        self.choose = random.Random(SEED)
        self.nsec3 = self.choose.random() < 0.5
        self.churn = Churn(SEED, crowded=kind is not Nsd)
        self.serial = self.choose.choice((1, 2**32 - 3))
        self.server = kind({ZONE: self.text()})
        self.server.increments = True
        self.updates = updates
        if updates:
            self.server.updates = True

    def text(self):
        """Return the zone as it is now, signed anew if it is signed."""
        text = self.churn.text(self.serial)
        if self.signer is None:
            return text
        return self.signer.sign(text, nsec3=self.nsec3, age=self.choose.randrange(3600, 10**6))

    def change(self):
        """Change the zone at the primary, over one serial or several."""
        for _ in range(self.choose.choice((1, 1, 2, 4))):
            before = {place: dict(rrs) for place, rrs in self.churn.sets.items()}
            self.churn.edit()
            if self.updates:
                self._update(before)
                continue
            self.serial = (self.serial + self.choose.choice((1, 1, 100))) % 2**32
            self.server.reload(ZONE, self.text())

    def _update(self, before):
        """Send what has changed since `before` as one update."""
        message, after = dns.update.Update(ZONE), self.churn.sets
        for owner, kind in before | after:
            old, new = (each.get((owner, kind), {}) for each in (before, after))
            spelled = self.churn.spelled.get(owner, owner)
            for rdata in old:
                if rdata not in new:
                    message.delete(spelled, kind, rdata)
            for rdata, ttl in new.items():
                if old.get(rdata) != ttl:
                    message.add(spelled, ttl, kind, rdata)
        answer = dns.query.tcp(message, self.server.host, port=self.server.port, timeout=10)
        assert answer.rcode() == dns.rcode.NOERROR


@pytest.fixture
def settings(settings):
    """Chunks of a few RRsets."""
    return settings | {"chunk_bytes": 300}


@pytest.fixture
def other(service):
    """A second service, with a table of its own."""
    table = make_table("other")
    driven = Driven(replace(service.settings, table=table.name))
    driven.table, driven.bucket, driven.vault = table, service.bucket, service.vault
    return driven


SIZES = ({"inline_bytes": 10**6}, {"inline_bytes": 0, "batch_bytes": 2000})
"""A sync by one function, and one with batches and maps."""


@pytest.mark.primary
@pytest.mark.parametrize(
    ("kind", "how"), [*((kind, how) for kind in REAL for how in ("files", "signed")), (Bind, "updates")]
)
def test_increments_and_whole_transfers_make_the_same_copies(service, other, kind, how, monkeypatch):
    require(kind)
    if how == "signed":
        require_signing()
    _say(f"ZONEWRIGHT_CHURN_SEED={SEED}")
    with Signer(ZONE) if how == "signed" else nullcontext() as signer:
        changing = Changing(kind, signer, updates=how == "updates")
        with changing.server as server:
            by_ixfr, by_axfr = (Copy(each, server, monkeypatch) for each in (service, other))
            transfers = set()
            began = time.monotonic()
            for number in range(ROUNDS or 3):
                if number and not ROUNDS and time.monotonic() - began > SECONDS:
                    break
                changing.change()
                moved = by_ixfr.sync("auto", **changing.choose.choice(SIZES))
                by_axfr.sync("axfr", **changing.choose.choice(SIZES))
                _say(f"round {number}: {moved.transfer} to {moved.serial} {moved.reason or ''}")
                transfers.add(moved.transfer)

                if kind is Bind and changing.churn.respelled:
                    assert without_case(by_ixfr.lines) == without_case(by_axfr.lines)
                    by_ixfr.sync("axfr")
                changing.churn.respelled = False
                assert by_ixfr.lines == by_axfr.lines
                assert sent.kept_in(by_ixfr.lines, ZONE) == sent.axfr(server, ZONE)

    assert "AXFR" not in transfers or (kind, how) == (Nsd, "signed")


def without_case(lines):
    """Return what lines keep, with names in lower case. By IXFR BIND does not tell that only a name's case changed."""
    return sent.folded(sent.kept_in(lines, ZONE))


def _say(text):
    """Print a line that pytest shows if the test fails."""
    sys.stdout.write(f"{text}\n")
