"""Tour of `make run`: a primary, a zone copied from it, a change, the next sync, the history, a zone that is pushed.

The exit code is 0 if everything succeeded.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dns.exception
import dns.message
import dns.query
from api import Api, SyncFailed
from primaries.corpus import big
from primaries.server import serial_of
from sample_primary import PUSHED, server_class
from stack.__main__ import sample_primary
from stack.credentials import operator
from stack.home import Home, Trouble, clean_environment

ZONE, RECORDS, CHANGED = "sample.example.", 3000, 120
POOL = "sample"
PATIENCE = 60
"""Seconds to wait for a sync or a delivery."""


def main() -> int:
    """Run the tour. Return the exit code."""
    home = Home.from_environment(os.environ)
    api = Api.from_environment()
    try:
        primary = start_primary(home)
        zone = create(api, primary)
        watch(api, zone, f"Copying {ZONE} from {primary}")
        rewrite(home, CHANGED)
        print(f"Changed {CHANGED} RRsets on the primary, and its serial")
        api.sync(zone["id"])
        watch(api, zone, "Syncing again")
        show(api, zone)
        push(home, api, target_port(home))
        advise(zone)
    except (Trouble, SyncFailed, RuntimeError, TimeoutError) as error:
        print(f"make run failed: {error}", file=sys.stderr)
        return 1
    return 0


def start_primary(home: Home) -> str:
    """Start the sample primary with the first contents of the zone. Return its address."""
    folder = home.path / "sample"
    folder.mkdir(parents=True, exist_ok=True)
    daemon = sample_primary(home)
    daemon.stop()
    script = Path(__file__).with_name("sample_primary.py")
    options = ["--zone", ZONE, "--records", str(RECORDS), "--port", str(home.primary_port), "--directory", str(folder)]
    daemon.start([sys.executable, str(script), *options], clean_environment())
    old = len(daemon.log.read_text().splitlines()) if daemon.log.exists() else 0
    daemon.wait(lambda: f"port {home.primary_port}:" in "\n".join(daemon.log.read_text().splitlines()[old:]))
    print(f"{server_class().__name__} serves {ZONE} with {RECORDS:,} records on 127.0.0.1:{home.primary_port}")
    return f"127.0.0.1:{home.primary_port}"


def rewrite(home: Home, changed: int) -> None:
    """Replace the zone file, and wait until the primary serves it."""
    file = home.path / "sample" / f"{ZONE}zone"
    serial = serial_of(file.read_text()) + 1
    file.write_text(big(RECORDS, serial, ZONE, changed))
    daemon = sample_primary(home)
    daemon.wait(lambda: f"serving serial {serial}" in daemon.log.read_text().rpartition(" serves ")[2])


def create(api: Api, primary: str) -> dict[str, Any]:
    """Create the zone and return it. Delete the zone of an earlier run first. Its first sync begins by itself."""
    drop(api, ZONE)
    zone = api.create(ZONE, primary)
    print(f"Created zone {zone['id']}: {zone['status']} until it is loaded")
    return zone


def drop(api: Api, name: str) -> None:
    """Delete the zone of an earlier run."""
    for old in api.call("GET", f"/v2/zones?name={name}").body["zones"]:
        api.call("DELETE", f"/v2/zones/{old['id']}")


def watch(api: Api, zone: dict[str, Any], doing: str) -> None:
    """Print dots while a sync runs, then its result. Raise SyncFailed, or TimeoutError after PATIENCE seconds."""
    print(doing, end="", flush=True)
    begun = time.monotonic()
    shown = begun
    while (change := api.history(zone["id"], 1)[0])["status"] == "Pending":
        if time.monotonic() - begun > PATIENCE:
            raise TimeoutError(f"the sync of {ZONE} is not over after {PATIENCE} s")
        if time.monotonic() - shown > 0.25:
            print(".", end="", flush=True)
            shown = time.monotonic()
        time.sleep(0.02)
    print()
    if change["status"] != "Synced":
        raise SyncFailed(change.get("systemMessage"))
    print(f"  {change['status']} in {change['sync']['seconds']:.2f} s: {counted(change)}")


def counted(change: dict[str, Any]) -> str:
    """Return the numbers of a sync as text."""
    numbers = change["sync"]
    moved = ", ".join(f"{numbers[name]:,} {name}" for name in ("created", "updated", "deleted", "unchanged"))
    return f"{numbers['records']:,} records, RRsets: {moved}; serial {numbers['serial']}"


def show(api: Api, zone: dict[str, Any]) -> None:
    """Print some records, and the history."""
    print("\nThe first records, from the copy:")
    page = api.call("GET", f"/v2/zones/{zone['id']}/recordsets?limit=5").body
    for each in page["recordsets"]:
        print(f"  {each['name']:<28} {each['ttl']:>6} {each['type']:<6} {' '.join(each['records'])[:60]}")
    print(f"  ... {page['metadata']['total_count']:,} RRsets in all\n\nThe history, newest first:")
    for change in api.history(zone["id"]):
        print(f"  {change['created']}  {change['changeType']:<7} {change['status']:<7} {counted(change)}")


def target_port(home: Home) -> int:
    """Return the port of the server that takes updates, from the log of the sample primary."""
    log = sample_primary(home).log.read_text()
    return int(re.findall(rf"takes updates of {re.escape(PUSHED)} on 127.0.0.1, port (\d+)", log)[-1])


def push(home: Home, api: Api, port: int) -> None:
    """Have a zone pushed to the name server at a port, write to it, and read that from the name server.

    Raise RuntimeError if a request is refused, or TimeoutError.
    """
    drop(api, PUSHED)
    apply_pool(home, port)
    zone = post(api, "/v2/zones", {"name": PUSHED, "email": "joe@example.org", "attributes": {"tier": POOL}})
    print(f"\nCreated zone {PUSHED}: {zone['status']} until the name server on 127.0.0.1:{port} has it")
    until(lambda: api.call("GET", f"/v2/zones/{zone['id']}").body["status"] == "ACTIVE")
    owner = f"www.{PUSHED}"
    post(api, f"/v2/zones/{zone['id']}/recordsets", {"name": owner, "type": "A", "records": ["192.0.2.80"]})
    answered = time.monotonic()
    until(lambda: bool(asked(owner, port)))
    print(f"Wrote {owner} A. The name server had it {time.monotonic() - answered:.2f} s after the API answered:")
    if shutil.which("dig"):
        command = ["dig", "+noall", "+answer", "@127.0.0.1", "-p", str(port), owner, "A"]
        print(f"  $ {' '.join(command)}")
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    else:
        lines = asked(owner, port)
    print("\n".join(f"  {line}" for line in lines))


def apply_pool(home: Home, port: int) -> None:
    """Make the name server at a port the target of a pool."""
    target = {"type": "rfc2136", "options": {"host": "127.0.0.1", "port": port}}
    pool = {
        "name": POOL,
        "attributes": {"tier": POOL},
        "ns_records": [{"hostname": "ns1.example.net."}],
        "targets": [target],
    }
    file = home.path / "sample" / "pools.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([pool], indent=1))
    operator(home, "pool", "apply", str(file))


def post(api: Api, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Create something and return it. Raise RuntimeError if that is refused."""
    answer = api.call("POST", path, body)
    if answer.status not in (201, 202):
        raise RuntimeError(f"POST {path}: {answer.status} {answer.body}")
    made: dict[str, Any] = answer.body
    return made


