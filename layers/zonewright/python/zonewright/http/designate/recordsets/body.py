"""A record set on its way in (contract `designate.md`, section 9)."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from zonewright.errors import Reason
from zonewright.http.designate.bodies import LABEL, LABELS, UNSAID, Body, Description, Ttl, read
from zonewright.http.designate.requests import json_object, short
from zonewright.http.message import Request
from zonewright.http.schema import Schema
from zonewright.model.recordset import Content, RecordSet
from zonewright.protocol import names, types
from zonewright.protocol import records as recordrules

_NAME = re.compile(rf"(?!.{{255,}})(?:\*\.)?{LABELS}")


def _owner_name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise PydanticCustomError("format", "is not a 'hostname'", {"expected": "hostname"})
    return text


def _type(text: str) -> str:
    try:
        types.type_of(text)
    except ValueError as error:
        raise PydanticCustomError("enum", "{why}", {"why": str(error), "expected": "type"}) from error
    return text


def _some(records: list[str]) -> list[str]:
    if not records:
        raise PydanticCustomError("minItems", "is too short: a record set has a record", {"expected": 1})
    return records


Name = Annotated[
    str,
    AfterValidator(_owner_name),
    Schema(
        "OwnerName",
        pattern=rf"^(\*\.)?({LABEL}\.)+$",
        maxLength=254,
        description="An absolute host name in the zone, or one with `*` as its first label (RFC 4592)",
        examples=["www.example.org.", "*.example.org."],
    ),
]
Type = Annotated[
    str,
    AfterValidator(_type),
    Schema(
        pattern="^[A-Za-z][A-Za-z0-9_-]*$",
        description="A mnemonic, or TYPE and a number (RFC 3597 section 5)",
        examples=["A", "TYPE65280"],
    ),
]
Records = Annotated[list[str], AfterValidator(_some), Schema(minItems=1)]


class RecordSetChange(Body):
    """Every field a caller may write, none of them required: what a PUT says."""

    name: str = UNSAID
    type: str = UNSAID
    records: Records = UNSAID
    ttl: Ttl | None = None
    description: Description | None = None


class NewRecordSet(RecordSetChange):
    """What a POST says."""

    name: Name
    type: Type
    records: Records


def new_recordset(request: Request) -> tuple[str, int, Content]:
    """Name, type and content of the record set a POST asks for."""
    sent = json_object(request, "recordset")
    body = read(NewRecordSet, sent, "RecordSet", list(_wrong(sent, sent.get("type"))))
    rdtype = types.type_of(body.type)
    return body.name, rdtype, Content(_rdatas(rdtype, body.records), body.ttl, body.description)


def recordset_content(request: Request, found: RecordSet) -> Content:
    """What a record set is to hold after a PUT: what that says, and for the rest what it holds."""
    sent = json_object(request, "recordset")
    rdtype = found.rrset.type
    body = read(RecordSetChange, sent, "RecordSet", [*_wrong(sent, found.rrset.type_text()), *_moved(sent, found)])
    said = body.model_fields_set
    return Content(
        rdatas=_rdatas(rdtype, body.records) if "records" in said else found.rrset.rdatas,
        ttl=body.ttl if "ttl" in said else found.rrset.ttl,
        description=body.description if "description" in said else found.rrset.notes.description,
    )


def _wrong(sent: Mapping[str, Any], kind: object) -> Iterator[Reason]:
    """What is wrong with each record, where the type says what one is."""
    records = sent.get("records")
    if not (isinstance(kind, str) and isinstance(records, list)):
        return
    try:
        rdtype = types.type_of(kind)
    except ValueError:
        return
    yield from recordrules.wrong_records(rdtype, records)


def _moved(sent: Mapping[str, Any], found: RecordSet) -> Iterator[Reason]:
    """Name and type are where a record set is: they may be sent only as they are, in any case of letters."""
    for field, value in (("name", found.name), ("type", found.rrset.type_text())):
        text = sent.get(field)
        if isinstance(text, str) and names.fold(text) != names.fold(value):
            yield Reason(f"'{field}' is immutable: it is {short(value)}", (field,), "readOnly", value)


def _rdatas(rdtype: int, records: list[str]) -> tuple[bytes, ...]:
    return tuple(recordrules.rdata_of(rdtype, text) for text in records)
