"""Times and costs of deliveries to a name server, BIND, compared with `nsupdate` of the same records.

Single writes create one A record set each over the API. The time is from the answer until BIND has it. `nsupdate` then
writes one to another zone of the same BIND. Beside it the same is written to a zone that is not pushed anywhere, so
that the difference of their costs is that of a delivery.

A large version comes and goes by restores of a version with all records and of one without. The time is from the answer
of the restore until BIND has the serial of the version. `nsupdate` then adds the same records to the other zone. The
first round is not counted, because it has cold starts.
"""

import json
import statistics
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import dns.exception
import dns.message
import dns.query
from api import Api
from primaries import Bind, Key
from stack.home import Home
from zonewright.actions import edit, outbox
from zonewright.model.diff import Move
from zonewright.model.pool import NsRecord, Pool, Rfc2136, Target
from zonewright.model.tsigkey import Scope, TsigKey
from zonewright.model.users import Caller
from zonewright.model.zone import Zone
from zonewright.protocol import records, rrset
from zonewright.protocol.types import A
from zonewright.service import Service
from zonewright.store import pools, tsigkeys, versions, zones
from zonewright.store.vault import Purpose

from bench import prices
from bench.counting import Counts, peaks
from bench.requests import Line, percentiles
from bench.tenant import Tenant

WRITE, DELIVER = "DesignateCreateRecordset", "DeliveryDeliver"
SINGLES = 100
"""Single writes whose times are measured."""
COUNTED = 20
"""Writes of a round of costs."""
A_SEND = 1000
"""Records in a message of `nsupdate`. More than some 1,500 do not fit into one."""
PATIENCE = 120
BILLS = {
    "DynamoDB": {"write_units": "write units", "read_units": "read units"},
    "Lambda": {"invocations": "invocation", "gb_seconds": "GB-s"},
    "S3": {"s3_reads": "S3 reads", "s3_writes": "S3 writes"},
    "KMS": {"kms_requests": "KMS requests"},
}
"""What is counted of a delivery, by the service that bills it."""
EMPTY = "@ 300 SOA other.example.net. joe.example.net. 1 2 3 4 5\n@ 300 NS other.example.net.\n"


def bench(home: Home, sizes: Sequence[int], rounds: int) -> dict[str, Any]:
    """Measure, and print the tables. Return the figures."""
    run = uuid.uuid4().hex[:8]
    key = Key.of(f"push-{run}.example.")
    names = {str(size): f"push-{size}-{run}.example." for size in (1, *sizes)} | {"plain": f"plain-{run}.example."}
    server = Bind(dict.fromkeys(names.values(), EMPTY), keys=[key], require_key=dict.fromkeys(names.values(), key.name))
    server.updates = True
    with Tenant.of(home) as tenant, server, pool(tenant.service, server, key) as tier:
        others = Nsupdate(server, key, names["plain"])
        found: dict[str, Any] = {"single": Singles(home, tenant, server, others, names["1"], tier).measure(rounds)}
        for size in sizes:
            found[str(size)] = Large(tenant, server, others, names[str(size)], tier, size).measure(rounds)
        found["peak_rss_mb"] = peaks(home).get(DELIVER)
    print("\n".join(tables(found)))
    return found


@contextmanager
def pool(service: Service, server: Bind, key: Key) -> Iterator[str]:
    """Store a pool whose target is the server, which zones choose by the attribute `tier`. Yield its value.

    The zones of the pool have to be deleted before its end.
    """
    tier, key_id, now = f"push-{uuid.uuid4().hex[:8]}", str(uuid.uuid4()), service.now()
    sealed = service.vault.seal(key.secret, key_id, Purpose.TSIG)
    held = TsigKey(key_id, key.name, key.algorithm, sealed, Scope.POOL, service.settings.pool_id, now)
    target = Target(str(uuid.uuid4()), Rfc2136(server.host, server.port), "BIND", key_id)
    names = (NsRecord("ns1.example.net.", 1),)
    made = Pool(str(uuid.uuid4()), tier, names, attributes={"tier": tier}, targets=(target,))
    tsigkeys.create(service.table, held)
    stored = pools.put(service.table, made, None, now)
    try:
        yield tier
    finally:
        pools.delete(service.table, stored)
        tsigkeys.delete(service.table, held)


