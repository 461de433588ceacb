"""What strangers cost a tenant: latency, schedules and quota, before and beside.

The tenant has as many zones as a project may have. Two strangers offer it 1,000 shares, of which it is given as many as
a project may be given. One of them has 500 zones at a primary that accepts connections and says nothing, all with a
schedule, and goes on sending requests. The tenant's requests are measured before and meanwhile, and so is the time
until the schedules of its zones show a change at their primary.
"""

import http.client
import itertools
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from api import Api
from primaries import Small
from stack.home import Home

from bench import requests
from bench.requests import Line, drop, new_zone
from bench.tenant import Tenant

SHARES = 500
"""Shares that each of two strangers tries to give."""
SLOW = 500
A_SECOND = 2
"""Requests of the stranger a second. All programs share two cores here, and functions of AWS share none."""
OWN = 1000
"""Zones of the tenant that is measured."""
FOLLOWED = 10
"""Zones of it that follow a primary by a schedule."""
TIMES = 40
BUMPS = 3
PATIENCE = 600
TEXT = "@ SOA ns1 hostmaster {} 3600 600 86400 300\n@ NS ns1\nns1 A 192.0.2.53\n"


def bench(home: Home) -> dict[str, dict[str, list[float]]]:
    """Measure, and print the table. Return milliseconds, before and beside, by kind of request.

    Raise RuntimeError if the tenant can no longer create a zone.
    """
    with Tenant.of(home) as tenant, Tenant.of(home) as stranger, Tenant.of(home) as second:
        tenant.seed(OWN)
        for each in (stranger, second):
            each.seed(SHARES)
        followed = {f"f{number}.{uuid.uuid4().hex[:8]}.example.": TEXT.format(1) for number in range(FOLLOWED)}
        with Small(followed) as primary, silent() as slow:
            watched = Watched(tenant.api, primary, list(followed))
            found = {"before": measured(tenant, watched)}
            with pestering(stranger, second, tenant.group_id, slow) as sent:
                found["beside"] = measured(tenant, watched)
            show(found, sent)
            watched.drop()
    return found


class Watched:
    """Zones of a tenant that follow a primary by their schedules."""

    def __init__(self, api: Api, primary: Small, names: list[str]) -> None:
        self._api, self._primary = api, primary
        self._serials = itertools.count(2)
        self._ids = {name: api.create(name, f"{primary.host}:{primary.port}", schedule=1)["id"] for name in names}
        for zone_id in self._ids.values():
            api.synced(zone_id)

    def lag(self) -> list[float]:
        """Change all zones at their primary. Return for each the milliseconds until its copy shows the change."""
        serial, begun, took = next(self._serials), time.perf_counter(), []
        for name in self._ids:
            self._primary.reload(name, TEXT.format(serial))
        left = set(self._ids.values())
        while left:
            for zone_id in sorted(left):
                if self._api.call("GET", f"/v2/zones/{zone_id}").body["serial"] == serial:
                    left.remove(zone_id)
                    took.append((time.perf_counter() - begun) * 1000)
            if time.perf_counter() - begun > PATIENCE:
                raise RuntimeError(f"{len(left)} zones did not follow their primary within {PATIENCE} s")
            time.sleep(0.2)
        return took

    def drop(self) -> None:
        """Delete the zones."""
        for zone_id in self._ids.values():
            self._api.call("DELETE", f"/v2/zones/{zone_id}")


def measured(tenant: Tenant, watched: Watched) -> dict[str, list[float]]:
    """Return the milliseconds of a tenant's requests by kind, and of its schedules."""
    line, found = Line(tenant.api), {}
    one = tenant.seeded[0]

    def measure(what: str, ask: Callable[[], Any], after: Callable[[Any], Any] = lambda _: None) -> None:
        after(ask())
        found[what] = []
        for _ in range(TIMES):
            begun = time.perf_counter()
            answer = ask()
            found[what].append((time.perf_counter() - begun) * 1000)
            after(answer)

    measure("a zone", lambda: line.send("GET", f"/v2/zones/{one}"))
    measure("first 100 zones", lambda: line.send("GET", "/v2/zones?limit=100"))
    measure("zones by a filter", lambda: line.send("GET", "/v2/zones?limit=100&email=joe@example.org"))
    measure("create a zone", lambda: line.send("POST", "/v2/zones", new_zone()), lambda made: drop(line, made))
    found["schedule: change to copy"] = [each for _ in range(BUMPS) for each in watched.lag()]
    return found


