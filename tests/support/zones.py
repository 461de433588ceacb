"""Zones as they are created over the API."""

from support.calls import REQUEST_ID


def refused(answer, status, kind, message):
    assert answer.status == status
    body = answer.json
    assert (body["code"], body["type"], body["message"]) == (status, kind, message)
    assert body["request_id"] == answer.headers["x-openstack-request-id"] == f"req-{REQUEST_ID}"
    assert answer.headers["content-type"] == "application/json"
    return body


SECONDARY = {"name": "copy.org.", "type": "SECONDARY", "masters": ["192.0.2.1"]}
