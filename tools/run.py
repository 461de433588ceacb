"""Tour of `make run`: a primary, a zone copied from it, a change, the next sync, the history.

The exit code is 0 if everything succeeded.
"""

import os
import sys
import time
from pathlib import Path
from typing import Any

from api import Api, SyncFailed
from primaries.corpus import big
from primaries.server import serial_of
from sample_primary import server_class
from stack.__main__ import sample_primary
from stack.home import Home, Trouble, clean_environment

ZONE, RECORDS, CHANGED = "sample.example.", 3000, 120


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
    for old in api.call("GET", "/v2/zones?limit=1000").body["zones"]:
        if old["name"] == ZONE:
            api.call("DELETE", f"/v2/zones/{old['id']}")
    zone = api.create(ZONE, primary)
    print(f"Created zone {zone['id']}: {zone['status']} until it is loaded")
    return zone


def watch(api: Api, zone: dict[str, Any], doing: str) -> None:
    """Print dots while a sync runs, then its result. Raise SyncFailed, or TimeoutError after 60 s."""
    print(doing, end="", flush=True)
    begun = time.monotonic()
    shown = begun
    while (change := api.history(zone["id"], 1)[0])["status"] == "Pending":
        if time.monotonic() - begun > 60:
            raise TimeoutError(f"the sync of {ZONE} is not over after 60 s")
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


def advise(zone: dict[str, Any]) -> None:
    """Print commands to try next."""
    where = os.path.relpath(Path(os.environ.get("ZONEWRIGHT_HOME") or ".local") / "credentials.env")
    print(f"""
Try next (the primary keeps running until `make down`):
  . {where}
  curl -H "X-Auth-Token: $ZONEWRIGHT_TOKEN" $ZONEWRIGHT_URL/v2/zones
  curl -H "X-Auth-Token: $ZONEWRIGHT_TOKEN" -X POST $ZONEWRIGHT_URL/zones/{zone["id"]}/sync
  .venv/bin/openstack --os-auth-type admin_token --os-endpoint $ZONEWRIGHT_URL/v2 --os-token $ZONEWRIGHT_TOKEN zone list
  .venv/bin/python -c 'import os, openstack; dns = openstack.connect(auth_type="admin_token", auth={{
    "endpoint": os.environ["ZONEWRIGHT_URL"] + "/v2", "token": os.environ["ZONEWRIGHT_TOKEN"]}}).dns
print(*[(zone.name, zone.status, zone.serial) for zone in dns.zones()])'
  .venv/bin/python -c 'import os; from vinyldns.client import VinylDNSClient
client = VinylDNSClient(*[os.environ["ZONEWRIGHT_" + name] for name in ("URL", "ACCESS_KEY", "SECRET_KEY")])
changes = client.list_zone_changes("{zone["id"]}").zone_changes
print(*[(change.created, change.change_type, change.status) for change in changes])'
  make logs""")


if __name__ == "__main__":
    sys.exit(main())
