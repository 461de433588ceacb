"""The deployed API over plain HTTP: what both dialects answer, from API Gateway down, where nothing is transferred."""

import http.client
import json
import os
import re
from contextlib import closing
from urllib.parse import unquote, urlsplit

import pytest
from api import Answer
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from support.calls import NOBODYS

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore"),
]

JSON = {"Content-Type": "application/json"}
FAILED = "Authentication Failed: "
UNAUTHORIZED = "The request you have made requires authentication. "


@pytest.fixture
def raw(api):
    """One request with these headers and no others."""

    def send(method, path, headers=JSON, content=None):
        with closing(http.client.HTTPConnection(urlsplit(api.url).netloc, timeout=60)) as connection:
            connection.request(method, path, content, dict(headers))
            response = connection.getresponse()
            text = response.read().decode()
        kind = response.headers.get("content-type", "")
        body = json.loads(text) if kind.startswith("application/json") and text else text
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)

    return send


@pytest.fixture
def signed(api, raw):
    """One request, signed by botocore as vinyldns-python has it sign."""

    def send(method, path, content=b"null", key=None, secret=None, sent=None):
        credentials = Credentials(
            key or os.environ["ZONEWRIGHT_ACCESS_KEY"], secret or os.environ["ZONEWRIGHT_SECRET_KEY"]
        )
        request = AWSRequest(method, api.url + path, headers=JSON | {"X-Amz-Target": "VinylDNS"}, data=content)
        SigV4Auth(credentials, "VinylDNS", "us-east-1").add_auth(request)
        return raw(method, path, dict(request.headers.items()), content if sent is None else sent)

    return send


def refused(answer, status, kind, message):
    """A refusal in Designate's words; its request id is the header's."""
    body = answer.body
    assert (answer.status, body["code"], body["type"], body["message"]) == (status, status, kind, message)
    assert re.fullmatch(r"req-[0-9a-f-]{36}", body["request_id"])
    assert answer.headers["x-openstack-request-id"] == body["request_id"]
    assert answer.headers["content-type"] == "application/json"


def said(answer, status, message, kind="text/plain; charset=UTF-8"):
    """A refusal in VinylDNS's words, a pattern."""
    assert answer.status == status
    assert re.fullmatch(message, answer.body), answer.body
    assert answer.headers["content-type"] == kind


def count(api):
    """How many zones the first tenant has."""
    return api.call("GET", "/v2/zones?limit=1").body["metadata"]["total_count"]


