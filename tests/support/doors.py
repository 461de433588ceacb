"""The doors by which record sets come in: requests, one by one or many at once, and master files, whole.

A case is a list of RRsets: an owner below the zone, `@`, or an absolute name; a type; and texts of rdata with absolute
names.
"""

import itertools
import json

from zonewright.protocol.records import is_managed
from zonewright.protocol.rrset import from_line
from zonewright.service import current

from functions.designate import create_recordset, create_zone, delete_zone, move_recordsets
from functions.edge import import_upload
from support.calls import call, event
from support.imports import UNKNOWN, post_json, shown
from support.places import EVENTS

ZONE = "example.com."
HEAD = f"$ORIGIN {ZONE}\n$TTL 3600\n@ SOA ns.example.net. joe.example.com. 7 7200 900 1209600 300\n"


def name_of(owner):
    """Return the absolute name of an owner in a case, which may be absolute itself."""
    if owner == "@":
        return ZONE
    return owner if len(owner) > 1 and owner.endswith(".") and owner[-2] != "\\" else f"{owner}.{ZONE}"


def by_requests(case):
    """Make a zone, and its record sets one by one. Return its id, and the refusals by position in the case."""
    made = call(create_zone.handler, event("designate_create_zone", json={"name": ZONE, "email": "joe@example.com"}))
    assert made.status == 201, made.body
    refusals = {}
    for at, (owner, kind, texts) in enumerate(case):
        body = {"name": name_of(owner), "type": kind, "records": list(texts)}
        sent = event("designate_create_recordset", zone=made.json["id"], json=body)
        answer = call(create_recordset.handler, sent)
        if answer.status != 201:
            assert answer.status in (400, 409), answer.body
            refusals[at] = answer.json
    return made.json["id"], refusals


def by_moves(case):
    """Make a zone, and its record sets with one request. Return the zone's id, and the answer."""
    made = call(create_zone.handler, event("designate_create_zone", json={"name": ZONE, "email": "joe@example.com"}))
    assert made.status == 201, made.body
    sides = [{"name": name_of(owner), "type": kind, "records": list(texts)} for owner, kind, texts in case]
    body = {"moves": [{"before": None, "after": side} for side in sides]}
    return made.json["id"], call(
        move_recordsets.handler, event("designate_move_recordsets", zone=made.json["id"], json=body)
    )


def file_of(case):
    """Return the master file of a case: an RR on each line, from line 4."""
    records = [f"{name_of(owner)} {kind} {text}\n" for owner, kind, texts in case for text in texts]
    return HEAD + "".join(records)


def by_file(text):
    """Send a master file. Return the answer."""
    sent = event("designate_create_zone", headers={"content-type": "text/dns"})
    return call(create_zone.handler, sent | {"body": text})


def by_upload(text):
    """Import a master file by an upload. Return its task as it ended."""
    bucket = current().bucket
    task_id = post_json().json["id"]
    bucket.put(f"imports/{task_id}", text.encode())
    tag = bucket.client.head_object(Bucket=bucket.name, Key=f"imports/{task_id}")["ETag"].strip('"')
    sent = json.loads((EVENTS / "edge_import_upload.json").read_text().replace(UNKNOWN, task_id))
    sent["detail"]["object"] |= {"etag": tag}
    import_upload.handler(sent, None)
    return shown(task_id).json


def forget(zone_id):
    """Delete a zone, so that its name is free."""
    assert call(delete_zone.handler, event("designate_delete_zone", zone=zone_id)).status in (202, 204)


def own(lines):
    """Return the RRset lines of a zone that the service does not make, without notes."""
    found = [line for line in lines if not is_managed(from_line(line).key, from_line(line).type)]
    return [line.split("\t")[:5] if line.count("\t") > 4 else line.split("\t") for line in found]


def spelled(fields):
    """Return the fields of lines with no empty ones at the end."""
    return [list(itertools.dropwhile(lambda each: not each, reversed(each)))[::-1] for each in fields]
