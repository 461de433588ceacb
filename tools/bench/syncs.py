"""Times and costs of syncs through the public API, compared with `dig axfr` of the same zone.

Each round transfers the zone by dig, creates it, and goes through the steps. A time is from the request until the API
shows the sync as ended. Between steps, 1 % of the RRsets change, in the whole zone or in one place. A dry run comes
before the sync that makes the same changes. That sync may find chunks in the cache of a process. At the end of a round,
the zone's master file is imported and exported. A file over 6 MB is uploaded, and the time ends with its task. The
first round is not counted, because it has cold starts.
"""

import json
import subprocess
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

import boto3
from api import Api, fetch, upload
from primaries import Bind
from primaries.corpus import big
from stack.home import STACK, Home

from bench import prices, table
from bench.counting import DISPATCH, Counts, peaks

LARGEST_BODY = 4_500_000
PATIENCE = 900


def bench(home: Home, sizes: Sequence[int], rounds: int) -> dict[str, Any]:
    """Measure syncs of all sizes, and print the tables. Return the figures by size.

    The figures are the seconds of all rounds by step, and the costs of the median round.
    """
    found: dict[str, Any] = {}
    for size in sizes:
        measured = [Round(home, size) for _ in range(rounds + 1)]
        for each in measured:
            each.measure()
        found[str(size)] = condensed(measured[1:]) | {
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
            "peak_rss_mb": peaks(home),
        }
    print("\n".join(table.syncs(found)))
    return found


