from support.calls import REQUEST_ID, call, event

from functions.edge.service import versions

VERSION = {
    "id": "v2",
    "status": "CURRENT",
    "updated": "2026-11-21T00:00:00Z",
    "links": [{"rel": "self", "href": "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/v2"}],
}
IDENTITY = {
    "id": "v3.14",
    "status": "stable",
    "updated": "2026-11-28T00:00:00Z",
    "links": [{"rel": "self", "href": "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/v3/"}],
    "media-types": [{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}],
}


def test_anyone_may_ask_for_the_versions():
    answer = call(versions.handler, event("edge_versions"))

    assert answer.status == 200
    assert answer.json == {"versions": {"values": [VERSION, IDENTITY]}}
    assert answer.headers == {
        "content-type": "application/json",
        "vary": "Accept",
        "x-openstack-request-id": f"req-{REQUEST_ID}",
    }


def test_the_version_itself_can_be_asked_for():
    answer = call(versions.handler, event("edge_versions", rawPath="/v2"))

    assert answer.json == {"version": VERSION}


def test_links_name_the_host_and_port_the_caller_used():
    local = {"host": "127.0.0.1:8080", "x-forwarded-proto": None}

    answer = call(versions.handler, event("edge_versions", headers=local))

    links = [each["links"] for each in answer.json["versions"]["values"]]
    assert links == [[{"rel": "self", "href": f"http://127.0.0.1:8080{path}"}] for path in ("/v2", "/v3/")]
