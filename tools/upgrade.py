"""Deploy this tree over a stack of an older revision, and compare the responses: `make upgrade FROM=REVISION`.

The older revision is checked out and deployed by its own tools, to a new stack. Two projects create zones, their
contents, and an object for every other route. Every GET is sent before this tree is deployed over the stack, and again
after that. The responses must be equal, apart from new fields of objects and hidden secrets. Table, bucket and KMS key
must be the same resources. At the end the zones are changed, synced and deleted.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import boto3
from api import Answer, Api
from sample_primary import SamplePrimary
from stack import credentials
from stack.home import ROOT, STACK, Home, Trouble, aws_environment
from zonewright.http.routes import ROUTES
from zonewright.model.tsigkey import HIDDEN

COPIED, RECORDS, CHANGED = "copied.example.", 300, 20
IMPORTED = (
    b"$ORIGIN imported.example.\n$TTL 300\n@ SOA ns1 hostmaster 7 3600 600 86400 300\n@ NS ns1\nns1 A 192.0.2.1\n"
)
FORMS = [
    ("TXT", ['"v=spf1 -all"', '"a" "b"', '"caf\\195\\169"'], ['"v=spf1 -all"', '"a""b"', '"café"']),
    ("AAAA", ["2001:DB8::2", "2001:db8::1"], ["2001:DB8:0::2", "2001:DB8::1"]),
    ("MX", ["20 Mail.example.", "010 b.example."], ["020 Mail.example.", "10 b.example."]),
    ("CAA", ['0 issue "ca.example"'], ["0 issue ca.example"]),
    ("SSHFP", ["4 2 " + "AB" * 32], ["4 2 " + "AB " * 32]),
]
"""Record sets of an older revision: type, records, and other texts of the same records."""
DOCUMENTS = ("/openapi.json", "/docs", "/docs/{asset}")
"""Routes that describe the revision itself. Their responses may differ."""

KEPT = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key")
REQUEST_ID = re.compile(r"req-[0-9a-f-]{36}")

Answers = dict[str, tuple[int, Any, bool, str | None]]
"""Responses to GETs by path: status, body, whether there is an entity tag, location."""


def main() -> int:
    """Deploy the old revision, fill the stack, deploy this tree over it, and compare. Return the exit code."""
    if len(sys.argv) != 2 or not sys.argv[1]:
        print("FROM names no revision. Example: make upgrade FROM=HEAD~1", file=sys.stderr)
        return 2
    home = Home.from_environment(os.environ)
    os.environ |= aws_environment(home)
    try:
        old = checkout(sys.argv[1], home.path.with_name("upgrade-from"))
        make(ROOT, "reset")
        make(old, "up")
        try:
            compare(home, old)
        finally:
            make(ROOT, "down")
    except (Trouble, RuntimeError, subprocess.CalledProcessError) as error:
        print(f"make upgrade failed: {error}", file=sys.stderr)
        return 1
    return 0


def compare(home: Home, old: Path) -> None:
    """Fill the stack of the old tree, and deploy this one over it. Raise RuntimeError if a response changed."""
    known = credentials.read(home.credentials)
    ours, theirs = (Api(home.url, known[f"ZONEWRIGHT_TOKEN{which}"]) for which in ("", "_2"))
    project = known["ZONEWRIGHT_PROJECT_ID_2"]
    with SamplePrimary(COPIED, RECORDS, directory=home.path / "sample") as primary:
        objects = fill(ours, theirs, project, primary)
        before, kept, functions = ask(ours, objects), resources(*KEPT), resources("AWS::Lambda::Function")
        print(f"The old revision responds to {len(before)} GETs, with {len(functions)} functions", flush=True)
        make(old, "down")
        make(ROOT, "up")
        after = ask(ours, objects)
        for path, answer in before.items():
            if not covers(after[path], answer):
                raise RuntimeError(f"GET {path} returned\n{answer}\nbefore, and now returns\n{after[path]}")
        if resources(*KEPT) != kept:
            raise RuntimeError(f"{kept} became {resources(*KEPT)}")
        print(f"This tree responds the same, with {len(resources('AWS::Lambda::Function'))} functions", flush=True)
        write(ours, objects, primary)
    print("The zones from before were changed, synced and deleted")


def covers(new: Any, old: Any) -> bool:
    """Return whether a response equals an older one, apart from new fields of its objects, and hidden secrets."""
    if isinstance(old, dict) and isinstance(new, dict):
        return all(name in new and covers(new[name], value) for name, value in old.items())
    if isinstance(old, list | tuple) and isinstance(new, list | tuple):
        return len(new) == len(old) and all(map(covers, new, old))
    return bool(new in (old, HIDDEN))


def checkout(revision: str, folder: Path) -> Path:
    """Return the folder with the tree of a revision. It is kept for the next run with the same revision."""
    commit = git("rev-parse", "--verify", f"{revision}^{{commit}}").decode().strip()
    stamp = folder / ".revision"
    if not stamp.is_file() or stamp.read_text() != commit:
        shutil.rmtree(folder, ignore_errors=True)
        with tarfile.open(fileobj=BytesIO(git("archive", commit))) as archive:
            archive.extractall(folder, filter="data")
        stamp.write_text(commit)
    return folder


def git(*arguments: str) -> bytes:
    """Run git, and return its output."""
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout


def make(tree: Path, target: str) -> None:
    """Run a target of a tree's own Makefile, with the variables that name the stack."""
    subprocess.run(["make", "--no-print-directory", "-C", str(tree), target], check=True)


