"""Import and export zones as master files."""

import base64

from zonewright.store import versions, zones

from functions.designate import create_zone, get_zone
from support.calls import call, event
from support.chunklines import lines_of

SEED = """$ORIGIN example.com.
example.com. 42 IN SOA ns.example.com. nsadmin.example.com. 42 42 42 42 42
example.com. 42 IN NS ns.example.com.
example.com. 42 IN MX 10 mail.example.com.
ns.example.com. 42 IN A 10.0.0.1
mail.example.com. 42 IN A 10.0.0.2
"""

HEAD = "$ORIGIN example.com.\n$TTL 300\n@ SOA ns joe 7 7200 900 1209600 300\n"


def send(text, **headers):
    """Import a file. Return the answer."""
    sent = event("designate_create_zone", headers={"content-type": "text/dns", **headers})
    if isinstance(text, bytes):
        return call(create_zone.handler, sent | {"body": base64.b64encode(text).decode(), "isBase64Encoded": True})
    return call(create_zone.handler, sent | {"body": text})


def show(zone_id, accept="text/dns", query="", **changes):
    """Export a zone. Return the answer."""
    sent = event("designate_get_zone", zone=zone_id, headers={"accept": accept, **changes})
    return call(get_zone.handler, sent | {"rawQueryString": query})


def lines(service, zone_id):
    """Return the stored RRset lines of a zone."""
    version = versions.get(service.table, zone_id, zones.get(service.table, zone_id).version)
    return lines_of(service.bucket, zone_id, version.chunks)
