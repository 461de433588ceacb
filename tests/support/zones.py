"""Check refusals, and store zones directly."""

from dataclasses import replace

from zonewright.store import zones
from zonewright.store.table import Put
from zonewright.store.typed import encode_item

from support.calls import REQUEST_ID


def refused(answer, status, kind, message):
    """Assert that an answer is exactly this refusal, in Designate's form. Return its body."""
    assert answer.status == status
    body = answer.json
    assert (body["code"], body["type"], body["message"]) == (status, kind, message)
    assert body["request_id"] == answer.headers["x-openstack-request-id"] == f"req-{REQUEST_ID}"
    assert answer.headers["content-type"] == "application/json"
    return body


SECONDARY = {"name": "copy.org.", "type": "SECONDARY", "masters": ["192.0.2.1"]}


def store(service, zone, **changes):
    """Store a zone with some fields changed."""
    service.table.write(Put(zones.to_item(replace(zone, **changes))))


def put(service, items):
    """Write items in batches. A transaction takes long in a large table, which moto copies for it."""
    put_items(service.table, items)


def put_items(table, items):
    """Write items in batches."""
    for at in range(0, len(items), 25):
        requests = [{"PutRequest": {"Item": encode_item(item)}} for item in items[at : at + 25]]
        table.client.batch_write_item(RequestItems={table.name: requests})