ROUTES = [
    ("GET", "/v2/zones"),
    ("POST", "/v2/zones"),
    ("GET", f"/v2/zones/{NOBODYS}"),
    ("PATCH", f"/v2/zones/{NOBODYS}"),
    ("DELETE", f"/v2/zones/{NOBODYS}"),
    ("GET", f"/v2/zones/{NOBODYS}/recordsets"),
    ("POST", f"/zones/{NOBODYS}/sync"),
    ("GET", f"/zones/{NOBODYS}"),
    ("GET", f"/zones/{NOBODYS}/changes"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES, ids=" ".join)
def test_without_credentials_nothing_is_answered(raw, method, path):
    nobody = raw(method, path)
    unknown = raw(method, path, JSON | {"X-Auth-Token": "zw_nobodys"})

    if path.startswith("/v2"):
        refused(nobody, 401, "unauthorized", UNAUTHORIZED + "Authorization header not found")
        refused(unknown, 401, "unauthorized", UNAUTHORIZED + "X-Auth-Token is not a valid token")
    else:
        said(nobody, 401, FAILED + "Authorization header not found")
        said(unknown, 401, FAILED + "X-Auth-Token is not a valid token")


@pytest.mark.parametrize(
    ("credentials", "message"),
    [
        pytest.param({"secret": "wrong"}, "Request signature could not be validated", id="secret"),
        pytest.param({"key": "nobody"}, "Account with accessKey nobody specified was not found", id="access key"),
        pytest.param({"sent": b"{}"}, "Request signature could not be validated", id="body"),
    ],
)
def test_a_signature_that_does_not_hold_opens_nothing(signed, credentials, message):
    refused(signed("GET", "/v2/zones", **credentials), 401, "unauthorized", UNAUTHORIZED + message)
    said(signed("GET", f"/zones/{NOBODYS}", **credentials), 401, FAILED + message)


@pytest.mark.parametrize("content", [b"null", b"", b'{"a": 1}'])
def test_a_signed_request_is_let_in_whatever_its_body(signed, zone, content):
    assert signed("GET", f"/zones/{zone['id']}", content).body["zone"]["name"] == zone["name"]
    assert signed("GET", f"/v2/zones/{zone['id']}", content).body["zone"] == zone
    assert signed("GET", f"/zones/{zone['id']}/changes?maxItems=1", content).status == 200


def test_a_signed_path_may_be_percent_encoded(signed):
    said(signed("GET", "/zones/no%20zone~x"), 404, "Zone with id no zone~x does not exists", "application/json")


@pytest.mark.parametrize("path", ["/v2/zones/{}", "/v2/quotas/{}", "/v2/zones/{}/shares"])
def test_an_encoded_slash_divides_a_path(api, path):
    divided = path.format("a/b")

    refused(api.call("GET", path.format("a%2Fb")), 404, "not_found", f"resource not found: {divided}")


def test_another_tenants_zone_is_not_there_in_designates_words(stranger, api, zone):
    path = f"/v2/zones/{zone['id']}"
    message = f"Could not find Zone: {zone['id']}"

    for method, where in (("GET", path), ("PATCH", path), ("DELETE", path), ("GET", f"{path}/recordsets")):
        refused(stranger.call(method, where, {} if method == "PATCH" else None), 404, "zone_not_found", message)
    listed = stranger.call("GET", "/v2/zones?limit=1000").body["zones"]

    assert zone["id"] not in [each["id"] for each in listed]
    assert api.call("GET", path).body["zone"] == zone
    as_marker = stranger.call("GET", f"/v2/zones?marker={zone['id']}")
    refused(as_marker, 400, "marker_not_found", f"Marker {zone['id']} could not be found")


def test_another_tenants_zone_is_forbidden_in_vinyldnss_words(stranger, zone):
    path, name = f"/zones/{zone['id']}", re.escape(zone["name"])

    answers = [
        stranger.call("GET", path),
        stranger.call("GET", f"{path}/changes"),
        stranger.call("POST", f"{path}/sync"),
    ]

    said(answers[0], 403, f"User [^ ]+ cannot access zone '{name}'", "application/json")
    said(answers[1], 403, f"User [^ ]+ cannot access zone '{name}' changes", "application/json")
    message = (
        f"User '[^ ]+' cannot create or modify zone '{name}' "
        f"because they are not in the Zone Admin Group '{zone['project_id']}'"
    )
    said(answers[2], 403, message, "application/json")


@pytest.mark.parametrize(
    ("content", "status", "kind", "message"),
    [
        pytest.param(b"", 400, "empty_request_body", "Request Body is empty", id="empty"),
        pytest.param(
            b"{", 400, "invalid_json", "wrong from line 1, column 2 on: Request Body is not valid JSON", id="cut"
        ),
        pytest.param(b"\xff\xfe", 400, "invalid_json", ".*: Request Body is not valid JSON", id="no text"),
        pytest.param(b"[]", 400, "invalid_object", r"\[\] is not of type 'object'", id="list"),
        pytest.param(b'"x"', 400, "invalid_object", "'x' is not of type 'object'", id="string"),
        pytest.param(
            b" " * 114_689,
            413,
            "over_quota",
            r"Request is too large\. Larger than 114688\. It has 114689",
            id="too large",
        ),
    ],
)
def test_a_body_that_cannot_be_read_changes_nothing(api, zone, content, status, kind, message):
    before = count(api)

    for method, path in (("POST", "/v2/zones"), ("PATCH", f"/v2/zones/{zone['id']}")):
        answer = api.call(method, path, content)
        assert re.fullmatch(message, answer.body["message"])
        refused(answer, status, kind, answer.body["message"])

    assert count(api) == before
    assert api.call("GET", f"/v2/zones/{zone['id']}").body["zone"] == zone


def test_a_body_over_api_gateways_limit_is_refused_before_us(raw, api):
    headers = JSON | {"X-Auth-Token": api.token}

    answer = raw("POST", "/v2/zones", headers, b" " * (10 * 1024 * 1024 + 1))

    assert (answer.status, answer.body) == (413, {"message": "Request Too Long"})


def test_a_body_of_another_media_type_is_refused(raw, api):
    answer = raw("POST", "/v2/zones", {"X-Auth-Token": api.token, "Content-Type": "text/plain"}, b"$ORIGIN a.org.")

    refused(answer, 415, "unsupported_content_type", "Content-type must be application/json: not text/plain")


def test_every_wrong_field_is_told_and_nothing_is_made(api, name):
    before = count(api)
    wrong = {"name": name[:-1], "ttl": "300", "masters": "192.0.2.1", "attributes": [], "serial": 1, "description": 5}

    answer = api.call("POST", "/v2/zones", wrong)

    reasons = {tuple(each["path"]): (each["validator"], each["message"]) for each in answer.body["errors"]["errors"]}
    assert (answer.status, answer.body["type"]) == (400, "invalid_object")
    assert reasons == {
        (): ("additionalProperties", "Keys ['serial'] are not valid for zone"),
        ("name",): ("format", f"Domain {name[:-1]} does not end with a dot"),
        ("email",): ("required", "'email' is a required property"),
        ("ttl",): ("type", "ttl: '300' is not of type 'integer'"),
        ("description",): ("type", "description: 5 is not of type 'string'"),
        ("masters",): ("maxItems", "'masters' has more items than allowed: a PRIMARY zone has none"),
        ("attributes",): ("type", "attributes: [] is not of type 'object'"),
    }
    assert "masters: '192.0.2.1' is not of type 'array'" in answer.body["message"]
    assert count(api) == before


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("limit=0", "invalid_limit"),
        ("limit=x", "invalid_limit"),
        ("marker=x", "invalid_marker"),
        (f"marker={NOBODYS}", "marker_not_found"),
        ("sort_key=x", "invalid_sort_key"),
        ("sort_dir=up", "invalid_sort_dir"),
        ("limit=1&limit=2", "bad_request"),
        ("colour=red", "bad_request"),
    ],
)
def test_a_query_that_means_nothing_is_refused(api, query, kind):
    answer = api.call("GET", f"/v2/zones?{query}")

    refused(answer, 400, kind, answer.body["message"])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("maxItems=0", "maxItems was 0, maxItems must be between 0 exclusive and 100 inclusive"),
        ("maxItems=101", "maxItems was 101, maxItems must be between 0 exclusive and 100 inclusive"),
        ("maxItems=x", "The query parameter 'maxItems' was malformed:\n.*"),
    ],
)
def test_a_history_query_that_means_nothing_is_refused_before_anything_else(raw, query, message):
    kind = "text/plain; charset=UTF-8" if "malformed" in message else "application/json"

    said(raw("GET", f"/zones/{NOBODYS}/changes?{query}"), 400, message, kind)


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_id_of_no_zone_is_not_found_and_no_id_is_bad(api, method):
    body = {} if method == "PATCH" else None

    refused(api.call(method, f"/v2/zones/{NOBODYS}", body), 404, "zone_not_found", f"Could not find Zone: {NOBODYS}")
    for other in ("example.org.", "%7Bzone_id%7D", NOBODYS[:-1], "%00", "é".encode().hex()):
        text = f"Invalid UUID zone_id: {unquote(other)}"
        refused(api.call(method, f"/v2/zones/{other}", body), 400, "invalid_uuid", text)


