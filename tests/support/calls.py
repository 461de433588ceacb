"""Send events to handlers, and read whole answers."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from support import document
from support.places import EVENTS

NOW = datetime(2026, 1, 15, 12, 34, 56, 275934, tzinfo=UTC)
REQUEST_ID = "9d0b5b4c-3f5e-4a55-9d4f-0d6f0c7a3f11"
CONTEXT = SimpleNamespace(aws_request_id="request-7")
TOKEN = "zw_0123456789abcdefghijklmnopqrstuv"  # the token in events/
STRANGERS_TOKEN = "zw_stranger"
STRANGER = {"x-auth-token": STRANGERS_TOKEN}
NOBODYS = "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3"  # the id of nothing
HOST = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"
BASE = f"{HOST}/v2/zones"
GROUP = "cf00d1e4-46f1-493a-a3be-0ae79dd306a5"
STRANGERS_GROUP = "5a0c6b1e-7a5a-4a5d-9a0f-2f5b1f3c9c01"


def sample(name: str) -> dict[str, Any]:
    """Return an event of events/."""
    loaded: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return loaded


def event(name: str, **changes: Any) -> dict[str, Any]:
    """Return an event of events/ with changes.

    `headers` are merged; None deletes one. `zone` and `part` replace the first and the second parameter of the path.
    `json` becomes the body. `method` and other fields are replaced.
    """
    loaded = sample(name)
    headers = loaded["headers"] | changes.pop("headers", {})
    loaded["headers"] = {name: value for name, value in headers.items() if value is not None}
    given = [changes.pop(each) for each in ("zone", "part") if each in changes]
    for (parameter, old), new in zip(list(loaded.get("pathParameters", {}).items()), given, strict=False):
        loaded["pathParameters"][parameter] = new
        loaded["rawPath"] = loaded["rawPath"].replace(old, new)
    if "json" in changes:
        loaded["body"] = json.dumps(changes.pop("json"))
    if "method" in changes:
        loaded["requestContext"]["http"]["method"] = changes.pop("method")
    return loaded | changes


def call(handler: Any, sent: dict[str, Any], *, documented: bool = True) -> "Answer":
    """Return a handler's answer to an event. If `documented`, assert that both match the OpenAPI document."""
    context = SimpleNamespace(aws_request_id=REQUEST_ID, get_remaining_time_in_millis=lambda: 29_000)
    answer = handler(sent, context)
    assert answer["isBase64Encoded"] is False
    assert answer["headers"].pop("strict-transport-security") == "max-age=31536000"
    if documented:
        document.check(sent, answer["statusCode"], answer["headers"], answer["body"])
    return Answer(answer["statusCode"], answer["body"], answer["headers"])


@dataclass(frozen=True)
class Answer:
    """The answer of a handler."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


def refused(answer, kind, message, status=400):
    """Assert that an answer is a refusal of this `type`, and that its message contains `message`."""
    assert (answer.status, answer.json["type"]) == (status, kind)
    assert message in answer.json["message"]
