"""The faults that the local stack injects (`tools/stack/faults.py`), and callers that live with them."""

import http.client
import json
import os
import re
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager

from api import Api

PATH = "/_zonewright/faults"

LATE = 9
"""Seconds after which nothing of a request that was answered with an error is still on its way to AWS."""


class Faults:
    """The faults of the first stack. Without ZONEWRIGHT_FAULTS there are none, and nothing to change."""

    def __init__(self):
        self._port = int(os.environ.get("ZONEWRIGHT_AWS_PORT", "4566"))
        self.share = float(os.environ.get("ZONEWRIGHT_FAULTS") or 0)

    def struck(self):
        """Return the number of faults so far by service and kind, and of bursts."""
        return self._ask("GET")["struck"] if self.share else {}

    def set(self, share):
        """Change the share of the calls that fail, and end all bursts."""
        if self.share:
            self._ask("PUT", {"share": share})

    @contextmanager
    def calm(self):
        """Inject nothing for a while."""
        self.set(0)
        try:
            yield
        finally:
            self.set(self.share)

    def _ask(self, method, body=None):
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)) as connection:
            connection.request(method, PATH, json.dumps(body))
            answer = connection.getresponse()
            assert answer.status == 200
            return json.loads(answer.read())


def went_wrong(answer):
    """Return whether the service says that it failed, and that the request may be repeated.

    Assert that it says so in the form of its dialect. A dead or timed out function has another one.
    """
    if answer.status == 409 and isinstance(answer.body, dict):
        return answer.body.get("type") in {"zone_busy", "idempotency_key_in_use"}
    if answer.status < 500:
        return False
    if isinstance(answer.body, dict):
        assert (answer.status, answer.body.get("code"), answer.body.get("type")) == (500, 500, "unknown"), answer
    else:
        assert (answer.status, answer.body) == (500, "There was an internal server error."), answer
    return True


FAULTS = re.compile(
    "an internal error, logged under|the service has too much to do|others are changing the same zone"
    "|the sync could not be started|it was abandoned: its lease ran out|is no longer held by sync"
)
"""Reasons of syncs that failed because AWS did."""


class Patient(Api):
    """The API to somebody who repeats a GET while the service fails, and counts that in `failures`."""

    def __init__(self, url, token, patience=90):
        super().__init__(url, token)
        self.failures = Counter()
        self._patience = patience
        self._counting = threading.Lock()

    ask = Api.call

    def call(self, method, path, body=None, **headers):
        """Send a request, a GET until it is answered well or refused for a reason of its own."""
        until = time.monotonic() + self._patience
        while went_wrong(answer := super().call(method, path, body, **headers)):
            with self._counting:
                self.failures[f"{method} {answer.status}"] += 1
            if method != "GET":
                break
            assert time.monotonic() < until, answer
            time.sleep(0.3)
        return answer
