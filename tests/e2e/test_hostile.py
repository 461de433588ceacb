"""Hostile requests to the deployed service: it answers each with a documented status, in its dialect's words.

`ZONEWRIGHT_HOSTILE` is the number of requests, `ZONEWRIGHT_HOSTILE_SEED` their seed. A failure names both.
"""

import http.client
import json
import os
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from support.requesting import Requests
from zonewright.http.openapi import document

COUNT = int(os.environ.get("ZONEWRIGHT_HOSTILE", "1500"))
SEED = int(os.environ.get("ZONEWRIGHT_HOSTILE_SEED", "1"))
AT_ONCE = 4
TRACES = (b"Traceback", b'File "/', b"botocore", b"errorType", b"pydantic", b"stackTrace")


@pytest.fixture
def places(api, stranger, zone):
    """Values of path parameters that exist: of the caller, and of another tenant."""
    new = {"name": f"h-{zone['name']}", "email": "joe@example.org"}
    other = stranger.call("POST", "/v2/zones", new).body
    zones = [zone["id"], other["id"]]
    made = {"name": f"www.{zone['name']}", "type": "A", "records": ["192.0.2.1"]}
    recordset = api.call("POST", f"/v2/zones/{zone['id']}/recordsets", made).body["id"]
    exported = api.call("POST", f"/v2/zones/{zone['id']}/tasks/export").body["id"]
    imported = stranger.call("POST", "/v2/zones/tasks/imports", {}).body["id"]
    found = {"recordset_id": [recordset], "export_id": [exported], "import_id": [imported]}
    return found | {"zone_id": zones, "zoneId": zones, "changeId": [each["id"] for each in api.history(zone["id"])]}


def test_a_hostile_request_gets_a_documented_answer(api, service, places):
    described = json.loads(document.document(api.url))
    tokens = [service["ZONEWRIGHT_TOKEN"], service["ZONEWRIGHT_TOKEN_2"]]
    requests = Requests(described, places, tokens=tokens, access_keys=[service["ZONEWRIGHT_ACCESS_KEY"]], seed=SEED)
    drawn = [requests.next() for _ in range(COUNT)]
    statuses: Counter[int] = Counter()
    lines, opened = threading.local(), []

    def send(request):
        try:
            line = lines.line
        except AttributeError:
            line = lines.line = http.client.HTTPConnection(urlsplit(api.url).netloc, timeout=60)
            opened.append(line)
        try:
            line.putrequest(request.method, request.target, skip_host="Host" in request.headers)
            for name, text in request.headers.items():
                line.putheader(name, text.encode("latin-1"))
            if request.body is not None or request.method in ("POST", "PUT", "PATCH"):
                line.putheader("Content-Length", str(len(request.body or b"")))
            line.endheaders(request.body)
            response = line.getresponse()
            content = response.read()
        except (http.client.HTTPException, OSError):
            line.close()
            raise
        statuses[response.status] += 1
        wrong = response.status not in request.allowed or any(trace in content for trace in TRACES)
        return (request, response.status, content[:300]) if wrong else None

    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = [each for each in pool.map(send, drawn) if each]
    for line in opened:
        line.close()

    shown = [
        f"{one.method} {one.target:.200} {dict(one.headers)} {one.body!r:.200}: {status} {content!r}"
        for one, status, content in wrong[:40]
    ]
    assert not wrong, f"seed {SEED}, {len(wrong)} of {COUNT}, {dict(statuses)}\n" + "\n\n".join(shown)
