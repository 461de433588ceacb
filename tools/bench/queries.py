"""Times of queries in large zones that were imported, one after the other on one connection.

The reference is `GET /v2`, which reads nothing. The first request of a kind is not counted, because it may be a cold
start. A process keeps the chunks that it read last, so the zones are larger than what it keeps.
"""

import json
import statistics
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from api import Api, fetch, upload
from primaries.corpus import big

from bench.requests import Line

LARGEST_BODY = 4_000_000
HIDDEN = {"OpenStack-DNS-Hide-Counts": "true"}


def bench(sizes: Sequence[int], rounds: int) -> dict[str, Any]:
    """Measure the queries in zones of all sizes, and print the table. Return milliseconds by size and query."""
    api = Api.from_environment()
    found = {str(size): _zone(api, size, rounds) for size in sizes}
    print("\n".join(table(found)))
    return found


def table(found: dict[str, dict[str, list[float]]]) -> Iterator[str]:
    """Yield the lines of a table in Markdown: the medians, with the ratio to the reference."""
    yield f"| request | {' | '.join(f'{int(size):,} records' for size in found)} |"
    yield "| --- |" + " --- |" * len(found)
    for what in next(iter(found.values())):
        cells = []
        for times in found.values():
            middle, reference = statistics.median(times[what]), statistics.median(times["GET /v2"])
            cells.append(f"{middle / 1000:.2f} s ({middle / reference:.1f} x)")
        yield f"| {what} | {' | '.join(cells)} |"


def _zone(api: Api, size: int, rounds: int) -> dict[str, list[float]]:
    """Import a zone, measure its queries, and delete it."""
    name = f"bench-{size}-{uuid.uuid4().hex[:8]}.example."
    zone_id = _imported(api, big(size, 1, name).encode())
    line = Line(api)
    every = f"/v2/zones/{zone_id}/recordsets"
    (last,) = json.loads(line.send("GET", f"{every}?sort_key=name&sort_dir=desc&limit=1"))["recordsets"]
    own, host = f"{every}/{last['id']}", size // 20
    paths = {
        "GET /v2": "/v2",
        "the last record set, by its id": own,
        "the last record set, by its name": f"{every}?name={last['name']}",
        "`name=*www*`, counts hidden": f"{every}?name=*www*",
        "`name=host-1*`": f"{every}?name=host-{host:05}*",
        "`name=*.host-1.ZONE`": f"{every}?name=*.host-{host:05}.{name}",
        "`name=*1*3*7*`": f"{every}?name=*1*3*7*",
        "`data=` an address": f"{every}?data=10.0.0.1",
        "`data=*mail*`": f"{every}?data=*mail*",
        "`data=*.1*`": f"{every}?data=*.1*",
        "`type=MX`": f"{every}?type=MX",
        "`ttl=300`": f"{every}?ttl=300",
        "`sort_key=name&sort_dir=desc`": f"{every}?sort_key=name&sort_dir=desc",
        "`sort_key=ttl`": f"{every}?sort_key=ttl",
        "`sort_key=type&sort_dir=desc`": f"{every}?sort_key=type&sort_dir=desc",
        "`sort_key=records`": f"{every}?sort_key=records",
        "`sort_key=created_at`": f"{every}?sort_key=created_at",
        "`sort_key=id`": f"{every}?sort_key=id",
    }
    found = {}
    for what, path in paths.items():
        ask = partial(line.send, "GET", path, **(HIDDEN if "hidden" in what else {}))
        found[what] = _times(rounds, ask)
    numbers = iter(range(1, 1_000))
    found["PUT the last record set"] = _times(
        rounds, lambda: line.send("PUT", own, json.dumps({"ttl": next(numbers)}).encode())
    )
    found["DELETE a record set that is created before"] = _deletions(line, every, name, rounds)
    found["export"] = _times(rounds, lambda: _export(api, zone_id))
    line.send("DELETE", f"/v2/zones/{zone_id}")
    return found


def _times(rounds: int, ask: Callable[[], Any]) -> list[float]:
    """Return the milliseconds of each call after the first."""
    ask()
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        ask()
        found.append((time.perf_counter() - begun) * 1000)
    return found


def _deletions(line: Line, every: str, zone_name: str, rounds: int) -> list[float]:
    found = []
    for number in range(rounds + 1):
        body = {"name": f"zz-{number}.{zone_name}", "type": "A", "records": ["192.0.2.1"]}
        made = json.loads(line.send("POST", every, json.dumps(body).encode()))
        begun = time.perf_counter()
        line.send("DELETE", f"{every}/{made['id']}")
        found.append((time.perf_counter() - begun) * 1000)
    return found[1:]


def _imported(api: Api, text: bytes) -> str:
    """Import a zone, by an upload if it is large. Return its id. Raise RuntimeError if that fails."""
    if len(text) <= LARGEST_BODY:
        return str(api.call("POST", "/v2/zones", text, Content_Type="text/dns").body["id"])
    task = api.call("POST", "/v2/zones/tasks/imports", {}).body
    upload(task, text)
    while task["status"] == "PENDING":
        time.sleep(0.1)
        task = api.call("GET", f"/v2/zones/tasks/imports/{task['id']}").body
    if task["status"] != "COMPLETE":
        raise RuntimeError(f"the import is {task}")
    return str(task["zone_id"])


def _export(api: Api, zone_id: str) -> None:
    """Export a zone as a task, whose text is written anew each time, and fetch the text."""
    task = api.call("POST", f"/v2/zones/{zone_id}/tasks/export")
    answer = api.call("GET", f"/v2/zones/tasks/exports/{task.body['id']}/export", Accept="text/dns")
    if answer.status == 303:
        fetch(answer.headers["location"])
    elif answer.status != 200:
        raise RuntimeError(f"the export: {answer.status} {answer.body}")