def done(answer: Answer) -> Any:
    """Return the body of a response. Raise RuntimeError for a status of 300 or more."""
    if answer.status >= 300:
        raise RuntimeError(f"{answer.status} {answer.body}")
    return answer.body


def fill(ours: Api, theirs: Api, project: str, primary: SamplePrimary) -> list[dict[str, str]]:
    """Create an object for every route. Return the parameters of paths, for each of two zones."""
    copied = ours.create(COPIED, f"{primary.host}:{primary.port}")["id"]
    ours.synced(copied)
    primary.change(CHANGED)
    ours.sync(copied)
    ours.synced(copied)
    dry_run = done(ours.call("POST", f"/zones/{copied}/sync?dryRun=true"))["id"]
    while done(ours.call("GET", f"/zones/{copied}/dryruns/{dry_run}"))["status"] == "Pending":
        time.sleep(0.1)

    kept = done(ours.call("POST", "/v2/zones", {"name": "kept.example.", "email": "joe@example.org"}))["id"]
    path = f"/v2/zones/{kept}"
    sets = [
        done(ours.call("POST", f"{path}/recordsets", {"name": f"{name}.kept.example.", "type": "A", "records": [host]}))
        for name, host in (("www", "192.0.2.1"), ("mail", "192.0.2.2"), ("gone", "192.0.2.3"))
    ]
    for kind, texts, _ in FORMS:
        new = {"name": f"{kind.lower()}.kept.example.", "type": kind, "records": texts}
        done(ours.call("POST", f"{path}/recordsets", new))
    done(ours.call("PUT", f"{path}/recordsets/{sets[1]['id']}", {"records": ["192.0.2.4"], "description": "moved"}))
    done(ours.call("DELETE", f"{path}/recordsets/{sets[2]['id']}"))
    done(ours.call("PATCH", path, {"description": "from before", "ttl": 600}))
    share = done(ours.call("POST", f"{path}/shares", {"target_project_id": project}))
    key = {"name": "k.", "algorithm": "hmac-sha256", "secret": "c2VjcmV0", "scope": "ZONE", "resource_id": kept}
    key = done(ours.call("POST", "/v2/tsigkeys", key))
    exported = done(ours.call("POST", f"{path}/tasks/export"))
    imported = done(ours.call("POST", "/v2/zones/tasks/imports", IMPORTED, Content_Type="text/dns"))
    offer = done(ours.call("POST", f"/v2/zones/{imported['zone_id']}/tasks/transfer_requests", {}))
    other = done(theirs.call("POST", "/v2/zones", {"name": "theirs.example.", "email": "eve@example.org"}))["id"]
    offered = done(theirs.call("POST", f"/v2/zones/{other}/tasks/transfer_requests", {}))
    accept = {"key": offered["key"], "zone_transfer_request_id": offered["id"]}
    accepted = done(ours.call("POST", "/v2/zones/tasks/transfer_accepts", accept))

    common = {
        "project_id": done(ours.call("GET", path))["project_id"],
        "pool_id": done(ours.call("GET", path))["pool_id"],
        "tsigkey_id": key["id"],
        "import_id": imported["id"],
        "export_id": exported["id"],
        "transfer_request_id": offer["id"],
        "transfer_accept_id": accepted["id"],
    }
    return [
        common
        | {
            "zone_id": zone,
            "zoneId": zone,
            "recordset_id": ours.recordsets(zone)[-1]["id"],
            "changeId": ours.history(zone)[0]["id"],
        }
        | own
        for zone, own in ((kept, {"share_id": share["id"]}), (copied, {"dryRunId": dry_run}))
    ]