def asked(owner: str, port: int) -> list[str]:
    """Return the lines that a name server on loopback answers for the A records of an owner name."""
    try:
        answer = dns.query.udp(dns.message.make_query(owner, "A"), "127.0.0.1", port=port, timeout=1)
    except (OSError, dns.exception.DNSException):
        return []
    return [str(each) for each in answer.answer]


def until(done: Callable[[], bool]) -> None:
    """Wait until something is done. Raise TimeoutError after PATIENCE seconds."""
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"the name server has not what was written after {PATIENCE} s")
        time.sleep(0.01)


def advise(zone: dict[str, Any]) -> None:
    """Print commands to try next."""
    folder = Path(os.environ.get("ZONEWRIGHT_HOME") or ".local")
    where, clouds = (os.path.relpath(folder / name) for name in ("credentials.env", "clouds.yaml"))
    print(f"""
Try next (the primary and the name server run until `make down`):
  . {where}
  curl -H "X-Auth-Token: $ZONEWRIGHT_TOKEN" $ZONEWRIGHT_URL/v2/zones
  curl -H "X-Auth-Token: $ZONEWRIGHT_TOKEN" -X POST $ZONEWRIGHT_URL/zones/{zone["id"]}/sync
  export OS_CLIENT_CONFIG_FILE={clouds} OS_CLOUD=zonewright    # a login by application credential
  .venv/bin/openstack zone list
  .venv/bin/openstack token issue
  .venv/bin/python -c 'import openstack; dns = openstack.connect().dns
print(*[(zone.name, zone.status, zone.serial) for zone in dns.zones()])'
  .venv/bin/python -c 'import os; from vinyldns.client import VinylDNSClient
client = VinylDNSClient(*[os.environ["ZONEWRIGHT_" + name] for name in ("URL", "ACCESS_KEY", "SECRET_KEY")])
changes = client.list_zone_changes("{zone["id"]}").zone_changes
print(*[(change.created, change.change_type, change.status) for change in changes])'
  make logs""")


if __name__ == "__main__":
    sys.exit(main())
