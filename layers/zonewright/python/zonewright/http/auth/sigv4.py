"""Verify AWS Signature Version 4 as VinylDNS's clients make it (contract `vinyldns.md`, section 1).

A client hashes a *canonical request*: method, path, query, signed headers and hash of the body. It signs that hash, a
timestamp and a scope with a key derived from its secret. This module builds the same text and compares.

Clients differ in details of the canonical form. Each of these forms is tried:

| part      | forms                                                                                          |
| path      | as received; percent-encoded once more, as botocore does                                       |
| query     | decoded and encoded again; as received; both also without blank values, which some signers drop |
| headers   | values as received; with white space trimmed and collapsed, as botocore does                   |
| body      | as received; if empty, also `null`, which clients sign and some front ends strip               |
| timestamp | the request's; a second later, because vinyldns-python reads the clock twice                   |

Every form covers the same method, path, parameters, headers and body. So no form accepts unsigned content. A request
whose signer dropped blank values loses them. The scope may name any region and service; they only affect the key.
"""

import hashlib
import hmac
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, quote

from zonewright.errors import NotAuthenticated
from zonewright.http.message import Request

ALGORITHM = "AWS4-HMAC-SHA256"

_AUTHORIZATION = re.compile(
    ALGORITHM + r" Credential=(?P<access_key>[^/]*)/(?P<scope>\d{8}/[^/]*/[^/]*/aws4_request),\s*"
    r"SignedHeaders=(?P<signed>[^,\s]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)
_DATE_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_PATH_SAFE = "/%!$&'()*+,;=:@"  # RFC 3986 section 3.3, and `%` of encoded characters


@dataclass(frozen=True, slots=True)
class Signature:
    """The content of an Authorization header: access key, scope, names of the signed headers, and signature."""

    access_key: str
    scope: str
    signed_headers: str
    value: str

    @property
    def names(self) -> list[str]:
        """Names of the signed headers in lower case, in the order of the canonical request."""
        return sorted(name.lower() for name in self.signed_headers.split(";"))


def parse(authorization: str | None) -> Signature:
    """Return the signature in an Authorization header. Raise NotAuthenticated if it is missing or unreadable."""
    if authorization is None:
        raise NotAuthenticated("Authorization header not found")
    match = _AUTHORIZATION.match(authorization)
    if match is None:
        raise NotAuthenticated("Authorization header could not be parsed")
    if not match["access_key"]:
        raise NotAuthenticated("accessKey not found")
    return Signature(match["access_key"], match["scope"], match["signed"], match["signature"])


def verify(signature: Signature, secret: str, request: Request, now: datetime, skew: int) -> Request:
    """Return `request` as `secret` signed it, without unsigned blank parameters.

    Raise NotAuthenticated if it did not sign the request, or not within `skew` seconds of `now`.
    """
    moment = _signed_moment(signature, request)
    if abs(now - moment) > timedelta(seconds=skew):
        raise NotAuthenticated(f"Request is dated {moment:{_DATE_FORMAT}}, over {skew} s from {now:{_DATE_FORMAT}}")
    key = b"AWS4" + secret.encode()
    for part in signature.scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    for sent in (request, _without_blanks(request)):
        if any(
            hmac.compare_digest(hmac.digest(key, text.encode(), "sha256").hex(), signature.value)
            for text in _strings_to_sign(signature, sent, moment)
        ):
            return sent
    raise NotAuthenticated("Request signature could not be validated")


def _without_blanks(request: Request) -> Request:
    """Return the request without the parameters of its query that have no value."""
    kept = [pair for pair in request.query_string.split("&") if pair.partition("=")[2]]
    return replace(request, query_string="&".join(kept))


def _signed_moment(signature: Signature, request: Request) -> datetime:
    """Return the date of the signature. Raise NotAuthenticated unless that header and `host` are signed."""
    header = "x-amz-date" if "x-amz-date" in request.headers else "date"
    missing = [name for name in ("host", header) if name not in signature.names or name not in request.headers]
    if missing:
        raise NotAuthenticated(f"Request must have a signed {missing[0]} header")
    moment = _moment(request.headers[header].strip())
    if moment is None:
        raise NotAuthenticated(f"Request has a {header} header that is not a date")
    return moment


def _moment(text: str) -> datetime | None:
    """Return a date in ISO 8601 basic form or in the form of mail (RFC 822). Return None for any other text."""
    try:
        if re.fullmatch(r"\d{8}T\d{6}Z", text, re.ASCII):
            return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        moment = parsedate_to_datetime(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # a year or an offset that no clock has
        return None


def _strings_to_sign(signature: Signature, request: Request, moment: datetime) -> Iterator[str]:
    """Yield each text that the client may have signed, the most likely first."""
    moments = [each for each in (moment, moment + timedelta(seconds=1)) if f"{each:%Y%m%d}" == signature.scope[:8]]
    hashes = dict.fromkeys(
        hashlib.sha256(text.encode()).hexdigest() for text in _canonical_requests(signature, request)
    )
    for when, digest in itertools.product(moments, hashes):
        yield f"{ALGORITHM}\n{when:%Y%m%dT%H%M%SZ}\n{signature.scope}\n{digest}"


def _canonical_requests(signature: Signature, request: Request) -> Iterator[str]:
    forms = itertools.product(
        _paths(request.path), _queries(request.query_string), _header_blocks(signature, request), _bodies(request.body)
    )
    for path, query, headers, body in forms:
        yield f"{request.method}\n{path}\n{query}\n{headers}\n{signature.signed_headers}\n{body}"


def _paths(path: str) -> tuple[str, ...]:
    encoded = quote(_without_dots(path), safe=_PATH_SAFE)  # a front end may have decoded it
    return encoded, quote(encoded, safe="/~")


def _without_dots(path: str) -> str:
    """Remove dot segments (RFC 3986 section 5.2.4) and empty segments, as every AWS signer does."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    return "/" + "/".join(kept) + ("/" if kept and path.endswith("/") else "")


def _queries(query: str) -> tuple[str, ...]:
    pairs = parse_qsl(query, keep_blank_values=True)
    verbatim = sorted(pair.partition("=")[::2] for pair in query.split("&")) if query else []
    return (
        _join(sorted({(_encode(name), _encode(value)) for name, value in pairs})),
        _join(verbatim),
    )


def _join(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{name}={value}" for name, value in pairs)


def _encode(text: str) -> str:
    return quote(text, safe="~")


def _header_blocks(signature: Signature, request: Request) -> tuple[str, ...]:
    headers = {"content-length": str(len(request.body))} | dict(request.headers)
    present = [(name, headers[name]) for name in signature.names if name in headers]
    return (
        "".join(f"{name}:{value}\n" for name, value in present),
        "".join(f"{name}:{' '.join(value.split())}\n" for name, value in present),
    )


def _bodies(body: bytes) -> tuple[str, ...]:
    return tuple(hashlib.sha256(each).hexdigest() for each in ((body,) if body else (b"", b"null")))