def ask(api: Api, objects: list[dict[str, str]]) -> Answers:
    """Send every GET and return the responses. Raise RuntimeError for an error, except a 403 of operators' routes."""
    found: Answers = {}
    for path in dict.fromkeys(paths(objects)):
        answer = api.call("GET", path)
        if answer.status not in (200, 301, 403):
            raise RuntimeError(f"GET {path}: {answer.status} {answer.body}")
        body, headers = json.loads(REQUEST_ID.sub("req-", json.dumps(answer.body))), answer.headers
        tagged = dict.fromkeys({"etag"} & headers.keys())  # releases make other tags
        found[path] = answer.status, body, tagged, headers.get("location")
    return found


def paths(objects: list[dict[str, str]]) -> Iterator[str]:
    """Yield the paths of all GET routes for each zone that has their parameters, and paths to older versions."""
    for route in ROUTES:
        names = re.findall(r"\{(\w+)\}", route.path)
        if route.method == "GET" and route.path not in DOCUMENTS:
            for each in objects:
                if each.keys() >= set(names):
                    yield route.path.replace("{", "{0[").replace("}", "]}").format(each)
    for each in objects:
        yield f"/v2/zones/{each['zone_id']}/recordsets?version=1"
        yield f"/zones/{each['zoneId']}/recordsetchanges?from=1&to=2"


def resources(*kinds: str) -> dict[str, str]:
    """Return the stack's resources of some types: logical id to physical id."""
    pages = boto3.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=STACK)
    found = [each for page in pages for each in page["StackResourceSummaries"]]
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found if each["ResourceType"] in kinds}


def rewrite(api: Api, zone_id: str) -> None:
    """Write the record sets of `FORMS` again: as they are shown, and as other texts of the same records."""
    path = f"/v2/zones/{zone_id}"
    shown = {each["type"]: each for each in api.recordsets(zone_id) if each["name"].startswith(each["type"].lower())}
    exported = done(api.call("GET", path, Accept="text/dns"))
    serial = done(api.call("GET", path))["serial"]
    for kind, _, _ in FORMS:
        same = done(api.call("PUT", f"{path}/recordsets/{shown[kind]['id']}", {"records": shown[kind]["records"]}))
        if same != shown[kind]:
            raise RuntimeError(f"{shown[kind]} written as it is became {same}")
    if done(api.call("GET", path))["serial"] != serial:
        raise RuntimeError("writing record sets as they are changed the zone")
    for kind, _, texts in FORMS:
        changed = done(api.call("PUT", f"{path}/recordsets/{shown[kind]['id']}", {"records": texts}))
        if changed["records"] != texts:
            raise RuntimeError(f"{texts} is shown as {changed['records']}")
    again = done(api.call("GET", path, Accept="text/dns"))
    if [line for line in again.splitlines() if "; serial" not in line] != [
        line for line in exported.splitlines() if "; serial" not in line
    ]:
        raise RuntimeError(f"other texts of the same records changed the master file\n{exported}\nto\n{again}")


def write(api: Api, objects: list[dict[str, str]], primary: SamplePrimary) -> None:
    """Change, sync and delete the zones that were created before the deployment."""
    kept, copied = (each["zone_id"] for each in objects)
    new = {"name": "new.kept.example.", "type": "A", "records": ["192.0.2.9"]}
    made = done(api.call("POST", f"/v2/zones/{kept}/recordsets", new))
    if done(api.call("GET", f"/v2/zones/{kept}/recordsets/{made['id']}"))["records"] != ["192.0.2.9"]:
        raise RuntimeError("a new record set is not there")
    rewrite(api, kept)
    serial = primary.change(2 * CHANGED)
    api.sync(copied)
    if (synced := api.synced(copied)["sync"]["serial"]) != serial:
        raise RuntimeError(f"the sync brought serial {synced}, not {serial}")
    done(api.call("DELETE", f"/v2/zones/{kept}", X_Designate_Delete_Shares="true"))
    done(api.call("DELETE", f"/v2/zones/{copied}"))


if __name__ == "__main__":
    sys.exit(main())
