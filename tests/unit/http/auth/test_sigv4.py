from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

import botocore.auth
import botocore.awsrequest
import pytest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st
from zonewright.errors import NotAuthenticated
from zonewright.http.auth import sigv4
from zonewright.http.message import Request

SECRET = "okSecretKey"
SIGNED_AT = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
SCOPE = "20260115/us-east-1/VinylDNS/aws4_request"
SIGNED_HEADERS = "accept;content-type;host;x-amz-date;x-amz-target"
SYNC = "/zones/621a13df-a2e3-4394-84c0-3eb3a664dff4/sync"
NEW_ZONE = b'{"name": "ok1.", "email": "test@test.com", "adminGroupId": "9b22b686-54bc-47fb-a8f8-cdc48e6d04ae"}'
HEADERS = {
    "accept": "application/json, text/plain",
    "content-type": "application/json",
    "date": "Thu, 15 Jan 2026 12:34:56 GMT",
    "host": "localhost:9000",
    "x-amz-date": "20260115T123456Z",
    "x-amz-target": "VinylDNS",
}
V1 = "914fc867eb3e86d6ffa4e4380fb6c3c3b16a2e84e84b0dace6bbf3a305852776"
V2 = "f2d8b3f048e811212db0e310abafa8519781decf15789fc7f6768111a6aa9595"
V3 = "1efae5f80c6c6ae25ea0eabcd8a8b6ba24abc82e771d888d77c213b08792b36a"
V4 = "191e4cff2f6fc2c7b4690707943657714df976a1402cfe89499fe7f392b87bba"


def request(method="POST", path=SYNC, query="", body=b"null", headers=HEADERS):
    return Request("r", method, path, query_string=query, headers=headers, body=body)


def authorization(value=V1, signed=SIGNED_HEADERS, key="okAccessKey", scope=SCOPE):
    return f"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={signed}, Signature={value}"


def check(request, header=None, now=SIGNED_AT, skew=900):
    return sigv4.verify(sigv4.parse(header or authorization()), SECRET, request, now, skew)


def refusal(request, header=None, now=SIGNED_AT):
    with pytest.raises(NotAuthenticated) as caught:
        check(request, header, now)
    return caught.value.message


@pytest.mark.parametrize(
    ("signature", "sent"),
    [
        pytest.param(V1, request(), id="V1"),
        pytest.param(V2, request("GET", "/zones", "nameFilter=*ok+1.&maxItems=3&ignoreAccess=true"), id="V2"),
        pytest.param(V3, request("POST", "/zones", body=NEW_ZONE), id="V3"),
        pytest.param(V4, request("GET", "/zones/name/192%2F30.1.0.192.in-addr.arpa."), id="V4"),
    ],
)
def test_vectors_of_the_contract_verify(signature, sent):
    check(sent, authorization(signature))


def test_a_body_that_a_front_end_stripped_verifies_as_null():
    check(request(body=b""))


def test_a_blank_query_parameter_may_be_left_out_of_the_signature():
    query = "nameFilter=*ok+1.&maxItems=3&ignoreAccess=true"
    sent = request("GET", "/zones", "nameFilter=*ok+1.&startFrom=&maxItems=3&ignoreAccess=true&recordTypeFilter")

    assert check(sent, authorization(V2)) == replace(sent, query_string=query)  # and is not part of the request


def test_a_signed_blank_parameter_stays():
    sent = request("GET", "/zones", "startFrom=&maxItems=3")

    assert check(sent, authorization(sign(sent=sent))) == sent


def test_spaces_after_the_commas_of_the_header_are_optional():
    check(request(), authorization().replace(", ", ","))


def test_a_signature_of_the_next_second_verifies():
    later = sign(at=SIGNED_AT + timedelta(seconds=1))

    check(request(), authorization(later))


def test_a_signature_of_two_seconds_later_does_not():
    later = sign(at=SIGNED_AT + timedelta(seconds=2))

    assert refusal(request(), authorization(later)) == FAILED_SIGNATURE


FAILED_SIGNATURE = "Request signature could not be validated"


@pytest.mark.parametrize(
    "tampered",
    [
        pytest.param(request(body=b"{}"), id="body"),
        pytest.param(request(path=SYNC.replace("621a", "621b")), id="path"),
        pytest.param(request(query="force=true"), id="query"),
        pytest.param(request(method="PUT"), id="method"),
        pytest.param(request(headers=HEADERS | {"host": "elsewhere:9000"}), id="host"),
        pytest.param(request(headers=HEADERS | {"host": "localhost"}), id="port"),
        pytest.param(request(headers=HEADERS | {"x-amz-date": "20260115T123458Z"}), id="date"),
        pytest.param(request(headers={**HEADERS, "x-amz-target": "Other"}), id="signed header"),
    ],
)
def test_whatever_is_signed_cannot_be_changed(tampered):
    assert refusal(tampered) == FAILED_SIGNATURE


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(authorization("0" * 64), id="value"),
        pytest.param(authorization(scope="20260115/eu-west-1/VinylDNS/aws4_request"), id="region"),
        pytest.param(authorization(scope="20260114/us-east-1/VinylDNS/aws4_request"), id="day"),
        pytest.param(authorization(signed="accept;content-type;host;x-amz-date"), id="fewer headers"),
    ],
)
def test_a_changed_authorization_does_not_verify(header):
    assert refusal(request(), header) == FAILED_SIGNATURE


def test_another_secret_does_not_verify():
    with pytest.raises(NotAuthenticated, match="could not be validated"):
        sigv4.verify(sigv4.parse(authorization()), "other", request(), SIGNED_AT, 900)


