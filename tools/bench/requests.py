"""Times of single requests, one after the other on one connection, as in a session of a client.

The reference is `GET /v2`, which reads nothing. Its time is that of the front and the emulated API Gateway and Lambda.
"""

import http.client
import json
import statistics
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from api import Api
from primaries import Bind
from primaries.corpus import big

from bench.tenant import Tenant

RECORDS = 100_000


class Line:
    """One connection to the API."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.connection = http.client.HTTPConnection(urlsplit(api.url).netloc, timeout=120)

    def send(
        self, method: str, path: str, body: bytes | None = None, kind: str = "application/json", **more: str
    ) -> bytes:
        """Send a request, with more headers, and return the body of the response.

        Raise RuntimeError for a status of 300 or more.
        """
        headers = {"X-Auth-Token": self.api.token, "Content-Type": kind, **more}
        if method == "GET":
            headers["Accept"] = kind
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        if response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response.status} {content[:300].decode(errors='replace')}")
        return content


def bench(tenant: Tenant, count: int) -> dict[str, list[float]]:
    """Measure all requests with `count` zones, and print the table. Return milliseconds by kind of request."""
    print(f"\n{'request':<44}  {'p50':>9}  {'p95':>9}  {'GET /v2':>8}")
    tenant.seed(count)
    line = Line(tenant.api)
    found: dict[str, list[float]] = {}

    def measure(what: str, times: int, ask: Callable[[], Any], after: Callable[[Any], Any] = lambda _: None) -> None:
        after(ask())  # the first request is a cold start
        found[what] = []
        for _ in range(times):
            begun = time.perf_counter()
            answer = ask()
            found[what].append((time.perf_counter() - begun) * 1000)
            after(answer)
        print(row(what, found[what], found["GET /v2"]), flush=True)

    measure("GET /v2", 200, lambda: line.send("GET", "/v2"))
    one, middle = tenant.seeded[0], tenant.seeded[count // 2]
    measure("a zone", 200, lambda: line.send("GET", f"/v2/zones/{one}"))
    measure(f"first 100 of {count:,} zones", 50, lambda: line.send("GET", "/v2/zones?limit=100"))
    measure(f"100 of {count:,} zones, behind one", 50, lambda: line.send("GET", f"/v2/zones?limit=100&marker={middle}"))
    measure("create a zone", 50, lambda: line.send("POST", "/v2/zones", new_zone()), lambda made: drop(line, made))
    with Bind({name: big(RECORDS, 1, name) for name in [f"bench-{uuid.uuid4().hex[:8]}.example."]}) as primary:
        zone = tenant.api.create(next(iter(primary.zones)), f"{primary.host}:{primary.port}")
        tenant.api.synced(zone["id"], 600)
    large = f"/v2/zones/{zone['id']}/recordsets?limit=100"
    measure(f"first 100 record sets of {RECORDS:,} records", 50, lambda: line.send("GET", large))
    line.send("DELETE", f"/v2/zones/{zone['id']}")
    return found


def new_zone() -> bytes:
    """Return the body of a new zone with a unique name."""
    return json.dumps({"name": f"bench-{uuid.uuid4().hex}.example.", "email": "joe@example.org"}).encode()


def drop(line: Line, made: bytes) -> None:
    """Delete a created zone."""
    line.send("DELETE", f"/v2/zones/{json.loads(made)['id']}")


def row(what: str, times: list[float], reference: list[float]) -> str:
    """Return a line of the table: median, 95th percentile, and the ratio to the reference."""
    middle, high = percentiles(times)
    ratio = middle / statistics.median(reference)
    return f"{what:<44}  {middle:>6.1f} ms  {high:>6.1f} ms  {ratio:>6.1f} x"


def percentiles(times: list[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile."""
    return statistics.median(times), statistics.quantiles(times, n=20, method="inclusive")[-1]