@dataclass
class Round:
    """One zone and its way through the steps: seconds, costs in units, and costs in dollars by step."""

    home: Home
    size: int
    seconds: dict[str, float] = field(default_factory=dict)
    spent: dict[str, Any] = field(default_factory=dict)
    dollars: dict[str, dict[str, float]] = field(default_factory=dict)
    zone_id: str = ""

    def __post_init__(self) -> None:
        self.api = Api.from_environment()
        self.name = f"bench-{self.size}-{uuid.uuid4().hex[:8]}.example."

    def measure(self) -> None:
        """Go through all steps. Raise RuntimeError if a sync is not as expected."""
        primary = Bind({self.name: big(self.size, 1, self.name)})
        primary.increments = True
        with primary:
            self.seconds["dig"] = timed(lambda: self._dig(primary))
            self._step("first", lambda: self._create(primary))
            self._step("unchanged", lambda: self._sync("axfr"), transfer="AXFR", moved=False)
            primary.reload(self.name, big(self.size, 2, self.name, self.size // 100))
            if knows_dry_runs(self.api):
                self._step("dry", self._dry_run)
            self._step("axfr", lambda: self._sync("axfr"), transfer="AXFR", moved=True)
            primary.reload(self.name, big(self.size, 3, self.name))
            self._step("ixfr", lambda: self._sync("ixfr"), transfer="IXFR", moved=True)
            primary.reload(self.name, big(self.size, 4, self.name, self.size // 100, together=True))
            self._step("near", lambda: self._sync("ixfr"), transfer="IXFR", moved=True)
            self._scheduled()
        self.api.call("DELETE", f"/v2/zones/{self.zone_id}")
        self._files(big(self.size, 1, self.name).encode())

    def _step(self, name: str, work: Callable[[], float], only: str = "", **expected: Any) -> None:
        """Do a step, store its seconds, and store its costs, or the costs of the function `only`.

        Raise RuntimeError if the sync is not as `expected`.
        """
        time.sleep(self.home.sync_delay + 0.1)
        before = Counts.now(self.home)
        self.seconds[name] = work()
        spent = Counts.now(self.home).since(before, only)
        self.spent[name] = asdict(spent)
        self.dollars[name] = prices.dollars(self.spent[name])
        if expected:
            change = self.api.history(self.zone_id, 1)[0]["sync"]
            if (change["transfer"], bool(change["updated"])) != (expected["transfer"], expected["moved"]):
                raise RuntimeError(f"the sync is not what was to be measured: {change}")

    def _dig(self, primary: Bind) -> None:
        """Transfer the zone by dig, without output."""
        command = ["dig", f"@{primary.host}", "-p", str(primary.port), "+noall", "axfr", self.name]
        subprocess.run(command, check=True, capture_output=True)

    def _create(self, primary: Bind) -> float:
        begun = time.monotonic()
        self.zone_id = self.api.create(self.name, f"{primary.host}:{primary.port}")["id"]
        self.api.synced(self.zone_id, PATIENCE)
        return time.monotonic() - begun

    def _sync(self, mode: str) -> float:
        begun = time.monotonic()
        answer = self.api.call("POST", f"/zones/{self.zone_id}/sync?mode={mode}")
        if answer.status != 200:
            raise RuntimeError(f"syncing {self.name}: {answer.status} {answer.body}")
        self.api.synced(self.zone_id, PATIENCE)
        return time.monotonic() - begun

    def _dry_run(self) -> float:
        begun = time.monotonic()
        run = self.api.call("POST", f"/zones/{self.zone_id}/sync?dryRun=true").body
        while run["status"] == "Pending":
            time.sleep(0.02)
            run = self.api.call("GET", f"/zones/{self.zone_id}/dryruns/{run['id']}").body
        if run["status"] != "Complete":
            raise RuntimeError(f"the dry run of {self.name} is {run}")
        return time.monotonic() - begun

    def _scheduled(self) -> None:
        """Measure a run of the dispatcher with one due zone. Retry if a scheduled run was first."""
        functions = boto3.client("lambda")
        (dispatcher,) = (
            each["FunctionName"]
            for page in functions.get_paginator("list_functions").paginate()
            for each in page["Functions"]
            if each["FunctionName"].startswith(f"{STACK}-{DISPATCH}")
        )
        seen: list[int] = []

        def look() -> float:
            begun = time.monotonic()
            answer = functions.invoke(FunctionName=dispatcher)
            seconds = time.monotonic() - begun
            seen[:] = [json.load(answer["Payload"])["unchanged"]]
            return seconds

        self.api.call("PATCH", f"/v2/zones/{self.zone_id}", {"schedule": 1})
        while seen != [1]:
            self._step("scheduled", look, DISPATCH)
        self.api.call("PATCH", f"/v2/zones/{self.zone_id}", {"schedule": None})

    def _files(self, text: bytes) -> None:
        """Measure an import, and an export of the imported zone."""
        begun = time.monotonic()
        if len(text) <= LARGEST_BODY:
            zone_id = self.api.call("POST", "/v2/zones", text, Content_Type="text/dns").body["id"]
        else:
            task = self.api.call("POST", "/v2/zones/tasks/imports", {}).body
            upload(task, text)
            while task["status"] == "PENDING":
                time.sleep(0.05)
                task = self.api.call("GET", f"/v2/zones/tasks/imports/{task['id']}").body
            if task["status"] != "COMPLETE":  # for example, because the file is too large
                return
            zone_id = task["zone_id"]
        ready = time.monotonic()
        answer = self.api.call("GET", f"/v2/zones/{zone_id}", Accept="text/dns")
        if answer.status == 303:
            fetch(answer.headers["location"])
        done = time.monotonic()
        if answer.status not in (200, 303):
            raise RuntimeError(f"exporting {self.name}: {answer.status} {answer.body}")
        self.api.call("DELETE", f"/v2/zones/{zone_id}")
        self.seconds |= {"import": ready - begun, "export": done - ready}


def condensed(rounds: Sequence[Round]) -> dict[str, Any]:
    """Return the figures of the rounds of a size: all seconds, and the costs of the median round by step."""
    spent: dict[str, Any] = {}
    for step in rounds[0].spent:
        middle = sorted(rounds, key=lambda each: sum(each.dollars[step].values()))[len(rounds) // 2]
        spent[step] = middle.spent[step] | {"dollars": middle.dollars[step]}
    return {
        "seconds": {step: [round(each.seconds[step], 3) for each in rounds] for step in rounds[0].seconds},
        "spent": spent,
    }


def knows_dry_runs(api: Api) -> bool:
    """Return whether the API document of the service has dry runs."""
    return any("dryruns" in path for path in api.call("GET", "/openapi.json").body["paths"])


def timed(work: Callable[[], Any]) -> float:
    """Call `work` and return its seconds."""
    begun = time.monotonic()
    work()
    return time.monotonic() - begun
