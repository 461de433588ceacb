"""Hostile requests: every operation of the API document, with parts that an attacker or a broken client sends.

    requests = Requests(document, places, seed=7)
    one = requests.next()                       # a `Hostile` request
    one.allowed                                 # the statuses that the document gives for it

The same seed makes the same requests. Each request is valid HTTP, so it reaches the service. Its path, query, headers,
credentials and body are drawn apart, and most are wrong in one or two of them only: a request that is wrong everywhere
ends at the first check.
"""

import base64
import json
import random
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

LONG = "a" * 6000
TEXTS = (
    *("", " ", "0", "-1", "1", "null", "undefined", "true", "NaN", "1e400", "9" * 40, "-9223372036854775809", "0x1F"),
    *(
        "%00",
        "%0a",
        "%0d%0aX-Evil: 1",
        "..",
        "../../etc/passwd",
        "..%2f..%2f",
        "//",
        "%",
        "%zz",
        "a%2Fb",
        "\\",
        "*",
        "?",
    ),
    *("' OR '1'='1", '"; DROP TABLE zones; --', "<script>alert(1)</script>", "${jndi:ldap://192.0.2.1/a}", "{{7*7}}"),
    *("$(id)", "`id`", "é", "名前.example.", "\U0001f512", "\u202e", "\ud7ff", "a" * 300, LONG, "." * 300),
    *("example.org.", "EXAMPLE.ORG", "*.example.org.", "-.example.", "1.2.3.4", "::1", "xn--a.example."),
    *("00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "urn:uuid:", "GROUP", "ZONE#"),
)
NUMBERS = (0, -1, 1, 2**31, 2**32, 2**53, 2**64, -(2**63), 10**40, 0.5, -0.0, 1e308)
VALUES: tuple[Any, ...] = (*TEXTS, *NUMBERS, None, True, False, [], {}, [[]], [None], [{}], {"a": {}}, ["a"] * 300)
BODIES = (
    *(b"", b" ", b"{", b"}", b"[]", b"null", b"0", b'""', b"{}", b'{"a":1,"a":2}', b"[" * 20_000, b'{"a":' * 5_000),
    *(
        b"\xff\xfe{}",
        b"\x00",
        b'"\xc3\x28"',
        b'{"name": "\\ud800"}',
        b'{"name": "\\u0000"}',
        b"NaN",
        b"1e400",
        b"9" * 5000,
    ),
    *(
        b'{"__proto__": {}}',
        b"<xml/>",
        b"a=1&b=2",
        b"--x\r\n",
        b'\xef\xbb\xbf{"name": "a.example."}',
        b"\x1f\x8b\x08\x00",
    ),
)
FILES = (
    *(
        b"",
        b"\n" * 5000,
        b"$INCLUDE /etc/passwd\n",
        b"$GENERATE 1-4294967295 a$ A 192.0.2.1\n",
        b"$TTL x\n",
        b"(" * 3000,
    ),
    *(
        b"$ORIGIN a.example.\n@ SOA a b 1 2 3 4 5\n@ NS a\n$GENERATE 0-99999999/1 h$ A 192.0.2.1\n",
        b'a TXT "',
        b"\xff" * 99,
    ),
    *(
        b"@ 1 IN SOA . . 1 1 1 1 1\n@ NS .\n",
        b"a " * 9000,
        b"\\",
        b"\\999 A 192.0.2.1\n",
        b"@ TYPE65535 \\# 70000 00\n",
    ),
)
TYPES = (
    "application/json",
    "text/dns",
    "",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "*",
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
HEADERS: dict[str, Sequence[str]] = {
    "Accept": ("text/dns", "application/json;q=0", "*/*;q=x", "image/png", ",,,", "a" * 3000),
    "Content-Encoding": ("gzip", "br", "identity, gzip", "a" * 200),
    "Content-Type": TYPES,
    "Idempotency-Key": ("a", "a" * 300, '"', "\x7f", "é", "0" * 64),
    "If-Match": ("*", '"a"', 'W/"1"', "a", '""', '"' * 99, "a" * 4000),
    "If-None-Match": ("*", '"a"', 'W/"1"', "a", '""', '"' * 99, "a" * 4000),
    "X-Auth-All-Projects": ("true", "1", "maybe"),
    "X-Auth-Sudo-Project-ID": ("a", "*", LONG, "../x", "é"),
    "X-Auth-Sudo-Tenant-ID": ("a", "%00"),
    "X-Designate-Delete-Shares": ("true", "x"),
    "X-Designate-Edit-Managed-Records": ("true", "x"),
    "OpenStack-DNS-Hide-Counts": ("true", "x"),
    "X-HTTP-Method-Override": ("DELETE",),
    "X-Forwarded-For": ("127.0.0.1, 127.0.0.1", "a" * 2000),
    "X-Forwarded-Proto": ("https", "javascript"),
    "Forwarded": ("host=evil.example;proto=https",),
    "Range": ("bytes=0-1", "bytes=-1"),
    "Expect": ("",),
    "Cookie": ("a=b",),
}
SIGNED = "AWS4-HMAC-SHA256 Credential={key}/{scope}/aws4_request, SignedHeaders={headers}, Signature={signature}"
UNDOCUMENTED = {308, 404, 405}
"""What a path or method that is not in the document answers. 308 is for a slash at the end."""


@dataclass(frozen=True, slots=True)
class Hostile:
    """One request, and the statuses that its answer may have. `target` is the path with its query."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes | None
    allowed: frozenset[int]


class Requests:
    """Hostile requests from an OpenAPI `document`.

    `places` has values of each path parameter that exist, of the caller and of others. `tokens` are credentials, and
    `access_keys` names of keys whose secret the requests do not know.
    """

    def __init__(
        self,
        document: Mapping[str, Any],
        places: Mapping[str, Sequence[str]],
        *,
        tokens: Sequence[str],
        access_keys: Sequence[str],
        seed: int,
    ) -> None:
        self._chance = random.Random(seed)
        self._places = places
        self._tokens = tuple(tokens)
        self._access_keys = tuple(access_keys)
        self._schemas = document["components"]["schemas"]
        self._operations = [
            (method.upper(), path, operation)
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
            if method != "parameters"
        ]
        self._paths = sorted(document["paths"])

    def next(self) -> Hostile:
        """Return the next request."""
        pick = self._chance
        method, path, operation = pick.choice(self._operations)
        wrong = {
            pick.choice(("path", "query", "headers", "credentials", "body", "method", "nothing")) for _ in range(2)
        }
        allowed = frozenset(int(status) for status in operation["responses"] if status != "500")
        filled = re.sub(r"\{(\w+)\}", lambda found: self._place(found[1], hostile="path" in wrong), path)
        if "path" in wrong and pick.random() < 0.2:
            filled, allowed = self._strange(filled), allowed | UNDOCUMENTED
        if "path" in wrong:  # an odd id may make it the path of another operation, or of none
            allowed |= self._all() | UNDOCUMENTED
        if "method" in wrong:
            method, allowed = pick.choice(METHODS), self._all() | UNDOCUMENTED
        headers = self._credentials(hostile="credentials" in wrong)
        body = None
        if method in ("POST", "PUT", "PATCH") or pick.random() < 0.05:
            kind, body = self._body(operation, hostile="body" in wrong)
            headers["Content-Type"] = kind
        for name in pick.sample(sorted(HEADERS), pick.randint(1, 3)) if "headers" in wrong else ():
            headers[name] = pick.choice(HEADERS[name])
        query = self._query(operation, hostile="query" in wrong)
        headers = {name: text.encode("utf-8").decode("latin-1") for name, text in headers.items()}
        return Hostile(method, filled + (f"?{query}" if query else ""), headers, body, allowed)

    def _all(self) -> frozenset[int]:
        return frozenset(
            int(status) for _, _, each in self._operations for status in each["responses"] if status != "500"
        )

    def _text(self) -> str:
        return self._chance.choice(TEXTS)

    def _place(self, name: str, *, hostile: bool) -> str:
        if hostile and self._chance.random() < 0.7:
            text = self._text()
            return quote(text, safe="%/" if "%" in text and self._chance.random() < 0.5 else "")
        known = self._places.get(name, ())
        return (
            self._chance.choice(known) if known and self._chance.random() < 0.8 else str(uuid.UUID(int=self._bits(128)))
        )

    def _bits(self, count: int) -> int:
        return self._chance.getrandbits(count)

    def _strange(self, path: str) -> str:
        changes: tuple[Callable[[str], str], ...] = (
            lambda text: text + "/",
            lambda text: text.replace("/", "//", 1),
            lambda text: text + "/" + quote(self._text(), safe=""),
            lambda text: text.upper(),
            lambda text: "/v1" + text,
            lambda text: text.rsplit("/", 1)[0] or "/",
            lambda text: text + ";a=b",
            lambda text: text.replace("/", "/./", 1),
            lambda text: text.replace("/", "%2f"),
        )
        return self._chance.choice(changes)(path)

    def _credentials(self, *, hostile: bool) -> dict[str, str]:
        if not hostile:
            return {"X-Auth-Token": self._chance.choice(self._tokens)}
        odd = self._chance.choice(("none", "token", "signature", "both", "other"))
        token = {
            "X-Auth-Token": self._chance.choice(("", "a", LONG, "é", "Bearer x", "0" * 64, self._tokens[0][:-1] + "x"))
        }
        signature = {"Authorization": self._signature(), "X-Amz-Date": self._date(), "Host": "evil.example"}
        other = {
            "Authorization": self._chance.choice(
                ("Basic YTpi", "Bearer " + "x" * 99, "AWS4-HMAC-SHA256", "AWS " + LONG)
            )
        }
        return {"none": {}, "token": token, "signature": signature, "both": token | signature, "other": other}[odd]

    def _signature(self) -> str:
        pick = self._chance.choice
        return SIGNED.format(
            key=pick((*self._access_keys, "a", LONG, "é", "", "a/b/c/d")),
            scope=pick(("20261128/us-east-1/VinylDNS", "00000000/a/b", "99999999/us-east-1/VinylDNS", "x", "//")),
            headers=pick(("host;x-amz-date", "host", "", "host;host", "a" * 2000, "content-length;host", "é")),
            signature=pick(("0" * 64, "", "x", LONG, "é" * 64)),
        )

    def _date(self) -> str:
        return self._chance.choice(
            ("20261128T120000Z", "99999999T999999Z", "00000000T000000Z", "20260230T120000Z", "x", "", "1" * 300, "é")
        )

    def _query(self, operation: Mapping[str, Any], *, hostile: bool) -> str:
        names = [each["name"] for each in operation.get("parameters", []) if each["in"] == "query"]
        chosen = [name for name in names if self._chance.random() < 0.2]
        if hostile:
            chosen += [self._chance.choice((*names, "unknown", "limit", "a[]", "", "__class__"))]
            chosen += chosen[:1] * self._chance.randint(0, 2)
        pairs = []
        for name in chosen:
            text = self._text() if hostile else self._chance.choice(("1", "10", "name", "asc", "A", "true", "refresh"))
            pairs.append(f"{quote(name)}={quote(text, safe='')}")
        if hostile and self._chance.random() < 0.1:
            pairs.append(self._chance.choice(("=", "&&", "%zz=1", "a=%ff%fe", "limit", "a=b=c", "x" * 4000)))
        return "&".join(pairs)

    def _body(self, operation: Mapping[str, Any], *, hostile: bool) -> tuple[str, bytes | None]:
        contents = operation.get("requestBody", {}).get("content", {})
        if "text/dns" in contents and self._chance.random() < 0.3:
            return "text/dns", self._chance.choice(FILES)
        if not contents or (hostile and self._chance.random() < 0.4):
            return self._chance.choice(TYPES) if hostile else "application/json", self._chance.choice(BODIES)
        schema = next(iter(contents.values())).get("schema", {})
        made = self._value(schema, 0, hostile=hostile)
        if hostile and isinstance(made, dict) and self._chance.random() < 0.3:
            made[self._chance.choice(("id", "unknown", "pool_id", "project_id", "status", "serial", ""))] = self._odd()
        return "application/json", json.dumps(made).encode()

    def _odd(self) -> Any:
        return self._chance.choice(VALUES)

    def _value(self, schema: Any, depth: int, *, hostile: bool) -> Any:
        """Return a value of a schema, in which a hostile one has odd values here and there."""
        if not isinstance(schema, Mapping) or depth > 8 or (hostile and self._chance.random() < 0.25):
            return self._odd()
        if "$ref" in schema:
            return self._value(self._schemas[schema["$ref"].rpartition("/")[2]], depth + 1, hostile=hostile)
        for choice in ("oneOf", "anyOf", "allOf"):
            if choice in schema:
                return self._value(self._chance.choice(schema[choice]), depth + 1, hostile=hostile)
        if "enum" in schema:
            return self._chance.choice(schema["enum"])
        if "const" in schema:
            return schema["const"]
        return self._plain(schema, depth, hostile=hostile)

    def _plain(self, schema: Mapping[str, Any], depth: int, *, hostile: bool) -> Any:
        kind = schema.get("type")
        if kind == "object" or "properties" in schema:
            fields = schema.get("properties", {})
            kept = [name for name in fields if name in schema.get("required", ()) or self._chance.random() < 0.5]
            return {name: self._value(fields[name], depth + 1, hostile=hostile) for name in kept}
        if kind == "array":
            return [
                self._value(schema.get("items", {}), depth + 1, hostile=hostile)
                for _ in range(self._chance.randint(0, 3))
            ]
        if kind in ("integer", "number"):
            return (
                self._chance.choice((1, 60, 300, 3600, *NUMBERS))
                if hostile
                else self._chance.choice((1, 60, 300, 3600))
            )
        if kind == "boolean":
            return self._chance.random() < 0.5
        return self._string(schema)

    def _string(self, schema: Mapping[str, Any]) -> str:
        if "example" in schema and self._chance.random() < 0.5:
            return str(schema["example"])
        fresh = f"h{self._bits(40):x}.example."
        secret = base64.b64encode(self._bits(64).to_bytes(8, "big")).decode()
        return self._chance.choice(
            (fresh, "joe@example.org", "192.0.2.1", "127.0.0.1:1", secret, str(uuid.UUID(int=self._bits(128))))
        )