@dataclass(frozen=True)
class Nsupdate:
    """`nsupdate` as a writer of a zone: the reference."""

    server: Bind
    key: Key
    zone: str

    def add(self, owners: Sequence[str]) -> float:
        """Add an A record for each owner name. Return the seconds."""
        return self._send([f"update add {owner}.{self.zone} 300 A 192.0.2.1" for owner in owners])

    def drop(self, owners: Sequence[str]) -> None:
        """Delete the records of the owner names."""
        self._send([f"update delete {owner}.{self.zone}" for owner in owners])

    def _send(self, changes: Sequence[str]) -> float:
        lines = [f"server {self.server.host} {self.server.port}", f"zone {self.zone}"]
        for begin in range(0, len(changes), A_SEND):
            lines += [*changes[begin : begin + A_SEND], "send"]
        with tempfile.NamedTemporaryFile("w", suffix=".key") as file:
            secret = f'algorithm {self.key.algorithm}; secret "{self.key.secret}";'
            file.write(f'key "{self.key.name}" {{ {secret} }};\n')
            file.flush()
            begun = time.perf_counter()
            subprocess.run(
                ["nsupdate", "-v", "-k", file.name], input="\n".join(lines) + "\n", text=True, check=True, timeout=600
            )
            return time.perf_counter() - begun


@dataclass
class Singles:
    """Writes of one record set each, to a zone that is pushed, and to one that is not."""

    home: Home
    tenant: Tenant
    server: Bind
    others: Nsupdate
    name: str
    tier: str
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1_000_000)))

    def measure(self, rounds: int) -> dict[str, Any]:
        """Return seconds by what was measured, and the costs of a delivery."""
        line = Line(self.tenant.api)
        pushed = create(self.tenant.api, self.name, self.tier)
        plain = create(self.tenant.api, f"not-{self.name}", None)
        until(lambda: active(self.tenant.api, pushed))
        found: dict[str, list[float]] = {"answer": [], "served": [], "nsupdate": []}
        for number in range(SINGLES + 5):
            answered, served = self._write(line, pushed)
            reference = self.others.add([f"one-{next(self.numbers)}"])
            if number >= 5:
                for what, seconds in zip(found, (answered, served, reference), strict=True):
                    found[what].append(round(seconds, 4))
        costs = [self._costs(line, pushed, plain) for _ in range(rounds)]
        for zone_id in (pushed, plain):
            self.tenant.api.call("DELETE", f"/v2/zones/{zone_id}")
        middle = sorted(costs, key=lambda each: sum(each["dollars"].values()))[len(costs) // 2]
        return {"seconds": found, "spent": middle}

    def _write(self, line: Line, zone_id: str) -> tuple[float, float]:
        """Create a record set. Return the seconds until the answer, and from it until the name server has it."""
        begun = time.perf_counter()
        owner = self._create(line, zone_id, self.name)
        answered = time.perf_counter()
        until(lambda: has(self.server, f"{owner}.{self.name}", "A"))
        return answered - begun, time.perf_counter() - answered

    def _create(self, line: Line, zone_id: str, name: str) -> str:
        owner = f"one-{next(self.numbers)}"
        body = {"name": f"{owner}.{name}", "type": "A", "records": ["192.0.2.1"], "ttl": 300}
        line.send("POST", f"/v2/zones/{zone_id}/recordsets", json.dumps(body).encode())
        return owner

    def _costs(self, line: Line, pushed: str, plain: str) -> dict[str, Any]:
        """Return what one delivery costs: what writes to the two zones differ in, and the function that delivers.

        The function that reads the stream of the table is left out. It takes what many writes left there at once.
        """
        found: list[dict[str, Any]] = []
        for zone_id, name in ((plain, f"not-{self.name}"), (pushed, self.name)):
            before = Counts.now(self.home)
            for _ in range(COUNTED):
                self._create(line, zone_id, name)
                until(partial(active, self.tenant.api, zone_id))
                time.sleep(0.1)  # the zone is ACTIVE before the function ends
            after = Counts.now(self.home)
            found += [asdict(after.since(before, only)) for only in (WRITE, DELIVER)]
        without, _, with_it, delivering = found
        counted = set(without) - {"cpu", "http_requests"}
        each: dict[str, Any] = {
            what: round((with_it[what] - without[what] + delivering[what]) / COUNTED, 4) for what in counted
        }
        return each | {"dollars": prices.dollars(each)}


@dataclass
class Large:
    """A zone whose versions have all records, or none, in turn."""

    tenant: Tenant
    server: Bind
    others: Nsupdate
    name: str
    tier: str
    size: int

    def measure(self, rounds: int) -> dict[str, Any]:
        """Return seconds by what was measured."""
        api, owners = self.tenant.api, [f"h{number}" for number in range(self.size)]
        zone_id = create(api, self.name, self.tier)
        until(lambda: active(api, zone_id))
        self._fill(zone_id, owners)
        until(lambda: active(api, zone_id))
        found: dict[str, list[float]] = {"created": [], "deleted": [], "nsupdate": []}
        for number in range(rounds + 1):
            times = [self._restore(zone_id, 1), self._restore(zone_id, 2), self.others.add(owners)]
            self.others.drop(owners)
            if number:
                for what, seconds in zip(("deleted", "created", "nsupdate"), times, strict=True):
                    found[what].append(round(seconds, 3))
        api.call("DELETE", f"/v2/zones/{zone_id}")
        return {"seconds": found}

    def _fill(self, zone_id: str, owners: Sequence[str]) -> None:
        """Publish version 2, with all records. No request takes so many moves."""
        service = self.tenant.service
        zone, shown = zones.get(service.table, zone_id), versions.get(service.table, zone_id, 1)
        if not isinstance(zone, Zone) or shown is None:
            raise RuntimeError(f"{self.name} is gone")
        caller = Caller("bench", "bench", frozenset({zone.group_id}), zone.group_id)
        moves = [Move(None, rrset.to_line(each, A, 300, [records.rdata_of(A, "192.0.2.1")])) for each in sorted(owners)]
        now = zone.moment(service.now())
        outbox.begin(service, edit.publish(service, zone, shown, moves, caller=caller, now=now))

    def _restore(self, zone_id: str, version: int) -> float:
        """Restore a version. Return the seconds from the answer until the name server has its serial."""
        path = f"/v2/zones/{zone_id}"
        answer = self.tenant.api.call("POST", f"{path}/tasks/restore", {"version": version})
        begun = time.perf_counter()
        if answer.status != 202:
            raise RuntimeError(f"restoring {self.name}: {answer.status} {answer.body}")
        serial = self.tenant.api.call("GET", path).body["serial"]
        until(lambda: has(self.server, self.name, "SOA", serial))
        seconds = time.perf_counter() - begun
        until(lambda: active(self.tenant.api, zone_id))
        return seconds


def create(api: Api, name: str, tier: str | None) -> str:
    """Create a PRIMARY zone, in the pool of `tier`. Return its id."""
    body = {"name": name, "email": "joe@example.org"} | ({"attributes": {"tier": tier}} if tier else {})
    answer = api.call("POST", "/v2/zones", body)
    if answer.status not in (201, 202):
        raise RuntimeError(f"creating {name}: {answer.status} {answer.body}")
    return str(answer.body["id"])


def active(api: Api, zone_id: str) -> bool:
    """Return whether the name servers have a zone. Raise RuntimeError if it is in error."""
    zone = api.call("GET", f"/v2/zones/{zone_id}").body
    if zone["status"] == "ERROR":
        raise RuntimeError(f"{zone['name']}: {zone['status_message']}")
    return bool(zone["status"] == "ACTIVE")


def has(server: Bind, name: str, rdtype: str, serial: int | None = None) -> bool:
    """Return whether a server has a record set, and if it is the SOA, whether with this serial."""
    try:
        answer = dns.query.udp(dns.message.make_query(name, rdtype), server.host, port=server.port, timeout=1)
    except (OSError, dns.exception.DNSException):
        return False
    return bool(answer.answer) and serial in (None, getattr(answer.answer[0][0], "serial", None))


def until(done: Callable[[], bool]) -> None:
    """Wait until something is done. Raise TimeoutError after PATIENCE seconds."""
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"it did not come in {PATIENCE} s")
        time.sleep(0.004)


