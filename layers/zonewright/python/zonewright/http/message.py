"""Requests and responses in the form of API Gateway's HTTP API, payload version 2.0."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from zonewright import clock
from zonewright.model.users import Caller

Event = Mapping[str, Any]

_LOOPBACK = ("127.", "localhost", "[::1]")
_SCHEMES = ("http", "https")


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `path` and `query_string` are as received. Header names are in lower case.

    `parameters` are those of the path. `replaced` means that the gateway decoded the body as text. Then U+FFFD stands
    for bytes that were not UTF-8. `received` is the time by the service's clock, which a public endpoint has not.
    `source` is the address that connected to API Gateway.
    """

    id: str
    method: str
    path: str
    route: str = "$default"
    query_string: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    replaced: bool = False
    identity: Caller | None = None
    received: datetime = clock.EPOCH
    public_url: str = ""
    source: str = ""

    @classmethod
    def from_event(cls, event: Event, request_id: str, public_url: str = "") -> "Request":
        """Return the request of an event. `request_id` is the id of the invocation, for logs and responses.

        `public_url` is the URL of the service, if callers do not reach it by the host that the event names.
        """
        body = event.get("body") or ""
        return cls(
            id=request_id,
            method=event["requestContext"]["http"]["method"],
            path=event["rawPath"],
            route=event.get("routeKey", "$default"),
            query_string=event.get("rawQueryString", ""),
            headers={name.lower(): value for name, value in event.get("headers", {}).items()},
            parameters=event.get("pathParameters") or {},
            body=base64.b64decode(body) if event.get("isBase64Encoded") else body.encode(),
            replaced=bool(body) and not event.get("isBase64Encoded"),
            public_url=public_url,
            source=event["requestContext"]["http"].get("sourceIp", ""),
        )

    @property
    def caller(self) -> Caller:
        """The caller. A request to a public endpoint has none, and must not ask."""
        assert self.identity is not None, "a public endpoint has no caller"
        return self.identity

    @property
    def media_type(self) -> str:
        """The media type of the body, without parameters, in lower case. Empty without a `Content-Type`."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def query(self) -> dict[str, list[str]]:
        """The decoded parameters of the query, each with all its values in order."""
        values: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.query_string, keep_blank_values=True):
            values.setdefault(name, []).append(value)
        return values

    @property
    def base_url(self) -> str:
        """The URL of the service, without a final slash. Links begin with it.

        It is the public one, or else as the caller wrote it. A header that names another scheme than http and https is
        ignored.
        """
        if self.public_url:
            return self.public_url
        host = self.headers.get("host", "localhost")
        scheme = "http" if host.startswith(_LOOPBACK) else "https"
        sent = self.headers.get("x-forwarded-proto", "").lower()
        return f"{sent if sent in _SCHEMES else scheme}://{host}"


_ALWAYS = {"strict-transport-security": "max-age=31536000"}
"""Headers of every response: browsers come by HTTPS only, for a year (RFC 6797)."""


@dataclass(frozen=True, slots=True)
class Response:
    """One response. `body` is text, and empty if there is none.

    `kept` is the body to keep for a repeated request, if `body` has a secret (`keeping`). `instead` ends the refusal of
    a response that is too large: another way to what it has. `zone_id` is the zone that the request made, for the log.
    """

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    kept: str | None = None
    instead: str = ""
    zone_id: str | None = None

    @classmethod
    def json(cls, status: int, value: Any, headers: Mapping[str, str] | None = None) -> "Response":
        """Return a response whose body is `value` as JSON."""
        return cls(status, json.dumps(value), {"content-type": "application/json"} | dict(headers or {}))

    @classmethod
    def text(cls, status: int, body: str, headers: Mapping[str, str] | None = None) -> "Response":
        """Return a response whose body is plain text, unless `headers` has another type."""
        return cls(status, body, {"content-type": "text/plain; charset=UTF-8"} | dict(headers or {}))

    def secret(self) -> "Response":
        """Return this response, which has a secret, for no cache."""
        return replace(self, headers={**self.headers, "cache-control": "no-store"})

    def keeping(self, value: Any) -> "Response":
        """Return this response, which has a secret, for no cache, and with the JSON to keep: all but the secret."""
        return replace(self.secret(), kept=json.dumps(value))

    @property
    def octets(self) -> int:
        """The size of the response in API Gateway's form, as Lambda counts it."""
        return len(json.dumps(self.to_event()))

    def to_event(self) -> dict[str, Any]:
        """Return the response in API Gateway's form."""
        return {
            "statusCode": self.status,
            "headers": {**_ALWAYS, **self.headers},
            "body": self.body,
            "isBase64Encoded": False,
        }
