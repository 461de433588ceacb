"""Kill the processes of syncs, while AWS fails now and then. Nothing is lost or torn, and no zone stays held."""

import itertools
import os
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from primaries import Bind, Hostile, hostile, require, require_dig
from support.deployed import LEASE, SMALL, address
from support.executions import Executions
from support.faults import FAULTS, Faults
from support.flipping import INLINE, STAGED, Flipping, content, exported, of_file, of_primary
from support.remains import everything_is_named
from support.workers import Workers

KILLS = int(os.environ.get("ZONEWRIGHT_KILLS", "10"))
SEED = int(os.environ.get("ZONEWRIGHT_SEED") or time.time())
DELAY = float(os.environ.get("ZONEWRIGHT_SYNC_DELAY", "1"))

COPIES = 1 if KILLS < 50 else 3
"""How many zones a lane of kills has: while one waits for its lease, another is synced."""

REASONS = {"a worker died, most likely for want of memory", "its execution was stopped"}
REFUSED = {400, 409}
STOP, SYNC, REFRESH = "StopExecution", "VinyldnsSyncZone", "DesignateTransferZone"

ROUNDS = {
    INLINE: (
        [SYNC],
        [STOP],
        ["SyncTransfer"],
        ["SyncTransfer"] * 3 + ["SyncFail"],
        [REFRESH, "SyncTransfer"],
        ["SyncTransfer", "SyncTransfer"],
        [SYNC, "SyncTransfer"],
    ),
    STAGED: (
        ["SyncParseBatch", "SyncMergeRange", "SyncPublish"],
        ["SyncTransfer", "SyncPlan", "SyncParseBatch", "SyncParseBatch"],
        ["SyncPublish", "SyncPublish"],
        [STOP],
        ["SyncMergeRange"] * 3 + ["SyncFail", "SyncFail"],
    ),
}
"""What is killed in turn during one sync, of which kind of zone."""

WORK = {"SyncTransfer": 0.06, "SyncParseBatch": 0.1, "SyncMergeRange": 0.1, STOP: 0.3}
"""How many seconds a function surely works for once it has begun, and is killed at random within; others 0.01 s."""

COLD = 0.5
"""How much longer it takes when its process was killed before."""


class Copy:
    """Our copy of a flipping zone, and what happens to it."""

    def __init__(self, api, executions, source):
        self.api, self.executions, self.source = api, executions, source
        self.storms = Faults().share > 0
        self.zone_id = api.create(source.name, address(source.server))["id"]
        self.last = api.synced(self.zone_id)["id"]
        self.shows = source.serial
        self.stranded = None
        self.synced = time.monotonic()

    def look(self, *also):
        """Assert that the zone shows the last published version, or `also`. Return its serial."""
        serial = self.source.whose(exported(self.api, self.zone_id))
        assert serial in {self.shows, *also}
        return serial

    def ask(self, *, refresh, mode):
        """Ask for a sync, once; the status of the answer, which is the emulator's if the function was killed."""
        if refresh:
            return self.api.ask("POST", f"/v2/zones/{self.zone_id}/tasks/xfr").status
        return self.api.ask("POST", f"/zones/{self.zone_id}/sync?mode={mode}").status

    def newest(self):
        """The change of the newest sync if it began since the last one ended, else None."""
        change = self.api.history(self.zone_id, 1)[0]
        return None if change["id"] == self.last else change

    def settled(self, patience=240):
        """The newest change once it is over, or once nothing but the lease will end it; None where none began."""
        until, quiet = time.monotonic() + patience, None
        while (change := self.newest()) is not None and change["status"] == "Pending":
            assert time.monotonic() < until, f"{change['id']} goes on"
            if self.executions.status(change["id"]) == "RUNNING":
                quiet = None
            elif quiet is None:
                quiet = time.monotonic()
            elif time.monotonic() - quiet > 5:  # a function that was at work when its execution was stopped is over
                return change
            time.sleep(0.15)
        return change

    def ended(self, change):
        """Note how a sync ended, and see that the zone shows that, and its execution says the same."""
        self.last, self.synced = change["id"], time.monotonic()
        if change["status"] == "Synced":
            self.shows = self.source.serial
        self.look()
        until = time.monotonic() + (150 if self.storms else 20)  # the state Fail retries for as long
        while (status := self.executions.status(change["id"])) == "RUNNING":
            assert time.monotonic() < until
            time.sleep(0.02)
        assert status in {{"Synced": "SUCCEEDED", "Failed": "FAILED"}[change["status"]], "ABORTED"}

    def sync(self):
        """A sync that nobody disturbs: it succeeds. Where AWS fails, it is repeated until it does."""
        until = time.monotonic() + (300 if self.storms else 30)
        while not self._succeeds():
            assert time.monotonic() < until, "no sync succeeds"
            time.sleep(0.2)

    def _succeeds(self):
        """Try a sync. Return whether it was begun and ended well; then the zone is exactly what its primary has."""
        status = self.ask(refresh=False, mode="axfr")
        if status == 400:  # its sync died and the lease has not ended, or the last one ended a moment ago
            return False
        change = self.settled()
        if change is None or change["status"] == "Pending":
            assert self.storms, (status, change)
            assert change or status in REFUSED or status >= 500, status
            return False
        self.ended(change)
        if change["status"] == "Failed":
            assert self.storms, change
            assert FAULTS.search(change["systemMessage"]), change
            return False
        _, lines = content(of_file(exported(self.api, self.zone_id)))
        assert lines == content(of_primary(self.source.server, self.source.name))[1]
        return True

    def recover(self, peace):
        """Sync a zone whose sync died. It is refused until the lease ends, then it succeeds."""
        until = self.stranded + LEASE + (300 if self.storms else 15)
        while True:
            self.look(self.source.serial)
            with peace:
                if self._succeeds():
                    self.stranded = None
                    return
            assert time.monotonic() < until, "the zone is stuck"
            time.sleep(0.5)


