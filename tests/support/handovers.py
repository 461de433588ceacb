"""Send requests about transfer requests and acceptances."""

from functions.designate import get_zone, list_zones
from functions.designate.transfers import (
    create_transfer_accept,
    create_transfer_request,
    delete_transfer_request,
    get_transfer_request,
    list_transfer_accepts,
    list_transfer_requests,
    update_transfer_request,
)
from support.calls import STRANGER, call, event

THIRD = {"x-auth-token": "zw_third"}


def offer(zone, headers=None, **body):
    """Offer a zone. Return the answer, as the other functions do."""
    sent = event("designate_create_transfer_request", zone=zone["id"], json=body, headers=headers or {})
    return call(create_transfer_request.handler, sent)


def shown(offered, headers=None, **changes):
    sent = event("designate_get_transfer_request", zone=offered["id"], headers=headers or {}, **changes)
    return call(get_transfer_request.handler, sent)


def edit(offered, body, headers=None):
    sent = event("designate_update_transfer_request", zone=offered["id"], json=body, headers=headers or {})
    return call(update_transfer_request.handler, sent)


def withdraw(offered, headers=None):
    sent = event("designate_delete_transfer_request", zone=offered["id"], headers=headers or {})
    return call(delete_transfer_request.handler, sent)


def accept(offered, headers=STRANGER, key=None):
    body = {"key": key or offered["key"], "zone_transfer_request_id": offered["id"]}
    return call(create_transfer_accept.handler, event("designate_create_transfer_accept", json=body, headers=headers))


def offers(query="", headers=None):
    sent = event("designate_list_transfer_requests", rawQueryString=query, headers=headers or {})
    return call(list_transfer_requests.handler, sent)


def accepts(query="", headers=STRANGER):
    sent = event("designate_list_transfer_accepts", rawQueryString=query, headers=headers)
    return call(list_transfer_accepts.handler, sent)


def show(zone, headers=None):
    return call(get_zone.handler, event("designate_get_zone", zone=zone["id"], headers=headers or {}))


def listed(headers=None):
    sent = event("designate_list_zones", rawQueryString="", headers=headers or {})
    return call(list_zones.handler, sent).json