@pytest.mark.parametrize(
    ("method", "tail"), [("GET", ""), ("GET", "/changes"), ("POST", "/sync"), ("GET", "/dryruns/x")]
)
@pytest.mark.parametrize("zone_id", [NOBODYS, "example.org."])
def test_any_text_may_be_an_id_to_vinyldns(api, method, tail, zone_id):
    answer = api.call(method, f"/zones/{zone_id}{tail}")

    said(answer, 404, f"Zone with id {re.escape(zone_id)} does not exists", "application/json")


@pytest.mark.parametrize("path", ["/v2/ptrs", "/v2/zones/x/y", "/v2/zones/x/recordsets/y/z"])
def test_an_unknown_path_of_designates(raw, path):
    refused(raw("GET", path), 404, "not_found", f"resource not found: {path}")


@pytest.mark.parametrize("path", ["/no-existo", "/zones/", "/zones/x/sync/", "/v1/zones", "/v2x"])
def test_an_unknown_path_of_vinyldnss(raw, path):
    said(raw("GET", path), 404, re.escape(f"The requested path [{path}] does not exist."))


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v2/zones", "GET, POST"),
        ("DELETE", "/v2/zones", "GET, POST"),
        ("PUT", f"/v2/zones/{NOBODYS}", "DELETE, GET, PATCH"),
        ("PUT", f"/v2/zones/{NOBODYS}/recordsets", "GET, PATCH, POST"),
        ("POST", "/", "GET"),
        ("GET", f"/zones/{NOBODYS}/sync", "POST"),
        ("POST", f"/zones/{NOBODYS}", "DELETE, GET, PUT"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(raw, method, path, allowed):
    answer = raw(method, path)

    assert (answer.status, answer.headers["allow"]) == (405, allowed)
    message = f"HTTP method not allowed, supported methods: {allowed}"
    if path.startswith("/zones"):
        said(answer, 405, message)
    else:
        refused(answer, 405, "method_not_allowed", message)


@pytest.mark.parametrize(
    ("path", "plain"), [("/v2/", "/v2"), ("/v2/zones/?limit=1", "/v2/zones?limit=1"), ("/v2/zones//", "/v2/zones")]
)
def test_a_slash_too_many_is_sent_on_to_the_path_without(api, raw, path, plain):
    answer = raw("GET", path)

    assert (answer.status, answer.headers["location"]) == (308, api.url + plain)
    assert raw("GET", plain, {"X-Auth-Token": api.token}).status == 200


@pytest.mark.parametrize("path", ["/", "/v2"])
def test_anybody_may_ask_for_the_versions(raw, api, path):
    answer = raw("GET", path, {})

    entry = answer.body["version"] if path == "/v2" else answer.body["versions"]["values"][0]
    assert answer.status == 200
    assert (entry["id"], entry["links"]) == ("v2", [{"rel": "self", "href": f"{api.url}/v2"}])


def test_a_zone_is_made_shown_and_found_where_it_says(api, name):
    answer = api.call(
        "POST", "/v2/zones", {"zone": {"name": name, "email": "joe@example.org", "attributes": {"a": "b"}}}
    )

    zone = answer.body["zone"]
    assert answer.status == 201
    assert answer.body == {**zone, "zone": zone}
    assert answer.headers["location"] == zone["links"]["self"] == f"{api.url}/v2/zones/{zone['id']}"
    assert (zone["project_id"], zone["attributes"]) == (os.environ["ZONEWRIGHT_PROJECT_ID"], {"a": "b"})
    shown = api.call("GET", f"/v2/zones/{zone['id']}")
    assert (shown.status, shown.body) == (200, answer.body)
    assert shown.headers["x-openstack-request-id"] != answer.headers["x-openstack-request-id"]


def test_zones_are_paged_along_their_links(api, name):
    names = [f"{label}.{name}" for label in "abcdef"]
    made = [api.call("POST", "/v2/zones", {"name": each, "email": "joe@example.org"}).body["id"] for each in names]
    total = count(api)

    pages, url = [], f"{api.url}/v2/zones?limit=2&marker={made[0]}"
    while url:
        page = api.call("GET", url.removeprefix(api.url)).body
        assert (page["links"]["self"], page["metadata"]["total_count"]) == (url, total)
        pages.append([zone["id"] for zone in page["zones"]])
        url = page["links"].get("next")

    assert pages == [made[1:3], made[3:5], made[5:]]


def test_recordsets_are_paged_along_their_links(api, zone):
    path = f"/v2/zones/{zone['id']}/recordsets"
    whole = api.call("GET", path).body

    first = api.call("GET", f"{path}?limit=1").body
    second = api.call("GET", first["links"]["next"].removeprefix(api.url)).body
    by_id = api.call("GET", f"{path}?limit=1&marker={first['recordsets'][0]['id']}").body

    assert [each["type"] for each in whole["recordsets"]] == ["NS", "SOA"]
    assert first["recordsets"] + second["recordsets"] == whole["recordsets"]
    assert by_id["recordsets"] == second["recordsets"]
    assert {page["metadata"]["total_count"] for page in (whole, first, second)} == {2}
    assert "next" not in second["links"]
    assert api.call("GET", f"{path}?marker=.x").body["type"] == "invalid_marker"


def test_a_change_moves_the_serial_and_the_soa_that_is_served(api, zone):
    path = f"/v2/zones/{zone['id']}"

    changed = api.call("PATCH", path, {"email": "jane.doe@example.org", "ttl": 60})

    document = changed.body["zone"]
    (soa,) = (each for each in api.call("GET", f"{path}/recordsets").body["recordsets"] if each["type"] == "SOA")
    mname, rname, serial, *timers = soa["records"][0].split()
    assert changed.status == 200
    assert document["serial"] > zone["serial"]
    assert (document["version"], document["ttl"], soa["ttl"]) == (2, 60, None)
    assert (rname, int(serial)) == (r"jane\.doe.example.org.", document["serial"])
    assert mname.endswith(".")
    assert len(timers) == 4
    history = api.call("GET", f"/zones/{zone['id']}/changes").body["zoneChanges"]
    assert [each["changeType"] for each in history] == ["Update", "Create"]


def test_a_deleted_zone_is_gone_and_its_name_free_at_once(api, stranger, zone):
    path = f"/v2/zones/{zone['id']}"
    new = {"name": zone["name"].upper(), "email": "joe@example.org"}
    refused(stranger.call("POST", "/v2/zones", new), 409, "duplicate_zone", f"Duplicate Zone: {new['name']}")

    gone = api.call("DELETE", path)
    again = stranger.call("POST", "/v2/zones", new)

    assert (gone.status, gone.body) == (204, "")
    assert again.status == 201
    assert again.body["id"] != zone["id"]
    refused(api.call("DELETE", path), 404, "zone_not_found", f"Could not find Zone: {zone['id']}")
    said(
        api.call("GET", f"/zones/{zone['id']}/changes"),
        404,
        f"Zone with id {zone['id']} does not exists",
        "application/json",
    )