class Ordeal:
    """Syncs of some copies, each under some kills; and the figures.

    Lanes go side by side, so a lane may hit the process that works for another's sync. Who has `peace` is left alone.
    """

    def __init__(self, workers, executions):
        self.workers, self.executions = workers, executions
        self.peace = workers.peace
        self._counting = threading.Lock()
        self.killed, self.figures = Counter(), Counter()

    def count(self, **figures):
        """Add to the figures."""
        with self._counting:
            self.figures.update({name.replace("_", " "): number for name, number in figures.items()})

    def kills(self):
        """How many processes were killed so far."""
        return self.killed.total() - self.killed[STOP]

    def lane(self, chance, copies):
        """One sync after the other, now of the one copy, now of the other, until as many were killed as shall be."""
        rounds = []
        while self.kills() < KILLS:
            rounds = rounds or list(ROUNDS[copies[0].source.texts])
            self.round(chance, self._free(copies), rounds.pop(0))
        for copy in copies:
            if copy.stranded:
                copy.recover(self.peace)

    def _free(self, copies):
        """A copy that is not held by a sync that died, as soon as there is one."""
        copies.sort(key=lambda copy: (copy.stranded or 0, copy.synced))
        if copies[0].stranded:
            copies[0].recover(self.peace)
        return copies[0]

    def round(self, chance, copy, victims):
        """One sync of a zone that has flipped, during which the victims are killed as they come up."""
        copy.source.flip()
        time.sleep(max(0, copy.synced + DELAY + 0.1 - time.monotonic()))
        mode = chance.choice(["axfr", "auto"]) if copy.source.texts == INLINE else "axfr"
        hits = Counter()
        with ThreadPoolExecutor(2) as pool:
            answer = pool.submit(copy.ask, refresh=REFRESH in victims, mode=mode)
            looks = []
            for victim in victims:
                delay = chance.uniform(0, WORK.get(victim, 0.01) + COLD * (hits[victim] > 0))
                hits[victim] += self._strike(copy, victim, answer, delay)
                if not looks:
                    looks.append(pool.submit(copy.look, copy.source.serial))
            for look in looks:
                look.result()
        with self._counting:
            self.killed += hits
        self._judge(copy, answer.result(), copy.settled())

    def _strike(self, copy, victim, answer, delay):
        """Kill a process of a function at a point of its work; whether one was found in time."""
        if victim == STOP:
            answer.result()
            time.sleep(delay)
            change = copy.newest()
            return change is not None and self.executions.stop(change["id"])
        looked = time.monotonic()

        def over():
            nonlocal looked
            if not answer.done() or time.monotonic() - looked < 0.3:
                return False
            looked = time.monotonic()
            change = None if victim in {SYNC, REFRESH} else copy.newest()
            return change is None or self.executions.status(change["id"]) != "RUNNING"

        return self.workers.kill(victim, seconds=60, delay=delay, stop=over)

    def _judge(self, copy, answered, change):
        """See that the zone is well after a sync that was disturbed, whatever became of it."""
        if change is None:
            assert answered >= 500 or (copy.storms and answered in REFUSED)
            self.count(never_began=1)
        elif change["status"] == "Pending":
            self.count(waited_for_the_lease=1)
            copy.look(copy.source.serial)
            copy.stranded = time.monotonic()
            return
        else:
            deaths = self.executions.deaths(change["id"])
            failed = change["status"] == "Failed"
            self.count(
                invocations_that_died=deaths,
                failed=failed,
                succeeded_by_retry=not failed and deaths > 0,
                succeeded_at_once=not failed and not deaths,
            )
            by_faults = copy.storms and failed and FAULTS.search(change["systemMessage"])
            self.count(failed_by_faults=bool(by_faults))
            assert not failed or change["systemMessage"] in REASONS or by_faults, change
            copy.ended(change)
        if change is None or change["status"] == "Failed":
            with self.peace:
                copy.sync()
            self.count(repeated=1)


