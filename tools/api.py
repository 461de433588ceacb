"""Client of the HTTP API, for the tour, the benchmark and the end-to-end tests."""

import http.client
import json
import os
import time
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: status, headers by lower-case name, and body. The body is parsed JSON, or else text."""

    status: int
    headers: dict[str, str]
    body: Any


class SyncFailed(Exception):
    """A sync ended as Failed. The text is the reason in its change."""


class Api:
    """Client of the service at `url`, with an API token."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token

    @classmethod
    def from_environment(cls, tenant: str = "") -> "Api":
        """Return a client of the local stack, from the variables of `credentials.env`. `tenant` is "" or "_2"."""
        return cls(os.environ["ZONEWRIGHT_URL"], os.environ[f"ZONEWRIGHT_TOKEN{tenant}"])

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send a request and return the response. A `body` other than bytes is sent as JSON."""
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        sent = {"X-Auth-Token": self.token, "Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)) as connection:
            connection.request(method, path, content, sent)
            response = connection.getresponse()
            text = response.read().decode()
        try:
            parsed = json.loads(text)
        except ValueError:
            parsed = text
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, parsed)

    def create(self, name: str, *masters: str, **fields: Any) -> dict[str, Any]:
        """Create a SECONDARY zone copied from `masters`, and return it. Its first sync may still run.

        Raise RuntimeError if it is refused.
        """
        answer = self.call("POST", "/v2/zones", {"name": name, "type": "SECONDARY", "masters": list(masters), **fields})
        if answer.status not in (201, 202):
            raise RuntimeError(f"creating {name}: {answer.status} {answer.body}")
        return answer.body

    def sync(self, zone_id: str, mode: str = "axfr") -> dict[str, Any]:
        """Begin a sync and return its change, Pending. Wait for the delay between two syncs.

        Raise RuntimeError if it is refused for another reason.
        """
        while True:
            answer = self.call("POST", f"/zones/{zone_id}/sync?mode={mode}")
            if answer.status == 200:
                return answer.body
            if answer.status != 400 or "recently synced" not in str(answer.body):
                raise RuntimeError(f"syncing {zone_id}: {answer.status} {answer.body}")
            time.sleep(0.1)

    def history(self, zone_id: str, most: int = 100) -> list[dict[str, Any]]:
        """Return the zone's changes, newest first."""
        return self.call("GET", f"/zones/{zone_id}/changes?maxItems={most}").body["zoneChanges"]

    def ended(self, zone_id: str, seconds: float = 120, pause: float = 0.02) -> dict[str, Any]:
        """Wait until the zone's newest change ends, well or not, and return it. Raise TimeoutError after `seconds`."""
        until = time.monotonic() + seconds
        while (change := self.history(zone_id, 1)[0])["status"] == "Pending":
            if time.monotonic() > until:
                raise TimeoutError(f"the sync of {zone_id} is not over after {seconds} s")
            time.sleep(pause)
        return change

    def synced(self, zone_id: str, seconds: float = 120) -> dict[str, Any]:
        """Wait until the zone's newest change is Synced, and return it. Raise SyncFailed, TimeoutError."""
        change = self.ended(zone_id, seconds)
        if change["status"] != "Synced":
            raise SyncFailed(change.get("systemMessage"))
        return change

    def recordsets(self, zone_id: str, limit: int = 1000) -> list[dict[str, Any]]:
        """Return all record sets of a zone, read page by page along `links.next`."""
        found: list[dict[str, Any]] = []
        path = f"/v2/zones/{zone_id}/recordsets?limit={limit}"
        while path:
            page = self.call("GET", path).body
            found += page["recordsets"]
            following = page["links"].get("next", "")
            path = following.removeprefix(self.url)
        return found


def fetch(link: str, method: str = "GET", body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    """Send a request to a link without credentials. Return the status and the body of the response."""
    parts = urlsplit(link)
    with closing(http.client.HTTPConnection(parts.netloc, timeout=60)) as connection:
        connection.request(method, f"{parts.path}?{parts.query}", body, headers)
        response = connection.getresponse()
        return response.status, response.read()


def upload(task: dict[str, Any], file: bytes, **changed: str) -> tuple[int, bytes]:
    """Send the file of an import by the form of its answer, with changed fields. Return status and body."""
    boundary = "zonewright-form"
    parts = [f'name="{name}"\r\n\r\n{text}'.encode() for name, text in {**task["upload_fields"], **changed}.items()]
    parts.append(b'name="file"; filename="zone"\r\n\r\n' + file)
    form = b"".join(b"--%s\r\nContent-Disposition: form-data; %s\r\n" % (boundary.encode(), part) for part in parts)
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return fetch(task["links"]["upload"], "POST", form + f"--{boundary}--\r\n".encode(), **kind)
