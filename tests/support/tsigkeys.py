"""Requests about TSIG keys, by the tenants of `functions/designate/tsigkeys/conftest.py`."""

from dataclasses import replace

from zonewright.model.settings import Settings
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.servers.signing import signing

from functions.designate.tsigkeys import create_tsig_key, delete_tsig_key, get_tsig_key, list_tsig_keys, update_tsig_key
from support.calls import GROUP, HOST, NOW, STRANGERS_GROUP, call, event

BASE = f"{HOST}/v2/tsigkeys"
POOL = "794ccc2c-d751-44fe-b57f-8894c9f5c842"
MINE = Zone("a86dba58-0043-4cc6-a1bb-69d5e86f3ca3", "a.org.", GROUP, ZoneType.SECONDARY, NOW, primaries=(Primary("p"),))
OTHER = replace(MINE, id="0a1b2c3d-0043-4cc6-a1bb-69d5e86f3ca3", name="b.org.")
THEIRS = replace(MINE, id="11111111-0043-4cc6-a1bb-69d5e86f3ca3", name="c.org.", group_id=STRANGERS_GROUP)
NEW = {
    "name": "Transfer.Example.org",
    "algorithm": "hmac-sha256",
    "secret": "c2VjcmV0",
    "scope": "ZONE",
    "resource_id": MINE.id,
}
POOLS = NEW | {"scope": "POOL", "resource_id": POOL}
ROOT, SUPPORT = {"x-auth-token": "zw_root"}, {"x-auth-token": "zw_support"}
SETTINGS = Settings("zonewright-table", "zonewright-bucket")


def create(new=None, headers=None, **changes):
    body = (new or NEW) | changes
    return call(create_tsig_key.handler, event("designate_create_tsig_key", json=body, headers=headers or {}))


def get(key_id, headers=None):
    return call(get_tsig_key.handler, event("designate_get_tsig_key", zone=key_id, headers=headers or {}))


def update(key_id, changes, headers=None):
    sent = event("designate_update_tsig_key", zone=key_id, json=changes, headers=headers or {})
    return call(update_tsig_key.handler, sent)


def delete(key_id, headers=None):
    return call(delete_tsig_key.handler, event("designate_delete_tsig_key", zone=key_id, headers=headers or {}))


def listed(query="", headers=None):
    sent = event("designate_list_tsig_keys", rawQueryString=query, headers=headers or {})
    return call(list_tsig_keys.handler, sent)


def signing_key(service, zone=MINE):
    """Return the key that signs at the one primary of a zone, in clear."""
    return signing(service.table, service.vault, SETTINGS, zone).key(zone.primaries[0])


def names_of(answer):
    assert answer.status == 200
    return [key["name"] for key in answer.json["tsigkeys"]]


def kind(answer):
    return answer.status, answer.json["type"]


def key_fields(key_id, **changes):
    return {
        "id": key_id,
        "name": "transfer.example.org.",
        "algorithm": "hmac-sha256",
        "secret": "********",
        "scope": "ZONE",
        "resource_id": MINE.id,
        "created_at": "2026-01-15T12:34:56.275934",
        "updated_at": None,
        "links": {"self": f"{BASE}/{key_id}"},
    } | changes