def test_a_sync_whose_processes_are_killed_loses_nothing_and_leaves_nothing_behind(api, aws, tell, name):
    require(Bind)
    require_dig()
    faults = Faults()
    before = Counter(faults.struck())
    tell(f"ZONEWRIGHT_SEED={SEED} ZONEWRIGHT_FAULTS={faults.share}")
    lanes = {"a": INLINE, "b": INLINE, "c": STAGED} | ({"d": INLINE, "e": STAGED} if KILLS >= 50 else {})
    kinds = {f"{lane}{number}.{name}": (lane, texts) for lane, texts in lanes.items() for number in range(COPIES)}
    server = Bind({zone: Flipping.text(zone, texts, 1) for zone, (_, texts) in kinds.items()})
    server.increments = True
    executions = Executions(aws)
    ordeal = Ordeal(Workers(), executions)
    with Hostile({name: SMALL}) as stalling, server:
        copies = {lane: [] for lane in lanes}
        with faults.calm():
            vanished = vanish(api, aws, executions, stalling, name)
            for zone, (lane, texts) in kinds.items():
                source = Flipping(server, zone, texts)
                source.known(1)
                copies[lane].append(Copy(api, executions, source))
                source.flip()
                source.known(2)
                copies[lane][-1].sync()
        with ThreadPoolExecutor(len(lanes)) as pool:
            going = [pool.submit(ordeal.lane, random.Random(f"{SEED} {lane}"), copies[lane]) for lane in lanes]
            for each in going:
                each.result()
        struck = Counter(faults.struck()) - before
        with faults.calm():
            for copy in itertools.chain(*copies.values()):
                copy.sync()
            recovered(api, stalling, vanished)
    tell(f"{ordeal.kills()} processes killed: {dict(ordeal.killed)}; syncs: {dict(ordeal.figures)}")
    tell(f"faults: {dict(struck)}; reads repeated: {dict(api.failures)}")
    tell(f"{everything_is_named(aws, [copy.zone_id for copy in itertools.chain(*copies.values())])} objects swept")


def vanish(api, aws, executions, server, name):
    """A zone whose execution was stopped while its primary said nothing; it is held, and nobody works for it.

    Nor has anybody heard of it, whom the bus tells else.
    """
    zone = api.create(name, address(server))
    api.synced(zone["id"])
    server.behave(hostile.stall(0))
    change = api.sync(zone["id"])
    with deaf(aws("events")):
        assert executions.stop(change["id"])
    assert api.call("POST", f"/zones/{zone['id']}/sync").status == 400
    return zone["id"], change["id"], time.monotonic()


@contextmanager
def deaf(events):
    """Let no function hear how executions end."""
    (rule,) = (each["Name"] for each in events.list_rules()["Rules"] if "aws.states" in each.get("EventPattern", ""))
    events.disable_rule(Name=rule)
    try:
        yield
    finally:
        events.enable_rule(Name=rule)


def recovered(api, server, vanished):
    """The zone can be synced after its lease, and no entry of its history stays open."""
    zone_id, change_id, since = vanished
    server.behave(hostile.honest())
    while (answer := api.call("POST", f"/zones/{zone_id}/sync")).status == 400:
        assert time.monotonic() < since + LEASE + 15
        time.sleep(0.5)
    change = api.synced(zone_id)
    assert (answer.status, answer.body["id"]) == (200, change["id"])
    orphan = api.history(zone_id)[1]
    assert (orphan["id"], orphan["status"]) == (change_id, "Failed")
