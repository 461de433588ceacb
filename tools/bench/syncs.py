"""Syncs through the public API, next to `dig axfr` of the same zone in the same run.

Each round asks dig for the zone, then creates it (first sync), syncs it unchanged, and syncs it with 1 % of its RRsets
changed; a time is that from the request until the API shows the sync as over. Then it imports the zone's master file
(over 6 MB by upload, until its task is over) and exports it, to the last octet. One round is not counted: it finds the
functions cold.
"""

import re
import statistics
import subprocess
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from api import Api, fetch
from primaries import Bind
from primaries.corpus import big

STEPS = ("dig", "first", "unchanged", "changed")
FILES = ("import", "export")
LARGEST_BODY = 6 << 20
PEERS = {1_000: 1.0, 10_000: 10.0, 100_000: 360.0}
"""Seconds that VinylDNS publishes for a sync of so many records."""


def bench(sizes: Sequence[int], rounds: int) -> dict[str, Any]:
    """Seconds of every step of every round, by size, and the most memory of each function; prints the table."""
    api = Api.from_environment()
    found: dict[int, Any] = {}
    print(
        f"{'records':>10}  {'dig axfr':>9}  {'first sync':>17}  {'unchanged':>17}  {'1 % changed':>17}  VinylDNS says"
        f"  {'import':>8}  {'export':>8}"
    )
    for size in sizes:
        found[size] = [measure(api, size) for _ in range(rounds + 1)][1:]
        print(row(size, found[size]), flush=True)
    memory = peaks()
    print(f"\nMedians of {rounds} rounds; in brackets, times dig. Most memory of each function, any size (MB):")
    print("  " + ", ".join(f"{name} {peak}" for name, peak in memory.items()))
    return {"records": found, "peak_rss_mb": memory}


def measure(api: Api, size: int) -> dict[str, float]:
    """One round: seconds of every step."""
    name = f"bench-{size}-{uuid.uuid4().hex[:8]}.example."
    times: dict[str, float] = {}
    with Bind({name: big(size, 1, name)}) as primary:
        address = f"{primary.host}:{primary.port}"
        times["dig"] = timed(lambda: dig(primary.host, primary.port, name))
        begun = time.monotonic()
        zone = api.create(name, address)
        expect(api.synced(zone["id"], 600), created=True)
        times["first"] = time.monotonic() - begun
        times["unchanged"] = sync(api, zone["id"], created=False)
        primary.reload(name, big(size, 2, name, size // 100))
        times["changed"] = sync(api, zone["id"], updated=True)
    api.call("DELETE", f"/v2/zones/{zone['id']}")
    return times | measure_files(api, name, big(size, 1, name).encode())


def measure_files(api: Api, name: str, text: bytes) -> dict[str, float]:
    """Seconds of an import and of an export."""
    begun = time.monotonic()
    if len(text) <= LARGEST_BODY:
        answer = api.call("POST", "/v2/zones", text, Content_Type="text/dns")
        zone_id = answer.body["id"]
    else:
        task = api.call("POST", "/v2/zones/tasks/imports", {}).body
        fetch(task["links"]["upload"], "PUT", text)
        while task["status"] == "PENDING":
            time.sleep(0.05)
            task = api.call("GET", f"/v2/zones/tasks/imports/{task['id']}").body
        zone_id = task["zone_id"]
    ready = time.monotonic()
    answer = api.call("GET", f"/v2/zones/{zone_id}", Accept="text/dns")
    if answer.status == 303:
        fetch(answer.headers["location"])
    done = time.monotonic()
    if answer.status not in (200, 303):
        raise RuntimeError(f"exporting {name}: {answer.status} {answer.body}")
    api.call("DELETE", f"/v2/zones/{zone_id}")
    return {"import": ready - begun, "export": done - ready}


def sync(api: Api, zone_id: str, **expected: bool) -> float:
    """Seconds of one sync, from the request that is accepted until it is over."""
    while True:
        begun = time.monotonic()
        answer = api.call("POST", f"/zones/{zone_id}/sync")
        if answer.status == 200:
            break
        time.sleep(0.05)
    expect(api.synced(zone_id, 600), **expected)
    return time.monotonic() - begun


def expect(change: dict[str, Any], **moved: bool) -> None:
    """A figure counts only where the sync did what it was to do."""
    for name, wanted in moved.items():
        if bool(change["sync"][name]) != wanted:
            raise RuntimeError(f"the sync is not what was to be measured: {change}")


def dig(host: str, port: int, name: str) -> None:
    """The transfer as dig reads it, printing nothing."""
    subprocess.run(["dig", f"@{host}", "-p", str(port), "+noall", "axfr", name], check=True, capture_output=True)


def timed(work: Any) -> float:
    """Seconds `work` takes."""
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


def row(size: int, rounds: list[dict[str, float]]) -> str:
    """A line of the table."""
    middle = {step: statistics.median(each[step] for each in rounds) for step in STEPS + FILES}
    cells = [f"{middle[step]:.2f} s ({middle[step] / middle['dig']:.0f} x)" for step in STEPS[1:]]
    peer = f"{PEERS[size]:g} s" if size in PEERS else "-"
    files = "  ".join(f"{middle[step]:>6.2f} s" for step in FILES)
    syncs = "  ".join(f"{cell:>17}" for cell in cells)
    return f"{size:>10,}  {middle['dig']:>7.3f} s  {syncs}  {peer:>13}  {files}"


def peaks() -> dict[str, int]:
    """The most memory that a process of each function ever had, in MB, as the kernel knows it."""
    found: dict[str, int] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_text()
            status = (entry / "status").read_text()
        except OSError:
            continue
        function = re.search(r"ministack-lambda-zonewright-([A-Za-z]+)-", command)
        peak = re.search(r"VmHWM:\s+(\d+) kB", status)
        if function and peak:
            found[function[1]] = max(found.get(function[1], 0), int(peak[1]) // 1024)
    return dict(sorted(found.items()))
