"""Read the body of a record set in the VinylDNS API (contract `vinyldns-writes.md`, section 1)."""

import re
from typing import Any

from zonewright.http.message import Request
from zonewright.http.vinyldns import bodies
from zonewright.http.vinyldns.bodies import LIST, NUMBER, TEXT, Fields, Kind
from zonewright.http.vinyldns.recordsets.data import TYPES, UNKNOWN, read_all
from zonewright.model.ownership import Transfer
from zonewright.model.sentrecordset import SentRecordSet
from zonewright.protocol.fields import Record
from zonewright.protocol.types import CNAME, HIGHEST_TTL

LONGEST_NAME = 255
LOWEST_TTL = 30

_TTL = "RecordSet.ttl must be a positive signed 32 bit number"
_SPACE = re.compile(r"\s")
_UNSUPPORTED = (
    "Unsupported type {}, valid types include RecordType.ValueSet"
    "(A, AAAA, CNAME, DS, PTR, MX, NS, SOA, SRV, NAPTR, TXT, SSHFP, SPF, UNKNOWN)"
)


def recordset(request: Request) -> SentRecordSet:
    """Return the record set in a body. Raise FieldsRefused with all that is wrong, Unsupported or InvalidJson."""
    return read(bodies.sent(request))


def read(sent: Any) -> SentRecordSet:
    """Return the record set in an object. Raise FieldsRefused."""
    fields = Fields(sent)
    zone_id = fields.required("zoneId", TEXT, "Missing RecordSet.zoneId")
    name = fields.required(
        "name",
        TEXT,
        "Missing RecordSet.name",
        ("Record name must not exceed 255 characters", lambda text: len(text) <= LONGEST_NAME),
        ("Record name cannot contain spaces", lambda text: not _SPACE.search(text)),
    )
    kind = fields.word("type", (*TYPES, UNKNOWN), "Invalid RecordType", "Missing RecordSet.type")
    ttl = fields.required(
        "ttl",
        NUMBER,
        "Missing RecordSet.ttl",
        (_TTL, lambda number: number <= HIGHEST_TTL),
        (f"{_TTL} greater than or equal to {LOWEST_TTL}", lambda number: number >= LOWEST_TTL),
    )
    records = _records(fields, kind) if kind else []
    own_id, account, owner = (fields.optional(each, TEXT) for each in ("id", "account", "ownerGroupId"))
    transfer = _transfer(fields)
    if not fields.errors and kind and TYPES[kind] == CNAME and len(records) > 1:
        fields.errors.append("CNAME record sets cannot contain multiple records")
    fields.check()
    assert zone_id is not None, "a missing field is an error"
    assert name is not None, "a missing field is an error"
    assert kind is not None, "a missing field is an error"
    assert ttl is not None, "a missing field is an error"
    return SentRecordSet(zone_id, name, TYPES[kind], ttl, records, own_id, account or "system", owner, transfer)


def _records(fields: Fields, kind: str) -> list[Record]:
    if kind not in TYPES:
        fields.errors.append(_UNSUPPORTED.format(kind))
        return []
    missing = f"Missing {kind} Records"
    sent = fields.required("records", LIST, missing, (missing, bool))
    found, errors = read_all(TYPES[kind], sent or [])
    fields.errors += errors
    return found


def _transfer(fields: Fields) -> Transfer | None:
    """Return the ownership transfer of a body. Its status may be any text: a rule of the record set refuses it."""
    sent = fields.optional("recordSetGroupChange", _OBJECT)
    if sent is None:
        return None
    inner = Fields(sent, fields.errors)
    status = inner.required("ownershipTransferStatus", TEXT, "Missing ownershipTransfer.ownershipTransferStatus")
    group_id = inner.optional("requestedOwnerGroupId", TEXT)
    return None if status is None else Transfer(status, group_id)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


_OBJECT: Kind[dict[str, Any]] = Kind("object", _object)
