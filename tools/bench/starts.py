"""Processor time of entry points: the built layers and functions on a bare Python, without API Gateway or Lambda.

Each run is a new interpreter without site packages. The import loads all code of an entry point from the byte-compiled
layers. The first response includes the making of AWS clients, and the import of the route's module if the function has
several routes. Later responses are warm. Only the processor time of the interpreter counts, so the time of the emulated
AWS is left out.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from stack.deployment import BUILD
from stack.home import ROOT, clean_environment

from bench.tenant import Tenant

ENTRIES = sorted(
    path.relative_to(ROOT / "functions").with_suffix("").as_posix()
    for path in ROOT.glob("functions/**/*.py")
    if path.stem != "routes"
)
"""Modules of routes, states and signals. A resource's modules are called through its `routes`."""
WARM = 20

PROGRAM = """
import json, sys, time
began = time.process_time()
from importlib import import_module
handler = import_module(sys.argv[1]).handler
times = [time.process_time() - began]
class Context:
    aws_request_id = "bench"
events = [json.loads(line) for line in sys.stdin]
for event in events:
    began = time.process_time()
    answer = handler(event, Context)
    times.append(time.process_time() - began)
    assert answer["statusCode"] < 500, answer
sys.stderr.write(json.dumps(times))
"""


def bench(tenant: Tenant, rounds: int, entries: Sequence[str] = ENTRIES) -> dict[str, dict[str, list[float]]]:
    """Measure entry points, and print the table. Return milliseconds by entry point and kind."""
    print(f"\n{'entry point':<44}  {'import':>9}  {'first answer':>12}  {'warm answer':>11}")
    zone = tenant.api.call(
        "POST", "/v2/zones", {"name": f"starts.{tenant.group_id}.example.", "email": "joe@example.org"}
    ).body["zone"]
    found: dict[str, dict[str, list[float]]] = {}
    for entry in entries:
        event = _event(entry, tenant, zone["id"])
        runs = [_run(entry, tenant, [event] * (WARM + 1) if event else []) for _ in range(rounds + 1)][1:]
        found[entry] = {
            "import": [run[0] for run in runs],
            "first": [run[1] for run in runs if event],
            "warm": [time for run in runs for time in run[2:]],
        }
        cells = [f"{statistics.median(times):.1f} ms" if times else "-" for times in found[entry].values()]
        print(f"{entry:<44}  {cells[0]:>9}  {cells[1]:>12}  {cells[2]:>11}", flush=True)
    tenant.api.call("DELETE", f"/v2/zones/{zone['id']}")
    return found


def _event(entry: str, tenant: Tenant, zone_id: str) -> dict[str, Any] | None:
    """Return the event of a GET route for the tenant and the zone. Return None for other entry points."""
    folder, *_, name = entry.split("/")
    event = json.loads((ROOT / "events" / f"{folder}_{name}.json").read_text())
    if not event.get("routeKey", "").startswith("GET "):
        return None
    names = {name: zone_id for name in event.get("pathParameters", {}) if name in {"zone_id", "zoneId"}}
    headers = {name: value for name, value in event["headers"].items() if name != "authorization"}
    return event | {
        "pathParameters": event.get("pathParameters", {}) | names,
        "headers": headers | {"x-auth-token": tenant.api.token},
        "rawQueryString": "",
    }


def _run(entry: str, tenant: Tenant, events: list[dict[str, Any]]) -> list[float]:
    """Run one interpreter. Return the milliseconds of the import and of each response."""
    file = next(BUILD.glob(f"*/{entry}.py"))
    function, module = file.parents[entry.count("/")], entry
    if file.with_name("routes.py").is_file():
        module = f"{entry.rpartition('/')[0]}/routes"
    layers = [BUILD / layer / "python" for layer in ("ZonewrightLayer", "DepsLayer")]
    settings = tenant.service.settings
    environment = clean_environment() | {
        **{name: value for name, value in os.environ.items() if name.startswith("AWS_")},
        "PYTHONPATH": os.pathsep.join(map(str, [function, *layers])),
        "TABLE_NAME": settings.table,
        "BUCKET_NAME": settings.bucket,
        "KMS_KEY_ID": settings.kms_key,
        "POWERTOOLS_SERVICE_NAME": "bench",
    }
    done = subprocess.run(
        [sys._base_executable, "-S", "-c", PROGRAM, module.replace("/", ".")],  # type: ignore[attr-defined] # noqa: SLF001 - as the emulator runs them
        env=environment,
        input="\n".join(map(json.dumps, events)),
        capture_output=True,
        text=True,
        check=True,
    )
    return [1000 * each for each in json.loads(done.stderr.splitlines()[-1])]