def tables(found: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of the tables of times and costs, in Markdown."""
    single = found["single"]["seconds"]
    yield from _head("one record set", "p50", "p95", "`nsupdate`")
    reference = statistics.median(single["nsupdate"])
    for what, words in (("served", "from the answer until BIND has it"), ("nsupdate", "`nsupdate` alone")):
        middle, high = percentiles(single[what])
        yield _row(words, f"{1000 * middle:.0f} ms", f"{1000 * high:.0f} ms", f"{middle / reference:.1f} x")
    yield ""
    yield from _head("record sets", "created", "deleted", "`nsupdate` creates")
    for size, one in found.items():
        if size.isdigit():
            taken = {what: statistics.median(times) for what, times in one["seconds"].items()}
            created = f"{taken['created']:.2f} s ({taken['created'] / taken['nsupdate']:.1f} x)"
            yield _row(f"{int(size):,}", created, f"{taken['deleted']:.2f} s", f"{taken['nsupdate']:.2f} s")
    yield ""
    spent: dict[str, Any] = dict(found["single"]["spent"])
    dollars = spent.pop("dollars")
    yield from _head("a delivery of one record set", "dollars for a million")
    for service, counts in BILLS.items():
        if dollars[service]:
            yield _row(
                ", ".join(f"{spent[what]:g} {words}" for what, words in counts.items()), _million(dollars[service])
            )
    yield _row("all", _million(sum(dollars.values())))
    yield f"\npeak memory of the function: {found['peak_rss_mb']} MB"


def _million(dollars: float) -> str:
    return f"{1e6 * dollars:.2f}"


def _head(*cells: str) -> list[str]:
    return [_row(*cells), _row(*["---"] * len(cells))]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
