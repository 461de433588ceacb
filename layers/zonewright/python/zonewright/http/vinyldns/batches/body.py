"""Read the bodies of batch changes and of their reviews (contract `vinyldns-writes.md`, sections 11 and 15)."""

from datetime import UTC, datetime
from typing import Any

from zonewright.http.message import Request
from zonewright.http.vinyldns.bodies import LIST, NUMBER, TEXT, Fields, Kind, sent
from zonewright.http.vinyldns.recordsets import data
from zonewright.model.batches.admission import NewBatch
from zonewright.model.batches.batch import TYPES, Asked, ChangeType

LONGEST_COMMENT = 1024
"""Characters of the comment of a review."""

_CHANGES = "BatchChangeInput.changes"
_RECORD = f"{_CHANGES}.record"
_UNSUPPORTED = f"valid types include: {', '.join(TYPES[:-1])} and {TYPES[-1]}"
_KNOWN = (*data.TYPES, data.UNKNOWN)


def _time(value: Any) -> datetime:
    """Return a time of ISO 8601, in UTC if it does not say where. Raise TypeError for another value."""
    if not isinstance(value, str):
        raise TypeError
    try:
        read = datetime.fromisoformat(value)
    except ValueError as error:
        raise TypeError from error
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


TIME = Kind("class org.joda.time.DateTime", _time)


def new_batch(request: Request) -> NewBatch:
    """Return the batch change in a POST. Raise FieldsRefused with all errors, Unsupported or InvalidJson."""
    fields = Fields(sent(request))
    entries = fields.required("changes", LIST, f"Missing {_CHANGES}") or []
    asked = [_asked(entry, fields.errors) for entry in entries]
    comments = fields.optional("comments", TEXT)
    owner_group_id = fields.optional("ownerGroupId", TEXT)
    scheduled = fields.optional("scheduledTime", TIME)
    fields.check()
    return NewBatch(tuple(each for each in asked if each), comments, owner_group_id, scheduled)


def review_comment(request: Request) -> str | None:
    """Return the comment of a review, whose body may be missing. Raise as `new_batch` does."""
    if request.body.strip() in (b"", b"null"):
        return None
    fields = Fields(sent(request))
    message = f"Comment length must not exceed {LONGEST_COMMENT} characters."
    comment = fields.optional("reviewComment", TEXT, (message, lambda text: len(text) <= LONGEST_COMMENT))
    fields.check()
    return comment


def _asked(entry: Any, errors: list[str]) -> Asked | None:
    """Return a change of a body, or None if something is wrong with it, which is added to `errors`."""
    fields = Fields(entry if isinstance(entry, dict) else {})
    words = tuple(map(str, ChangeType))
    kind = fields.word("changeType", words, "Invalid ChangeInputType", f"Missing {_CHANGES}.changeType")
    name = fields.required("inputName", TEXT, f"Missing {_CHANGES}.inputName")
    record_type = fields.word("type", _KNOWN, "Invalid RecordType", f"Missing {_CHANGES}.type")
    if record_type is not None and record_type not in TYPES:
        fields.errors.append(f"Unsupported type {record_type}, {_UNSUPPORTED}")
        record_type = None
    ttl = fields.optional("ttl", NUMBER)
    given, record = fields.sent.get("record"), None
    if record_type is not None and given is not None:
        record, wrong = data.read(data.TYPES[record_type], given)
        fields.errors += wrong
    elif record_type is not None and kind == ChangeType.ADD:
        fields.errors.append(_missing_record(record_type))
    errors += fields.errors
    if fields.errors or kind is None or name is None or record_type is None:
        return None
    return Asked(ChangeType(kind), _named(name, record_type), record_type, record, ttl)


def _missing_record(record_type: str) -> str:
    """Return the text about an addition without a record, in VinylDNS's ways for one and for several fields."""
    keys = [f"{_RECORD}.{key}" for key in data.RULES[data.TYPES[record_type]]]
    return f"Missing {' and '.join(keys)}" if record_type == "MX" else " and ".join(f"Missing {key}" for key in keys)


def _named(name: str, record_type: str) -> str:
    """Return an FQDN with its final dot. The name of a PTR is an address."""
    return name if record_type == "PTR" or name.endswith(".") else f"{name}."