@contextmanager
def silent() -> Iterator[str]:
    """Run a server that accepts connections and says nothing. Yield its address as `host:port`."""
    with socket.create_server(("127.0.0.1", 0), backlog=1000) as listener:
        held: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    held.append(listener.accept()[0])
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        host, port = listener.getsockname()
        yield f"{host}:{port}"
        listener.shutdown(socket.SHUT_RDWR)
        for each in held:
            each.close()


@contextmanager
def pestering(stranger: Tenant, second: Tenant, victim: str, slow: str) -> Iterator[dict[str, int]]:
    """Be hostile until the end of the block, which begins when all shares and slow zones are there.

    Yield the number of requests by status.
    """
    sent: dict[str, int] = {}
    over = threading.Event()
    made: list[str] = []

    def ask(method: str, path: str, body: object = None, by: Api = stranger.api) -> Any:
        answer = by.call(method, path, body)
        kind = f"{method} {answer.status}"
        sent[kind] = sent.get(kind, 0) + 1
        return answer

    for each in (stranger, second):
        for zone_id in each.seeded:
            answer = ask("POST", f"/v2/zones/{zone_id}/shares", {"target_project_id": victim}, each.api)
            if answer.status not in (201, 413):
                raise RuntimeError(f"sharing {zone_id}: {answer.status} {answer.body}")
    until = time.monotonic() + PATIENCE
    while len(made) < SLOW and time.monotonic() < until:
        name = f"s{len(made)}.{uuid.uuid4().hex[:8]}.example."
        new = {"name": name, "type": "SECONDARY", "masters": [slow], "schedule": 1}
        answer = ask("POST", "/v2/zones", new)
        if answer.status < 300:
            made.append(answer.body["id"])
        elif answer.status == 429:
            time.sleep(min(float(answer.headers["retry-after"]), 2))
        else:
            raise RuntimeError(f"creating {name}: {answer.status} {answer.body}")

    def go_on() -> None:
        for number in itertools.count():
            if over.wait(1 / A_SECOND):
                return
            zone = f"/v2/zones/{made[number % len(made)]}"
            asked = ("GET", zone), ("POST", f"{zone}/tasks/xfr"), ("GET", "/v2/zones?limit=1000")
            with suppress(OSError, http.client.HTTPException):
                ask(*asked[number % len(asked)])

    worker = threading.Thread(target=go_on, daemon=True)
    worker.start()
    try:
        yield sent
    finally:
        over.set()
        worker.join()
        for zone_id in made:
            stranger.api.call("DELETE", f"/v2/zones/{zone_id}", X_Designate_Delete_Shares="true")


def show(found: dict[str, dict[str, list[float]]], sent: dict[str, int]) -> None:
    """Print the table: median and 95th percentile, before and beside, and the ratio of the 95th percentiles."""
    print(f"\n{'':<28}  {'p50 before':>11}  {'p95':>9}  {'p50 beside':>11}  {'p95':>9}  {'p95 ratio':>9}")
    for what, before in found["before"].items():
        beside = found["beside"][what]
        cells = [requests.percentiles(each) for each in (before, beside)]
        ratio = cells[1][1] / cells[0][1]
        (low, high), (low_2, high_2) = cells
        print(f"{what:<28}  {low:>8.1f} ms  {high:>6.1f} ms  {low_2:>8.1f} ms  {high_2:>6.1f} ms  {ratio:>7.2f} x")
    total = sum(sent.values())
    print(
        f"the stranger's {total:,} requests: {', '.join(f'{count:,} {kind}' for kind, count in sorted(sent.items()))}"
    )