@pytest.mark.parametrize("seconds", [-900, 900])
def test_a_request_within_the_skew_verifies(seconds):
    check(request(), now=SIGNED_AT + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("seconds", "clock"), [pytest.param(901, "12:49:57", id="old"), pytest.param(-901, "12:19:55", id="future")]
)
def test_a_request_outside_the_skew_is_refused(seconds, clock):
    message = refusal(request(), now=SIGNED_AT + timedelta(seconds=seconds))

    assert message == (f"Request is dated 2026-01-15T12:34:56Z, over 900 s from 2026-01-15T{clock}Z")


def test_the_date_header_serves_where_there_is_no_x_amz_date():
    signed = "date;host"
    headers = {"host": "localhost:9000", "date": "Thu, 15 Jan 2026 12:34:56 GMT"}
    signature = sign(signed=signed, headers=headers)

    check(request(headers=headers), authorization(signature, signed))


@pytest.mark.parametrize(
    ("signed", "headers", "message"),
    [
        pytest.param("accept;x-amz-date", HEADERS, "must have a signed host header", id="host unsigned"),
        pytest.param("accept;host", HEADERS, "must have a signed x-amz-date header", id="date unsigned"),
        pytest.param("date;host", HEADERS, "must have a signed x-amz-date header", id="the other date signed"),
        pytest.param("date;host", {"host": "x"}, "must have a signed date header", id="no date"),
        pytest.param("host;x-amz-date", {"x-amz-date": "20260115T123456Z"}, "a signed host header", id="no host"),
        pytest.param(
            "host;x-amz-date", HEADERS | {"x-amz-date": "soon"}, "x-amz-date header that is not a date", id="no time"
        ),
        pytest.param(
            "host;x-amz-date", HEADERS | {"x-amz-date": "20261315T123456Z"}, "that is not a date", id="month 13"
        ),
    ],
)
def test_host_and_a_date_must_be_signed(signed, headers, message):
    assert message in refusal(request(headers=headers), authorization(signed=signed))


@pytest.mark.parametrize(
    ("header", "message"),
    [
        pytest.param(None, "Authorization header not found", id="none"),
        pytest.param("", "Authorization header could not be parsed", id="empty"),
        pytest.param("Basic b2s6b2s=", "Authorization header could not be parsed", id="other scheme"),
        pytest.param(" " + authorization(), "Authorization header could not be parsed", id="not at the start"),
        pytest.param(
            authorization(scope="20260115/aws4_request"), "Authorization header could not be parsed", id="scope"
        ),
        pytest.param(authorization(key=""), "accessKey not found", id="no key"),
    ],
)
def test_an_unreadable_authorization_header_says_why(header, message):
    with pytest.raises(NotAuthenticated) as caught:
        sigv4.parse(header)

    assert caught.value.message == message


def sign(at=SIGNED_AT, signed=SIGNED_HEADERS, headers=HEADERS, sent=None):
    """The signature botocore makes of a request, by its own parts, at a moment of our choosing."""
    auth = botocore.auth.SigV4Auth(Credentials("okAccessKey", SECRET), "VinylDNS", "us-east-1")
    sent = sent or request(headers=headers)
    names = signed.split(";")
    aws = botocore.awsrequest.AWSRequest(
        sent.method,
        f"http://{headers['host']}{sent.path}?{sent.query_string}",
        {name: headers[name] for name in names},
        sent.body,
    )
    aws.context["timestamp"] = f"{at:%Y%m%dT%H%M%SZ}"
    return auth.signature(auth.string_to_sign(aws, auth.canonical_request(aws)), aws)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=8)
SEGMENTS = NAMES.filter(lambda text: text not in (".", ".."))


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    path=st.lists(SEGMENTS, max_size=4),
    query=st.lists(st.tuples(NAMES, NAMES), max_size=4),
    spaced=st.sampled_from(["plain", "  two   words "]),
    body=st.binary(max_size=40),
)
def test_what_botocore_signs_verifies_and_nothing_else(method, path, query, spaced, body):
    url = "/" + "/".join(quote(segment, safe="") for segment in path)
    wire_query = urlencode(query)
    aws = botocore.awsrequest.AWSRequest(
        method,
        f"https://api.example.net:8443{url}?{wire_query}",
        {"X-Custom": spaced, "Content-Type": "application/json"},
        body,
    )
    botocore.auth.SigV4Auth(Credentials("okAccessKey", SECRET), "execute-api", "eu-west-3").add_auth(aws)
    headers = {name.lower(): value for name, value in aws.headers.items()} | {"host": "api.example.net:8443"}
    sent = Request("r", method, url, query_string=wire_query, headers=headers, body=body)
    signature = sigv4.parse(headers["authorization"])
    now = datetime.now(UTC)

    sigv4.verify(signature, SECRET, sent, now, 900)

    with pytest.raises(NotAuthenticated):
        sigv4.verify(signature, SECRET, replace(sent, body=body + b"x"), now, 900)


@pytest.mark.parametrize("declared", ["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "the hash"])
def test_a_declared_payload_hash_counts_only_if_it_is_the_bodys(declared):
    body_hash = "74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b"
    headers = {
        "host": "localhost:9000",
        "x-amz-content-sha256": body_hash if declared == "the hash" else declared,
        "x-amz-date": "20260115T123456Z",
    }
    signed = "host;x-amz-content-sha256;x-amz-date"
    header = authorization(sign(signed=signed, headers=headers), signed)

    if declared == "the hash":
        check(request(headers=headers), header)
    else:
        assert refusal(request(headers=headers), header) == FAILED_SIGNATURE


@given(st.text(max_size=40))
def test_any_text_for_a_date_is_an_answer_not_a_fault(text):
    for name in ("x-amz-date", "date"):
        headers = {"host": "x", name: text}
        with pytest.raises(NotAuthenticated):
            check(request(headers=headers), authorization(signed=f"{name};host"))
